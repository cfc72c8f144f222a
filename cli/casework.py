"""`saraban case …`: what stands on a case, what a person may do to it, and doing it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.arguments import read_day, read_file, read_request
from cli.bulking import bulk
from cli.house import By, open_house
from cli.looking import Json
from cli.output import people, print_json, print_table
from correspondence.errors import UsageFault
from correspondence.reading import Frozen

if TYPE_CHECKING:
    from pipeline.case_record import CaseRecord
    from pipeline.likeness_view import LinkView

CaseId = Annotated[int, typer.Argument(help="id of the case", show_default=False)]
LinkId = Annotated[int, typer.Argument(help="id of the link, as `case links` shows it")]
Version = Annotated[int | None, typer.Option("--version", help="version of the case that was seen")]

case = typer.Typer(
    help="One case: show, act, do, memos, field, links; several: bulk.", no_args_is_help=True
)
link = typer.Typer(help="Accept or decline a suggested link.", no_args_is_help=True)
case.add_typer(link, name="link")
case.command("bulk")(bulk)


class LinkDone(Frozen):
    """JSON of `case link accept` and `decline`."""

    link: int
    accepted: bool
    by: str


@case.command("show")
def show(
    case_id: CaseId,
    by: Annotated[str | None, typer.Option(help="also what this person may do")] = None,
    json: Json = False,
) -> None:
    """Where a case stands and what people have done to it; nothing its letters say."""
    with open_house() as house:
        from pipeline.case_record import case_record

        record = case_record(house, case_id, by)
    if json:
        print_json(record)
        return
    _show(record)


@case.command("act")
def act(case_id: CaseId, by: By, json: Json = False) -> None:
    """What this person may do to the case now, and what each action needs."""
    with open_house() as house:
        from pipeline.case_actions import possible_actions

        found = possible_actions(house, case_id, by)
    if json:
        print_json(found)
        return
    print_table(
        ("action", "", "needs", "then"),
        [(a.action, a.thai, ", ".join(a.required), a.to.thai) for a in found],
    )


@case.command("do")
def do(
    case_id: CaseId,
    action: Annotated[str, typer.Argument(help="as `case act` names it", show_default=False)],
    by: By,
    reason: Annotated[str, typer.Option(help="why; it stands in the trail")] = "",
    category: Annotated[str | None, typer.Option()] = None,
    subcategory: Annotated[str | None, typer.Option()] = None,
    group: Annotated[str | None, typer.Option(help="id of a group")] = None,
    person: Annotated[str | None, typer.Option(help="sign-in name of the new owner")] = None,
    agency: Annotated[str | None, typer.Option(help="asked, taking over, or agreeing")] = None,
    due: Annotated[str | None, typer.Option(help="YEAR-MONTH-DAY, year in B.E. or C.E.")] = None,
    memo: Annotated[Path | None, typer.Option(help="the memo as written or edited, .docx")] = None,
    duplicate_of: Annotated[int | None, typer.Option(help="id of the earlier case")] = None,
    other_case: Annotated[int | None, typer.Option(help="id of the other case")] = None,
    kind: Annotated[str | None, typer.Option("--link", help="related or earlier_matter")] = None,
    letter: Annotated[int | None, typer.Option(help="id of the letter to split off")] = None,
    contribution: Annotated[int | None, typer.Option(help="id of what has come")] = None,
    contact: Annotated[str | None, typer.Option(help="whom one spoke with")] = None,
    channel: Annotated[str | None, typer.Option(help="telephone, fax, email, line, …")] = None,
    note: Annotated[str, typer.Option(help="asked, answered, said or promised")] = "",
    promised_by: Annotated[str | None, typer.Option(help="day something is promised for")] = None,
    version: Version = None,
    key: Annotated[str | None, typer.Option(help="idempotency key: done once")] = None,
    json: Json = False,
) -> None:
    """Do something to a case: one transaction, or a refusal with its reason."""
    from pipeline.case_actions import act_on_case
    from pipeline.case_record import action_named
    from pipeline.case_request import CaseRequest

    wanted = action_named(action)
    if wanted is None:
        raise UsageFault(f"{action} is no action.", remedy="`saraban case act ID --by NAME`")
    asked: dict[str, object] = {
        "case_id": case_id,
        "action": wanted,
        "by": by,
        "expected_version": version,
        "key": key,
        "reason": reason,
        "category": category,
        "subcategory": subcategory,
        "group": group,
        "person": person,
        "agency": agency,
        "due": read_day(due),
        "memo": read_file(memo) if memo is not None else None,
        "duplicate_of": duplicate_of,
        "other_case": other_case,
        "letter": letter,
        "contribution": contribution,
        "contact": contact,
        "channel": channel,
        "note": note,
        "promised_by": read_day(promised_by),
    }
    if kind is not None:
        asked["link"] = kind
    request = read_request(CaseRequest, asked)
    with open_house() as house:
        done = act_on_case(house, request)
    if json:
        print_json(done)
        return
    people.print(f"{wanted.thai}: เรื่องที่ {done.case_id} → {done.state.thai}", style="bold")
    if done.repeated:
        people.print("ทำรายการนี้ไปก่อนแล้ว")
    if done.due_date is not None:
        people.print(f"ครบกำหนด {done.due_date}")
    if done.new_case_id is not None:
        people.print(f"เรื่องใหม่ {done.new_case_id}")


@case.command("memos")
def memos(
    case_id: CaseId,
    by: By,
    before: Annotated[int | None, typer.Option(help="the earlier version")] = None,
    after: Annotated[int | None, typer.Option(help="the later one; the last by default")] = None,
    json: Json = False,
) -> None:
    """The versions of a case's memo, and what changed between two of them."""
    from pipeline.memo_versions import compare_memos

    with open_house() as house:
        found = compare_memos(house, case_id, by, before, after)
    if json:
        print_json(found)
        return
    print_table(
        ("version", "form", "by", "made at", ""),
        [
            (
                v.version, v.form.thai, v.made_by, f"{v.made_at:%Y-%m-%d %H:%M}Z",
                "ฉบับปัจจุบัน" if v.in_force else "",
            )
            for v in found.versions
        ],
    )  # fmt: skip
    if found.difference is None:
        return
    people.print(f"ฉบับที่ {found.difference.before} → {found.difference.after}", style="bold")
    signs = {"same": " ", "changed": "~", "added": "+", "removed": "-"}
    for change in found.difference.changes:
        if change.before and change.fate.value != "same":
            people.print(f"- {change.before}", markup=False, highlight=False)
        if change.after:
            sign = signs[change.fate.value]
            people.print(f"{sign} {change.after}", markup=False, highlight=False)


@case.command("field")
def field(
    case_id: CaseId,
    letter: Annotated[int, typer.Argument(help="id of the letter", show_default=False)],
    name: Annotated[str, typer.Argument(help="subject, document_date, …", show_default=False)],
    value: Annotated[str, typer.Argument(help='as people write it; "" for none')],
    by: By,
    place: Annotated[int, typer.Option(help="which of several, from 0")] = 0,
    version: Version = None,
    json: Json = False,
) -> None:
    """Set a field of a letter; what the machine read is kept beside it."""
    from pipeline.field_correction import correct_field

    with open_house() as house:
        done = correct_field(house, case_id, letter, name, place, value, by, version)
    if json:
        print_json(done)
        return
    people.print("แก้ไขแล้ว" if done.changed else "เป็นค่านี้อยู่แล้ว", style="bold")
    if done.restricted:
        people.print("เรื่องนี้ถูกจำกัดผู้เข้าถึงแล้ว")
    if done.redated:
        people.print(f"ครบกำหนด {done.due_date}")


@case.command("links")
def links(case_id: CaseId, json: Json = False) -> None:
    """What a case may be a duplicate of or belongs with; open suggestions first."""
    with open_house() as house:
        from pipeline.case_record import case_record

        found = case_record(house, case_id).links
    if json:
        print_json(found)
    else:
        _show_links(found)


@link.command("accept")
def accept(link_id: LinkId, by: By, version: Version = None, json: Json = False) -> None:
    """Accept a suggestion: a duplicate ends as one, a relation is confirmed."""
    from pipeline.link_decisions import accept_link

    with open_house() as house:
        accept_link(house, link_id, by=by, expected_version=version)
    _report(LinkDone(link=link_id, accepted=True, by=by), json)


@link.command("decline")
def decline(link_id: LinkId, by: By, json: Json = False) -> None:
    """Decline a suggestion: both cases go on."""
    from pipeline.link_decisions import decline_link

    with open_house() as house:
        decline_link(house, link_id, by=by)
    _report(LinkDone(link=link_id, accepted=False, by=by), json)


def _report(done: LinkDone, json: bool) -> None:
    if json:
        print_json(done)
    else:
        people.print("ยืนยันแล้ว" if done.accepted else "ปฏิเสธแล้ว", style="bold")


def _show(record: CaseRecord) -> None:
    print_table(
        ("", ""),
        [
            ("เลขรับ", ", ".join(record.register_numbers)),
            ("สถานะ", record.state.thai),
            ("version", record.version),
            ("ประเภทเรื่อง", record.category.thai if record.category else None),
            ("ประเภทย่อย", record.subcategory),
            ("กลุ่มงาน", record.group),
            ("เจ้าของเรื่อง", record.owner),
            ("ครบกำหนด", record.due_date),
            ("กำหนดเดิม", record.original_due_date),
            ("ขยายเวลา", record.extended or None),
            ("เปิดอีกครั้ง", record.reopened or None),
            ("ซ้ำกับเรื่อง", record.duplicate_of),
        ],
    )
    if record.contributions:
        print_table(
            ("id", "agency", "due", "received", ""),
            [
                (c.id, c.agency, c.due_date, c.received_at, "เกินกำหนด" if c.overdue else "")
                for c in record.contributions
            ],
        )
    if record.coordination:
        print_table(
            ("at", "who", "how", "promised", "by"),
            [
                (f"{c.entered_at:%Y-%m-%d %H:%M}Z", c.contact, c.channel.thai, c.promised_by,
                 c.entered_by)
                for c in record.coordination
            ],
        )  # fmt: skip
    if record.links:
        _show_links(record.links)
    if record.actions:
        print_table(
            ("action", "", "needs"),
            [(a.action, a.thai, ", ".join(a.required)) for a in record.actions],
        )


def _show_links(found: tuple[LinkView, ...]) -> None:
    print_table(
        ("id", "kind", "other", "score", "decided by", ""),
        [
            (
                row.id,
                row.kind.thai,
                row.other_number,
                f"{row.score:.2f}" if row.score is not None else None,
                row.decided_by,
                None if row.decided_by is None else "ยืนยัน" if row.accepted else "ปฏิเสธ",
            )
            for row in found
        ],
    )
