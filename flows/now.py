"""Run flows now, in this process, against the server: `python -m flows.now pull process …`."""

from __future__ import annotations

import importlib
import sys

FLOWS = {
    "pull": ("flows.pull_letters", "pull_letters"),
    "process": ("flows.process_letters", "process_letters"),
    "remind": ("flows.remind", "remind"),
    "report": ("flows.report", "report"),
    "redate": ("flows.redate", "redate"),
    "sweep": ("flows.sweep", "sweep"),
    "evaluate": ("flows.evaluate", "evaluate"),
    "train": ("flows.train", "train"),
    "verify": ("flows.verify", "verify"),
    "backup": ("flows.backup", "backup"),
}


def main(names: list[str]) -> int:
    """Run the named flows one after the other; returns how many failed."""
    failed = 0
    for name in names:
        module, function = FLOWS[name]
        flow = getattr(importlib.import_module(module), function)
        state = flow(return_state=True)
        failed += not state.is_completed()
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
