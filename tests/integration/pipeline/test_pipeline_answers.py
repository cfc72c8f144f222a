"""Mails that answer: into their case where sender or thread agree, else a person decides."""

from __future__ import annotations

import itertools
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from correspondence.vocabulary import CaseState, Channel, IntakeOutcome, LinkKind
from pipeline.admission import drain_items
from pipeline.answers import ENDED, AnswerDoubt, decide_answer
from pipeline.bootstrap import House
from pipeline.held import release_item
from pipeline.likeness import ATTACH
from registry.ledger import Arrival
from registry.models import AuditEvent, Case, CaseLink, IntakeItem, Letter, OutboxMessage
from registry.outbox import MessageKey, NewMessage, mark_sent, put_message
from registry.threads import ThreadCases

OWNER = "tests"
WRITER = "writer@example.org"
_keys = itertools.count(1)

Ids = frozenset[int]


def mail(
    body: str,
    *,
    sender: str = WRITER,
    message_id: str,
    subject: str = "ขอความช่วยเหลือ",
    headers: dict[str, str] | None = None,
) -> bytes:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = "saraban@office.example"
    message["Subject"] = subject
    message["Message-ID"] = message_id
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(body)
    return bytes(message)


def take(house: House, data: bytes) -> tuple[int, IntakeOutcome]:
    """Store one mail and admit it; returns the item and its outcome."""
    key = f"m{next(_keys)}.eml"
    made = house.ledger.store(Arrival("test", key, Channel.EMAIL, key, None, data, house.clock()))
    (outcome,) = drain_items(house, OWNER)
    return made.id, outcome


def letters(house: House) -> list[Letter]:
    with house.sessions.begin() as session:
        return list(session.scalars(select(Letter).order_by(Letter.id)))


def links(house: House) -> list[CaseLink]:
    with house.sessions.begin() as session:
        return list(session.scalars(select(CaseLink).order_by(CaseLink.id)))


@pytest.fixture
def first(house: House) -> Letter:
    """A registered mail of the writer, number 1."""
    take(house, mail("ลูกไม่มีที่เรียน ขอความช่วยเหลือด้วย", message_id="<first@example.org>"))
    (letter,) = letters(house)
    return letter


def test_an_answer_to_a_registered_mail_is_one_letter_more_of_its_case(
    house: House, first: Letter
) -> None:
    before = _case(house, first.case_id)
    item_id, outcome = take(
        house,
        mail(
            "ขอส่งเอกสารเพิ่มเติมตามที่โทรคุยกัน",
            message_id="<second@example.org>",
            sender="other@example.org",
            headers={"In-Reply-To": "<first@example.org>"},
        ),
    )
    assert outcome is IntakeOutcome.REGISTERED
    _, second = letters(house)
    assert (second.intake_item_id, second.case_id) == (item_id, first.case_id)
    assert (first.register_number, second.register_number) == (1, 2)
    assert links(house) == []
    after = _case(house, first.case_id)
    assert (after.state, after.version) == (before.state, before.version)
    with house.sessions.begin() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == ATTACH)).one()
        assert (event.case_id, event.intake_item_id) == (first.case_id, item_id)


def test_a_number_from_a_known_address_joins_its_case(house: House, first: Letter) -> None:
    take(
        house,
        mail(
            "ตามเลขรับที่ ๑/๒๕๖๙ ขอส่งสำเนาทะเบียนบ้าน",
            message_id="<second@example.org>",
            sender=WRITER.upper(),
        ),
    )
    assert [row.case_id for row in letters(house)] == [first.case_id] * 2


def test_a_forged_answer_with_the_right_number_does_not_join(house: House, first: Letter) -> None:
    take(
        house,
        mail(
            "อ้างถึงเลขรับ 1/2569 ข้าพเจ้าขอถอนเรื่องทั้งหมด",
            message_id="<forged@evil.example>",
            sender="stranger@evil.example",
            headers={"In-Reply-To": "<made-up@example.org>"},
        ),
    )
    _, forged = letters(house)
    assert forged.case_id != first.case_id
    (link,) = links(house)
    assert (link.case_id, link.other_case_id) == (forged.case_id, first.case_id)
    assert (link.kind, link.decided_at) == (LinkKind.PERHAPS_RELATED.value, None)
    assert "เลขรับ 1/2569" in link.reason
    assert not any(word in link.reason for word in ("example", "ถอน", "เรียน ", WRITER))


def test_a_number_in_the_quoted_chain_counts_like_one_in_the_text(
    house: House, first: Letter
) -> None:
    body = "ขอบคุณค่ะ ส่งเอกสารมาแล้ว\n\nOn Fri, 20 Nov 2026 at 09:00, Office wrote:\n> เลขรับ 1/2569\n"
    take(house, mail(body, message_id="<second@example.org>"))
    assert [row.case_id for row in letters(house)] == [first.case_id] * 2


def test_an_answer_to_what_we_sent_joins_and_to_what_we_never_sent_does_not(
    house: House, first: Letter
) -> None:
    with house.sessions.begin() as session:
        for level in ("1", "2"):
            key = MessageKey("acknowledge", level, first.case_id, WRITER)
            put_message(session, NewMessage(key, "ตอบรับ", "ข้อความ"), at=house.clock())
        sent, unsent = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    mark_sent(house.sessions, sent.id, at=house.clock())
    for number, row in enumerate((sent, unsent)):
        take(
            house,
            mail(
                f"เรื่องที่ {number} ขอบคุณที่แจ้ง",
                message_id=f"<answer{number}@example.org>",
                sender="home@example.org",
                headers={"References": f"<{row.token}@office.example>"},
            ),
        )
    assert sent.token != unsent.token
    _, answer, guess = letters(house)
    assert answer.case_id == first.case_id
    assert guess.case_id != first.case_id


@pytest.mark.parametrize("state", sorted(ENDED))
def test_an_answer_does_not_open_an_ended_case(
    house: House, first: Letter, state: CaseState
) -> None:
    with house.sessions.begin() as session:
        session.get_one(Case, first.case_id).state = state.value
    take(
        house,
        mail(
            "ยังไม่ได้รับความช่วยเหลือเลย",
            message_id="<second@example.org>",
            headers={"In-Reply-To": "<first@example.org>"},
        ),
    )
    assert _case(house, first.case_id).state == state.value
    _, second = letters(house)
    assert second.case_id != first.case_id
    (link,) = links(house)
    assert state.thai in link.reason


def test_an_auto_reply_never_joins_even_when_a_person_lets_it_through(
    house: House, first: Letter
) -> None:
    item_id, outcome = take(
        house,
        mail(
            "ขณะนี้ข้าพเจ้าลาพักผ่อน",
            message_id="<auto@example.org>",
            headers={"In-Reply-To": "<first@example.org>", "Auto-Submitted": "auto-replied"},
        ),
    )
    assert outcome is IntakeOutcome.QUARANTINED
    release_item(house, item_id, reason="เป็นหนังสือจริง", by="registrar")
    drain_items(house, OWNER)
    _, released = letters(house)
    assert released.case_id != first.case_id
    assert [link.kind for link in links(house)] == [LinkKind.PERHAPS_RELATED.value]


def test_headers_of_one_case_and_the_number_of_another_are_for_a_person(
    house: House, first: Letter
) -> None:
    take(house, mail("เรื่องถนนหน้าโรงเรียนเป็นหลุม", message_id="<road@example.org>"))
    take(
        house,
        mail(
            "ตามเลขรับ 2/2569 ขอทราบผล",
            message_id="<third@example.org>",
            headers={"In-Reply-To": "<first@example.org>"},
        ),
    )
    third = letters(house)[2]
    assert third.case_id not in {row.case_id for row in letters(house)[:2]}
    assert {link.other_case_id for link in links(house)} == {
        row.case_id for row in letters(house)[:2]
    }


def test_secret_mail_is_never_led_to(house: House) -> None:
    item_id, outcome = take(
        house, mail("ลับมาก\nเนื้อความ", message_id="<secret@example.org>", subject="ลับมาก")
    )
    assert outcome is IntakeOutcome.SECRET
    take(
        house,
        mail(
            "ตอบเรื่องเดิม ขอส่งเอกสาร",
            message_id="<second@example.org>",
            headers={"In-Reply-To": "<secret@example.org>"},
        ),
    )
    with house.sessions.begin() as session:
        assert session.get_one(IntakeItem, item_id).message_id is None
    assert len(letters(house)) == 1 and links(house) == []


def _case(house: House, case_id: int) -> Case:
    with house.sessions.begin() as session:
        return session.get_one(Case, case_id)


ids = st.frozensets(st.integers(1, 4), max_size=3)


@given(ids, ids, ids, ids, st.booleans(), st.sampled_from(list(CaseState)))
def test_only_one_open_case_that_sender_or_thread_vouch_for_is_joined(
    answered: Ids, thread: Ids, named: Ids, known: Ids, automatic: bool, state: CaseState
) -> None:
    found = ThreadCases(answered, answered | thread, named, known & named)
    states = dict.fromkeys(found.thread | found.named, state)
    decision = decide_answer(found, states, automatic=automatic)
    if decision.case_id is not None:
        assert not automatic and state not in ENDED
        assert decision.case_id in found.thread | found.known
        assert not named or decision.case_id in named
        assert decision.suggested == ()
    elif found.thread | found.named:
        assert isinstance(decision.doubt, AnswerDoubt)
        assert set(decision.suggested) == found.thread | found.named
    else:
        assert decision.suggested == () and decision.doubt is None
