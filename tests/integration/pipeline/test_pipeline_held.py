"""Holding pen, quarantine, secret desk and retries, worked through by people."""

from __future__ import annotations

import stat
import threading
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import hostile_pdfs as pdfs
import pytest
from sqlalchemy import select, text

from correspondence.errors import ActionRefused, BlobDamaged, SarabanError, UsageFault
from correspondence.vocabulary import Channel, IntakeOutcome, Role
from pipeline.admission import drain_items
from pipeline.bootstrap import House
from pipeline.casework import drain_cases
from pipeline.hand_over import AlreadyHandedOver, ClearanceTooLow, hand_over_item
from pipeline.held import (
    ItemResult,
    ItemWithoutBytes,
    item_result,
    items_to_retry,
    mark_not_a_letter,
    release_item,
    retry_items,
)
from pipeline.held_view import held_item, held_lines
from pipeline.placing import (
    ConfirmationOutdated,
    Placement,
    place_item,
    preview_placement,
)
from pipeline.typed_letter import TypedLetter
from registry.held import ItemMovedOn, ItemUnknown, Seen
from registry.ledger import Arrival, LeftOutside
from registry.models import (
    AuditEvent,
    Base,
    Case,
    FieldRow,
    IntakeItem,
    Letter,
    PersonRole,
    RestrictedRow,
)
from tests.conftest import SetClock
from tests.seeding import employ, end_in

SUBJECT = "ขอให้ซ่อมหลังคาโรงเรียนบ้านทุ่งทอง"
SECRET_WORDS = "กำลังพลชายแดนสามสิบนาย"
PASSWORD = "เปิด1234"
LOCKED = pdfs.locked(PASSWORD)


@pytest.fixture
def staffed(house: House) -> House:
    employ(house, "somsri", Role.REGISTRAR, None)
    employ(house, "anan", Role.REGISTRAR, None)
    employ(house, "prasert", Role.SECRET_REGISTRAR, None, clearance="top_secret")
    employ(house, "malee", Role.SECRET_REGISTRAR, None, clearance="confidential")
    employ(house, "kanya", Role.OFFICER, "complaints")
    return house


def store(house: House, data: bytes, name: str, channel: Channel = Channel.HAND) -> int:
    count = sum(house.ledger.counts().values())
    arrival = Arrival("test", f"{count}", channel, name, None, data, house.clock())
    return house.ledger.store(arrival).id


def auto_reply(body: str = f"เรื่อง {SUBJECT}\n\nฝนตกแล้วรั่วทุกห้อง ขอให้ช่วยซ่อมโดยเร็ว") -> bytes:
    message = EmailMessage()
    message["From"] = "นางมะลิ ทองดี <mali@example.org>"
    message["To"] = "saraban@office.example"
    message["Subject"] = f"Re: {SUBJECT}"
    message["Message-ID"] = "<auto@example.org>"
    message["Auto-Submitted"] = "auto-replied"
    message.set_content(body)
    return bytes(message)


def item(house: House, item_id: int) -> IntakeItem:
    with house.sessions.begin() as session:
        return session.get_one(IntakeItem, item_id)


def events(house: House, item_id: int) -> list[tuple[str, str]]:
    return [(e.action, e.actor) for e in held_item(house, item_id).history]


def letters(house: House) -> list[Letter]:
    with house.sessions.begin() as session:
        return list(session.scalars(select(Letter)))


def test_the_queues_show_what_waits_and_why(staffed: House) -> None:
    held = end_in(staffed, IntakeOutcome.HELD, "encrypted", "สัญญา.pdf")
    quarantined = end_in(staffed, IntakeOutcome.QUARANTINED, "bounce")
    secret = end_in(staffed, IntakeOutcome.SECRET, "marked_secret", "แผน.pdf")
    store(staffed, b"waits for its first pass", "new.txt")
    failed = store(staffed, b"failed once", "failed.txt")
    staffed.ledger.claim("tests", 1, _minute(), only=[failed])
    staffed.ledger.postpone(failed, "sandbox_crashed", "โปรแกรมอ่านหยุดทำงาน", "Crashed.")
    lines = held_lines(staffed)
    assert [line.id for line in lines] == [held, quarantined, secret, failed]
    assert [line.code for line in lines][0::3] == ["encrypted", "sandbox_crashed"]
    assert lines[0].reason == "เหตุผลภาษาไทย / The reason in English."
    assert (lines[3].attempts, lines[3].since) == (1, None)
    assert lines[3].next_attempt_at is not None
    assert [line.handed_over for line in lines] == [None, None, False, None]
    assert [line.id for line in held_lines(staffed, [IntakeOutcome.QUARANTINED])] == [quarantined]


def test_show_tells_what_is_known_and_where_the_bytes_are(staffed: House) -> None:
    item_id = store(staffed, auto_reply(), "มะลิ.eml", Channel.EMAIL)
    drain_items(staffed, "tests")
    shown = held_item(staffed, item_id)
    assert (shown.outcome, shown.code) == (IntakeOutcome.QUARANTINED, "auto_reply")
    assert (shown.file_name, shown.media_type) == ("มะลิ.eml", "message/rfc822")
    assert shown.sender_name == "นางมะลิ ทองดี"
    (place,) = shown.bytes_at
    assert Path(place.removeprefix("file://")).read_bytes() == auto_reply()
    assert [event.action for event in shown.history] == ["settle_intake"]
    with pytest.raises(ItemUnknown):
        held_item(staffed, 999)


def test_a_secret_item_shows_nothing_of_itself(staffed: House) -> None:
    data = f"ลับมาก\n\nเรื่อง {SECRET_WORDS}\n\nลับมาก\n".encode()
    item_id = store(staffed, data, f"{SECRET_WORDS}.txt")
    drain_items(staffed, "tests")
    told = held_item(staffed, item_id).model_dump_json() + "".join(
        line.model_dump_json() for line in held_lines(staffed)
    )
    assert SECRET_WORDS not in told
    shown = held_item(staffed, item_id)
    assert shown.outcome is IntakeOutcome.SECRET
    assert (shown.file_name, shown.media_type, shown.sender_name, shown.sha256) == (None,) * 4
    assert shown.bytes_at == ()


def test_retry_starts_anew_and_the_next_pass_takes_it(staffed: House) -> None:
    item_id = store(staffed, LOCKED, "locked.pdf")
    drain_items(staffed, "tests")
    (done,) = retry_items(staffed, [item_id], by="somsri")
    row = item(staffed, item_id)
    assert (done.outcome, done.fault, row.attempts) == (IntakeOutcome.PENDING, None, 0)
    assert (row.reason_code, row.settled_at, row.next_attempt_at) == ("", None, None)
    assert events(staffed, item_id)[-1] == ("retry_item", "somsri")
    assert drain_items(staffed, "tests") == {IntakeOutcome.HELD: 1}


def test_a_password_is_tried_once_and_kept_nowhere(staffed: House) -> None:
    item_id = store(staffed, LOCKED, "locked.pdf")
    drain_items(staffed, "tests")
    (wrong,) = retry_items(staffed, [item_id], by="somsri", passwords=["0000"])
    assert (wrong.outcome, wrong.code) == (IntakeOutcome.HELD, "encrypted")
    (right,) = retry_items(staffed, [item_id], by="somsri", passwords=[PASSWORD])
    assert (right.outcome, right.register_number) == (IntakeOutcome.REGISTERED, "1/2569")
    assert PASSWORD not in everything(staffed)


def test_all_of_one_reason_are_retried_together(staffed: House) -> None:
    wanted = [end_in(staffed, IntakeOutcome.HELD, "no_ocr") for _ in range(3)]
    end_in(staffed, IntakeOutcome.HELD, "encrypted")
    assert items_to_retry(staffed, "no_ocr") == wanted
    done = retry_items(staffed, [*wanted, 999], by="somsri")
    assert [one.fault for one in done] == [None, None, None, "item_unknown"]


def test_what_is_being_read_is_not_retried(staffed: House, clock: SetClock) -> None:
    item_id = store(staffed, b"x", "x.txt")
    staffed.ledger.claim("tests", 1, _minute(), only=[item_id])
    (busy,) = retry_items(staffed, [item_id], by="somsri")
    assert busy.fault == "item_moved_on"
    clock.move(minutes=2)
    (free,) = retry_items(staffed, [item_id], by="somsri")
    assert free.fault is None


def test_whoever_also_administers_works_on_no_queue(staffed: House) -> None:
    # No command gives both roles; a row from elsewhere could.
    person_id = employ(staffed, "both", Role.REGISTRAR, None)
    with staffed.sessions.begin() as session:
        session.add(PersonRole(person_id=person_id, role=Role.ADMINISTRATOR.value))
    item_id = end_in(staffed, IntakeOutcome.HELD, "damaged")
    with pytest.raises(ActionRefused):
        retry_items(staffed, [item_id], by="both")
    assert item(staffed, item_id).outcome == "held"


def test_a_released_mail_is_registered_and_never_reopens_a_case(staffed: House) -> None:
    staffed_case = store(staffed, _plain(), "letter.txt")
    drain_items(staffed, "tests")
    drain_cases(staffed, "tests")
    with staffed.sessions.begin() as session:
        first = session.scalars(select(Case)).one()
        first.state = "closed"
    reply = auto_reply(f"ตามเลขรับ 1/2569 เรื่อง {SUBJECT} ขอให้ดำเนินการโดยเร็ว")
    item_id = store(staffed, reply, "reply.eml", Channel.EMAIL)
    drain_items(staffed, "tests")
    assert item(staffed, item_id).outcome == "quarantined"
    with pytest.raises(ActionRefused):
        release_item(staffed, item_id, by="somsri", reason=" ")
    done = release_item(staffed, item_id, by="somsri", reason="เป็นหนังสือจริง")
    assert (done.outcome, done.register_number) == (IntakeOutcome.REGISTERED, "2/2569")
    drain_cases(staffed, "tests")
    with staffed.sessions.begin() as session:
        old = session.get_one(Case, first.id)
        assert (old.state, old.reopen_count, len(old.letters)) == ("closed", 0, 1)
        assert done.case_id != old.id
    assert events(staffed, item_id)[-2:] == [
        ("release_item", "somsri"),
        ("settle_intake", "saraban"),
    ]
    assert staffed_case != item_id


def test_a_killed_release_is_not_quarantined_again(
    staffed: House, monkeypatch: pytest.MonkeyPatch, clock: SetClock
) -> None:
    class KilledError(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise KilledError

    item_id = store(staffed, auto_reply(), "reply.eml", Channel.EMAIL)
    drain_items(staffed, "tests")
    with monkeypatch.context() as patch, pytest.raises(KilledError):
        patch.setattr("pipeline.held.admit_items", die)
        release_item(staffed, item_id, by="somsri", reason="เป็นหนังสือจริง")
    assert drain_items(staffed, "tests") == {}
    clock.move(hours=1)
    assert drain_items(staffed, "tests") == {IntakeOutcome.REGISTERED: 1}


def test_a_released_mail_with_a_mark_goes_to_the_secret_desk(staffed: House) -> None:
    data = auto_reply(f"ลับมาก\n\nเรื่อง {SECRET_WORDS}\n\nลับมาก\n")
    item_id = store(staffed, data, "reply.eml", Channel.EMAIL)
    drain_items(staffed, "tests")
    if item(staffed, item_id).outcome == "quarantined":
        release_item(staffed, item_id, by="somsri", reason="เป็นหนังสือจริง")
    assert item(staffed, item_id).outcome == "secret"
    assert letters(staffed) == []


def test_not_a_letter_keeps_the_bytes_and_can_be_undone(staffed: House) -> None:
    item_id = store(staffed, auto_reply(), "reply.eml", Channel.EMAIL)
    drain_items(staffed, "tests")
    done = mark_not_a_letter(staffed, item_id, by="somsri", reason="โทร 1101700230708 แล้ว")
    row = item(staffed, item_id)
    assert (done.outcome, done.code) == (IntakeOutcome.REJECTED, "not_a_letter")
    assert staffed.blobs.get(row.sha256) == auto_reply()
    last = held_item(staffed, item_id).history[-1]
    assert (last.action, last.actor) == ("reject_item", "somsri")
    assert "1101700230708" not in last.reason
    assert [line.id for line in held_lines(staffed, [IntakeOutcome.REJECTED])] == [item_id]
    assert held_lines(staffed) == ()
    retry_items(staffed, [item_id], by="anan")
    assert drain_items(staffed, "tests") == {IntakeOutcome.QUARANTINED: 1}


TYPED = TypedLetter(
    text=f"เรื่อง {SUBJECT}\n\nเรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ\n\nข้าพเจ้าถือบัตรเลข 1101700230708 "
    "ขอร้องทุกข์ว่าหลังคารั่วทุกห้อง ขอให้ซ่อมโดยเร็ว",
    subject=SUBJECT,
    sender="นางมะลิ ทองดี",
    document_number="ทส 12/2569",
)


def placed(house: House, item_id: int, typed: TypedLetter, by: str = "somsri") -> Placement:
    shown = preview_placement(house, item_id, typed, by=by)
    assert shown.confirm is not None
    return place_item(house, item_id, typed, by=by, confirm=shown.confirm)


def test_a_letter_placed_by_hand_is_registered_with_the_persons_words(staffed: House) -> None:
    item_id = store(staffed, LOCKED, "locked.pdf")
    drain_items(staffed, "tests")
    shown = preview_placement(staffed, item_id, TYPED, by="somsri")
    assert (shown.outcome, shown.done) == (IntakeOutcome.REGISTERED, False)
    assert ("subject", SUBJECT, "person") in [(f.name, f.value, f.by) for f in shown.fields]
    assert letters(staffed) == []
    assert item(staffed, item_id).outcome == "held"
    done = placed(staffed, item_id, TYPED)
    assert (done.outcome, done.register_number) == (IntakeOutcome.REGISTERED, "1/2569")
    with staffed.sessions.begin() as session:
        letter = session.scalars(select(Letter)).one()
        assert (letter.sender_name, letter.warnings) == ("นางมะลิ ทองดี", "typed_by_hand")
        (file,) = letter.attachments
        assert staffed.blobs.get(file.sha256) == LOCKED
        assert (file.role, file.media_type, file.read_outcome) == (
            *("letter", "application/pdf", "encrypted"),
        )
        (page,) = letter.pages
        assert page.method == "native"
        assert "1101700230708" not in page.text
        assert session.scalars(select(RestrictedRow)).one().value == "1101700230708"
        fields = {row.name: row for row in session.scalars(select(FieldRow))}
        assert fields["subject"].person_value == SUBJECT
        assert fields["subject"].corrected_at is not None
        assert fields["subject"].person_id is not None
        assert fields["document_number"].value == "ทส 12/2569"
    assert events(staffed, item_id)[-2:] == [("settle_intake", "somsri"), ("place_item", "somsri")]
    assert drain_cases(staffed, "tests")["failed"] == 0


def test_a_subject_alone_is_enough_and_a_pass_goes_on_with_it(staffed: House) -> None:
    item_id = end_in(staffed, IntakeOutcome.HELD, "damaged")
    done = placed(staffed, item_id, TypedLetter(subject=SUBJECT))
    assert done.outcome is IntakeOutcome.REGISTERED
    steps = drain_cases(staffed, "tests")
    assert steps["failed"] == 0
    assert steps["drafted"] + steps["triage"] == 1


def test_what_is_confirmed_is_what_was_shown(staffed: House) -> None:
    item_id = end_in(staffed, IntakeOutcome.HELD, "damaged")
    shown = preview_placement(staffed, item_id, TYPED, by="somsri")
    assert shown.confirm is not None
    other = TYPED.model_copy(update={"subject": "เรื่องอื่น"})
    with pytest.raises(ConfirmationOutdated):
        place_item(staffed, item_id, other, by="somsri", confirm=shown.confirm)
    place_item(staffed, item_id, TYPED, by="somsri", confirm=shown.confirm)
    with pytest.raises(ItemMovedOn):
        place_item(staffed, item_id, TYPED, by="somsri", confirm=shown.confirm)
    assert len(letters(staffed)) == 1


def test_the_first_step_names_letters_of_the_same_number(staffed: House) -> None:
    first = end_in(staffed, IntakeOutcome.HELD, "damaged")
    second = end_in(staffed, IntakeOutcome.HELD, "damaged")
    placed(staffed, first, TYPED)
    shown = preview_placement(staffed, second, TYPED, by="somsri")
    assert shown.same_number == ("1/2569",)


def test_the_same_bytes_placed_twice_are_one_letter(staffed: House) -> None:
    ids = [store(staffed, LOCKED, f"{n}.pdf") for n in range(2)]
    drain_items(staffed, "tests")
    assert placed(staffed, ids[0], TYPED).outcome is IntakeOutcome.REGISTERED
    again = placed(staffed, ids[1], TYPED)
    assert (again.outcome, again.register_number) == (IntakeOutcome.DUPLICATE, "1/2569")
    assert len(letters(staffed)) == 1


@pytest.mark.parametrize(
    "typed",
    [
        TypedLetter(text=f"ลับมาก\n\nเรื่อง {SECRET_WORDS}\n\nลับมาก"),
        TypedLetter(subject=f"[ลับมาก] {SECRET_WORDS}"),
    ],
)
def test_a_mark_in_what_is_typed_ends_at_the_secret_desk(
    staffed: House, typed: TypedLetter
) -> None:
    item_id = end_in(staffed, IntakeOutcome.HELD, "damaged", "scan.pdf")
    shown = preview_placement(staffed, item_id, typed, by="somsri")
    assert (shown.outcome, shown.fields) == (IntakeOutcome.SECRET, ())
    assert placed(staffed, item_id, typed).outcome is IntakeOutcome.SECRET
    row = item(staffed, item_id)
    assert (row.outcome, row.reason_code, row.file_name) == ("secret", "marked_secret", "")
    assert SECRET_WORDS not in everything(staffed)


def test_a_file_too_big_to_take_can_be_placed_but_not_retried(staffed: House) -> None:
    left = LeftOutside(
        *("scans", "large-9:1:big.pdf", Channel.SCAN, "big.pdf", 90_000_000, staffed.clock()),
        *("file_too_large", "แฟ้มใหญ่เกินขีดจำกัด", "Too big."),
    )
    item_id = staffed.ledger.note_outside(left).id
    assert staffed.ledger.note_outside(left).new is False
    (line,) = held_lines(staffed)
    assert (line.id, line.size, line.code) == (item_id, 90_000_000, "file_too_large")
    (refused,) = retry_items(staffed, [item_id], by="somsri")
    assert refused.fault == ItemWithoutBytes.code
    assert item(staffed, item_id).outcome == "held"
    assert placed(staffed, item_id, TYPED).outcome is IntakeOutcome.REGISTERED
    with staffed.sessions.begin() as session:
        assert session.scalars(select(Letter)).one().attachments == []


def test_only_registrars_may(staffed: House) -> None:
    held = end_in(staffed, IntakeOutcome.HELD, "damaged")
    mail = end_in(staffed, IntakeOutcome.QUARANTINED, "bounce")
    secret = end_in(staffed, IntakeOutcome.SECRET, "marked_secret")
    refused: list[Callable[[str], object]] = [
        lambda by: retry_items(staffed, [held], by=by),
        lambda by: preview_placement(staffed, held, TYPED, by=by),
        lambda by: place_item(staffed, held, TYPED, by=by, confirm="x"),
        lambda by: mark_not_a_letter(staffed, held, by=by, reason="x"),
        lambda by: release_item(staffed, mail, by=by, reason="x"),
        lambda by: hand_over_item(staffed, secret, by=by),
    ]
    for act in refused:
        for by in ("kanya", "nobody", ""):
            with pytest.raises(ActionRefused):
                act(by)
    with pytest.raises(ActionRefused):
        hand_over_item(staffed, secret, by="somsri")
    with pytest.raises(ActionRefused):
        mark_not_a_letter(staffed, held, by="prasert", reason="x")
    assert [item(staffed, i).outcome for i in (held, mail, secret)] == [
        *("held", "quarantined", "secret"),
    ]


def test_an_action_is_refused_where_the_item_stands_elsewhere(staffed: House) -> None:
    secret = end_in(staffed, IntakeOutcome.SECRET, "marked_secret")
    held = end_in(staffed, IntakeOutcome.HELD, "damaged")
    with pytest.raises(ItemMovedOn):
        release_item(staffed, held, by="somsri", reason="x")
    with pytest.raises(ItemMovedOn):
        mark_not_a_letter(staffed, secret, by="somsri", reason="x")
    (refused,) = retry_items(staffed, [secret], by="somsri")
    assert refused.fault == "item_moved_on"
    earlier = Seen(IntakeOutcome.HELD, None)
    with pytest.raises(ItemMovedOn):
        mark_not_a_letter(staffed, held, by="somsri", reason="x", seen=earlier)
    now = Seen(IntakeOutcome.HELD, item(staffed, held).settled_at)
    assert mark_not_a_letter(staffed, held, by="somsri", reason="x", seen=now).code


@pytest.mark.parametrize("round_", range(3))
def test_of_two_clerks_at_once_one_acts(staffed: House, round_: int) -> None:
    item_id = end_in(staffed, IntakeOutcome.HELD, "damaged")
    shown = preview_placement(staffed, item_id, TYPED, by="somsri")
    confirm = shown.confirm or ""
    start = threading.Barrier(4)
    done: list[str] = []

    def act(name: str, work: Callable[[], ItemResult | Placement]) -> None:
        start.wait()
        try:
            work()
            done.append(name)
        except SarabanError as fault:
            done.append(fault.code)

    def reject() -> ItemResult:
        return mark_not_a_letter(staffed, item_id, by="anan", reason="มิใช่หนังสือ")

    def place() -> Placement:
        return place_item(staffed, item_id, TYPED, by="somsri", confirm=confirm)

    threads = [
        threading.Thread(target=act, args=(name, work))
        for name, work in (("reject", reject), ("place", place)) * 2
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done)[:3] == ["item_moved_on"] * 3
    (won,) = {"place", "reject"} & set(done)
    assert len(letters(staffed)) == (won == "place")
    acted = [action for action, _ in events(staffed, item_id) if action.endswith("_item")]
    assert acted == [f"{won}_item"]


def test_the_secret_registrar_takes_an_item_and_its_bytes_once(
    staffed: House, tmp_path: Path
) -> None:
    data = f"ลับมาก\n\nเรื่อง {SECRET_WORDS}\n\nลับมาก\n".encode()
    item_id = store(staffed, data, "secret.txt")
    drain_items(staffed, "tests")
    taken = hand_over_item(staffed, item_id, by="prasert")
    assert (taken.outcome, taken.grade, taken.file) == ("secret", "secret", None)
    with pytest.raises(AlreadyHandedOver):
        hand_over_item(staffed, item_id, by="prasert")
    (tmp_path / "there").write_text("x")
    with pytest.raises(UsageFault):
        hand_over_item(staffed, item_id, by="prasert", out=tmp_path / "there")
    out = tmp_path / "out.bin"
    hand_over_item(staffed, item_id, by="prasert", out=out)
    assert out.read_bytes() == data
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with pytest.raises(AlreadyHandedOver):
        hand_over_item(staffed, item_id, by="prasert", out=tmp_path / "again.bin")
    assert not (tmp_path / "again.bin").exists()
    (line,) = held_lines(staffed)
    assert (line.outcome, line.handed_over) == (IntakeOutcome.SECRET, True)
    assert events(staffed, item_id)[1:] == [
        *(("hand_over_item", "prasert"), ("export_item", "prasert")),
    ]


def test_of_two_exports_at_once_one_gets_the_bytes(staffed: House, tmp_path: Path) -> None:
    item_id = end_in(staffed, IntakeOutcome.SECRET, "marked_secret")
    start = threading.Barrier(4)
    refused: list[str] = []

    def export(number: int) -> None:
        start.wait()
        try:
            hand_over_item(staffed, item_id, by="prasert", out=tmp_path / f"{number}.bin")
        except SarabanError as fault:
            refused.append(fault.code)

    threads = [threading.Thread(target=export, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["already_handed_over"] * 3
    assert len(list(tmp_path.glob("*.bin"))) == 1


def test_a_clearance_below_the_grade_is_refused_and_stands_in_the_trail(
    staffed: House, tmp_path: Path
) -> None:
    item_id = end_in(staffed, IntakeOutcome.SECRET, "marked_secret")
    with pytest.raises(ClearanceTooLow):
        hand_over_item(staffed, item_id, by="malee", out=tmp_path / "out.bin")
    assert not (tmp_path / "out.bin").exists()
    assert events(staffed, item_id)[-1] == ("refuse_hand_over", "malee")
    allowed = end_in(staffed, IntakeOutcome.SECRET, "marked_confidential")
    assert hand_over_item(staffed, allowed, by="malee").grade == "confidential"


def test_a_failed_export_may_be_tried_again(
    staffed: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    item_id = end_in(staffed, IntakeOutcome.SECRET, "marked_secret")
    out = tmp_path / "out.bin"

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(UsageFault):
        patch.setattr("pipeline.hand_over.os.fsync", full)
        hand_over_item(staffed, item_id, by="prasert", out=out)
    assert not out.exists()
    hand_over_item(staffed, item_id, by="prasert", out=out)
    assert out.exists()
    missing = end_in(staffed, IntakeOutcome.SECRET, "marked_secret")
    monkeypatch.setattr(type(staffed.blobs), "get", _damaged)
    with pytest.raises(BlobDamaged):
        hand_over_item(staffed, missing, by="prasert", out=tmp_path / "other.bin")
    assert events(staffed, missing)[1:] == []


def test_the_file_in_the_drop_folder_follows(staffed: House) -> None:
    (folder,) = staffed.configuration.sources.drop_folder
    root = folder.resolve(staffed.settings.home_folder)
    for name in ("done", "held"):
        (root / name).mkdir(parents=True, exist_ok=True)
    ids = []
    for number in range(4):
        data = LOCKED + b"%%" + bytes([65 + number])
        arrival = Arrival(
            *(folder.name, f"{number}:0:a.pdf", Channel.SCAN, "a.pdf", None, data, staffed.clock()),
        )
        ids.append(staffed.ledger.store(arrival).id)
        (root / "done" / f"{ids[-1]}-a.pdf").write_bytes(data)
    drain_items(staffed, "tests")
    assert len(list((root / "held").iterdir())) == 8
    placed(staffed, ids[0], TYPED)
    placed(staffed, ids[1], TypedLetter(text="ลับมาก\n\nเรื่อง แผน\n\nลับมาก"))
    mark_not_a_letter(staffed, ids[2], by="somsri", reason="แฟ้มทดสอบ")
    assert sorted(path.name for path in (root / "held").iterdir()) == [
        *(f"{ids[3]}-a.pdf", f"{ids[3]}-a.pdf.txt"),
    ]
    assert sorted(path.name for path in (root / "done").iterdir()) == [
        *(f"{ids[0]}-a.pdf", f"{ids[2]}-a.pdf"),
    ]
    assert str(root / "held" / f"{ids[3]}-a.pdf") in held_item(staffed, ids[3]).bytes_at
    # A file of another that bears an item's number is left alone.
    other = root / "held" / f"{ids[1]}-notes.pdf"
    other.write_bytes(b"a clerk's own")
    retry_items(staffed, [ids[3]], by="somsri")
    assert other.exists()
    drain_items(staffed, "tests")
    assert item_result(staffed, ids[3]).outcome is IntakeOutcome.HELD


def everything(house: House) -> str:
    """Return all rows of all tables as one text."""
    with house.engine.connect() as connection:
        return "\n".join(
            str(row)
            for name in Base.metadata.tables
            for row in connection.execute(text(f"SELECT * FROM {name}"))
        )


def test_actions_leave_one_event_each_in_the_trail(staffed: House) -> None:
    item_id = end_in(staffed, IntakeOutcome.HELD, "damaged")
    retry_items(staffed, [item_id], by="somsri")
    with staffed.sessions.begin() as session:
        (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "retry_item"))
        assert event.before == {"outcome": "held", "code": "damaged", "attempts": 0}
        assert event.after == {"outcome": "pending", "role": "registrar"}


def _plain() -> bytes:
    return (
        f"เรื่อง {SUBJECT}\n\nเรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ\n\n"
        "ข้าพเจ้าขอร้องทุกข์ว่าหลังคารั่วทุกห้อง ขอให้ซ่อมโดยเร็ว\n\n(นางมะลิ ทองดี)\n"
    ).encode()


def _minute() -> timedelta:
    return timedelta(minutes=1)


def _damaged(*_: object) -> bytes:
    raise BlobDamaged("missing")
