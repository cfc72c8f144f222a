"""A house of the first release comes up under this one with everything it held, and goes on.

A few letters as part of the tests; `make soak` sets SARABAN_TEST_UPGRADE_LETTERS=10000.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select

from correspondence.states import Action
from correspondence.vocabulary import CaseState
from office.settings import Settings
from pipeline.bootstrap import open_house
from pipeline.case_actions import act_on_case
from pipeline.case_request import CaseRequest
from pipeline.casework import claim_work, process_cases
from pipeline.search_view import tend_index
from pipeline.verifying import verify_house
from registry.audit_check import check_trail
from registry.audit_form import AuditKeys
from registry.blobs import BlobStore
from registry.engine import open_engine, open_sessions, open_snapshot
from registry.leases import lease_owner
from registry.migrate import upgrade_schema
from registry.models import Letter
from registry.models.search import LetterSearchRow
from tests.conftest import SetClock
from tests.schema_differences import differences
from tests.seeding import register
from tests.soak.first_release import build_first_office, empty_database, picture_of

LETTERS = int(os.environ.get("SARABAN_TEST_UPGRADE_LETTERS", "40"))
MANY = LETTERS >= 1000

pytestmark = [pytest.mark.faults, pytest.mark.timeout(120 + LETTERS // 5)]


def say_nothing(_part: str, _done: int, _total: int) -> None:
    """Progress nobody looks at."""


def test_everything_of_the_first_release_is_kept_and_work_goes_on(
    empty_database_url: str, tmp_path: Path, clock: SetClock
) -> None:
    empty_database(empty_database_url)
    home = tmp_path / "home"
    first = build_first_office(empty_database_url, BlobStore(f"file://{home / 'blobs'}"), LETTERS)
    engine = open_engine(empty_database_url)
    begun = time.monotonic()
    upgrade_schema(engine)
    seconds = time.monotonic() - begun
    sys.stderr.write(f"{engine.dialect.name}: {LETTERS} letters upgraded in {seconds:.1f} s\n")
    with engine.connect() as connection:
        assert differences(connection) == []
        looked = inspect(connection)
        for table, columns in first.picture.items():
            keys = looked.get_pk_constraint(table)["constrained_columns"]
            assert picture_of(connection, table, columns, keys, {}) == columns, table
    with open_snapshot(open_sessions(engine)) as session:
        trail = check_trail(session, AuditKeys())
    assert (trail.breaks, trail.sequence) == ((), first.events)
    engine.dispose()

    said = {"home": home, "database_url": empty_database_url, "blob_url": "", "smtp_url": ""}
    with open_house(Settings.model_validate(said), clock=clock) as house:
        report = verify_house(house, say_nothing)
        assert (report.outcome, report.findings) == ("whole", ())
        assert report.blobs == first.items + 2
        approved = act_on_case(
            house, CaseRequest(case_id=1, action=Action.APPROVE, by="group.head")
        )
        assert approved.state is CaseState.SIGN_OFF
        for _ in range(2):
            register(house)
        if MANY:
            # The machine takes up what the first release left waiting.
            owner = lease_owner()
            steps = process_cases(house, owner, claim_work(house, owner))
            assert steps["drafted"] + steps["triage"] > 0
            assert steps["failed"] == 0
        while tend_index(house):
            pass
        with open_snapshot(house.sessions) as session:
            numbers = session.scalars(
                select(Letter.register_number)
                .where(Letter.register_year == 2026)
                .order_by(Letter.register_number)
            ).all()
            indexed = session.scalar(select(func.count()).select_from(LetterSearchRow))
        assert numbers == list(range(1, first.last_number + 3))
        assert indexed == LETTERS + 2
        assert verify_house(house, say_nothing).outcome == "whole"
