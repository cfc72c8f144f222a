"""The mails that remind: one a case where it is urgent, else one digest a person.

They hold numbers, dates, states and groups, never what a letter says or who sent it; of a
restricted case neither its category nor its group.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from correspondence.thai_dates import thai_date
from correspondence.thai_digits import thai_digits
from correspondence.vocabulary import CaseState, Category, Urgency
from office.configuration import Configuration
from pipeline.mail_templates import MailText, fill_template
from registry.models import Case
from registry.notices import digest_key
from registry.outbox import MessageKey, NewMessage
from routing.reminders import Notice, NoticeKind

SHORT = {
    NoticeKind.NEAR_DUE: "ใกล้ครบกำหนด",
    NoticeKind.DUE_TODAY: "ครบกำหนดวันนี้",
    NoticeKind.OVERDUE: "เกินกำหนด",
    NoticeKind.NO_PROGRESS: "ไม่มีความคืบหน้า",
    NoticeKind.NOT_ACCEPTED: "กลุ่มยังไม่รับเรื่อง",
    NoticeKind.CONTRIBUTION: "รอข้อมูลจากหน่วยงาน",
}
# The heaviest first; where a digest is full, the lightest wait.
WEIGHT = {
    NoticeKind.OVERDUE: 0,
    NoticeKind.DUE_TODAY: 1,
    NoticeKind.NOT_ACCEPTED: 2,
    NoticeKind.NEAR_DUE: 3,
    NoticeKind.CONTRIBUTION: 4,
    NoticeKind.NO_PROGRESS: 5,
}
# What a digest is read by when lines of it have to be left out.
_HEAD = re.compile(rf"({'|'.join(SHORT.values())}) \([๐-๙]+ รายการ\)")
_ITEM = re.compile(r"([๐-๙]+\. )เลขรับ [^()]* \(เรื่องที่ ([0-9]+)\)")


@dataclass(frozen=True, slots=True)
class NoticedCase:
    """A notice with the case it is about and its register number in Thai digits."""

    notice: Notice
    case: Case
    register_number: str


def write_reminder(office: Configuration, noticed: NoticedCase, recipient: str) -> NewMessage:
    """Return the mail of one notice that does not wait for the digest.

    Raises:
        ConfigurationFault: the template is missing or wrong.
    """
    notice, case = noticed.notice, noticed.case
    urgency = Urgency(case.urgency)
    text = fill_template(
        "reminder",
        urgency="" if urgency is Urgency.NORMAL else f"{urgency.thai} ",
        reason_short=SHORT[notice.kind],
        reason=notice.reason,
        register_number=noticed.register_number,
        case_id=case.id,
        category=_category(case),
        group=_group(office, case),
        due_date=thai_date(case.due_date) if case.due_date else "ยังไม่ได้กำหนด",
        state=CaseState(case.state).thai,
    )
    alert, _, level = notice.key.partition(":")
    return NewMessage(MessageKey(alert, level, case.id, recipient), text.subject, text.body)


def write_digest(
    office: Configuration, noticed: Sequence[NoticedCase], recipient: str, day: date
) -> NewMessage:
    """Return the one mail of a day to one person, the heaviest kind first.

    Raises:
        ConfigurationFault: the template is missing or wrong.
    """
    lines = {
        kind: [_line(office, one) for one in noticed if one.notice.kind is kind] for kind in WEIGHT
    }
    text = _digest_text(lines, day)
    return NewMessage(digest_key(day, recipient), text.subject, text.body)


def digest_without(body: str, day: date, gone: Collection[int]) -> MailText | None:
    """Return a digest anew without the lines about some cases; None where no line is left.

    Args:
        body: the digest as `write_digest` made it.
        day: its day.
        gone: ids of the cases to leave out.

    Raises:
        ConfigurationFault: the template is missing or wrong.
    """
    kinds = {short: kind for kind, short in SHORT.items()}
    lines: dict[NoticeKind, list[str]] = {}
    kept: list[str] | None = None
    for line in body.splitlines():
        if head := _HEAD.fullmatch(line):
            kept = lines.setdefault(kinds[head[1]], [])
        elif kept is not None and (item := _ITEM.match(line)):
            if int(item[2]) in gone:
                kept.append("")
            else:
                kept.append(line[item.end(1) :])
        elif kept and line.startswith("   ") and kept[-1]:
            kept[-1] += f"\n{line}"
    standing = {kind: [one for one in found if one] for kind, found in lines.items()}
    return _digest_text(standing, day) if any(standing.values()) else None


def _digest_text(lines: Mapping[NoticeKind, Sequence[str]], day: date) -> MailText:
    sections = []
    for kind in sorted(lines, key=WEIGHT.__getitem__):
        if lines[kind]:
            head = f"{SHORT[kind]} ({thai_digits(len(lines[kind]))} รายการ)"
            numbered = [f"{thai_digits(place)}. {one}" for place, one in enumerate(lines[kind], 1)]
            sections.append("\n".join([head, *numbered]))
    return fill_template(
        "digest",
        day=thai_date(day),
        count=thai_digits(sum(map(len, lines.values()))),
        sections="\n\n".join(sections),
    )


def _line(office: Configuration, noticed: NoticedCase) -> str:
    case = noticed.case
    state = CaseState(case.state).thai
    group = "" if case.restricted else f" {_group(office, case)}"
    return (
        f"เลขรับ {noticed.register_number} (เรื่องที่ {case.id}) {_category(case)}"
        f"{group} สถานะ{state}\n   {noticed.notice.reason}"
    )


def _category(case: Case) -> str:
    if case.restricted:
        return "เรื่องจำกัดผู้เข้าถึง"
    return Category(case.category).thai if case.category else "ยังไม่จำแนก"


def _group(office: Configuration, case: Case) -> str:
    if case.restricted:
        return "-"
    names = {group.id: group.thai for group in office.groups.group}
    return names.get(case.group_id or "", "ยังไม่มอบกลุ่ม")
