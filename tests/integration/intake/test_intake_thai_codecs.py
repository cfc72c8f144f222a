"""The charsets Python lacks are known in every process that takes a mail apart."""

from __future__ import annotations

import subprocess
import sys

import pytest

_READ = """
from {module} import {function}
raw = (b"From: a@b.example\\r\\nSubject: =?windows-874?B?4MPX6M2n?=\\r\\n"
       b"Content-Type: text/plain; charset=windows-874\\r\\n\\r\\n\\xe0\\xc3\\xd7\\xe8\\xcd\\xa7")
found = {call}
assert "\\u0e40\\u0e23\\u0e37\\u0e48\\u0e2d\\u0e07" in str(found), "garbled"
"""


@pytest.mark.parametrize(
    ("module", "function", "call"),
    [
        ("intake.mime", "take_apart", "(take_apart(raw).subject, take_apart(raw).body_text)"),
        ("pipeline.reading_job", "read_item", "read_item(raw, {'name': 'a.eml'})"),
    ],
)
def test_a_fresh_process_reads_mail_in_windows_874(module: str, function: str, call: str) -> None:
    program = _READ.format(module=module, function=function, call=call)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-300:]
