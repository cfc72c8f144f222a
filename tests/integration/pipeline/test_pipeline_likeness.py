"""Likely duplicates are suggested, petitions grouped; nothing is dropped; a person decides."""

from __future__ import annotations

import itertools
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from correspondence.errors import ActionRefused
from correspondence.states import Action
from correspondence.vocabulary import CaseState, Channel, IntakeOutcome, LinkKind
from pipeline.admission import drain_items
from pipeline.bootstrap import House
from pipeline.case_guard import CaseRestricted
from pipeline.case_view import case_view
from pipeline.link_decisions import LinkDecided, LinkUnknown, accept_link, decline_link
from pipeline.standing import office_standing
from registry.ledger import Arrival
from registry.models import AuditEvent, Case, CaseLink, Letter, LetterBand, LetterSignatureRow
from tests.conftest import SetClock

OWNER = "tests"
_keys = itertools.count(1)

BODY = """	ด้วยเมื่อคืนวันที่ ๓ พฤศจิกายน ๒๕๖๙ มีผู้งัดห้องสมุดของโรงเรียนและนำเครื่องคอมพิวเตอร์สำหรับสืบค้นไปทั้งหมด
โรงเรียนแจ้งความไว้แล้วแต่ยังไม่มีความคืบหน้า นักเรียนไม่มีเครื่องใช้ทำรายงานและสอบออนไลน์ปลายภาค
จึงขอรับการสนับสนุนเครื่องทดแทนจำนวน ๑๘ เครื่อง และขอให้เร่งรัดติดตามคดีกับสถานีตำรวจในท้องที่ด้วย
"""
HEAD = """ที่ ทส {number}/๒๕๖๙

โรงเรียนบ้านลานทดสอบ

๑๐ พฤศจิกายน ๒๕๖๙

เรื่อง  ขอรับการสนับสนุนเครื่องคอมพิวเตอร์

เรียน  รัฐมนตรีว่าการกระทรวงศึกษาธิการ

"""
END = """
	จึงเรียนมาเพื่อโปรดพิจารณา

ขอแสดงความนับถือ

({name})
{position}
"""
PETITION = """เรียน  รัฐมนตรีว่าการกระทรวงศึกษาธิการ

	ข้าพเจ้าขอคัดค้านการยุบรวมโรงเรียนบ้านทุ่งสมมติเข้ากับโรงเรียนในตัวอำเภอ เพราะเด็กเล็กต้องนั่งรถข้ามเขาวันละสองชั่วโมง
ถนนชำรุดและไม่มีรถรับส่งในฤดูฝน ผู้ปกครองส่วนมากทำไร่และไม่มีผู้ใดไปส่งได้ทุกวัน ขอให้ท่านระงับการยุบรวมไว้ก่อน
และรับฟังความเห็นของชาวบ้านที่ศาลาประชาคมให้ครบทุกหมู่บ้าน
"""
NAMES = (
    "นายแดง ใจกล้า",
    "นางสาวพิมพ์ใจ รักถิ่น",
    "นายสุรเดช วังทอง",
    "นางเพ็ญแข จันทร์ฉาย",
    "นายโกวิท ศรีนคร",
    "นางสาวอรทัย ทุ่งกว้าง",
)


def official(number: str = "๗๗", name: str = "นายปรีชา ลองดู", body: str = BODY) -> str:
    return HEAD.format(number=number) + body + END.format(name=name, position="ผู้อำนวยการโรงเรียน")


def petition(name: str) -> str:
    return PETITION + END.format(name=name, position="")


def take(house: House, text: str, *, channel: Channel = Channel.HAND) -> Letter:
    key = f"p{next(_keys)}.txt"
    house.ledger.store(Arrival("test", key, channel, key, None, text.encode(), house.clock()))
    assert drain_items(house, OWNER) == {IntakeOutcome.REGISTERED: 1}
    return newest(house)


def take_mail(house: House, sender: str, body: str, attached: str | None = None) -> Letter:
    number = next(_keys)
    message = EmailMessage()
    message["From"] = sender
    message["Subject"] = "ส่งหนังสือ"
    message["Message-ID"] = f"<{number}@example.org>"
    message.set_content(body)
    if attached:
        message.add_attachment(
            attached.encode(), maintype="text", subtype="plain", filename="หนังสือ.txt"
        )
    key = f"p{number}.eml"
    house.ledger.store(
        Arrival("test", key, Channel.EMAIL, key, None, bytes(message), house.clock())
    )
    assert drain_items(house, OWNER) == {IntakeOutcome.REGISTERED: 1}
    return newest(house)


def newest(house: House) -> Letter:
    with house.sessions.begin() as session:
        return session.scalars(select(Letter).order_by(Letter.id.desc()).limit(1)).one()


def links(house: House) -> list[CaseLink]:
    with house.sessions.begin() as session:
        return list(session.scalars(select(CaseLink).order_by(CaseLink.id)))


def move(house: House, case_id: int, state: CaseState, *, restricted: bool = False) -> None:
    with house.sessions.begin() as session:
        case = session.get_one(Case, case_id)
        case.state, case.restricted = state.value, restricted


def test_a_letter_by_mail_and_by_paper_is_registered_twice_and_suggested(house: House) -> None:
    paper = take(house, official().replace("สืบค้น", "สืบคัน").replace("คืบหน้า", "คืบหนา"))
    mailed = take_mail(house, "school@example.org", "ขอส่งหนังสือตามแนบ", attached=official())
    assert (paper.register_number, mailed.register_number) == (1, 2)
    assert paper.case_id != mailed.case_id
    (link,) = links(house)
    assert (link.case_id, link.other_case_id) == (mailed.case_id, paper.case_id)
    assert link.kind == LinkKind.PERHAPS_DUPLICATE.value
    assert link.score is not None and link.score > 0.9
    assert "เลขรับ 1/2569" in link.reason and "คอมพิวเตอร์" not in link.reason
    assert link.confirmed_by is link.decided_at is None


def test_without_a_number_the_text_alone_suggests(house: House) -> None:
    letter = "\n".join(official().split("\n")[4:])
    take(house, letter)
    take(house, letter.replace("ทั้งหมด", "ทังหมด").replace("เครื่อง", "เครือง", 1))
    (link,) = links(house)
    assert link.kind == LinkKind.PERHAPS_DUPLICATE.value


def test_one_form_with_another_name_and_amount_is_not_suggested(house: House) -> None:
    take(house, official("๗๗", "นายปรีชา ลองดู"))
    take(house, official("๗๘", "นางสมหญิง ตัวอย่าง", BODY.replace("๑๘", "๔๓")))
    assert links(house) == []
    with house.sessions.begin() as session:
        assert len(session.scalars(select(LetterSignatureRow)).all()) == 2
        assert session.scalars(select(LetterSignatureRow.campaign_id)).all() == [None, None]


def test_one_text_under_another_number_is_only_related(house: House) -> None:
    take(house, official("๗๗"))
    take(house, official("๙๑๒"))
    assert [link.kind for link in links(house)] == [LinkKind.PERHAPS_RELATED.value]


def test_a_restricted_letter_is_never_compared(house: House) -> None:
    first = take(house, official())
    move(house, first.case_id, CaseState.IN_REVIEW, restricted=True)
    take(house, official() + "\n")
    # The same number would be found, the same text too; neither is looked for.
    assert links(house) == []


def test_petitions_of_many_are_one_campaign_and_each_keeps_its_number(
    house: House, clock: SetClock
) -> None:
    for number, name in enumerate(NAMES):
        take_mail(house, f"writer{number}@example.org", petition(name))
        clock.move(minutes=1)
        shown = office_standing(house).campaigns
        assert len(shown) == (number + 1 >= house.configuration.likeness.campaign.least)
    assert links(house) == []
    with house.sessions.begin() as session:
        letters = session.scalars(select(Letter).order_by(Letter.id)).all()
        groups = set(session.scalars(select(LetterSignatureRow.campaign_id)))
    assert [letter.register_number for letter in letters] == [1, 2, 3, 4, 5, 6]
    assert len({letter.case_id for letter in letters}) == 6
    assert len(groups) == 1 and None not in groups
    (campaign,) = office_standing(house).campaigns
    assert (campaign.letters, campaign.first_number) == (6, "1/2569")
    likeness = case_view(house, letters[3].case_id).likeness
    assert likeness.campaign == campaign


def test_the_same_petition_from_the_same_sender_is_a_suggested_duplicate(house: House) -> None:
    first = take_mail(house, "writer0@example.org", petition(NAMES[0]))
    for number in (1, 2):
        take_mail(house, f"writer{number}@example.org", petition(NAMES[number]))
    again = take_mail(house, "writer0@example.org", petition(NAMES[0]) + "\n(ส่งซ้ำ)\n")
    (link,) = links(house)
    assert (link.case_id, link.other_case_id) == (again.case_id, first.case_id)


def test_a_person_accepts_a_suggestion_and_the_later_case_ends_as_duplicate(
    house: House,
) -> None:
    first, second = take(house, official()), take(house, official() + "\n")
    (link,) = links(house)
    move(house, second.case_id, CaseState.IN_REVIEW)
    accept_link(house, link.id, by="registrar")
    with house.sessions.begin() as session:
        case = session.get_one(Case, second.case_id)
        assert (case.state, case.duplicate_of_id) == (CaseState.DUPLICATE.value, first.case_id)
        assert session.get_one(Case, first.case_id).state == CaseState.REGISTERED.value
        decided = session.get_one(CaseLink, link.id)
        assert (decided.confirmed_by, decided.declined_by) == ("registrar", None)
        actions = session.scalars(
            select(AuditEvent.action).where(
                AuditEvent.case_id == second.case_id, AuditEvent.actor == "registrar"
            )
        ).all()
    assert set(actions) == {Action.MARK_DUPLICATE.value, "accept_link"}
    (shown,) = case_view(house, first.case_id).likeness.links
    assert (shown.other_number, shown.decided_by, shown.accepted) == ("2/2569", "registrar", True)
    with pytest.raises(LinkDecided):
        decline_link(house, link.id, by="registrar")


def test_a_person_declines_and_both_cases_go_on(house: House) -> None:
    first, second = take(house, official()), take(house, official() + "\n")
    (link,) = links(house)
    assert office_standing(house).suggested_links == 1
    decline_link(house, link.id, by="registrar")
    assert office_standing(house).suggested_links == 0
    with house.sessions.begin() as session:
        states = {session.get_one(Case, row.case_id).state for row in (first, second)}
        assert states == {CaseState.REGISTERED.value}
        assert session.get_one(CaseLink, link.id).declined_by == "registrar"


def test_the_table_decides_when_a_case_may_become_a_duplicate(house: House) -> None:
    take(house, official())
    second = take(house, official() + "\n")
    (link,) = links(house)
    move(house, second.case_id, CaseState.SIGN_OFF)
    with pytest.raises(ActionRefused):
        accept_link(house, link.id, by="registrar")
    assert links(house)[0].decided_at is None
    with pytest.raises(LinkUnknown):
        accept_link(house, link.id + 1, by="registrar")


def test_a_case_of_another_cannot_be_shown_nor_joined_once_restricted(house: House) -> None:
    first, second = take(house, official()), take(house, official() + "\n")
    (link,) = links(house)
    move(house, first.case_id, CaseState.IN_REVIEW, restricted=True)
    (shown,) = case_view(house, second.case_id).likeness.links
    assert shown.other_number == "1/2569" and shown.other_case_id is None
    with pytest.raises(CaseRestricted):
        accept_link(house, link.id, by="registrar")


def test_signatures_hold_no_text(house: House) -> None:
    take(house, official())
    with house.sessions.begin() as session:
        (row,) = session.scalars(select(LetterSignatureRow)).all()
        bands = session.scalars(select(LetterBand.key)).all()
    assert row.packed is not None and "คอมพิวเตอร์".encode() not in row.packed
    assert len(bands) == 42


def test_a_mail_without_message_id_is_the_same_only_when_its_bytes_are(house: House) -> None:
    """Rule 2: no Message-ID, so the hash alone tells."""
    plain = (
        "From: a@example.org\r\nSubject: {subject}\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 8bit\r\n\r\n"
    )
    mails = [
        (plain.format(subject=subject) + PETITION.replace("\n", "\r\n")).encode()
        for subject in ("first", "first", "second")
    ]
    for number, data in enumerate(mails):
        key = f"bare{number}.eml"
        house.ledger.store(Arrival("test", key, Channel.EMAIL, key, None, data, house.clock()))
    assert drain_items(house, OWNER) == {IntakeOutcome.REGISTERED: 2, IntakeOutcome.DUPLICATE: 1}
    # The third is the same text from the same address: both kept, suggested to a person.
    assert [link.kind for link in links(house)] == [LinkKind.PERHAPS_DUPLICATE.value]
