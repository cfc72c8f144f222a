"""A deputy holds the group roles of who is away, for as long, and the trail names for whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event, select

from correspondence.errors import ActionRefused
from correspondence.states import Action
from correspondence.vocabulary import CaseState, Role, Secrecy
from office.settings import Settings
from pipeline.bootstrap import House, open_house
from pipeline.case_actions import act_on_case, possible_actions
from pipeline.case_guard import CaseRestricted
from pipeline.case_opening import CaseRefused, open_case
from pipeline.case_request import CaseRequest
from pipeline.case_view import case_view
from pipeline.permissions import Permission, may, register_scope
from pipeline.signing_in import signed_in
from pipeline.staff import DeputyRole, StaffMember, staff_member
from registry.models import AuditEvent, Case, Person, PersonRole
from tests.conftest import SetClock
from tests.seeding import Seed, employ, let_in, register

TODAY = date(2026, 11, 20)


@pytest.fixture
def house(database_url: str, tmp_path: Path, clock: SetClock) -> Iterator[House]:
    opened = open_house(Settings(home=tmp_path, database_url=database_url), clock=clock)
    yield opened
    opened.close()


def away(house: House, who: str, deputy: str | None, first: date | None, last: date | None) -> None:
    with house.sessions.begin() as session:
        people = {person.sign_in: person for person in session.scalars(select(Person))}
        people[who].deputy_id = people[deputy].id if deputy else None
        people[who].absent_from, people[who].absent_until = first, last


def found(house: House, who: str, today: date = TODAY) -> StaffMember:
    with house.sessions.begin() as session:
        person = staff_member(session, who, today)
    assert person is not None
    return person


def two_heads(house: House) -> None:
    """Head of complaints is away; head of the political group stands in."""
    employ(house, "absent", Role.GROUP_HEAD, "complaints")
    employ(house, "standing", Role.GROUP_HEAD, "political")
    away(house, "absent", "standing", TODAY, TODAY)


def approve(case_id: int, by: str) -> CaseRequest:
    return CaseRequest(action=Action.APPROVE, case_id=case_id, by=by)


def test_a_deputy_acts_in_the_other_group_and_the_trail_says_for_whom(house: House) -> None:
    two_heads(house)
    case_id, own = register(house), register(house, Seed(group="political"))
    staff = found(house, "standing")
    assert staff.deputised == (DeputyRole(Role.GROUP_HEAD, "complaints", "absent"),)
    opened = open_case(house, case_id, staff, "page")
    assert {one.action for one in possible_actions(house, case_id, "standing")}
    assert act_on_case(house, approve(case_id, "standing")).state is CaseState.SIGN_OFF
    act_on_case(house, approve(own, "standing"))
    with house.sessions.begin() as session:
        approvals = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "approve").order_by(AuditEvent.id)
        ).all()
    assert [(e.actor, e.after["role"], e.after.get("for")) for e in approvals] == [
        ("standing", "group_head", "absent"),
        ("standing", "group_head", None),
    ]
    history = {one.action: one.on_behalf_of for one in case_view(house, case_id, opened).history}
    assert history["approve"] == "absent" and history["classify"] is None


@pytest.mark.parametrize(
    ("first", "last", "holds"),
    [
        (None, None, False),
        (date(2026, 11, 19), date(2026, 11, 19), False),
        (date(2026, 11, 19), date(2026, 11, 20), True),
        (date(2026, 11, 20), None, True),
        (date(2026, 11, 21), None, False),
    ],
)
def test_it_lasts_as_long_as_the_absence(
    house: House, first: date | None, last: date | None, *, holds: bool
) -> None:
    two_heads(house)
    away(house, "absent", "standing", first, last)
    case_id = register(house)
    assert found(house, "standing").holds_for(Role.GROUP_HEAD, "complaints") is holds
    if holds:
        open_case(house, case_id, found(house, "standing"), "page")
        return
    with pytest.raises(CaseRefused):
        open_case(house, case_id, found(house, "standing"), "page")
    with pytest.raises(ActionRefused):
        act_on_case(house, approve(case_id, "standing"))


def test_a_session_gains_and_loses_the_roles_with_the_day(house: House, clock: SetClock) -> None:
    two_heads(house)
    clock.move(hours=11, minutes=50)  # 23:50 in Bangkok
    token = let_in(house, "standing")
    visitor = signed_in(house, token)
    assert visitor is not None and register_scope(visitor.staff).groups == {
        "complaints",
        "political",
    }
    clock.move(minutes=20)
    visitor = signed_in(house, token)
    assert visitor is not None and register_scope(visitor.staff).groups == {"political"}


@pytest.mark.parametrize(
    "role", [one for one in Role if one not in (Role.OFFICER, Role.GROUP_HEAD, Role.MACHINE)]
)
def test_roles_of_the_whole_office_and_clearance_are_not_passed_on(
    house: House, role: Role
) -> None:
    employ(house, "absent", role, None, clearance=Secrecy.TOP_SECRET.value)
    employ(house, "standing", Role.OFFICER, "political")
    away(house, "absent", "standing", TODAY, None)
    staff = found(house, "standing")
    assert staff.roles == {Role.OFFICER} and staff.deputised == ()
    assert staff.clearance is Secrecy.OPEN
    assert not may(staff, Permission.MANAGE_PEOPLE)
    case_id = register(house)
    with house.sessions.begin() as session:
        session.get_one(Case, case_id).restricted = True
    with pytest.raises(CaseRestricted):
        open_case(house, case_id, staff, "page")


@pytest.mark.parametrize("administrator", ["absent", "standing"])
def test_a_denial_outweighs_deputies_too(house: House, administrator: str) -> None:
    two_heads(house)
    with house.sessions.begin() as session:
        person = session.scalars(select(Person).where(Person.sign_in == administrator)).one()
        session.add(PersonRole(person_id=person.id, role="administrator", group_id=None))
    case_id = register(house)
    assert found(house, "standing").deputised == ()
    with pytest.raises(CaseRefused):
        open_case(house, case_id, found(house, "standing"), "page")
    with pytest.raises(ActionRefused):
        act_on_case(house, approve(case_id, "standing"))


def test_a_deputy_who_is_away_leaves_it_to_their_own(house: House) -> None:
    two_heads(house)
    employ(house, "third", Role.OFFICER, "foreign_affairs")
    away(house, "standing", "third", TODAY, None)
    assert found(house, "standing").deputised == ()
    assert {(one.group, one.of) for one in found(house, "third").deputised} == {
        ("complaints", "absent"),
        ("political", "standing"),
    }
    # Each other's deputies, both away: nobody's roles grow.
    away(house, "standing", "absent", TODAY, None)
    assert [found(house, who).deputised for who in ("absent", "standing", "third")] == [()] * 3


def test_nobody_confirms_their_own_proposal_in_another_s_name(house: House) -> None:
    two_heads(house)
    case_id = register(house)
    propose = CaseRequest(
        action=Action.PROPOSE_NO_REPLY, case_id=case_id, by="standing", reason="ไม่ต้องตอบ"
    )
    act_on_case(house, propose)
    with pytest.raises(ActionRefused):
        act_on_case(
            house, CaseRequest(action=Action.CONFIRM_NO_REPLY, case_id=case_id, by="standing")
        )


def test_a_person_who_left_is_stood_in_for_by_nobody(house: House, clock: SetClock) -> None:
    two_heads(house)
    with house.sessions.begin() as session:
        session.scalars(select(Person).where(Person.sign_in == "absent")).one().retired_at = clock()
    assert found(house, "standing").deputised == ()


def test_however_many_are_away_the_queries_are_as_many(house: House) -> None:
    two_heads(house)

    def queries() -> int:
        seen: list[str] = []

        def note(*arguments: object) -> None:
            seen.append(str(arguments[2]))

        event.listen(house.engine, "before_cursor_execute", note)
        try:
            found(house, "standing")
        finally:
            event.remove(house.engine, "before_cursor_execute", note)
        return len(seen)

    one = queries()
    for number in range(20):
        employ(house, f"away{number}", Role.OFFICER, "administration")
        away(house, f"away{number}", "standing", TODAY, None)
    assert queries() == one
    assert len(found(house, "standing").deputised) == 21
