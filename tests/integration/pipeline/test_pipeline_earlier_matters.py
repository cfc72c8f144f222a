"""เรื่องเดิม in a memo: by reference, sender and subject, likeness; never across a secrecy wall."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import select

from correspondence.vocabulary import CaseState, Channel
from pipeline.admission import drain_items
from pipeline.bootstrap import House
from pipeline.casework import claim_work, classify_cases, draft_cases
from pipeline.wording_model import word_summaries
from registry.earlier_matters import EarlierLetter, WhyEarlier, earlier_letters
from registry.ledger import Arrival
from registry.models import Case, Draft, Letter

OWNER = "tests"
_keys = itertools.count(1)
LABEL = "เรื่องเดิม (ถ้ามี)"

LETTER = """ที่ {number}

{agency}

{day}

เรื่อง  {subject}

เรียน  รัฐมนตรีว่าการกระทรวงศึกษาธิการ
{reference}
	ด้วย{agency} {matter} จึงขอให้กระทรวงศึกษาธิการตรวจสอบและแจ้งผลให้ทราบ

	จึงเรียนมาเพื่อโปรดพิจารณา

ขอแสดงความนับถือ

({signer})
ผู้อำนวยการ
"""
MATTERS = (
    "ขอรายงานว่าอาคารเรียนหลังเก่าชำรุดและหลังคารั่วทุกห้อง นักเรียนต้องเรียนในโรงอาหาร",
    "พบว่าครูสอนภาษาจีนขาดแคลนมาสองปี และไม่มีผู้สมัครสอบคัดเลือกในพื้นที่เลย",
    "ได้รับแจ้งว่ารถรับส่งนักเรียนคันเดิมหมดอายุการใช้งานและไม่มีงบประมาณซ่อมบำรุง",
)


def letter(
    number: str = "ทส ๐๑๐๑/๑",
    agency: str = "สำนักงานตัวอย่างเขตหนึ่ง",
    day: str = "๑ ตุลาคม ๒๕๖๙",
    subject: str = "ขอให้ตรวจสอบอาคารเรียนชำรุด",
    reference: str = "",
    matter: str = MATTERS[0],
    signer: str = "นายปรีดา ทดลองงาน",
) -> str:
    told = f"\nอ้างถึง  {reference}\n" if reference else ""
    return LETTER.format(
        number=number, agency=agency, day=day, subject=subject, reference=told,
        matter=matter, signer=signer,
    )  # fmt: skip


SECOND = letter(
    number="อบ ๙๙๐๑/๔๔", agency="องค์การบริหารส่วนตำบลสมมติ", day="๑๒ พฤศจิกายน ๒๕๖๙",
    subject="ขอทราบความคืบหน้า", matter=MATTERS[1], signer="นางสาวอารี ไม่จริง",
    reference="หนังสือสำนักงานตัวอย่างเขตหนึ่ง ที่ ทส ๐๑๐๑/๑ ลงวันที่ ๑ ตุลาคม ๒๕๖๙",
)  # fmt: skip


def take(house: House, text: str) -> int:
    key = f"e{next(_keys)}.txt"
    house.ledger.store(Arrival("test", key, Channel.HAND, key, None, text.encode(), house.clock()))
    drain_items(house, OWNER)
    with house.sessions.begin() as session:
        return session.scalars(select(Letter.id).order_by(Letter.id.desc())).first() or 0


def earlier(house: House, letter_id: int) -> tuple[EarlierLetter, ...]:
    with house.sessions.begin() as session:
        found = session.get_one(Letter, letter_id)
        return earlier_letters(session, session.get_one(Case, found.case_id), found)


def restrict(house: House, letter_id: int) -> None:
    with house.sessions.begin() as session:
        case = session.get_one(Case, session.get_one(Letter, letter_id).case_id)
        case.restricted = True
        case.version += 1


def ready_to_draft(house: House, letter_id: int) -> int:
    """Lease a letter's case and put it where the machine drafts, whatever its category."""
    classify_cases(house, OWNER, claim_work(house, OWNER))
    with house.sessions.begin() as session:
        case = session.get_one(Case, session.get_one(Letter, letter_id).case_id)
        case.state, case.group_id = CaseState.ASSIGNED.value, "complaints"
        case.category, case.subcategory = "complaint", "general_complaint"
        case.version += 1
        return case.id


def test_a_reference_names_the_earlier_letter_in_the_memo(house: House) -> None:
    take(house, letter())
    second = take(house, SECOND)
    (found,) = earlier(house, second)
    assert found.why is WhyEarlier.REFERENCE
    assert found.document_date is not None and found.document_date.isoformat() == "2026-10-01"
    case_id = ready_to_draft(house, second)
    assert draft_cases(house, OWNER, [case_id])["drafted"] == 1
    with house.sessions.begin() as session:
        draft = session.scalars(select(Draft).where(Draft.case_id == case_id)).one()
        told = next(s["text"] for s in draft.sections if s["label"] == LABEL)
    assert "ทส ๐๑๐๑/๑" in told and "๑ ตุลาคม ๒๕๖๙" in told
    assert any(state.thai in told for state in CaseState)


def test_a_reference_without_a_day_finds_it_too(house: House) -> None:
    take(house, letter())
    other = SECOND.replace(" ลงวันที่ ๑ ตุลาคม ๒๕๖๙", "")
    assert [e.why for e in earlier(house, take(house, other))] == [WhyEarlier.REFERENCE]


def test_our_own_register_number_finds_it(house: House) -> None:
    take(house, letter())
    with house.sessions.begin() as session:
        first = session.scalars(select(Letter)).one()
        ours = f"{first.register_number}/{first.register_year + 543}"
    text = letter(
        number="อบ ๙/๙", agency="เทศบาลสมมติ", subject="ติดตามเรื่อง", matter=MATTERS[2],
        signer="นายอื่น คนละคน", reference=f"หนังสือเลขรับที่ {ours}",
    )  # fmt: skip
    assert [e.why for e in earlier(house, take(house, text))] == [WhyEarlier.REFERENCE]


def test_one_sender_and_subject_is_one_matter_and_another_subject_is_not(house: House) -> None:
    take(house, letter())
    again = take(house, letter(number="ทส ๐๑๐๑/๙", day="๙ พฤศจิกายน ๒๕๖๙", matter=MATTERS[1]))
    assert [e.why for e in earlier(house, again)] == [WhyEarlier.SENDER_AND_SUBJECT]
    other = take(
        house,
        letter(
            number="ทส ๐๑๐๑/๑๒", day="๑๐ พฤศจิกายน ๒๕๖๙", subject="ขอครูภาษาจีน", matter=MATTERS[2]
        ),
    )
    assert earlier(house, other) == ()


def test_what_is_nearly_the_same_text_is_an_earlier_matter(house: House) -> None:
    take(house, letter())
    twin = take(house, letter(number="ทส ๐๑๐๑/๒", day="๒ ตุลาคม ๒๕๖๙", subject="เรื่องอื่น"))
    assert WhyEarlier.LINKED in {e.why for e in earlier(house, twin)}


def test_nothing_crosses_a_secrecy_wall(house: House) -> None:
    first = take(house, letter())
    second = take(house, SECOND)
    assert earlier(house, second)
    restrict(house, first)
    assert earlier(house, second) == ()


def test_a_restricted_case_is_told_of_nothing(house: House) -> None:
    take(house, letter())
    second = take(house, SECOND)
    restrict(house, second)
    assert earlier(house, second) == ()


def test_a_subject_is_told_within_the_group_only(house: House) -> None:
    first, second = take(house, letter()), take(house, SECOND)
    assert [e.subject for e in earlier(house, second)] == [None]
    with house.sessions.begin() as session:
        for letter_id in (first, second):
            case = session.get_one(Case, session.get_one(Letter, letter_id).case_id)
            case.group_id, case.version = "complaints", case.version + 1
    (found,) = earlier(house, second)
    assert found.subject == "ขอให้ตรวจสอบอาคารเรียนชำรุด"
    assert found.state in set(CaseState)


@contextmanager
def model_that_says(*lines: str) -> Iterator[tuple[str, list[bytes]]]:
    asked: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["Content-Length"])))
            content = {"choices": [{"message": {"content": "\n".join(lines)}}]}
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


TRUE_LINE = "สำนักงานตัวอย่างเขตหนึ่ง ขอรายงานว่าอาคารเรียนหลังเก่าชำรุดและหลังคารั่วทุกห้อง"


@pytest.mark.parametrize(
    ("said", "used"), [(TRUE_LINE, True), ("รัฐมนตรีอนุมัติเงิน ๙,๐๐๐,๐๐๐ บาทแล้ว", False)]
)
def test_a_models_summary_enters_a_case_only_through_the_gate(
    house: House, said: str, used: bool
) -> None:
    letter_id = take(house, letter())
    case_id = ready_to_draft(house, letter_id)
    with model_that_says(said) as (url, asked):
        settings = house.settings.model_copy(update={"language_model_url": url})
        modelled = replace(house, settings=settings)
        assert draft_cases(modelled, OWNER, [case_id])["drafted"] == 1
    assert len(asked) == 1
    with house.sessions.begin() as session:
        draft = session.scalars(select(Draft).where(Draft.case_id == case_id)).one()
        assert draft.template_version.endswith("+summary") is used
        assert any(said in section["text"] for section in draft.sections) is used


def test_a_restricted_case_is_not_sent_to_a_model(house: House) -> None:
    letter_id = take(house, letter())
    restrict(house, letter_id)
    with house.sessions.begin() as session:
        case = session.get_one(Case, session.get_one(Letter, letter_id).case_id)
        case.state, case.version = CaseState.ASSIGNED.value, case.version + 1
        case_id = case.id
    with model_that_says(TRUE_LINE) as (url, asked):
        settings = house.settings.model_copy(update={"language_model_url": url})
        assert word_summaries(replace(house, settings=settings), [case_id]) == {}
    assert asked == []
