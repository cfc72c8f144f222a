from __future__ import annotations

from pathlib import Path

import pytest
from extractors_files import LETTER, write_docx

from correspondence.vocabulary import ReadOutcome
from extractors.confined import ConfinedReader, FileToRead
from extractors.request import ReadingRequest
from sandbox import Limits

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "pdf"


def test_a_file_is_read_in_a_child() -> None:
    with ConfinedReader(1) as reader:
        found = reader.read(LETTER.encode("tis-620", "replace"), "letter.txt")
    assert found.outcome is ReadOutcome.OK
    assert found.text == LETTER


def test_a_file_that_takes_too_long_is_named() -> None:
    with ConfinedReader(1, Limits(wall_seconds=0.01)) as reader:
        found = reader.read(write_docx(), "letter.docx")
    assert found.outcome is ReadOutcome.TIMED_OUT
    assert found.warnings == ("sandbox_timed_out",)


def test_many_files_come_back_with_their_index() -> None:
    files = [FileToRead(data=data, name="a") for data in (b"", LETTER.encode(), b"\0\1\2\3")]
    with ConfinedReader(2) as reader:
        outcomes = {index: found.outcome for index, found in reader.read_many(files)}
    assert outcomes == {
        0: ReadOutcome.EMPTY,
        1: ReadOutcome.OK,
        2: ReadOutcome.UNSUPPORTED,
    }


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data")
def test_every_public_odd_pdf_ends_in_a_named_outcome() -> None:
    paths = sorted(SHARED.glob("*.pdf"))
    request = ReadingRequest(ocr=False)
    files = [FileToRead(data=p.read_bytes(), name=p.name, request=request) for p in paths]
    with ConfinedReader(2, Limits(wall_seconds=30)) as reader:
        outcomes = {index: found.outcome for index, found in reader.read_many(files)}
    assert len(outcomes) == len(paths) >= 61
    assert sum(outcome is ReadOutcome.OK for outcome in outcomes.values()) >= 20
    assert not any(outcome is ReadOutcome.TIMED_OUT for outcome in outcomes.values())
