"""Run any program so that it ends, with all it started, when its parent ends.

`python -m sandbox.guarded FD PROGRAM ARGUMENT…`: FD is the reading end of a pipe whose writing
end the parent keeps. A signal to the process group reaches the program; the guard only waits.
"""

from __future__ import annotations

import os
import signal
import sys

from sandbox.guard import become_subreaper, watch

CANNOT_RUN = 127


def main() -> int:
    """Start the program and return its exit status (128 + signal if killed)."""
    pipe, command = int(sys.argv[1]), sys.argv[2:]
    become_subreaper()
    program = os.fork()
    if program == 0:
        os.close(pipe)
        try:
            os.execvp(command[0], command)
        except OSError:
            os._exit(CANNOT_RUN)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    return watch(program, pipe)


if __name__ == "__main__":
    sys.exit(main())
