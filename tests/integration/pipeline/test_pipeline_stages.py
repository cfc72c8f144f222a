"""From the ledger to a draft before a person, on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

import pipeline.casework as casework
from correspondence.errors import SarabanError
from correspondence.vocabulary import Channel, IntakeOutcome
from pipeline.admission import admit_items, claim_items, drain_items
from pipeline.bootstrap import House
from pipeline.casework import claim_work, classify_cases, draft_cases, drain_cases, route_cases
from pipeline.ingest import ingest_files
from pipeline.pulling import pull_sources
from pipeline.receiving import put_files_away
from pipeline.standing import office_standing
from registry.ledger import Arrival
from registry.models import AuditEvent, Case, CaseLink, Draft, DueDateRow, IntakeItem, Letter
from sandbox.pool import SandboxPool
from tests.conftest import SetClock

OWNER = "tests"


def letter(number: int = 1, matter: str = "ขอให้ตรวจสอบการเก็บเงินค่าเทอมเกินจริง") -> bytes:
    return (
        f"ที่ ทส {number}/2569\n\n๑๐ พฤศจิกายน ๒๕๖๙\n\nเรื่อง {matter}\n\n"
        "เรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ\n\n"
        f"ข้าพเจ้า นายทดสอบ ระบบดี โทร ๐๘๑-๕๕๕-๐๑๐{number} ขอร้องทุกข์ว่า{matter} "
        "เมื่อวันที่ ๑ พฤศจิกายน ๒๕๖๙ ที่โรงเรียนบ้านทดสอบวิทยา ผู้อำนวยการไม่ยอมออกใบเสร็จ "
        "ขอให้ท่านตรวจสอบและให้ความเป็นธรรมแก่ผู้ปกครอง\n\nขอแสดงความนับถือ\n(นายทดสอบ ระบบดี)\n"
    ).encode()


def mail(body: str, *, message_id: str | None = "<1@example.org>", hops: int = 1) -> bytes:
    message = EmailMessage()
    for hop in range(hops):
        message["Received"] = f"from relay{hop}.example by mail.example; Fri, 20 Nov 2026 09:00:00"
    message["From"] = "writer@example.org"
    message["To"] = "saraban@office.example"
    message["Subject"] = "ขอความช่วยเหลือ"
    if message_id:
        message["Message-ID"] = message_id
    message.set_content(body)
    return bytes(message)


def store(house: House, data: bytes, name: str = "letter.txt") -> int:
    return house.ledger.store(
        Arrival("test", f"{name}-{house.clock()}-{hash(data)}-{_count(house)}", Channel.HAND, name,
                None, data, house.clock())
    ).id  # fmt: skip


def _count(house: House) -> int:
    return sum(house.ledger.counts().values())


def item(house: House, item_id: int) -> IntakeItem:
    with house.sessions.begin() as session:
        return session.get_one(IntakeItem, item_id)


def test_a_letter_walks_to_a_draft_and_a_second_pass_changes_nothing(house: House) -> None:
    item_id = store(house, letter())
    assert drain_items(house, OWNER) == {IntakeOutcome.REGISTERED: 1}
    steps = drain_cases(house, OWNER)
    assert steps["failed"] == 0
    with house.sessions.begin() as session:
        case = session.scalars(select(Case)).one()
        (row,) = case.letters
        assert (row.intake_item_id, row.register_number) == (item_id, 1)
        assert case.state in ("in_review", "triage")
        assert case.due_date is not None
        assert len(session.scalars(select(DueDateRow)).all()) == 1
        drafts = session.scalars(select(Draft)).all()
        assert len(drafts) == (case.state == "in_review")
        actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
        assert actions[:2] == ["settle_intake", "classify"]
    assert drain_items(house, OWNER) == {}
    assert drain_cases(house, OWNER) == {}


def test_numbers_follow_the_order_of_arrival(house: House, clock: SetClock) -> None:
    arrived = []
    for number in (3, 1, 2):
        arrived.append(store(house, letter(number)))
        clock.move(minutes=1)
    drain_items(house, OWNER)
    with house.sessions.begin() as session:
        order = session.scalars(
            select(Letter.intake_item_id).order_by(Letter.register_number)
        ).all()
    assert order == arrived


def test_the_same_bytes_twice_are_one_letter(house: House) -> None:
    first, second = store(house, letter()), store(house, letter(), "copy.txt")
    assert drain_items(house, OWNER) == {IntakeOutcome.REGISTERED: 1, IntakeOutcome.DUPLICATE: 1}
    assert item(house, second).duplicate_of_id == first


def test_the_same_mail_by_another_route_is_one_letter(house: House) -> None:
    store(house, mail("ลูกไม่มีที่เรียน ขอความช่วยเหลือ"), "a.eml")
    again = store(house, mail("ลูกไม่มีที่เรียน ขอความช่วยเหลือ", hops=3), "b.eml")
    assert drain_items(house, OWNER) == {IntakeOutcome.REGISTERED: 1, IntakeOutcome.DUPLICATE: 1}
    assert item(house, again).reason_code == "same_mail"


def test_another_body_under_the_same_message_id_is_registered_as_suspicious(house: House) -> None:
    first = store(house, mail("ลูกไม่มีที่เรียน ขอความช่วยเหลือ"), "a.eml")
    other = store(house, mail("โปรดโอนเงินมาที่บัญชีนี้โดยด่วน"), "b.eml")
    assert drain_items(house, OWNER) == {IntakeOutcome.REGISTERED: 2}
    assert (item(house, first).suspicious, item(house, other).suspicious) == (False, True)


def test_mails_without_message_id_are_told_apart_by_their_bytes(house: House) -> None:
    store(house, mail("เรื่องที่หนึ่ง ขอความช่วยเหลือ", message_id=None), "a.eml")
    store(house, mail("เรื่องที่สอง ขอความช่วยเหลือ", message_id=None), "b.eml")
    assert drain_items(house, OWNER) == {IntakeOutcome.REGISTERED: 2}


def test_the_same_letter_by_mail_and_by_hand_is_kept_twice_and_linked(house: House) -> None:
    message = EmailMessage()
    message["From"] = "a@example.org"
    message["Subject"] = "ส่งหนังสือ"
    message.set_content("แนบหนังสือมาด้วยแล้ว")
    message.add_attachment(letter(), maintype="text", subtype="plain", filename="หนังสือ.txt")
    store(house, letter(), "หนังสือ.txt")
    store(house, bytes(message), "mail.eml")
    assert drain_items(house, OWNER)[IntakeOutcome.REGISTERED] == 2
    with house.sessions.begin() as session:
        links = session.scalars(select(CaseLink)).all()
        letters = session.scalars(select(Letter).order_by(Letter.id)).all()
        roles = [[a.role for a in row.attachments] for row in letters]
    assert roles == [["letter"], ["letter"]]
    assert [link.kind for link in links] == ["same_file"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\nnothing that follows makes sense", "damaged"),
        (b"\x7fELF" + bytes(100), "unsupported"),
        (b"MZ\x90\x00" + bytes(200), "unsupported"),
    ],
)
def test_what_cannot_be_read_is_held_with_its_reason_and_its_bytes(
    house: House, data: bytes, code: str
) -> None:
    bad, good = store(house, data, "bad.bin"), store(house, letter())
    assert drain_items(house, OWNER) == {IntakeOutcome.HELD: 1, IntakeOutcome.REGISTERED: 1}
    held = item(house, bad)
    assert held.reason_code == code
    assert held.reason_thai
    assert house.blobs.get(held.sha256) == data
    assert item(house, good).outcome == "registered"


def test_a_damaged_blob_is_held_and_the_batch_goes_on(house: House) -> None:
    bad, good = store(house, letter(1)), store(house, letter(2))
    digest = item(house, bad).sha256
    next((house.settings.home_folder / "blobs").rglob(digest)).write_bytes(b"forged")
    assert drain_items(house, OWNER) == {IntakeOutcome.HELD: 1, IntakeOutcome.REGISTERED: 1}
    assert item(house, bad).reason_code == "blob_damaged"
    assert item(house, good).outcome == "registered"


def test_a_worker_that_lost_its_lease_registers_nothing(house: House, clock: SetClock) -> None:
    store(house, letter())
    ids = claim_items(house, "slow")
    clock.move(hours=1)
    assert claim_items(house, "quick") == ids
    with house.readers() as readers:
        admit_items(house, "quick", ids, readers)
        admit_items(house, "slow", ids, readers)
    with house.sessions.begin() as session:
        assert len(session.scalars(select(Letter)).all()) == 1


def test_a_reader_that_answers_rubbish_is_tried_again_and_then_held(
    house: House, clock: SetClock
) -> None:
    item_id = store(house, letter())
    with SandboxPool("tests.jobs:answer_rubbish", workers=1) as rubbish:
        for _ in range(4):
            clock.move(minutes=30)
            admit_items(house, OWNER, claim_items(house, OWNER), rubbish)
    held = item(house, item_id)
    assert (held.outcome, held.reason_code, held.attempts) == ("held", "reader_garbled", 4)


@pytest.mark.parametrize("job", ["tests.jobs:die", "tests.jobs:be_killed"])
def test_a_reader_that_dies_is_tried_again(house: House, clock: SetClock, job: str) -> None:
    item_id = store(house, letter())
    with SandboxPool(job, workers=1) as dying:
        admit_items(house, OWNER, claim_items(house, OWNER), dying)
    assert item(house, item_id).outcome == "pending"
    assert claim_items(house, OWNER) == []
    clock.move(minutes=2)
    assert drain_items(house, OWNER) == {IntakeOutcome.REGISTERED: 1}


def test_between_any_two_stages_a_kill_is_repaired_by_the_next_pass(
    house: House, clock: SetClock
) -> None:
    store(house, letter())
    drain_items(house, OWNER)
    for stage in (classify_cases, route_cases, draft_cases):
        ids = claim_work(house, "killed")
        stage(house, "killed", ids)
        clock.move(minutes=16)
    drain_cases(house, OWNER)
    with house.sessions.begin() as session:
        case = session.scalars(select(Case)).one()
        assert case.state in ("in_review", "triage")
        assert len(case.drafts) <= 1
        assert len(session.scalars(select(DueDateRow)).all()) == 1


def test_a_case_that_fails_fails_alone_and_stands_as_stuck(
    house: House, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(house, letter(1)), store(house, letter(2))
    drain_items(house, OWNER)
    real = casework.assign_group
    poisoned = 1

    def assign(*arguments: object) -> object:
        raise SarabanError("no such group") if poisoned else None

    def classify_then_route() -> None:
        ids = claim_work(house, OWNER)
        classify_cases(house, OWNER, ids)
        route_cases(house, OWNER, ids[:1])
        monkeypatch.setattr(casework, "assign_group", real)
        route_cases(house, OWNER, ids[1:])
        draft_cases(house, OWNER, ids)

    monkeypatch.setattr(casework, "assign_group", assign)
    classify_then_route()
    with house.sessions.begin() as session:
        first, second = session.scalars(select(Case).order_by(Case.id)).all()
        if first.state == "triage" or second.state == "triage":
            pytest.fail("the test's letters must be clear complaints")
        assert (first.state, first.attempts, first.fault_code) == (
            "classified",
            1,
            "unexpected_fault",
        )
        assert second.state == "in_review"
    clock.move(minutes=30)
    drain_cases(house, OWNER)
    with house.sessions.begin() as session:
        assert session.get_one(Case, first.id).state == "in_review"
    assert office_standing(house).stuck == 0


def test_files_dropped_are_put_away_by_how_they_ended(house: House) -> None:
    drop = house.settings.home_folder / "drop" / "hand"
    drop.mkdir(parents=True)
    (drop / "ดี.txt").write_bytes(letter())
    (drop / "เสีย.pdf").write_bytes(b"%PDF-1.7 rubbish")
    (drop / "ลับ.txt").write_bytes(b"x" * 10 + "\nเนื้อความสำคัญมาก".encode())
    (report,) = pull_sources(house, OWNER)
    assert (report.received, report.fault) == (3, None)
    drain_items(house, OWNER)
    left = sorted(
        str(path.relative_to(drop.parent)).split("-", 1)[-1]
        for path in drop.parent.rglob("*")
        if path.is_file()
    )
    assert left == sorted(["ดี.txt", "เสีย.pdf", "เสีย.pdf.txt"])
    assert put_files_away(house) == 0
    secret = [i for i in _items(house) if i.outcome == "secret"]
    assert [(i.file_name, i.message_id) for i in secret] == [("", None)]


def _items(house: House) -> list[IntakeItem]:
    with house.sessions.begin() as session:
        return list(session.scalars(select(IntakeItem)))


def test_a_source_that_is_away_is_named_and_the_others_go_on(house: House) -> None:
    (house.settings.home_folder / "drop").write_bytes(b"a file where the folder should be")
    (report,) = pull_sources(house, OWNER)
    assert report.fault == "source_unavailable"
    standing = office_standing(house)
    assert [source.fault for source in standing.sources] == ["source_unavailable"]


def test_ingest_refuses_what_is_no_file_and_takes_the_rest(house: House, tmp_path: Path) -> None:
    good = tmp_path / "ดี.txt"
    good.write_bytes(letter())
    results = ingest_files(house, [tmp_path, tmp_path / "none", good], channel=Channel.WEB)
    assert [r.outcome.value for r in results] == ["rejected", "rejected", "registered"]
    assert results[2].register_number == "1/2569"
    assert [i.channel for i in _items(house)] == ["web"]


def test_overdue_is_counted_by_the_day_in_bangkok(house: House, clock: SetClock) -> None:
    store(house, letter())
    drain_items(house, OWNER)
    drain_cases(house, OWNER)
    with house.sessions.begin() as session:
        due = session.scalars(select(Case)).one().due_date
    assert due is not None
    assert office_standing(house).overdue == 0
    days = (due - clock().date()).days
    clock.move(days=days)
    assert (office_standing(house).due_today, office_standing(house).overdue) == (1, 0)
    clock.now = clock.now + timedelta(hours=13)
    assert office_standing(house).overdue == 1
