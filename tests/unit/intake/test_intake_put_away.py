"""Files of the holding pen: back to `done/`, away for good, and the note beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.put_away import hold_done, release_held, remove_secret, renew_note


@pytest.fixture
def held(tmp_path: Path) -> Path:
    (tmp_path / "done").mkdir()
    (tmp_path / "done" / "7-หนังสือ.pdf").write_bytes(b"%PDF")
    path = hold_done(tmp_path, 7, "แฟ้มมีรหัสผ่าน", "The file is encrypted.")
    assert path is not None
    return path


def test_a_released_file_goes_back_and_its_note_goes(tmp_path: Path, held: Path) -> None:
    done = release_held(tmp_path, held)
    assert done == tmp_path / "done" / "7-หนังสือ.pdf"
    assert done.read_bytes() == b"%PDF"
    assert list((tmp_path / "held").iterdir()) == []


def test_a_secret_file_is_removed_with_its_note(tmp_path: Path, held: Path) -> None:
    remove_secret(held)
    assert list((tmp_path / "held").iterdir()) == []
    assert list((tmp_path / "done").iterdir()) == []
    remove_secret(held)


def test_a_note_is_written_anew_only_for_another_reason(held: Path) -> None:
    note = held.with_name(held.name + ".txt")
    assert renew_note(held, "แฟ้มมีรหัสผ่าน", "The file is encrypted.") is False
    assert renew_note(held, "แฟ้มเสียหาย", "The file is damaged.") is True
    assert note.read_text(encoding="utf-8") == "แฟ้มเสียหาย\nThe file is damaged.\n"
    note.unlink()
    assert renew_note(held, "แฟ้มเสียหาย", "The file is damaged.") is True
    note.write_bytes(b"\xff\xfe\xff")
    assert renew_note(held, "แฟ้มเสียหาย", "The file is damaged.") is True
