"""The fields of an action's form: which it has, what there is to choose, what a person typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from correspondence.errors import UsageFault
from correspondence.states import STATE_TABLE, Action
from correspondence.thai_dates import common_era_year, find_dates
from correspondence.thai_digits import fold_digits
from correspondence.vocabulary import Category, ContactChannel, LinkKind
from pipeline.bootstrap import House
from pipeline.case_desk import CaseDesk, case_of_number
from pipeline.case_guard import CaseUnknown
from pipeline.case_request import LONGEST_KEY, LONGEST_NAME, LONGEST_TEXT, CaseRequest
from review.wording import Wording

# What a form offers besides what the state table demands.
BESIDES: Final[Mapping[Action, tuple[str, ...]]] = MappingProxyType(
    {
        Action.SUBMIT_DRAFT: ("draft",),
        Action.EXTEND: ("agency",),
        Action.ASK_CONTRIBUTION: ("due", "note"),
        Action.RECEIVE_CONTRIBUTION: ("contribution", "note"),
        Action.LOG_COORDINATION: ("note", "promised_by"),
        Action.LINK: ("link", "reason"),
        Action.MARK_DUPLICATE: ("reason",),
    }
)
# In the order in which a form asks for them; each with how it is entered.
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "category": "choice",
        "group": "choice",
        "person": "choice",
        "letter": "choice",
        "contribution": "choice",
        "other_case": "line",
        "duplicate_of": "line",
        "link": "choice",
        "agency": "line",
        "contact": "line",
        "channel": "choice",
        "due": "day",
        "note": "text",
        "promised_by": "day",
        "reason": "text",
        "draft": "file",
    }
)
_TEXTS = frozenset({"note", "reason"})
_SHORT = frozenset({"agency", "contact", "person", "group"})
_IDS = frozenset({"letter", "contribution"})
_NUMBERS = frozenset({"other_case", "duplicate_of"})
_DAYS = frozenset({"due", "promised_by"})
_SLASHED = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_OWN_LINKS = (LinkKind.RELATED, LinkKind.EARLIER_MATTER)
# What is typed into a page is given back whole up to here; no field takes as much.
MOST_GIVEN_BACK: Final = 400_000


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list: what is sent, and what a person reads."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """Entries under a heading, "" for none."""

    words: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class ActionField:
    """One field of a form: `label` is its name in words, `fault` what is wrong with what stands."""

    name: str
    kind: str
    label: str
    hint: str
    required: bool
    typed: str
    fault: str
    groups: tuple[ChoiceGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadAction:
    """A form as read: the request, or what is wrong with which field."""

    request: CaseRequest | None
    faults: Mapping[str, str]


def fields_of(action: Action, desk: CaseDesk) -> tuple[str, ...]:
    """Return the names of the fields of an action's form, in order."""
    edge = STATE_TABLE.get((desk.state, action))
    wanted = set(BESIDES.get(action, ())) | (set(edge.required) if edge else set())
    if len(desk.awaited) < 2:
        wanted.discard("contribution")
    return tuple(name for name in KINDS if name in wanted)


def required_of(action: Action, desk: CaseDesk) -> frozenset[str]:
    """Return which of them must be filled: of a memo that stands none is handed in again."""
    edge = STATE_TABLE.get((desk.state, action))
    required = set(edge.required) if edge else set()
    if action is Action.SUBMIT_DRAFT and desk.draft_version is not None:
        required.discard("draft")
    if action is Action.RECEIVE_CONTRIBUTION and len(desk.awaited) > 1:
        required.add("contribution")
    return frozenset(required)


def action_fields(
    action: Action,
    desk: CaseDesk,
    house: House,
    wording: Wording,
    *,
    typed: Mapping[str, str],
    faults: Mapping[str, str],
) -> tuple[ActionField, ...]:
    """Return the fields of an action's form with what was typed and what is wrong with it."""
    required = required_of(action, desk)
    return tuple(
        ActionField(
            name=name,
            kind=KINDS[name],
            label=wording.said(f"ask_{name}_{action}", f"ask_{name}"),
            hint=wording.said(f"hint_{name}_{action}", f"hint_{name}"),
            required=name in required,
            typed=typed.get(name, _first(name, action, desk))[:MOST_GIVEN_BACK],
            fault=faults.get(name, ""),
            groups=_choices(name, desk, house, wording),
        )
        for name in fields_of(action, desk)
    )


def read_action(
    house: House,
    desk: CaseDesk,
    action: Action,
    by: str,
    form: Mapping[str, str],
    files: Mapping[str, bytes],
    wording: Wording,
) -> ReadAction:
    """Read an action's form; fields that the action does not have are left out."""
    values: dict[str, object] = {}
    faults: dict[str, str] = {}
    required = required_of(action, desk)
    for name in fields_of(action, desk):
        written = form.get(name, "").strip().replace("\r\n", "\n")
        if name == "draft":
            if name in files:
                values["memo"] = files[name]
            elif name in required:
                faults[name] = wording.text("must_choose_file")
            continue
        if not written:
            if name in required:
                faults[name] = wording.text("must_fill")
            continue
        try:
            values |= _read(house, name, written)
        except (UsageFault, CaseUnknown) as fault:
            faults[name] = wording.fault(fault)
    if faults:
        return ReadAction(None, faults)
    return ReadAction(
        CaseRequest.model_validate(
            {
                "case_id": desk.case_id,
                "action": action,
                "by": by,
                "expected_version": version_in(form),
                "key": form.get("key", "")[:LONGEST_KEY] or None,
                **values,
            }
        ),
        faults,
    )


def version_in(form: Mapping[str, str]) -> int:
    """Return the version of the case that a form was made for; 0, which none has, without one."""
    written = form.get("version", "")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else 0


def read_day(written: str) -> date:
    """Return a day as people write it: 24/11/2569, ๒๔ พ.ย. ๒๕๖๙, 2569-11-24; years B.E. or C.E.

    Raises:
        UsageFault: no such day.
    """
    folded = fold_digits(written.strip())
    slashed, iso = _SLASHED.fullmatch(folded), _ISO.fullmatch(folded)
    parts = (slashed[3], slashed[2], slashed[1]) if slashed else iso.groups() if iso else None
    if parts is not None:
        year = common_era_year(int(parts[0]))
        try:
            if year is not None:
                return date(year, int(parts[1]), int(parts[2]))
        except ValueError:
            pass
        raise _no_day()
    found = find_dates(written[:100])
    if len(found) != 1 or found[0].value is None or found[0].is_range or found[0].guessed:
        raise _no_day()
    return found[0].value


def _read(house: House, name: str, written: str) -> dict[str, object]:
    longest = LONGEST_TEXT if name in _TEXTS else LONGEST_NAME
    if len(written) > longest:
        raise UsageFault(
            f"Too long: {len(written):,} characters, at most {longest:,}. "
            "What you typed stands here: shorten it.",
            thai=f"ยาวเกินไป ({len(written):,} ตัวอักษร รับได้ {longest:,}) "
            "ข้อความที่พิมพ์ยังอยู่ครบ โปรดย่อแล้วส่งใหม่",
        )
    if name in _TEXTS or name in _SHORT:
        return {name: written}
    if name in _DAYS:
        return {name: read_day(written)}
    if name in _NUMBERS:
        return {name: case_of_number(house, written)}
    if name in _IDS and written.isascii() and written.isdecimal() and len(written) < 10:
        return {name: int(written)}
    if name == "category":
        category, _, subcategory = written.partition("/")
        if written in house.configuration.taxonomy.labels():
            return {"category": Category(category), "subcategory": subcategory}
    if name == "channel" and written in set(ContactChannel):
        return {name: ContactChannel(written)}
    if name == "link" and written in _OWN_LINKS:
        return {name: LinkKind(written)}
    raise UsageFault("Choose one of the list.", thai="โปรดเลือกจากรายการ")


def _first(name: str, action: Action, desk: CaseDesk) -> str:
    """Return what stands in a field before anybody typed: in triage the machine's guess."""
    if name == "category" and action is Action.CHOOSE_CATEGORY and desk.category is not None:
        return f"{desk.category.value}/{desk.subcategory}"
    return ""


def _choices(name: str, desk: CaseDesk, house: House, wording: Wording) -> tuple[ChoiceGroup, ...]:
    configuration = house.configuration
    if name == "category":
        return tuple(
            ChoiceGroup(
                wording.term(entry.id),
                tuple(
                    Choice(f"{entry.id.value}/{sub.id}", wording.subcategory(entry.id, sub.id))
                    for sub in entry.subcategories
                ),
            )
            for entry in configuration.taxonomy.category
        )
    pairs: list[Choice] = []
    if name == "group":
        others = (one.id for one in configuration.groups.group if one.id != desk.group)
        pairs = [Choice(one, wording.group(one)) for one in others]
    elif name == "person":
        pairs = [Choice(one.sign_in, one.thai_name) for one in desk.people]
    elif name == "letter":
        pairs = [Choice(str(one.id), wording.digits(one.register_number)) for one in desk.letters]
    elif name == "contribution":
        pairs = [Choice(str(one.id), one.agency) for one in desk.awaited]
    elif name == "channel":
        pairs = [Choice(one.value, wording.term(one)) for one in ContactChannel]
    elif name == "link":
        pairs = [Choice(one.value, wording.term(one)) for one in _OWN_LINKS]
    return (ChoiceGroup("", tuple(pairs)),)


def _no_day() -> UsageFault:
    return UsageFault(
        "Not a day: write for example 24/11/2569.",
        thai="วันที่ไม่ถูกต้อง โปรดพิมพ์ วัน/เดือน/ปี พ.ศ. เช่น ๒๔/๑๑/๒๕๖๙",
    )
