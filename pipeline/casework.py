"""The machine's part of a case: classify, route, draft. Each step commits once per case."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from classifiers.letter_input import LetterInput, letter_input
from correspondence.classification import Classification, Evidence
from correspondence.deadline import DueDecision
from correspondence.errors import SarabanError
from correspondence.reading import Extraction
from correspondence.states import Action
from correspondence.vocabulary import CaseState, Category, Channel
from drafting.memo import draft_memo
from drafting.request import DraftRequest, WordedSummary
from pipeline.bootstrap import House
from pipeline.category_hint import CategoryHint, find_hint, weigh_hint
from pipeline.memo_request import memo_request
from pipeline.wording_model import word_summaries
from registry.case_clock import due_in_force
from registry.casework import (
    MACHINE_DRAFT,
    claim_cases,
    postpone_case,
    put_cases_back,
    record_classification,
    record_draft,
    record_due_date,
    release_case,
)
from registry.earlier_matters import earlier_letters
from registry.faults import BlobStoreAway
from registry.letter_file import letter_extraction
from registry.models import Case, ClassificationRow, Letter
from registry.numbers import RegisterNumber
from registry.transitions import MACHINE, CaseChange, take_action
from routing.due import decide_due
from routing.groups import assign_group
from routing.letters import build_request

_log = logging.getLogger(__name__)

LEASE = timedelta(minutes=15)
BATCH = 50

Step = Literal["classified", "assigned", "triage", "drafted", "failed"]
Steps = Counter[Step]


def claim_work(house: House, owner: str, limit: int = BATCH) -> list[int]:
    """Lease up to `limit` cases that wait for the machine, most urgent and oldest first."""
    return claim_cases(house.sessions, owner, now=house.clock(), limit=limit, lease=LEASE)


def drain_cases(house: House, owner: str) -> Steps:
    """Take every waiting case as far as the machine may."""
    steps: Steps = Counter()
    while ids := claim_work(house, owner):
        steps += process_cases(house, owner, ids)
    return steps


def process_cases(house: House, owner: str, ids: list[int]) -> Steps:
    """Classify, route and draft leased cases, each stage for all of them."""
    return (
        classify_cases(house, owner, ids)
        + route_cases(house, owner, ids)
        + draft_cases(house, owner, ids)
    )


def classify_cases(house: House, owner: str, ids: list[int]) -> Steps:
    """Give every registered case a category, all in one pass of the model."""
    inputs: dict[int, LetterInput] = {}
    hints: dict[int, CategoryHint] = {}
    with house.sessions.begin() as session:
        for case in _held_cases(session, owner, ids, CaseState.REGISTERED):
            letter = case.letters[0]
            seen = letter_input(letter_extraction(letter, _name(letter)))
            address = letter.sender_address or seen.sender_address
            inputs[case.id] = seen.model_copy(update={"sender_address": address})
            hint = find_hint(session, letter)
            if hint is not None:
                hints[case.id] = hint
    if not inputs:
        return Counter()
    found = house.classifier.classify_many(list(inputs.values()))
    decisions = dict(zip(inputs, found, strict=True))
    for case_id, hint in hints.items():
        decisions[case_id] = weigh_hint(decisions[case_id], hint, house.configuration.taxonomy)

    def classify(session: Session, case: Case, now: datetime) -> Step:
        decision = decisions[case.id]
        record_classification(session, case, decision, at=now)
        change = CaseChange(category=decision.category.value, subcategory=decision.subcategory)
        take_action(session, case, Action.CLASSIFY, MACHINE, at=now, change=change)
        return "classified"

    return _each(house, owner, list(decisions), CaseState.REGISTERED, classify)


def route_cases(house: House, owner: str, ids: list[int]) -> Steps:
    """Give every classified case its due date and its group, or send it to triage."""
    house.calendars.refresh()

    def route(session: Session, case: Case, now: datetime) -> Step:
        letter = case.letters[0]
        extraction = letter_extraction(letter, _name(letter))
        decided = _latest_classification(session, case)
        due = _due_date(house, letter, extraction, decided)
        record_due_date(session, case, due, calendar_version=house.calendar.version, at=now)
        if decided.abstained:
            take_action(session, case, Action.ABSTAIN, MACHINE, at=now)
            release_case(case)
            return "triage"
        configuration = house.configuration
        assignment = assign_group(
            decided.category, decided.subcategory, configuration.taxonomy, configuration.groups
        )
        if assignment is None:
            take_action(session, case, Action.ABSTAIN, MACHINE, at=now)
            release_case(case)
            return "triage"
        change = CaseChange(group_id=assignment.group)
        take_action(session, case, Action.ROUTE, MACHINE, at=now, change=change)
        return "assigned"

    return _each(house, owner, ids, CaseState.CLASSIFIED, route)


def draft_cases(house: House, owner: str, ids: list[int]) -> Steps:
    """Draft the memo of every assigned case and put it before a person."""
    # Asked before any transaction: nobody waits at the database for a model.
    worded = word_summaries(house, ids)

    def draft(session: Session, case: Case, now: datetime) -> Step:
        memo = draft_memo(draft_request(house, session, case, worded.get(case.id)))
        sha256 = house.blobs.put(memo.docx)
        version = record_draft(session, case, memo, sha256=sha256, made_by=MACHINE_DRAFT, at=now)
        if case.state == CaseState.ASSIGNED.value:
            take_action(session, case, Action.START_DRAFT, MACHINE, at=now)
        change = CaseChange(draft_version=version)
        take_action(session, case, Action.SUBMIT_DRAFT, MACHINE, at=now, change=change)
        release_case(case)
        return "drafted"

    return _each(house, owner, ids, CaseState.ASSIGNED, draft) + _each(
        house, owner, ids, CaseState.DRAFTING, draft
    )


def _each(
    house: House,
    owner: str,
    ids: list[int],
    state: CaseState,
    work: Callable[[Session, Case, datetime], Step],
) -> Steps:
    """Run one stage on each case in its own transaction; a failure is named and stands alone."""
    steps: Steps = Counter()
    for place, case_id in enumerate(ids):
        try:
            with house.sessions.begin() as session:
                held = _held_cases(session, owner, [case_id], state)
                if held:
                    steps[work(session, held[0], house.clock())] += 1
        except BlobStoreAway as fault:
            # No fault of theirs, and the next would wait as long for nothing.
            put_cases_back(house.sessions, ids[place:], fault.code, house.clock())
            steps["failed"] += len(ids) - place
            _log.warning("cases wait for the blob store", extra={"code": fault.code})
            break
        except SarabanError as fault:
            postpone_case(house.sessions, case_id, fault.code, house.clock())
            steps["failed"] += 1
            _log.warning(
                "a stage failed on a case",
                extra={"case_id": case_id, "state": state.value, "code": fault.code},
            )
        except Exception as fault:  # the batch border: one poisoned letter fails alone
            _log.error(
                "a stage failed on a case",
                extra={"case_id": case_id, "state": state.value, "fault": type(fault).__name__},
            )
            postpone_case(
                house.sessions, case_id, f"{state.value}_{type(fault).__name__}", house.clock()
            )
            steps["failed"] += 1
    return steps


def _held_cases(session: Session, owner: str, ids: list[int], state: CaseState) -> list[Case]:
    """Return those of the cases that are in `state` and still leased by `owner`."""
    return list(
        session.scalars(
            select(Case)
            .where(Case.id.in_(ids), Case.state == state.value, Case.leased_by == owner)
            .order_by(Case.id)
            .with_for_update()
        )
    )


def _latest_classification(session: Session, case: Case) -> Classification:
    row = session.scalars(
        select(ClassificationRow)
        .where(ClassificationRow.case_id == case.id)
        .order_by(ClassificationRow.id.desc())
        .limit(1)
    ).one()
    return Classification(
        category=Category(row.category),
        subcategory=row.subcategory,
        probabilities=row.probabilities,
        abstained=row.abstained,
        evidence=tuple(Evidence.model_validate(item) for item in row.evidence),
        model_version=row.model_version,
    )


def _due_date(
    house: House, letter: Letter, extraction: Extraction, decided: Classification | None
) -> DueDecision:
    return decide_due(
        build_request(letter.received_at, Channel(letter.channel), extraction.fields, decided),
        house.configuration.deadlines,
        house.calendar,
    )


def draft_request(
    house: House, session: Session, case: Case, worded: WordedSummary | None
) -> DraftRequest:
    """Return what the memo of a case is drafted from as the case stands.

    Args:
        house: the office's house.
        session: an open transaction.
        case: the case, with a classification.
        worded: what a language model wrote of its letter.
    """
    letter = case.letters[0]
    decided = _latest_classification(session, case)
    category = Category(case.category or decided.category)
    extraction = letter_extraction(letter, _name(letter))
    decided = decided.model_copy(
        update={"category": category, "subcategory": case.subcategory or decided.subcategory}
    )
    return memo_request(
        house.configuration,
        extraction,
        decided,
        group_id=case.group_id,
        # What people have moved stands in the memo as they have moved it.
        due=due_in_force(session, case),
        register_number=str(RegisterNumber.of(letter)),
        received_at=letter.received_at,
        sender=letter.sender_name or letter.sender_address,
        earlier=earlier_letters(session, case, letter),
        restricted=case.restricted,
        worded=worded,
    )


def _name(letter: Letter) -> str:
    return f"letter-{letter.id}"
