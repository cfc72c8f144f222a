"""Searching Thai letters on both databases: words, names, numbers, hostile queries."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, func, inspect, select, text, true

import registry.migrate
from correspondence.letter_parts import CarriedFile
from correspondence.reading import Extraction, FieldValue, LetterFields, PageText
from correspondence.vocabulary import Channel, ReadMethod, ReadOutcome, Role
from registry.engine import Sessions
from registry.ledger import Arrival, Ledger
from registry.migrate import upgrade_schema
from registry.models import Case, FieldRow, IntakeItem, Letter, LetterSearchRow
from registry.registration import Reading, register_letter
from registry.search import find_letters
from registry.search_backfill import index_missing
from registry.search_marks import SNIPPET, mark_text
from registry.search_query import read_query
from registry.transitions import Actor
from registry.voiding import void_number
from tests.conftest import NOON

LETTERS = {
    "water": {
        "subject": "ขอความอนุเคราะห์แก้ไขปัญหาน้ำเสียในคลองบางหลวง",
        "agency": "องค์การบริหารส่วนตำบลบ้านใหม่",
        "document_number": "มท ๐๘๐๘.๒/ว ๑๓๘",
        "signer": "นายสุรชัยพัฒน์ มงคลกิจ",
        "body": "ด้วยประชาชนได้รับความเดือดร้อนจากนํ้าเสีย\nของโรงงานแป้งมัน จึงเรียนมาเพื่อโปรดพิจารณา",
    },
    "school": {
        "subject": "ขอเชิญเป็นประธานเปิดอาคารเรียน",
        "agency": "โรงเรียนวัดสวนพลู",
        "document_number": "ศธ 0237/2121",
        "signer": "(นางสาววิมล ใจดี)",
        "body": "โรงเรียนจะจัดงานเปิดอาคารเรียนหลังใหม่ งบประมาณ ๔๕๐,๐๐๐ บาท และการกำจัดน้ำเสีย",
    },
    "english": {
        "subject": "Courtesy call of the Ambassador",
        "agency": "Embassy of Ruritania",
        "document_number": "No. 45/2026",
        "signer": "Dr. Anton Kessler",
        "body": "The Embassy presents its compliments to the Ministry.",
    },
}


@pytest.fixture
def letters(sessions: Sessions, ledger: Ledger) -> Iterator[dict[str, int]]:
    yield {name: add(sessions, ledger, name, **values) for name, values in LETTERS.items()}


def add(sessions: Sessions, ledger: Ledger, key: str, *, body: str, **fields: str) -> int:
    arrival = Arrival("main", key, Channel.EMAIL, "a.eml", None, key.encode(), NOON)
    extraction = Extraction(
        file="a.eml",
        outcome=ReadOutcome.OK,
        media_type="message/rfc822",
        pages=(PageText(number=1, text=body, method=ReadMethod.NATIVE, quality=1.0),),
        fields=LetterFields(
            **{name: FieldValue(value=value, confidence=1.0) for name, value in fields.items()}
        ),
    )
    item_id = ledger.store(arrival).id
    with sessions.begin() as session:
        item = session.get_one(IntakeItem, item_id)
        file = CarriedFile(
            role="letter",
            file_name="a.pdf",
            media_type="application/pdf",
            sha256=f"{item_id:064x}",
            size=9,
            read_outcome="ok",
        )
        reading = Reading(extraction, (file,), "สมหญิง รักไทย", "som@example.org", None)
        return register_letter(session, item, reading, at=NOON, actor="a").letter_id


def found(sessions: Sessions, letters: dict[str, int], query: str) -> list[str]:
    names = {letter_id: name for name, letter_id in letters.items()}
    with sessions.begin() as session:
        ids = find_letters(session, read_query(query), true()).letter_ids
        return [names[letter_id] for letter_id in ids]


# One database with the letters for all of these: making one takes longer than searching it.
def test_letters_are_found_by_words_names_and_numbers(
    sessions: Sessions, letters: dict[str, int]
) -> None:
    wanted = {
        # A part of a compound, however long; ํา and ำ; broken lines; both digit sets.
        "อนุเคราะห์": ["water"],
        "แก้ไขปัญหาน้ำเสีย": ["water"],
        "นํ้าเสียของโรงงาน": ["water"],
        "น้ำ\u200bเสีย": ["water", "school"],  # in the subject before in the body
        "คลองบางหลวง ตำบลบ้านใหม่": ["water"],
        "งบประมาณ ๔๕๐,๐๐๐": ["school"],
        "450,000 บาท": ["school"],
        # Numbers of senders in either digit set, with or without blanks.
        "มท 0808.2/ว138": ["water"],
        "มท ๐๘๐๘.๒/ว ๑๓๘": ["water"],
        "ศธ ๐๒๓๗/๒๑๒๑": ["school"],
        "0237/2121": ["school"],
        # Register numbers.
        "๒/๒๕๖๙": ["school"],
        "1/69": ["water"],
        "3/2026": ["english"],
        "เลขรับ 2": ["school"],
        # Names with, without and with another title; of the sender, too.
        "สุรชัยพัฒน์ มงคลกิจ": ["water"],
        "นายสุรชัยพัฒน์": ["water"],
        "ดร. วิมล ใจดี": ["school"],
        "น.ส.วิมล": ["school"],
        "kessler": ["english"],
        "AMBASSADOR": ["english"],
        "som@example.org ทดสอบ": [],
        "สมหญิง น้ำเสีย โรงงาน": ["water"],
        # The beginning of a word, and what no dictionary cuts alike.
        "embas": ["english"],
        "ยพัฒน์ มงค": ["water"],
        "ไม่มีคำนี้แน่นอน": [],
    }
    assert {query: found(sessions, letters, query) for query in wanted} == wanted


HOSTILE = (
    "",
    "   ",
    "\0",
    "่้๊ ัั",
    '"',
    "'",
    "น้ำเสีย'; DROP TABLE letters --",
    '"น้ำ" OR * NEAR(a b) -head:x ^ (',
    "a & | ! <-> :* \\ '",
    "%_%",
    "ก" * 1_000_000,
    "a " * 500_000,
    "๙" * 5_000 + "/" + "9" * 5_000,
    "\ud800",
    "🙂 \u202e\ufffe",
    "99999999999/2569",
    "9999999/9999",
)


def test_no_query_is_a_fault(sessions: Sessions, letters: dict[str, int]) -> None:
    for query in HOSTILE:
        assert set(found(sessions, letters, query)) <= set(letters), ascii(query[:20])
    assert found(sessions, letters, "a & | ! <-> :* \\ '") == []
    assert found(sessions, letters, "น้ำเสีย OR compliments") == []


def test_a_correction_is_found_at_once_and_what_it_replaced_no_longer(
    sessions: Sessions, letters: dict[str, int]
) -> None:
    with sessions.begin() as session:
        row = session.scalars(
            select(FieldRow).where(
                FieldRow.letter_id == letters["school"], FieldRow.name == "subject"
            )
        ).one()
        row.person_value, row.corrected_at = "ขอเชิญร่วมพิธีทอดกฐิน", NOON
    assert found(sessions, letters, "ทอดกฐิน") == ["school"]
    assert found(sessions, letters, "เป็นประธาน") == []
    with sessions() as session:
        session.get_one(FieldRow, row.id).person_value = "ยกเลิกการแก้ไข"
        session.flush()
        session.rollback()
    assert found(sessions, letters, "ทอดกฐิน") == ["school"]


def test_two_people_who_correct_one_letter_at_once_are_both_found(
    sessions: Sessions, letters: dict[str, int]
) -> None:
    faults: list[BaseException] = []
    ready = threading.Barrier(2)

    def correct(name: str, words: str) -> None:
        try:
            for number in range(4):
                with sessions.begin() as session:
                    row = session.scalars(
                        select(FieldRow).where(
                            FieldRow.letter_id == letters["school"], FieldRow.name == name
                        )
                    ).one()
                    row.person_value, row.corrected_at = f"{words} {number}", NOON
                    if session.get_bind().dialect.name == "postgresql":
                        ready.wait(10)
        except BaseException as fault:
            faults.append(fault)

    threads = [
        threading.Thread(target=correct, args=pair)
        for pair in (("subject", "ทอดกฐิน"), ("signer", "นายอดิศร"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert found(sessions, letters, "ทอดกฐิน อดิศร") == ["school"]


def test_a_void_letter_is_found_by_its_number_only(
    sessions: Sessions, letters: dict[str, int]
) -> None:
    clerk = Actor("ratana", Role.REGISTRAR)
    with sessions.begin() as session:
        letter = session.get_one(Letter, letters["water"])
        void_number(session, letter, clerk, reason="ลงผิด", at=NOON + timedelta(hours=1))
    assert found(sessions, letters, "น้ำเสีย") == ["school"]
    assert found(sessions, letters, "1/2569") == ["water"]
    with sessions.begin() as session:
        row = session.scalars(
            select(FieldRow).where(FieldRow.letter_id == letters["water"])
        ).first()
        assert row is not None
        row.person_value, row.corrected_at = "น้ำเสียอีกครั้ง", NOON
        session.flush()
        assert index_missing(session, 10) == 0
    assert found(sessions, letters, "น้ำเสียอีกครั้ง") == []


def test_only_what_may_be_seen_is_found(sessions: Sessions, letters: dict[str, int]) -> None:
    with sessions.begin() as session:
        session.get_one(Case, session.get_one(Letter, letters["water"]).case_id).restricted = True
    with sessions.begin() as session:
        for query in ("น้ำเสีย", "1/2569", "ยพัฒน์ มงค"):
            ids = find_letters(session, read_query(query), Case.restricted.is_(False)).letter_ids
            assert letters["water"] not in ids


def test_what_is_not_indexed_is_caught_up_once(
    engine: Engine, sessions: Sessions, letters: dict[str, int]
) -> None:
    with engine.begin() as connection:
        config = Config()
        folder = Path(registry.migrate.__file__).parent / "migrations"
        config.set_main_option("script_location", str(folder))
        config.attributes["connection"] = connection
        command.downgrade(config, "0015")
    names = inspect(engine).get_table_names()
    assert not [name for name in names if name.startswith(("letter_words", "letter_search"))]
    upgrade_schema(engine)
    assert found(sessions, letters, "น้ำเสีย") == []
    with sessions.begin() as session:
        assert [index_missing(session, 2) for _ in range(3)] == [2, 1, 0]
    assert found(sessions, letters, "น้ำเสีย") == ["water", "school"]
    with sessions.begin() as session:
        # Cut by an older scheme.
        session.execute(text("UPDATE letter_search SET scheme = 0"))
        assert index_missing(session, 10) == 3
        assert session.scalar(select(func.count(LetterSearchRow.letter_id))) == 3


def test_a_snippet_is_short_marked_and_parts_no_letter_from_its_marks() -> None:
    body = "ก่อนหน้านี้ " * 40 + "ประชาชนร้องเรียนเรื่อง\nน้ำเสียจากโรงงาน เลขที่ ๑๒๓ " + "ต่อท้ายที่ " * 40
    pieces = mark_text(body, read_query("นํ้าเสีย 123"))
    whole = "".join(piece.text for piece in pieces)
    assert [piece.text for piece in pieces if piece.hit] == ["น้ำเสีย", "๑๒๓"]
    assert len(whole) <= SNIPPET and whole.startswith("…") and whole.endswith("…")
    assert mark_text(body, read_query("ไม่มี")) == ()
