"""`/triage`: one letter at a time, its category in one key press."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from correspondence.errors import ActionRefused, SarabanError, StaleVersion, UsageFault
from correspondence.states import STATE_TABLE, Action
from correspondence.vocabulary import CaseState, Category
from office.taxonomy import Taxonomy
from pipeline.bootstrap import House
from pipeline.bulk import BulkRequest, act_on_cases
from pipeline.case_actions import act_on_case
from pipeline.case_guard import CaseRestricted, CaseUnknown
from pipeline.case_request import CaseRequest
from pipeline.link_decisions import LinkDecided, LinkUnknown, accept_link, decline_link
from pipeline.staff import StaffMember
from pipeline.triage_choice import chosen_case
from pipeline.triage_view import TriageLetter, triage_page
from review.gate import pass_of, staff_of
from review.rendering import link, render, wording_for
from review.work_pages import whole_number

TRIAGE = "/triage"
MOST_SKIPPED = 200
_LONGEST_LIST = 2400
_SAID = ("triage_stale", "triage_returned", "triage_link_done")
# The fault of a decision that somebody else took first is no fault of the person's.
_OVERTAKEN = (StaleVersion, CaseUnknown, CaseRestricted, LinkDecided, LinkUnknown)
_KEYS = "1234567890"


@dataclass(frozen=True, slots=True)
class Offer:
    """A button: the category, its sub-category where one press is enough, and its key.

    `share` is the model's probability (0 to 1) of a guess, None for any other.
    """

    category: Category
    subcategory: str | None
    share: float | None
    key: str

    @property
    def value(self) -> str:
        """What the form sends for it."""
        return f"{self.category}/{self.subcategory}" if self.subcategory else self.category.value


def triage_routes(house: House) -> APIRouter:
    """Return the routes of triage."""
    routes = APIRouter()

    @routes.get(TRIAGE)
    def show_triage(
        request: Request,
        case: Annotated[str, Query(max_length=10)] = "",
        category: Category | None = None,
        alike: Annotated[str, Query(pattern="^1?$")] = "",
        skip: Annotated[str, Query(max_length=_LONGEST_LIST)] = "",
        done: Annotated[str, Query(max_length=40)] = "",
        also: Annotated[str, Query(max_length=_LONGEST_LIST)] = "",
        said: Annotated[str, Query(max_length=40)] = "",
    ) -> Response:
        asked = _Asked(
            whole_number(case), _ids(skip), category, bool(alike), done, _ids(also), said
        )
        return _show(house, request, asked)

    @routes.post(TRIAGE)
    def choose(request: Request) -> Response:
        form, staff = pass_of(request).form, staff_of(request)
        skip, case_id = _ids(form.get("skip", "")), whole_number(form.get("case_id", ""))
        category, subcategory = _choice(form.get("choice", ""), house.configuration.taxonomy)
        if category is None or case_id is None:
            return _onward(house, request, skip)
        alike = "1" if form.get("alike") else None
        if subcategory is None:
            return _onward(house, request, skip, case=case_id, category=category.value, alike=alike)
        cases = {case_id: whole_number(form.get("version", ""))}
        if alike:
            cases |= _fellows(form.get("fellows", ""))
        asked = BulkRequest(
            cases=cases,
            action=Action.CHOOSE_CATEGORY,
            by=staff.sign_in,
            category=category,
            subcategory=subcategory,
        )
        try:
            done = _act(house, asked)
        except _OVERTAKEN:
            return _onward(house, request, skip, said="triage_stale")
        except (ActionRefused, UsageFault) as fault:
            return _show(house, request, _Asked(case_id, skip), fault)
        told = f"{case_id}-{done}-{len(cases) - done}"
        also = _listed(tuple(one for one in cases if one != case_id))
        return _onward(house, request, skip, done=told, also=also)

    @routes.post(f"{TRIAGE}/undo")
    def undo(request: Request) -> Response:
        form, staff = pass_of(request).form, staff_of(request)
        skip, case_id = _ids(form.get("skip", "")), whole_number(form.get("case_id", ""))
        if case_id is None:
            return _onward(house, request, skip)
        cases = {case_id: whole_number(form.get("version", ""))}
        cases |= dict.fromkeys(_ids(form.get("also", "")))
        asked = BulkRequest(
            cases=cases,
            action=Action.RETURN_TO_TRIAGE,
            by=staff.sign_in,
            reason=wording_for(house, request).text("triage_undo_reason"),
        )
        try:
            _act(house, asked)
        except _OVERTAKEN:
            return _onward(house, request, skip, said="triage_stale")
        except ActionRefused as fault:
            return _show(house, request, _Asked(None, skip), fault)
        return _onward(house, request, skip, case=case_id, said="triage_returned")

    @routes.post(f"{TRIAGE}/link")
    def decide_link(request: Request) -> Response:
        form, staff = pass_of(request).form, staff_of(request)
        skip, case_id = _ids(form.get("skip", "")), whole_number(form.get("case_id", ""))
        link_id, version = (whole_number(form.get(name, "")) for name in ("link_id", "version"))
        if link_id is None:
            return _onward(house, request, skip)
        try:
            if form.get("decide") == "accept":
                accept_link(house, link_id, by=staff.sign_in, expected_version=version)
            else:
                decline_link(house, link_id, by=staff.sign_in)
        except _OVERTAKEN:
            return _onward(house, request, skip, case=case_id, said="triage_stale")
        except ActionRefused as fault:
            return _show(house, request, _Asked(case_id, skip), fault)
        return _onward(house, request, skip, case=case_id, said="triage_link_done")

    return routes


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an address of the page asks for."""

    case_id: int | None
    skip: tuple[int, ...]
    category: Category | None = None
    alike: bool = False
    done: str = ""
    also: tuple[int, ...] = ()
    said: str = ""


def _show(
    house: House, request: Request, asked: _Asked, fault: SarabanError | None = None
) -> Response:
    staff, wording = staff_of(request), wording_for(house, request)
    found = triage_page(house, first=asked.case_id, skipped=asked.skip)
    letter = found.letter
    # A second step is the second step of the letter it was begun for.
    stepped = letter is not None and letter.case_id == asked.case_id and asked.category is not None
    done_id, _, numbers = asked.done.partition("-")
    chosen_id = whole_number(done_id)
    values: dict[str, object] = {
        "letter": letter,
        "left": found.left,
        "skip": asked.skip,
        "skip_also": _listed((*asked.skip, letter.case_id)) if letter else None,
        "skip_text": _listed(asked.skip),
        "step": asked.category if stepped else None,
        "alike": asked.alike,
        "offers": _offers(letter, house.configuration.taxonomy) if letter else (),
        "subs": _subs(asked.category, house.configuration.taxonomy) if stepped else (),
        "fellows": " ".join(f"{one.case_id}-{one.version}" for one in letter.fellows)
        if letter
        else "",
        "joins": _joins(staff),
        "chosen": chosen_case(house, staff, chosen_id) if chosen_id is not None else None,
        "several": _several(numbers),
        "also": _listed(asked.also) or "",
        "told": asked.said if asked.said in _SAID else None,
        "fault": fault,
    }
    status = HTTPStatus.OK if fault is None else HTTPStatus.UNPROCESSABLE_ENTITY
    return render("triage.html", request, wording, values, status)


def _offers(letter: TriageLetter, taxonomy: Taxonomy) -> tuple[Offer, ...]:
    """Return a button a category, the model's guesses first; keys 1 and 2 are theirs."""
    guessed = {guess.category: guess for guess in letter.guesses}
    ranked = [*guessed, *(category for category in Category if category not in guessed)]
    offers = []
    for key, category in zip(_KEYS, ranked, strict=False):
        guess = guessed.get(category)
        sub = guess.subcategory if guess else None
        if sub is None or taxonomy.subcategory(category, sub) is None:
            sub = _only(category, taxonomy)
        offers.append(Offer(category, sub, guess.probability if guess else None, key))
    return tuple(offers)


def _subs(category: Category | None, taxonomy: Taxonomy) -> tuple[tuple[str, str, str], ...]:
    """Return value, id and key of each sub-category; those past the tenth have no key."""
    if category is None:
        return ()
    entries = taxonomy.entry(category).subcategories
    keys = [*_KEYS, *("" for _ in entries)]
    return tuple(
        (f"{category}/{entry.id}", entry.id, key) for entry, key in zip(entries, keys, strict=False)
    )


def _only(category: Category, taxonomy: Taxonomy) -> str | None:
    entries = taxonomy.entry(category).subcategories
    return entries[0].id if len(entries) == 1 else None


def _choice(text: str, taxonomy: Taxonomy) -> tuple[Category | None, str | None]:
    name, _, sub = text.partition("/")
    if name not in set(Category):
        return None, None
    category = Category(name)
    known = bool(sub) and taxonomy.subcategory(category, sub) is not None
    return category, sub if known else _only(category, taxonomy)


def _act(house: House, asked: BulkRequest) -> int:
    """Act on a case, or on all of a petition; return for how many it was done.

    Raises:
        ActionRefused, StaleVersion, CaseUnknown, CaseRestricted: a single case was refused.
    """
    if len(asked.cases) > 1:
        return sum(line.done for line in act_on_cases(house, asked))
    ((case_id, version),) = asked.cases.items()
    act_on_case(
        house,
        CaseRequest(
            case_id=case_id,
            action=asked.action,
            by=asked.by,
            expected_version=version,
            reason=asked.reason,
            category=asked.category,
            subcategory=asked.subcategory,
        ),
    )
    return 1


def _joins(staff: StaffMember) -> tuple[Action, ...]:
    """Return which of split and merge a person's roles may take in triage."""
    return tuple(
        action
        for action in (Action.SPLIT, Action.MERGE)
        if any(staff.holds_for(role, None) for role in STATE_TABLE[CaseState.TRIAGE, action].roles)
    )


def _several(numbers: str) -> tuple[int, int] | None:
    """Return for how many of a petition it was done and refused; None for a single letter."""
    done, _, refused = numbers.partition("-")
    counted = whole_number(done), whole_number(refused)
    if counted[0] is None or counted[1] is None or sum(filter(None, counted)) < 2:
        return None
    return counted[0], counted[1]


def _fellows(text: str) -> dict[int, int | None]:
    pairs = (one.partition("-") for one in text.split())
    found = ((whole_number(case_id), whole_number(version)) for case_id, _, version in pairs)
    return {case_id: version for case_id, version in found if case_id is not None and version}


def _ids(text: str) -> tuple[int, ...]:
    found = (whole_number(one) for one in text.split(",")[:MOST_SKIPPED])
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _listed(ids: tuple[int, ...]) -> str | None:
    return ",".join(map(str, ids[-MOST_SKIPPED:])) or None


def _onward(
    house: House, request: Request, skip: tuple[int, ...], **asked: str | int | None
) -> Response:
    values = {"skip": _listed(skip), **asked}
    address = link(TRIAGE, wording_for(house, request).language, values)
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)
