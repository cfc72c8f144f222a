"""The table of permissions: what each role sees, and that acting and seeing agree."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondence.states import STATE_TABLE
from correspondence.vocabulary import CaseState, Role, Secrecy
from pipeline.permissions import (
    PERMISSIONS,
    SUBMITTED,
    CaseFacts,
    OpenedCase,
    Permission,
    RegisterScope,
    figure_scope,
    may,
    may_open,
    register_scope,
)
from pipeline.staff import OF_A_GROUP, StaffMember

PEOPLE = [role for role in Role if role is not Role.MACHINE]
HELD = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from([None, "complaints", "political"])),
    max_size=4,
)
FACTS = st.builds(
    CaseFacts,
    group=st.sampled_from([None, "complaints", "political"]),
    state=st.sampled_from(CaseState),
    restricted=st.booleans(),
    grade=st.sampled_from([grade for grade in Secrecy if grade is not Secrecy.OPEN]),
)


def staff(*held: tuple[Role, str | None], clearance: Secrecy = Secrecy.OPEN) -> StaffMember:
    return StaffMember(1, "x", "x", clearance, held)


def case(
    group: str | None = "complaints",
    state: CaseState = CaseState.IN_REVIEW,
    secret: Secrecy | None = None,
) -> CaseFacts:
    return CaseFacts(group, state, secret is not None, secret or Secrecy.OPEN)


def test_every_permission_has_its_row_and_the_machine_none() -> None:
    assert set(PERMISSIONS) == set(Permission)
    assert not any(Role.MACHINE in roles for roles in PERMISSIONS.values())


@pytest.mark.parametrize(
    ("role", "group", "opens"),
    [
        (Role.OFFICER, "complaints", True),
        (Role.OFFICER, "political", False),
        (Role.OFFICER, None, True),
        (Role.GROUP_HEAD, "complaints", True),
        (Role.GROUP_HEAD, "political", False),
        (Role.REGISTRAR, None, True),
        (Role.OFFICE_HEAD, None, True),
        (Role.SECRETARY, None, False),
        (Role.SECRET_REGISTRAR, None, False),
        (Role.ADMINISTRATOR, None, False),
    ],
)
def test_who_opens_a_case_in_review(role: Role, group: str | None, opens: bool) -> None:
    assert may_open(staff((role, group)), case()) is opens
    assert not may_open(staff((role, group)), case(secret=Secrecy.CONFIDENTIAL))


def test_a_case_of_no_group_is_open_to_heads_and_not_to_officers() -> None:
    assert may_open(staff((Role.GROUP_HEAD, "political")), case(group=None))
    assert not may_open(staff((Role.OFFICER, "political")), case(group=None))


@pytest.mark.parametrize("state", list(CaseState))
def test_the_secretary_reads_what_was_submitted(state: CaseState) -> None:
    assert may_open(staff((Role.SECRETARY, None)), case(state=state)) is (state in SUBMITTED)


def test_a_restricted_case_is_open_by_clearance_alone() -> None:
    for clearance, grade in itertools.product(Secrecy, list(Secrecy)[1:]):
        registrar = staff((Role.SECRET_REGISTRAR, None), clearance=clearance)
        reached = list(Secrecy).index(clearance) >= list(Secrecy).index(grade)
        assert may_open(registrar, case(secret=grade)) is reached
        head = staff((Role.OFFICE_HEAD, None), clearance=clearance)
        assert not may_open(head, case(secret=grade))


@given(HELD, FACTS, st.sampled_from(Secrecy))
def test_an_administrator_sees_no_letter_whatever_else_they_hold(
    held: list[tuple[Role, str | None]], facts: CaseFacts, clearance: Secrecy
) -> None:
    person = staff((Role.ADMINISTRATOR, None), *held, clearance=clearance)
    assert not may_open(person, facts)
    assert register_scope(person) == RegisterScope()
    # The office's settings, of which none tells what a letter says.
    assert {name for name in Permission if may(person, name)} == {
        Permission.MANAGE_PEOPLE,
        Permission.SEE_SETTINGS,
        Permission.SEE_CALENDAR_TABLE,
        Permission.USE_MODELS,
    }
    assert figure_scope(person, Permission.SEE_FIGURES) == frozenset()


def test_figures_are_of_the_groups_that_a_person_heads() -> None:
    both = (Permission.SEE_FIGURES, Permission.LIST_FIGURES)
    head = staff((Role.GROUP_HEAD, "a"), (Role.OFFICER, "b"))
    assert [figure_scope(head, one) for one in both] == [frozenset({"a"})] * 2
    assert [figure_scope(staff((Role.GROUP_HEAD, None)), one) for one in both] == [None, None]
    seen = staff((Role.SECRETARY, None), (Role.GROUP_HEAD, "a"))
    assert [figure_scope(seen, one) for one in both] == [None, frozenset({"a"})]
    assert figure_scope(staff((Role.OFFICER, "a")), both[0]) == frozenset()


@given(HELD, HELD, FACTS, st.sampled_from(Secrecy))
def test_a_role_more_never_closes_a_case_but_the_administrator_s(
    held: list[tuple[Role, str | None]],
    more: list[tuple[Role, str | None]],
    facts: CaseFacts,
    clearance: Secrecy,
) -> None:
    few = staff(*held, clearance=clearance)
    many = staff(*held, *more, clearance=clearance)
    if may_open(few, facts) and not many.holds(Role.ADMINISTRATOR):
        assert may_open(many, facts)


@given(HELD, FACTS, st.sampled_from(Secrecy))
def test_what_opens_is_in_the_register(
    held: list[tuple[Role, str | None]], facts: CaseFacts, clearance: Secrecy
) -> None:
    person = staff(*held, clearance=clearance)
    scope = register_scope(person)
    listed = (
        scope.every_case
        or facts.group in scope.groups
        or (scope.unassigned and facts.group is None)
        or facts.state in scope.states
        or (scope.restricted and facts.restricted)
    )
    if may_open(person, facts):
        assert listed


def test_whoever_may_act_on_a_case_may_see_it() -> None:
    for (state, _), edge in STATE_TABLE.items():
        for role in edge.roles - {Role.MACHINE}:
            group = "complaints" if role in OF_A_GROUP else None
            assert may_open(staff((role, group)), case(state=state))


def test_a_case_opened_before_it_was_restricted_is_not_shown_after() -> None:
    opened = OpenedCase(7, "x", restricted=False)
    assert opened.opens(7, restricted=False)
    assert not opened.opens(7, restricted=True) and not opened.opens(8, restricted=False)
    assert OpenedCase(7, "x", restricted=True).opens(7, restricted=True)


def test_nobody_without_a_role_sees_anything() -> None:
    assert not any(may(staff(), permission) for permission in Permission)
    assert register_scope(staff()) == RegisterScope()
