"""The `saraban` command: exit codes 0 done, 1 fault, 2 usage, 3 unreadable, 4 missing part."""

from __future__ import annotations

import os
import sys

import typer

from cli import (
    archiving,
    auditing,
    casework,
    configuring,
    dating,
    finding,
    holding,
    keeping,
    learning,
    looking,
    measuring,
    numbering,
    operating,
    posting,
    registering,
    separating,
    staffing,
    watching,
    writing,
)
from cli.output import print_fault
from correspondence.charsets import register_thai_codecs
from correspondence.errors import SarabanError
from office.logs import set_up_logs
from office.settings import read_settings

app = typer.Typer(
    name="saraban",
    help="สารบรรณ: reads, registers, routes and drafts a minister's correspondence.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("extract")(looking.extract)
app.command("classify")(looking.classify)
app.command("due")(looking.due)
app.command("draft")(looking.draft)
app.command("read-check")(looking.read_check)
app.command("ingest")(registering.ingest)
app.command("run")(registering.run)
app.command("import-archive")(archiving.import_archive)
app.command("status")(registering.status)
app.command("register")(numbering.register)
app.command("find")(finding.find)
app.command("void")(numbering.void)
app.command("stamp")(numbering.stamp)
app.command("kpi")(measuring.kpi)
app.command("remind")(posting.remind)
app.command("outbox")(posting.outbox)
app.command("letter")(writing.letter)
app.command("separator")(separating.separator)
app.add_typer(holding.held, name="held")
app.add_typer(casework.case, name="case")
app.add_typer(staffing.staff, name="people")
app.add_typer(dating.calendar, name="calendar")
app.add_typer(auditing.audit, name="audit")
app.command("verify")(keeping.verify)
app.command("backup")(keeping.backup)
app.command("restore")(keeping.restore)
app.command("config")(configuring.config)
app.command("retention")(configuring.retention)
app.command("demo")(operating.demo)
app.command("serve")(operating.serve)
app.command("work")(operating.work)
app.command("watchdog")(watching.watchdog)
app.command("doctor")(operating.doctor)
app.command("train")(learning.train)
app.add_typer(learning.models, name="models")
app.command("evaluate")(operating.evaluate)


def main() -> None:
    """Run the command line; every known fault is one line on stderr, never a stack trace."""
    register_thai_codecs()
    try:
        settings = read_settings()
        set_up_logs(settings.log_level, settings.log_form)
        app()
    except SarabanError as fault:
        print_fault(fault)
        sys.exit(fault.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output went away; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    main()
