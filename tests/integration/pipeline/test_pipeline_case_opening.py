"""Who opens a case and sees which rows of the register, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from correspondence.vocabulary import IntakeOutcome, Role, Secrecy
from office.settings import Settings
from pipeline.bootstrap import House, open_house
from pipeline.case_guard import CaseRestricted, CaseUnknown
from pipeline.case_opening import CaseRefused, open_case
from pipeline.case_view import case_view
from pipeline.memo_file import memo_file
from pipeline.permissions import WHOLE_REGISTER, RegisterScope, register_scope
from pipeline.register_view import CaseRow, RegisterFilter, register_counts, register_page
from pipeline.staff import StaffMember
from registry.models import AuditEvent, Case
from tests.conftest import SetClock
from tests.seeding import Seed, end_in, finish, register


@pytest.fixture
def house(database_url: str, tmp_path: Path, clock: SetClock) -> Iterator[House]:
    opened = open_house(Settings(home=tmp_path, database_url=database_url), clock=clock)
    yield opened
    opened.close()


def staff(*held: tuple[Role, str | None], clearance: Secrecy = Secrecy.OPEN) -> StaffMember:
    return StaffMember(1, "looker", "x", clearance, held)


OFFICER = staff((Role.OFFICER, "complaints"))
REGISTRAR_OF_SECRETS = staff((Role.SECRET_REGISTRAR, None), clearance=Secrecy.CONFIDENTIAL)


def looks(house: House) -> list[tuple[str, int | None]]:
    with house.sessions.begin() as session:
        found = session.scalars(
            select(AuditEvent).where(AuditEvent.actor == "looker").order_by(AuditEvent.id)
        )
        return [(event.action, event.case_id) for event in found]


def test_an_open_case_of_one_s_group_leaves_no_trace_and_others_are_refused(house: House) -> None:
    own, other = register(house), register(house, Seed(group="political"))
    opened = open_case(house, own, OFFICER, "page")
    assert case_view(house, own, opened).id == own and looks(house) == []
    with pytest.raises(CaseRefused):
        open_case(house, other, OFFICER, "page")
    with pytest.raises(CaseUnknown):
        open_case(house, 99, OFFICER, "page")
    with pytest.raises(CaseRestricted):
        case_view(house, other, opened)
    assert looks(house) == [("refuse_case", other)]


def test_a_restricted_case_opens_by_clearance_and_each_look_is_written_first(house: House) -> None:
    case_id = register(house)
    before = open_case(house, case_id, OFFICER, "page")
    with house.sessions.begin() as session:
        session.get_one(Case, case_id).restricted = True
    for view in (case_view, lambda h, c, o: memo_file(h, c, 1, o)):
        with pytest.raises(CaseRestricted):
            view(house, case_id, before)
    with pytest.raises(CaseRestricted):
        open_case(house, case_id, OFFICER, "page")
    opened = open_case(house, case_id, REGISTRAR_OF_SECRETS, "page")
    assert looks(house) == [("refuse_case", case_id), ("view_case", case_id)]
    assert case_view(house, case_id, opened).id == case_id
    assert memo_file(house, case_id, 1, opened).content
    with pytest.raises(CaseRestricted):
        open_case(house, case_id, staff((Role.SECRET_REGISTRAR, None)), "page")


def test_rows_and_counts_are_those_of_the_scope(house: House) -> None:
    own = register(house, Seed(due=date(2026, 11, 19)))
    register(house, Seed(group="political", due=date(2026, 11, 20)))
    late = register(house, Seed(due=date(2026, 11, 2)))
    finish(house, late)
    triage = register(house, Seed(abstained=True, due=None))
    end_in(house, IntakeOutcome.HELD, "damaged")
    end_in(house, IntakeOutcome.SECRET, "marked_secret")

    def seen(scope: RegisterScope) -> tuple[set[int], int]:
        page = register_page(house, RegisterFilter(), scope=scope)
        return {row.case_id for row in page.rows if isinstance(row, CaseRow)}, page.total

    assert seen(register_scope(OFFICER)) == ({own, late}, 2)
    assert seen(register_scope(staff((Role.GROUP_HEAD, "complaints"))))[0] == {own, late, triage}
    assert seen(register_scope(staff((Role.SECRETARY, None))))[0] == {late}
    assert seen(RegisterScope()) == (set(), 0)
    assert seen(WHOLE_REGISTER)[1] == 6
    mine = register_counts(house, register_scope(OFFICER))
    assert (mine.letters, mine.overdue, mine.due_today) == (2, 1, 0)
    assert mine.intake == {"registered": 2} and mine.cases == {"in_review": 1, "closed": 1}
    whole = register_counts(house, WHOLE_REGISTER)
    assert (whole.letters, whole.overdue, whole.due_today) == (4, 1, 1)
    assert whole.intake == {"registered": 4, "held": 1, "secret": 1}
