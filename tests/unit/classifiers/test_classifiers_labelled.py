"""Letters to be judged come in either form, and a wrong line is named without its text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from classifiers.labelled_letters import read_labelled
from correspondence.errors import ConfigurationFault, UsageFault
from correspondence.vocabulary import Category, LetterKind

SHARED = Path(__file__).resolve().parents[4] / "shared/data/letters/dev.jsonl"

GOLD = {
    "id": "g-1",
    "channel": "email",
    "kind": "citizen_letter",
    "language": "th",
    "text": "อาคารเรียนบ้านหนองใสหลังคารั่ว ขอให้ช่วยดูแลด้วยครับ",
    "email": {"from": "somchai@example.com", "subject": "หลังคารั่ว"},
    "fields": {"subject": "หลังคารั่ว", "agency": None, "document_number": None},
    "category": "complaint",
    "subcategory": "request_for_help",
    "difficulty": "hard",
    "key_facts": ["หลังคารั่ว"],
}
OURS = {
    "id": "frida-001",
    "writer": "frida",
    "channel": "letter",
    "kind": "external_letter",
    "language": "th",
    "category": "general",
    "subcategory": "invitation",
    "hard": False,
    "text": "ขอเรียนเชิญเป็นประธานเปิดงานวันวิชาการ",
}


def written(folder: Path, *lines: object) -> Path:
    file = folder / "check.jsonl"
    file.write_text(
        "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines), encoding="utf-8"
    )
    return file


def test_both_forms_stand_in_one_file(tmp_path: Path) -> None:
    gold, ours = read_labelled(written(tmp_path, GOLD, OURS))
    assert (gold.group, gold.hard, gold.category) == ("check", True, Category.COMPLAINT)
    assert gold.letter.subject == "หลังคารั่ว"
    assert gold.letter.sender_address == "somchai@example.com"
    assert gold.letter.kind is LetterKind.CITIZEN_LETTER
    assert (ours.group, ours.hard, ours.subcategory) == ("frida", False, "invitation")


def test_a_wrong_line_is_named_without_its_text(tmp_path: Path) -> None:
    file = written(tmp_path, OURS, {**GOLD, "category": "ไม่มี"})
    with pytest.raises(ConfigurationFault) as refusal:
        read_labelled(file)
    assert "line 2" in str(refusal.value)
    assert "category" in str(refusal.value)
    assert "หลังคา" not in str(refusal.value)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe\x00"])
def test_a_file_without_letters_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "check.jsonl"
    file.write_bytes(content)
    with pytest.raises(UsageFault):
        read_labelled(file)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageFault):
        read_labelled(tmp_path / "none.jsonl")


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_file(), reason="needs ../shared/data/letters")
def test_letters_of_an_acceptance_set_are_read() -> None:
    letters = read_labelled(SHARED)
    lines = SHARED.read_text(encoding="utf-8").split("\n")
    assert len(letters) == sum(1 for line in lines if line.strip())
    assert {letter.category for letter in letters} == set(Category)
    assert any(letter.hard for letter in letters)
    assert any(letter.letter.sender_address for letter in letters)
