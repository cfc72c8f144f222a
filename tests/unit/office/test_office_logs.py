"""No letter text gets into a log line, whatever a careless line hands over."""

from __future__ import annotations

import ast
import io
import json
import logging
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from correspondence.errors import BlobDamaged
from office.logs import (
    KNOWN_KEYS,
    LONGEST_MESSAGE,
    WITHHELD,
    CheckedFormatter,
    as_name,
    bind_run,
    get_log,
    only_ids,
    set_up_logs,
)

ROOT = Path(__file__).resolve().parents[3]
ROOMS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"][
    "build"
]["targets"]["wheel"]["packages"]
LETTER = "เรื่อง ขอให้ตรวจสอบการจัดซื้อโต๊ะเรียน"
ENGLISH = "Request for a meeting with the Minister"


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    """Logs of this process go here as JSON; all is as before afterwards."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    stream = io.StringIO()
    set_up_logs("DEBUG", "json", stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.contextvars.clear_contextvars()


def read(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_run_and_record_ids_stand_in_every_line(log_lines: io.StringIO) -> None:
    bind_run("process", "5b1c")
    get_log("pipeline.admission").warning("an item was not read", item_id=7, code="damaged")
    logging.getLogger("pipeline.casework").error("a stage failed", extra={"case_id": 9})
    logging.getLogger("pipeline.pulling").error("source %s failed: %s", "main", "KeyError")
    first, second, third = read(log_lines)
    assert (first["event"], first["item_id"], first["code"], first["level"]) == (
        *("an item was not read", 7, "damaged", "warning"),
    )
    assert (second["case_id"], third["event"]) == (9, "source main failed: KeyError")
    assert {(line["run"], line["run_id"]) for line in (first, second, third)} == {
        ("process", "5b1c")
    }


@pytest.mark.parametrize(
    "text",
    [LETTER, ENGLISH, "mali@example.org", "1234567890121", "ก" * 900],
    ids=["thai", "english", "address", "national_number", "long"],
)
def test_text_is_withheld_wherever_it_is_handed_in(log_lines: io.StringIO, text: str) -> None:
    ours = logging.getLogger("pipeline.admission")
    ours.warning("read %s of %d", text, 3)
    ours.warning("read %(subject)s", {"subject": text})
    ours.warning("read", extra={"code": text, "subject": text})
    get_log("pipeline.admission").warning("read", code=text, subject=text, letter_text=text)
    get_log("pipeline.admission").warning("read", code=[text], source={text: text})
    logging.getLogger("somebody.elses").warning(text)
    logging.getLogger("somebody.elses").warning("read %s", text)
    try:
        raise ValueError(text)
    except ValueError:
        ours.exception("failed")
        get_log("pipeline.admission").exception("failed")
    written = log_lines.getvalue()
    assert len(read(log_lines)) == 9
    assert text not in written and json.dumps(text)[1:-1] not in written
    assert [line["fault"] for line in read(log_lines)[-2:]] == ["ValueError", "ValueError"]
    assert read(log_lines)[-1]["place"] and "subject" not in written


@pytest.mark.parametrize("message", [LETTER, "x" * (LONGEST_MESSAGE + 1), "a\nb", "to a@b.org"])
def test_a_message_that_is_no_fixed_text_is_withheld(log_lines: io.StringIO, message: str) -> None:
    logging.getLogger("pipeline.admission").warning(message)
    get_log("pipeline.admission").warning(message)
    assert [line["event"] for line in read(log_lines)] == [WITHHELD, WITHHELD]


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=200), max_size=8))
def test_only_known_keys_and_names_pass(event: dict[str, str]) -> None:
    kept = only_ids(None, "info", dict(event))
    assert set(kept) <= KNOWN_KEYS
    for key, value in kept.items():
        assert value in (event[key], WITHHELD)
        if key != "event":
            assert " " not in value and value.isascii()


def test_codes_counts_and_names_are_kept() -> None:
    for value in (7, True, None, 0.25, "imap_main", "2026-11-21T05:00:00", "pipeline/run.py:12"):
        assert as_name(value) == value
    assert as_name(BlobDamaged("Blob is missing.")) == "blob_damaged"
    assert as_name(OSError(LETTER)) == "OSError"
    assert as_name(1234567890121) == WITHHELD


def test_a_line_that_cannot_be_filled_in_is_its_fixed_text() -> None:
    record = logging.LogRecord("pipeline.run", logging.INFO, "f", 1, "read %d", (LETTER,), None)
    assert json.loads(CheckedFormatter("json").format(record))["event"] == "read %d"


def test_people_read_one_line() -> None:
    record = logging.LogRecord("pipeline.run", logging.INFO, "f", 1, "done", (), None)
    record.case_id = 4
    record.created = 0.0
    line = CheckedFormatter("human").format(record)
    assert line == "1970-01-01T00:00:00.000Z INFO pipeline.run done case_id=4"


def test_every_message_of_the_program_is_a_fixed_text() -> None:
    """What is not a literal could be a letter's words."""
    methods = {"debug", "info", "warning", "error", "critical", "exception"}
    loose = []
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr in methods
                    and isinstance(node.func.value, ast.Name)
                    and node.func.value.id in {"log", "_log", "logger", "logging"}
                    and not (
                        node.args
                        and isinstance(node.args[0], ast.Constant)
                        and len(str(node.args[0].value)) <= LONGEST_MESSAGE
                    )
                ):
                    loose.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert loose == []
