"""Several letters in one mail: one ledger row, one case, a number each, or none at all."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from correspondence.vocabulary import Channel, IntakeOutcome
from pipeline.admission import admit_items, claim_items, drain_items
from pipeline.bootstrap import House
from pipeline.case_view import case_view
from pipeline.casework import drain_cases
from pipeline.ingest import ingest_files
from pipeline.item_reading import ItemReading
from pipeline.ledger_lines import ledger_lines
from pipeline.reading_job import read_item
from pipeline.register_view import CaseRow, RegisterFilter, register_page
from registry import registration
from registry.letter_rows import add_letter
from registry.models import AuditEvent, Case, Letter, RegisterCounter, RestrictedRow
from tests.letters_in_one import FIRST, SECOND, THIRD, Sample, mail_of
from tests.servers.review_app import running_review_app

OWNER = "tests"


def read(files: dict[str, str]) -> ItemReading:
    return ItemReading.model_validate(
        read_item(mail_of(files), {"name": "1.eml", "received_on": "2026-11-20", "passwords": []})
    )


def outcome_of(*letters: Sample) -> tuple[int, int]:
    """Return how many further letters and how many doubts a mail of these yields."""
    files = {f"letter-{n}.txt": letter.text() for n, letter in enumerate(letters, start=1)}
    reading = read(files)
    doubts = [w for w in reading.extraction.warnings if w.startswith("perhaps_another_letter")]
    assert len(reading.carried) + len(reading.further) == len(letters)
    return len(reading.further), len(doubts)


def test_letters_of_their_own_become_letters() -> None:
    reading = read({f"{n}.txt": s.text() for n, s in enumerate((FIRST, SECOND, THIRD), start=1)})
    (mine,) = reading.carried
    assert (mine.role, mine.file_name) == ("letter", "1.txt")
    assert [part.carried[0].file_name for part in reading.further] == ["2.txt", "3.txt"]
    assert reading.extraction.fields.document_number.value != (
        reading.further[0].extraction.fields.document_number.value
    )
    assert "วันวิชาการ" not in reading.extraction.text
    assert "วันวิชาการ" in reading.further[0].extraction.text
    # What `extract` tells of a mail is still all that is in it.
    assert len(reading.extraction.attachments) == 3
    assert reading.extraction.warnings == ()


CITED = replace(FIRST, more="ตามหนังสือสำนักงานเขตพื้นที่การศึกษาสมมติ ที่ ศธ ๐๔๑๒๓/๕๑๗ ที่ส่งมาพร้อมนี้")


@pytest.mark.parametrize(
    ("letters", "doubts"),
    [
        ((FIRST, FIRST), 0),
        ((FIRST, replace(FIRST, more="แก้ไขคำผิดแล้ว")), 0),
        ((CITED, SECOND), 0),
        ((replace(FIRST, between="อ้างถึง หนังสือที่ ศธ ๐๔๑๒๓/๕๑๗ ลงวันที่ ๑๑ พฤศจิกายน ๒๕๖๙"), SECOND), 0),
        ((FIRST, replace(SECOND, top="สิ่งที่ส่งมาด้วย ๑")), 0),
        ((FIRST, replace(SECOND, top="(สำเนา)")), 0),
        ((FIRST, replace(FIRST, number="ศธ ๐๔๑๒๓/๕๑๘")), 1),
        ((FIRST, replace(SECOND, addressee="ผู้อำนวยการโรงเรียนบ้านสายลม")), 1),
        ((FIRST, replace(SECOND, more="ตามหนังสือ ที่ ศธ ๐๔๑๒๓/๕๐๑ ที่แจ้งไว้แล้ว")), 1),
        ((replace(FIRST, between="สิ่งที่ส่งมาด้วย รายงานการสำรวจความเสียหาย จำนวน ๑ ชุด"), SECOND), 1),
        ((replace(FIRST, between="สิ่งที่ส่งมาด้วย สำเนาหนังสือเชิญ จำนวน ๑ ฉบับ"), SECOND), 1),
    ],
)
def test_what_may_belong_to_the_first_stays_its_enclosure(
    letters: tuple[Sample, Sample], doubts: int
) -> None:
    assert outcome_of(*letters) == (0, doubts)


def test_a_file_named_as_an_enclosure_is_one() -> None:
    reading = read({"หนังสือ.txt": FIRST.text(), "สิ่งที่ส่งมาด้วย.txt": SECOND.text()})
    assert reading.further == ()
    assert [part.role for part in reading.carried] == ["letter", "enclosure"]
    assert reading.extraction.warnings == ("perhaps_another_letter:2",)


def test_a_plain_enclosure_is_no_doubt() -> None:
    table = "รายการ จำนวนเงิน\n" + "โต๊ะเรียนชุดใหม่สำหรับห้องเรียน ๑๒,๕๐๐ บาท\n" * 30
    reading = read({"หนังสือ.txt": FIRST.text(), "ตาราง.txt": table})
    assert (reading.further, reading.extraction.warnings) == ((), ())


def two_letters(tmp_path: Path) -> Path:
    path = tmp_path / "สองฉบับ.eml"
    second = replace(SECOND, more="เลขประจำตัวประชาชนผู้ประสานงาน ๑-๒๓๔๕-๖๗๘๙๐-๑๒-๑")
    path.write_bytes(mail_of({"a.txt": FIRST.text(), "b.txt": second.text()}))
    return path


def test_one_row_one_case_and_a_number_each(house: House, tmp_path: Path) -> None:
    path = two_letters(tmp_path)
    (done,) = ingest_files(house, [path])
    assert (done.register_number, done.register_numbers) == ("1/2569", ("1/2569", "2/2569"))
    with house.sessions.begin() as session:
        case = session.scalars(select(Case)).one()
        assert [(row.part, row.register_number) for row in case.letters] == [(1, 1), (2, 2)]
        assert session.scalars(select(RestrictedRow)).one().letter_id == case.letters[1].id
    assert drain_cases(house, OWNER)["failed"] == 0
    shown = case_view(house, case.id)
    assert [letter.register_number for letter in shown.letters] == ["1/2569", "2/2569"]
    assert [len(letter.attachments) for letter in shown.letters] == [1, 1]
    (line,) = ledger_lines(house)
    assert (line.register_number, line.register_numbers) == ("1/2569", ("1/2569", "2/2569"))
    page = register_page(house, RegisterFilter())
    assert page.total == 2
    numbers = [row.register_number for row in page.rows if isinstance(row, CaseRow)]
    assert numbers == ["2/2569", "1/2569"]
    (again,) = ingest_files(house, [path])
    assert again.outcome is IntakeOutcome.DUPLICATE
    assert again.register_numbers == ("1/2569", "2/2569")


def test_the_clerk_sees_which_file_may_be_another_letter(house: House, tmp_path: Path) -> None:
    path = tmp_path / "1.eml"
    doubtful = replace(SECOND, addressee="ผู้อำนวยการโรงเรียนบ้านสายลม")
    path.write_bytes(mail_of({"a.txt": FIRST.text(), "b.txt": doubtful.text()}))
    (done,) = ingest_files(house, [path])
    assert done.register_numbers == ("1/2569",)
    with house.sessions.begin() as session:
        case_id = session.scalars(select(Case.id)).one()
    (letter,) = case_view(house, case_id).letters
    assert letter.perhaps_letters == (2,)
    with running_review_app(house) as client:
        page = client.get(f"/cases/{case_id}").text
    before, _, after = page.partition("b.txt")
    assert "อาจเป็นหนังสืออีกฉบับ" in after.partition("</li>")[0]
    assert "อาจเป็นหนังสืออีกฉบับ" not in before


def test_a_case_is_as_urgent_as_its_most_urgent_letter(house: House, tmp_path: Path) -> None:
    path = tmp_path / "1.eml"
    urgent = replace(SECOND, top="ด่วนที่สุด")
    path.write_bytes(mail_of({"a.txt": FIRST.text(), "b.txt": urgent.text()}))
    ingest_files(house, [path])
    with house.sessions.begin() as session:
        case = session.scalars(select(Case)).one()
        assert (len(case.letters), case.urgency) == (2, "most_urgent")


class KilledError(BaseException):
    pass


@pytest.mark.parametrize("before", [1, 2, 3])
def test_killed_between_its_letters_the_next_run_has_each_once(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    calls = itertools.count(1)
    real_add, real_settle = add_letter, registration._settle

    def add(*args: object, **named: object) -> Letter:
        if next(calls) == before:
            raise KilledError
        return real_add(*args, **named)  # type: ignore[arg-type]

    def settle(*args: object, **named: object) -> None:
        if next(calls) == before:
            raise KilledError
        real_settle(*args, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(registration, "add_letter", add)
        patch.setattr(registration, "_settle", settle)
        with pytest.raises(KilledError):
            ingest_files(house, [two_letters(tmp_path)], channel=Channel.EMAIL)
    with house.sessions.begin() as session:
        assert session.scalars(select(Letter)).all() == []
        assert session.scalars(select(Case)).all() == []
        assert session.scalars(select(RegisterCounter)).all() == []
    house.clock.move(hours=1)  # type: ignore[attr-defined]
    assert drain_items(house, OWNER) == {IntakeOutcome.REGISTERED: 1}
    assert drain_items(house, OWNER) == {}
    with house.sessions.begin() as session:
        numbers = session.scalars(select(Letter.register_number).order_by(Letter.part)).all()
        assert numbers == [1, 2]
        settled = select(AuditEvent).where(AuditEvent.action == "settle_intake")
        assert len(session.scalars(settled).all()) == 1
    assert claim_items(house, OWNER) == []
    with house.readers() as readers:
        assert admit_items(house, OWNER, [], readers) == {}
