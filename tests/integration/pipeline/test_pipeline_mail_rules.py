"""Rules of a mailbox from a real server to the register: hint, priority, skip, channel."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from correspondence.classification import Classification
from correspondence.vocabulary import Category, IntakeOutcome
from pipeline.admission import claim_items, drain_items
from pipeline.bootstrap import House
from pipeline.casework import drain_cases
from pipeline.category_hint import CategoryHint, weigh_hint
from pipeline.mail_sorting import sort_mails
from pipeline.pulling import pull_sources
from registry.models import Case, ClassificationRow, IntakeItem, Letter
from tests.conftest import NOON
from tests.integration.conftest import MailOffice

RULES = """
[[mailbox.rule]]
name = "question"
subject = ["กระทู้ถาม"]
category_hint = "parliamentary"
priority = 5

[[mailbox.rule]]
name = "news"
list = true
skip = "จดหมายข่าว"

[[mailbox.rule]]
name = "web-form"
from = ["form@web.example"]
channel = "web"
priority = -3

[[mailbox.rule]]
name = "never-reached"
subject = ["กระทู้ถาม"]
skip = "ต้องไม่ถึงกฎนี้"
"""


def mail(subject: str, sender: str = "a@b.example", *, list_id: str = "", body: str = "") -> bytes:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = "saraban@office.example"
    message["Subject"] = subject
    message["Message-ID"] = f"<{abs(hash((subject, sender)))}@b.example>"
    if list_id:
        message["List-Id"] = list_id
    message.set_content(body or f"เรียน รัฐมนตรี ขอส่งเรื่อง {subject} มาเพื่อโปรดพิจารณา")
    return bytes(message)


def items(house: House) -> list[IntakeItem]:
    with house.sessions.begin() as session:
        return list(session.scalars(select(IntakeItem).order_by(IntakeItem.id)))


@pytest.fixture
def filled(mail_office: MailOffice, models: Path) -> House:
    """Four mails pulled: ordinary, from the web form, a newsletter, a question."""
    (mail_office.home / "models").symlink_to(models)
    mail_office.write_sources(mail_office.mailbox(rules=RULES))
    for number, raw in enumerate(
        [
            mail("ขอความช่วยเหลือเรื่องทุน"),
            mail("ร้องเรียนโรงเรียน", "form@web.example"),
            mail("ข่าวประจำสัปดาห์", "news@b.example", list_id="<news.b.example>"),
            mail("กระทู้ถามที่ ๑๒ เรื่อง นม", "clerk@parliament.example"),
        ]
    ):
        moment = NOON - timedelta(minutes=60 - number)
        mail_office.server.append(mail_office.user, raw, arrived_at=moment)
    house = mail_office.open()
    (report,) = pull_sources(house, "tests")
    assert (report.received, report.fault) == (4, None)
    return house


def test_rules_are_applied_after_the_commit_and_order_the_claim(filled: House) -> None:
    house = filled
    assert [item.sorted_at for item in items(house)] == [None] * 4
    # A claim that does not go by the gate finds nothing that was not sorted.
    assert house.ledger.claim("other", 9, timedelta(minutes=1)) == []
    ids = claim_items(house, "tests")
    found = {item.id: item for item in items(house)}
    assert [found[item_id].rule for item_id in ids] == ["question", None, "web-form"]
    question, form = found[ids[0]], found[ids[2]]
    assert (question.category_hint, question.priority) == ("parliamentary", 5)
    assert (form.channel, form.priority) == ("web", -3)


def test_what_a_rule_skips_stands_in_quarantine_with_its_reason(filled: House) -> None:
    assert sort_mails(filled) == 4
    assert sort_mails(filled) == 0
    (skipped,) = [item for item in items(filled) if item.rule == "news"]
    assert skipped.outcome == IntakeOutcome.QUARANTINED.value
    assert skipped.reason_code == "mailbox_rule"
    assert "จดหมายข่าว" in skipped.reason_thai
    assert b"List-Id" in filled.blobs.get(skipped.sha256)


def test_the_hint_reaches_the_case_as_evidence(filled: House) -> None:
    outcomes = drain_items(filled, "tests")
    assert outcomes == {IntakeOutcome.REGISTERED: 3}
    drain_cases(filled, "tests")
    with filled.sessions.begin() as session:
        rows = session.execute(
            select(IntakeItem.rule, Letter.register_number, ClassificationRow.evidence)
            .join(Letter, Letter.intake_item_id == IntakeItem.id)
            .join(Case, Case.id == Letter.case_id)
            .join(ClassificationRow, ClassificationRow.case_id == Case.id)
        ).all()
    told = {rule: [piece["text"] for piece in evidence] for rule, _, evidence in rows}
    assert "กฎกล่องจดหมาย: question" in told["question"]
    assert all("กฎกล่องจดหมาย" not in text for text in told[None])
    assert {rule: number for rule, number, _ in rows}["question"] == 1


def test_a_mail_of_a_mailbox_that_has_gone_is_not_stuck(
    mail_office: MailOffice, filled: House
) -> None:
    mail_office.write_sources("")
    house = mail_office.open()
    assert len(claim_items(house, "tests")) == 4


def decided(*, abstained: bool) -> Classification:
    return Classification(
        category=Category.COMPLAINT,
        subcategory="appeal",
        probabilities={"complaint": 0.41, "parliamentary": 0.39, "general": 0.2},
        abstained=abstained,
        model_version="test",
    )


@pytest.mark.parametrize(
    ("abstained", "hint", "category", "still_abstains", "weight"),
    [
        (True, Category.COMPLAINT, Category.COMPLAINT, False, 1.0),
        (True, Category.PARLIAMENTARY, Category.PARLIAMENTARY, True, 1.0),
        (True, Category.GENERAL, Category.COMPLAINT, True, -1.0),
        (False, Category.PARLIAMENTARY, Category.COMPLAINT, False, -1.0),
        (False, Category.COMPLAINT, Category.COMPLAINT, False, 1.0),
    ],
)
def test_a_hint_helps_an_abstaining_classifier_and_overrules_none(
    mail_office: MailOffice,
    abstained: bool,
    hint: Category,
    category: Category,
    still_abstains: bool,
    weight: float,
) -> None:
    taxonomy = mail_office.open().configuration.taxonomy
    weighed = weigh_hint(decided(abstained=abstained), CategoryHint(hint, "r"), taxonomy)
    assert (weighed.category, weighed.abstained) == (category, still_abstains)
    assert taxonomy.subcategory(weighed.category, weighed.subcategory) is not None
    assert [piece.weight for piece in weighed.evidence] == [weight]
