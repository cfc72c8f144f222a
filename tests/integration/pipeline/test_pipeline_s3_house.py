"""A whole house whose blobs lie on S3: backup, wipe, restore; and what waits while it is away."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from correspondence.clock import utc_now
from correspondence.vocabulary import IntakeOutcome
from office.settings import Settings
from pipeline.admission import admit_items, claim_items
from pipeline.backup import back_up
from pipeline.bootstrap import House, open_house
from pipeline.casework import claim_work, draft_cases, route_cases
from pipeline.restoring import restore
from pipeline.verifying import verify_house
from registry.blobs import BlobStore
from registry.models import Case, Draft, IntakeItem
from tests.ready_databases import ready_sqlite
from tests.seeding import Seed, register
from tests.servers.s3_server import S3Server, running_s3


def quiet(_part: str, _done: int, _total: int) -> None:
    return None


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with running_s3() as running:
        yield running


@pytest.fixture
def house(server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    bucket = server.make_bucket(tmp_path.name.replace("_", "-").lower())
    ready_sqlite(tmp_path / "home" / "saraban.db")
    with open_house(Settings(home=tmp_path / "home", blob_url=bucket, workers=1)) as opened:
        yield opened


def test_backup_wipe_restore_and_nothing_is_missing(
    house: House, server: S3Server, tmp_path: Path
) -> None:
    for number in range(3):
        register(house, Seed(subject=f"ขอให้ซ่อมอาคารเรียนหลังที่ {number}"))
    made = back_up(house.settings, tmp_path / "backup", quiet, utc_now)
    assert (made.outcome, made.missing) == ("whole", 0)
    assert made.blobs > 0
    client, bucket = server.client("s3"), house.settings.blob_url.split("/")[2]
    for item in client.list_objects_v2(Bucket=bucket)["Contents"]:
        client.delete_object(Bucket=bucket, Key=item["Key"])
    assert verify_house(house, quiet).outcome == "faults_found"
    house.close()
    restored = restore(house.settings, tmp_path / "backup", quiet, utc_now, replace=True)
    assert (restored.outcome, restored.verify.outcome) == ("whole", "whole")


def test_while_the_store_is_away_letters_and_cases_wait_and_lose_no_try(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = register(house, Seed())
    with house.sessions.begin() as session:
        session.get_one(Case, case_id).state = "assigned"
        session.scalars(select(Draft)).one().superseded_at = utc_now()
        item = session.scalars(select(IntakeItem)).one()
        item.outcome, item.settled_at = IntakeOutcome.PENDING.value, None
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    away = dataclasses.replace(house, blobs=BlobStore(house.settings.blob_url, seconds=0.3))
    ids = claim_items(away, "tests")
    assert ids
    with away.readers() as readers:
        assert admit_items(away, "tests", ids, readers) == {IntakeOutcome.PENDING: len(ids)}
    # They wait a minute, so that a pass does not turn in circles.
    assert claim_items(away, "tests") == []
    cases = claim_work(away, "tests")
    assert case_id in cases
    route_cases(away, "tests", cases)
    assert draft_cases(away, "tests", cases)["failed"] == len(cases)
    with house.sessions() as session:
        item = session.get_one(IntakeItem, ids[0])
        assert (item.attempts, item.reason_code) == (0, "blob_store_away")
        case = session.get_one(Case, case_id)
        assert (case.attempts, case.fault_code) == (0, "blob_store_away")
    away.blobs.close()
