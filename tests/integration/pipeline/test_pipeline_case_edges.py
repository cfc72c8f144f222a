"""Every edge of the state table through the door, on SQLite and PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from correspondence.errors import ActionRefused, StaleVersion
from correspondence.states import STATE_TABLE, Action, Edge
from correspondence.vocabulary import CaseState, Role
from office.settings import Settings
from pipeline.bootstrap import open_house
from pipeline.case_actions import possible_actions
from registry.casework import supersede_drafts
from registry.models import Case
from tests.case_office import SECOND, STAFF, CaseOffice, staff_office
from tests.conftest import SetClock

EDGES = sorted(
    (state, action) for (state, action), edge in STATE_TABLE.items() if edge.roles - {Role.MACHINE}
)
MACHINES = sorted(
    (state, action) for (state, action), edge in STATE_TABLE.items() if edge.roles == {Role.MACHINE}
)
# What no group has been given yet any head of a group may take.
IN_A_GROUP = [
    (state, action)
    for state, action in EDGES
    if state not in (CaseState.REGISTERED, CaseState.CLASSIFIED, CaseState.TRIAGE)
]
_numbers = itertools.count(1)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CaseOffice]:
    """One office for all edges: a case of its own for each."""
    home, url, admin = tmp_path_factory.mktemp("edges"), "", None
    name = f"edges_{next(_numbers)}"
    if request.param == "postgresql":
        server = make_url(request.getfixturevalue("postgresql"))
        admin = create_engine(server, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        url = server.set(database=name).render_as_string(hide_password=False)
    clock = SetClock()
    settings = Settings.model_validate(
        {"home": home, "database_url": url, "blob_url": "", "smtp_url": ""}
    )
    house = open_house(settings, clock=clock)
    staff_office(house)
    yield CaseOffice(house, clock)
    house.close()
    if admin is not None:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


def _edge(key: tuple[CaseState, Action]) -> Edge:
    return STATE_TABLE[key]


@pytest.mark.parametrize(("state", "action"), EDGES)
def test_each_allowed_role_takes_the_edge(
    office: CaseOffice, state: CaseState, action: Action
) -> None:
    edge = _edge((state, action))
    roles = sorted(edge.roles - {Role.MACHINE})
    if office.house.engine.dialect.name == "postgresql":
        del roles[1:]  # who may is the same on every database
    for role in roles:
        case_id = office.reach(state)
        fields = office.fields(case_id, action)
        before = office.case(case_id)
        offered = possible_actions(office.house, case_id, STAFF[role])
        assert action in {entry.action for entry in offered}
        done = office.do(case_id, action, STAFF[role], expected_version=before.version, **fields)
        after = office.case(case_id)
        assert (after.state, after.version) == (edge.to.value, before.version + 1)
        assert (done.state, done.version) == (edge.to, after.version)
        event = [e for e in office.events(case_id) if e.action == action.value][-1]
        assert (event.actor, event.after["role"]) == (STAFF[role], role.value)
        moved = (state.value, edge.to.value) if edge.to is not state else (None, None)
        assert (event.from_state, event.to_state) == moved


@pytest.mark.parametrize(("state", "action"), EDGES)
def test_everybody_else_is_refused_and_nothing_changes(
    office: CaseOffice, state: CaseState, action: Action
) -> None:
    edge = _edge((state, action))
    case_id, fields = office.untouched(state, action)
    before, events = office.case(case_id), office.count()
    for role in set(STAFF) - edge.roles:
        offered = possible_actions(office.house, case_id, STAFF[role])
        assert action not in {entry.action for entry in offered}
        with pytest.raises(ActionRefused):
            office.do(case_id, action, STAFF[role], **fields)
    for stranger in ("nobody", ""):
        with pytest.raises(ActionRefused):
            office.do(case_id, action, stranger, **fields)
    after = office.case(case_id)
    assert (after.state, after.version) == (before.state, before.version)
    assert office.count() == events


@pytest.mark.parametrize(("state", "action"), IN_A_GROUP)
def test_people_of_another_group_are_refused(
    office: CaseOffice, state: CaseState, action: Action
) -> None:
    edge = _edge((state, action))
    case_id, fields = office.untouched(state, action)
    events = office.count()
    for role, stranger in ((Role.OFFICER, "pranee"), (Role.GROUP_HEAD, "decha")):
        if role in edge.roles:
            with pytest.raises(ActionRefused):
                office.do(case_id, action, stranger, **fields)
    assert office.count() == events


@pytest.mark.parametrize(
    ("state", "action", "missing"),
    [(*key, name) for key in EDGES for name in sorted(_edge(key).required)],
)
def test_a_missing_field_is_refused(
    office: CaseOffice, state: CaseState, action: Action, missing: str
) -> None:
    case_id, fields = office.untouched(state, action)
    fields.pop("memo" if missing == "draft" else missing)
    if (missing, action) == ("draft", Action.SUBMIT_DRAFT):
        with office.house.sessions.begin() as session:
            # Without one handed in, the memo in force is submitted; here there is none.
            supersede_drafts(session, session.get_one(Case, case_id), at=office.clock())
    events = office.count()
    role = sorted(_edge((state, action)).roles - {Role.MACHINE})[0]
    for empty in ({}, {missing: "  "}) if missing in ("reason", "agency", "contact") else ({},):
        with pytest.raises(ActionRefused, match=missing):
            office.do(case_id, action, STAFF[role], **fields, **empty)
    assert office.count() == events


@pytest.mark.parametrize(("state", "action"), EDGES)
def test_a_stale_version_is_told(office: CaseOffice, state: CaseState, action: Action) -> None:
    case_id, fields = office.untouched(state, action)
    events = office.count()
    role = sorted(_edge((state, action)).roles - {Role.MACHINE})[0]
    seen = office.case(case_id).version - 1
    with pytest.raises(StaleVersion):
        office.do(case_id, action, STAFF[role], expected_version=seen, **fields)
    assert office.count() == events


@pytest.mark.parametrize(("state", "action"), MACHINES)
def test_what_is_the_machines_is_nobody_elses(
    office: CaseOffice, state: CaseState, action: Action
) -> None:
    case_id, _ = office.untouched(state, action)
    for name in STAFF.values():
        with pytest.raises(ActionRefused):
            office.do(case_id, action, name, category="complaint", group="complaints")


def test_an_action_that_no_edge_has_is_refused(office: CaseOffice) -> None:
    for state in set(CaseState) - {CaseState.DUPLICATE, CaseState.VOIDED}:
        case_id, _ = office.untouched(state, Action.VOID)
        for action in set(Action) - {a for s, a in STATE_TABLE if s is state}:
            with pytest.raises(ActionRefused):
                office.do(case_id, action, STAFF[Role.OFFICE_HEAD], reason="ลอง")


@pytest.mark.parametrize("ended", [Action.VOID, Action.MARK_DUPLICATE, Action.MERGE])
def test_what_has_ended_so_never_goes_on(office: CaseOffice, ended: Action) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    office.do(case_id, ended, STAFF[Role.REGISTRAR], **office.fields(case_id, ended))
    assert possible_actions(office.house, case_id, STAFF[Role.OFFICE_HEAD]) == ()
    for action in Action:
        with pytest.raises(ActionRefused):
            office.do(case_id, action, STAFF[Role.OFFICE_HEAD], reason="ลอง")


@pytest.mark.parametrize(
    ("proposal", "confirmation"),
    [
        (Action.PROPOSE_TRANSFER, Action.CONFIRM_TRANSFER),
        (Action.PROPOSE_NO_REPLY, Action.CONFIRM_NO_REPLY),
    ],
)
def test_whoever_proposed_is_not_the_second_person(
    office: CaseOffice, proposal: Action, confirmation: Action
) -> None:
    case_id = office.reach(CaseState.IN_REVIEW)
    head = STAFF[Role.GROUP_HEAD]
    office.do(case_id, proposal, head, **office.fields(case_id, proposal))
    assert confirmation not in {a.action for a in possible_actions(office.house, case_id, head)}
    with pytest.raises(ActionRefused, match="second person"):
        office.do(case_id, confirmation, head)
    done = office.do(case_id, confirmation, SECOND[Role.GROUP_HEAD])
    assert done.state is CaseState.CLOSED
