"""Log lines: structured, with run and record ids, and closed to what letters say.

Every line passes `only_ids`. A message is a fixed text of the program; what is filled in, and every
key beside it, is an id, a count, a code or a name without blanks. Anything else is withheld, so
that a careless line shows a gap and not a letter.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TextIO

from correspondence.errors import SarabanError

if TYPE_CHECKING:
    import structlog

WITHHELD: Final = "(withheld)"
LONGEST_MESSAGE: Final = 160
KNOWN_KEYS: Final = frozenset(
    {
        *("timestamp", "level", "logger", "event", "run", "run_id"),
        *("item_id", "letter_id", "case_id", "draft_id", "message_id", "person_id", "report_id"),
        *("source", "code", "outcome", "fault", "place", "version", "schema", "stage", "state"),
        *("count", "done", "total", "letters", "items", "cases", "blobs", "bytes", "pages"),
        *("seconds", "attempt", "year", "number", "status", "port", "pid"),
    }
)
# What these log are fixed texts: our own rooms, and servers that never see a letter's words.
_TRUSTED: Final = frozenset(
    {
        *("classifiers", "cli", "demo", "drafting", "extractors", "flows", "intake", "office"),
        *("pipeline", "registry", "reports", "review", "routing", "sandbox", "correspondence"),
        *("alembic", "asyncio", "uvicorn", "__main__", "saraban"),
    }
)
_NAME: Final = re.compile(r"[A-Za-z0-9_.:/+-]{0,80}")
# Thirteen digits in a row are somebody's national number.
_DIGITS: Final = re.compile(r"\d{13}")
_TEMPLATE: Final = re.compile(rf"[ -~]{{0,{LONGEST_MESSAGE}}}")
_HANDLER: Final = "saraban"


def set_up_logs(level: str, form: str, stream: TextIO | None = None) -> None:
    """Send every log line of this process to a stream, checked and formed.

    Args:
        level: `DEBUG`, `INFO`, `WARNING` or `ERROR`.
        form: `json`, one object a line; or `human`.
        stream: stderr by default. Other handlers of stderr and stdout are taken away: they would
            print lines unchecked.
    """
    root = logging.getLogger()
    consoles = (sys.stderr, sys.stdout, sys.__stderr__, sys.__stdout__)
    for handler in list(root.handlers):
        if handler.get_name() == _HANDLER or getattr(handler, "stream", None) in consoles:
            root.removeHandler(handler)
    ours = logging.StreamHandler(stream)
    ours.set_name(_HANDLER)
    ours.setFormatter(CheckedFormatter(form))
    root.addHandler(ours)
    root.setLevel(level)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def get_log(name: str) -> structlog.stdlib.BoundLogger:
    """Return a logger that takes ids and counts as keys: `log.info("item held", item_id=7)`.

    Modules that every command loads use `logging` with `extra={"item_id": 7}`: the same lines.
    """
    import structlog

    bound: structlog.stdlib.BoundLogger = structlog.wrap_logger(
        logging.getLogger(name),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.filter_by_level,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return bound


def bind_run(run: str, run_id: str) -> None:
    """Let every later line of this process say in which run it was written."""
    import structlog

    structlog.contextvars.bind_contextvars(run=run, run_id=run_id)


def only_ids(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Drop unknown keys and withhold every value that could be text; a structlog processor."""
    kept: dict[str, Any] = {}
    for key, value in event.items():
        if key == "event":
            kept[key] = value if isinstance(value, str) and is_fixed_text(value) else WITHHELD
        elif key in KNOWN_KEYS:
            kept[key] = as_name(value)
    return kept


def as_name(value: object) -> object:
    """Return a count, an id, a code or a name as it is, and `(withheld)` for anything else."""
    if value is None or isinstance(value, bool | int | float):
        return value if len(str(value)) < 13 else WITHHELD
    if isinstance(value, SarabanError):
        return value.code
    if isinstance(value, BaseException):
        return type(value).__name__
    if isinstance(value, str) and _NAME.fullmatch(value) and not _DIGITS.search(value):
        return value
    return WITHHELD


def is_fixed_text(text: str) -> bool:
    """Tell whether a text can be a message of the program: short, one line, plain ASCII."""
    return bool(_TEMPLATE.fullmatch(text)) and "@" not in text and not _DIGITS.search(text)


class CheckedFormatter(logging.Formatter):
    """Forms a record as JSON or for people; a record it cannot check is withheld."""

    def __init__(self, form: str) -> None:
        """Keep the form: `json` or `human`."""
        super().__init__()
        self._form = form

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        # Loaded with the first line: most commands write none.
        import structlog

        event: dict[str, Any] = {}
        if isinstance(record.msg, Mapping):
            event.update({str(key): value for key, value in record.msg.items()})
        else:
            structlog.contextvars.merge_contextvars(None, "", event)
            event |= {key: value for key, value in vars(record).items() if key in KNOWN_KEYS}
            event["event"] = _message(record)
        event |= {"level": record.levelname.lower(), "logger": record.name}
        _name_fault(record, event)
        checked = only_ids(None, "", event)
        checked["timestamp"] = self.formatTime(record)
        if self._form == "json":
            return str(structlog.processors.JSONRenderer(sort_keys=True)(None, "", checked))
        return _for_people(checked)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """Return the moment in UTC, ISO 8601 with milliseconds."""
        moment = datetime.fromtimestamp(record.created, UTC)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _message(record: logging.LogRecord) -> str:
    """Return a record's message with what was filled in checked piece by piece."""
    template = record.msg
    if record.name.partition(".")[0] not in _TRUSTED:
        return WITHHELD
    if not isinstance(template, str) or not is_fixed_text(template):
        return WITHHELD
    if not record.args:
        return template
    given = record.args
    try:
        if isinstance(given, Mapping):
            return template % {key: as_name(value) for key, value in given.items()}
        return template % tuple(as_name(value) for value in given)
    except (TypeError, ValueError, KeyError):
        # A number was asked for where one was withheld.
        return template


def _name_fault(record: logging.LogRecord, event: MutableMapping[str, Any]) -> None:
    """Put an exception's type and place into the event; what it says may be a letter's words."""
    asked = event.pop("exc_info", None)
    _, fault, trace = record.exc_info or (sys.exc_info() if asked else (None, None, None))
    if fault is None:
        return
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    event["fault"] = as_name(fault)
    if trace is not None:
        code = trace.tb_frame.f_code
        event["place"] = f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"


def _for_people(event: Mapping[str, Any]) -> str:
    first = f"{event['timestamp']} {str(event['level']).upper()} {event['logger']}"
    shown = ("timestamp", "level", "logger", "event")
    keys = " ".join(f"{key}={event[key]}" for key in sorted(event) if key not in shown)
    return f"{first} {event['event']} {keys}".rstrip()
