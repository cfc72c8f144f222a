from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondence.errors import ActionRefused
from correspondence.states import STATE_TABLE, Action, actions_for, edge_for
from correspondence.vocabulary import CaseState, Role

ALL = frozenset().union(*(edge.required for edge in STATE_TABLE.values()))
EDGES = sorted(STATE_TABLE.items(), key=lambda item: (item[0][0], item[0][1]))


@pytest.mark.parametrize(
    ("key", "edge"), EDGES, ids=[f"{state}-{action}" for (state, action), _ in EDGES]
)
def test_every_edge_takes_its_roles_and_nobody_else(
    key: tuple[CaseState, Action], edge: object
) -> None:
    state, action = key
    allowed = STATE_TABLE[key].roles
    for role in Role:
        if role in allowed:
            assert edge_for(state, action, role, ALL) is STATE_TABLE[key]
        else:
            with pytest.raises(ActionRefused):
                edge_for(state, action, role, ALL)


@pytest.mark.parametrize(
    ("state", "action", "missing"),
    [(*key, name) for key, edge in EDGES for name in sorted(edge.required)],
)
def test_every_required_field_is_demanded(state: CaseState, action: Action, missing: str) -> None:
    role = next(iter(STATE_TABLE[state, action].roles))
    with pytest.raises(ActionRefused, match=missing):
        edge_for(state, action, role, ALL - {missing})


def test_the_machine_never_goes_beyond_the_review() -> None:
    reach = {CaseState.REGISTERED}
    for _ in CaseState:
        reach |= {
            edge.to
            for (state, _), edge in STATE_TABLE.items()
            if state in reach and Role.MACHINE in edge.roles
        }
    assert reach == {
        CaseState.REGISTERED,
        CaseState.CLASSIFIED,
        CaseState.TRIAGE,
        CaseState.ASSIGNED,
        CaseState.DRAFTING,
        CaseState.IN_REVIEW,
    }


def test_administrators_and_the_secret_desk_touch_no_case() -> None:
    for state, role in itertools.product(CaseState, (Role.ADMINISTRATOR, Role.SECRET_REGISTRAR)):
        assert actions_for(state, role) == ()


def test_every_state_but_the_first_can_be_reached_and_only_ends_are_final() -> None:
    targets = {edge.to for edge in STATE_TABLE.values()}
    assert targets | {CaseState.REGISTERED} == set(CaseState)
    sources = {state for state, _ in STATE_TABLE}
    assert set(CaseState) - sources == {CaseState.DUPLICATE, CaseState.VOIDED}


def test_giving_a_matter_away_or_not_answering_needs_two_people() -> None:
    confirmed = {action for (_, action), edge in STATE_TABLE.items() if edge.second_person}
    assert confirmed == {Action.CONFIRM_TRANSFER, Action.CONFIRM_NO_REPLY}


@given(st.sampled_from(CaseState), st.sampled_from(Action), st.sampled_from(Role))
def test_what_is_offered_is_what_is_allowed(state: CaseState, action: Action, role: Role) -> None:
    offered = action in actions_for(state, role)
    try:
        edge_for(state, action, role, ALL)
        allowed = True
    except ActionRefused:
        allowed = False
    assert offered == allowed
