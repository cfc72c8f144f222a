from __future__ import annotations

import threading

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from correspondence.errors import ActionRefused, StaleVersion
from correspondence.states import Action
from correspondence.vocabulary import CaseState, Role
from registry.engine import Sessions
from registry.models import AuditEvent, Case
from registry.transitions import MACHINE, Actor, CaseChange, take_action
from tests.conftest import NOON

HEAD = Actor("somchai", Role.GROUP_HEAD)
OTHER_HEAD = Actor("malee", Role.GROUP_HEAD)
OFFICER = Actor("wichai", Role.OFFICER)


def make_case(sessions: Sessions, state: CaseState) -> int:
    with sessions.begin() as session:
        case = Case(
            state=state.value, version=1, opened_at=NOON, updated_at=NOON, last_progress_at=NOON
        )
        session.add(case)
        session.flush()
        return case.id


def test_state_and_audit_event_are_written_together(sessions: Sessions) -> None:
    case_id = make_case(sessions, CaseState.IN_REVIEW)
    with sessions.begin() as session:
        case = session.get_one(Case, case_id)
        take_action(session, case, Action.RETURN_DRAFT, HEAD, at=NOON, reason="ขาดวันที่")
    with sessions.begin() as session:
        case = session.get_one(Case, case_id)
        event = session.scalars(select(AuditEvent)).one()
        assert (case.state, case.version) == ("drafting", 2)
        assert (event.actor, event.from_state, event.to_state) == (
            "somchai",
            "in_review",
            "drafting",
        )
        assert (event.before["version"], event.after["version"]) == (1, 2)
        assert event.reason == "ขาดวันที่"


def test_a_refused_action_writes_nothing(sessions: Sessions) -> None:
    case_id = make_case(sessions, CaseState.IN_REVIEW)
    with pytest.raises(ActionRefused), sessions.begin() as session:
        take_action(session, session.get_one(Case, case_id), Action.SIGN, HEAD, at=NOON)
    with pytest.raises(ActionRefused), sessions.begin() as session:
        take_action(session, session.get_one(Case, case_id), Action.RETURN_DRAFT, HEAD, at=NOON)
    with sessions.begin() as session:
        assert session.get_one(Case, case_id).version == 1
        assert session.scalars(select(AuditEvent)).all() == []


def test_an_old_page_is_refused(sessions: Sessions) -> None:
    case_id = make_case(sessions, CaseState.IN_REVIEW)
    with sessions.begin() as session:
        case = session.get_one(Case, case_id)
        take_action(session, case, Action.APPROVE, HEAD, at=NOON, expected_version=1)
    with pytest.raises(StaleVersion), sessions.begin() as session:
        case = session.get_one(Case, case_id)
        take_action(session, case, Action.SIGN, HEAD, at=NOON, expected_version=1)


def test_whoever_proposed_cannot_confirm(sessions: Sessions) -> None:
    case_id = make_case(sessions, CaseState.ASSIGNED)
    proposer = Actor("somchai", Role.GROUP_HEAD)

    def act(session: Session, action: Action, actor: Actor, reason: str = "") -> None:
        take_action(session, session.get_one(Case, case_id), action, actor, at=NOON, reason=reason)

    with sessions.begin() as session:
        act(session, Action.PROPOSE_NO_REPLY, proposer, "บัตรสนเท่ห์ไม่มีหลักฐาน")
    with pytest.raises(ActionRefused), sessions.begin() as session:
        act(session, Action.CONFIRM_NO_REPLY, HEAD)
    with sessions.begin() as session:
        act(session, Action.CONFIRM_NO_REPLY, OTHER_HEAD)


def test_of_eight_writers_one_wins_and_the_others_are_told(sessions: Sessions) -> None:
    case_id = make_case(sessions, CaseState.IN_REVIEW)
    together = threading.Barrier(8)
    told: list[str] = []

    def approve(number: int) -> None:
        together.wait()
        try:
            with sessions.begin() as session:
                case = session.get_one(Case, case_id)
                take_action(
                    session,
                    case,
                    Action.APPROVE,
                    Actor(f"head-{number}", Role.GROUP_HEAD),
                    at=NOON,
                    expected_version=1,
                )
            told.append("won")
        except (StaleVersion, StaleDataError):
            told.append("stale")

    threads = [threading.Thread(target=approve, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["stale"] * 7 + ["won"]
    with sessions.begin() as session:
        assert len(session.scalars(select(AuditEvent)).all()) == 1


def test_the_machine_gives_a_category_and_a_group(sessions: Sessions) -> None:
    case_id = make_case(sessions, CaseState.REGISTERED)
    with sessions.begin() as session:
        case = session.get_one(Case, case_id)
        change = CaseChange(category="complaint", subcategory="opinion")
        take_action(session, case, Action.CLASSIFY, MACHINE, at=NOON, change=change)
        with pytest.raises(ActionRefused):
            take_action(session, case, Action.ROUTE, MACHINE, at=NOON)
        assert (case.state, case.category) == ("classified", "complaint")
