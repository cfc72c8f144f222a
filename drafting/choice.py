"""Which form a letter takes and what is asked: อนุมัติ, เห็นชอบ, รับทราบ or พิจารณา."""

from __future__ import annotations

import re
from enum import StrEnum

from correspondence.vocabulary import MemoForm
from drafting.request import DraftRequest


class Asking(StrEnum):
    """What the sender asks, in the word the form uses."""

    APPROVE = "อนุมัติ"
    AGREE = "เห็นชอบ"
    ACKNOWLEDGE = "รับทราบ"
    CONSIDER = "พิจารณา"


# The verb of a bare request to consider is the superior's to choose: the form's own words stand.
UNDECIDED = " (อนุมัติ/เห็นชอบ/รับทราบ)"
_TAIL = 3_000
_APPROVE = re.compile(
    r"(?:ขอ|โปรด|พิจารณา|เพื่อ)\s?(?:พิจารณา|ได้โปรด)?\s?อนุมัติ|ขออนุญาต|โปรดอนุญาต|พิจารณาอนุญาต"
)
# In the body only a proposal to the reader counts; others' consent is often told of there.
_PROPOSED = re.compile(
    r"เห็นควร\s?(?:\([^)]{1,3}\)\s?)?(?:ให้ความ)?เห็นชอบ"
    r"|\bfor your (?:approval|consent|endorsement)\b",
    re.IGNORECASE,
)
_AGREE = re.compile(
    r"(?:ขอ|โปรด|พิจารณา|เพื่อ)\s?(?:พิจารณา|ให้)*\s?(?:ให้)?(?:ความ)?เห็นชอบ|เห็นควร\s?(?:\([^)]{1,3}\)\s?)?เห็นชอบ"
    r"|\bfor (?:your )?(?:approval|consent|endorsement)\b",
    re.IGNORECASE,
)
_SIGN = re.compile(r"โปรด\S{0,12}ลงนาม|ลงนามใน(?:หนังสือ|ประกาศ|คำสั่ง)\S{0,30}ที่(?:เสนอ|แนบ)")
_INFORM = re.compile(
    r"(?:เพื่อ|โปรด)\s?(?:โปรด)?(?:ทราบ|รับทราบ)|\bfor (?:your )?information\b", re.IGNORECASE
)
_CLOSING_REQUEST = re.compile(r"จึงเรียนมาเพื่อ(?:โปรด)?\s*([^\n]{1,120})")
# "On the day and at the place said": of the letter, which the form names elsewhere.
_AS_SAID = re.compile(r"\s*ตาม(?:วัน|กำหนด|รายละเอียด|ประเด็น).{0,60}$")
_PLAIN_END = re.compile(r"\s|\(|จะ(?:ขอบ|เป็น)|ขอ(?:ขอบ|แสดง)")


def asked(request: DraftRequest) -> Asking:
    """Return what the letter asks, from its requested action, subject and closing."""
    fields = request.extraction.fields
    text = request.extraction.text[-_TAIL:]
    closing = _CLOSING_REQUEST.findall(request.extraction.text[:60_000])
    strong = f"{fields.requested_action.value or ''} {fields.subject.value or ''}"
    last = " ".join(closing[-1:])
    if _APPROVE.search(strong) or "อนุมัติ" in last:
        return Asking.APPROVE
    if _AGREE.search(strong) or "เห็นชอบ" in last:
        return Asking.AGREE
    if _PROPOSED.search(text) or _SIGN.search(text):
        return Asking.AGREE
    if _INFORM.search("เพื่อ" + " ".join(closing[-1:])) or (
        not closing and _INFORM.search(fields.requested_action.value or "")
    ):
        return Asking.ACKNOWLEDGE
    return Asking.CONSIDER


def choose_form(request: DraftRequest) -> MemoForm:
    """Return the decision memo where approval or a decision is asked, else the summary memo.

    A bare request to consider takes the form the office set for the sub-category.
    """
    if request.classification is None:
        return MemoForm.SUMMARY_MEMO
    asking = asked(request)
    if asking in (Asking.APPROVE, Asking.AGREE):
        return MemoForm.DECISION_MEMO
    proposal = request.wording.proposal_for(
        request.classification.category, request.classification.subcategory
    )
    if proposal is None or asking is Asking.ACKNOWLEDGE:
        return MemoForm.SUMMARY_MEMO
    return proposal.considered_on


def purpose(request: DraftRequest) -> str:
    """Return what stands after เพื่อโปรด: the letter's own words where they are short."""
    written = _CLOSING_REQUEST.findall(request.extraction.text[:60_000])
    if written:
        words = _PLAIN_END.split(_AS_SAID.sub("", written[-1].strip()), maxsplit=1)[0]
        if 3 <= len(words) <= 60 and not words.startswith("ขอ"):
            return words
    asking = asked(request)
    if asking in (Asking.APPROVE, Asking.AGREE):
        return f"พิจารณา{asking.value}"
    return "ทราบ" if asking is Asking.ACKNOWLEDGE else "พิจารณา"
