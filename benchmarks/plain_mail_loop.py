"""What a short script does with a mailbox: the other side of `benchmarks.intake`.

    python -m benchmarks.plain_mail_loop PORT USER FOLDER

Search all, fetch and parse each mail with `email`, write it to a folder. No ledger, no sync, no
repair. It imports nothing of the house, so that its memory is its own. Prints one line of JSON.
"""

from __future__ import annotations

import email
import json
import os
import sys
import time
from pathlib import Path

from imapclient import IMAPClient


def main() -> None:
    """Take every mail of an inbox on this machine."""
    port, user, folder = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    with IMAPClient("127.0.0.1", port=port, ssl=False) as client:
        client.login(user, os.environ["SARABAN_BENCH_PASSWORD"])
        client.select_folder("INBOX", readonly=True)
        uids = client.search("ALL")
        for uid in uids:
            raw = client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"]
            message = email.message_from_bytes(raw)
            (folder / f"{uid}.eml").write_bytes(raw)
            assert message["Subject"]
    seconds = time.perf_counter() - started
    # The rusage of a child would begin with what its parent had.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    sys.stdout.write(json.dumps({"mails": len(uids), "seconds": seconds, "peak_mb": peak}) + "\n")


if __name__ == "__main__":
    main()
