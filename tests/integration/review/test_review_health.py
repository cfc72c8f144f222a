"""What a monitor may learn: whether the house is well; with its token, counts, and no letter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from correspondence.vocabulary import IntakeOutcome
from pipeline.bootstrap import House
from tests.conftest import SetClock
from tests.seeding import Seed, end_in, register, small_house
from tests.servers.review_app import running_review_app

TOKEN = "monitor-of-the-office"


def source_of(house: House) -> str:
    return house.configuration.sources.enabled[0].name


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("house")
    opened = small_house(home, SetClock(), metrics_token=SecretStr(TOKEN))
    register(opened, Seed(subject="เรื่องที่ห้ามเห็น", sender="ผู้ที่ห้ามเห็น"))
    end_in(opened, IntakeOutcome.HELD, "damaged", "แฟ้มที่ห้ามเห็น.pdf")
    opened.ledger.polls.note(source_of(opened), fault_code="source_unavailable")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def client(house: House) -> Iterator[httpx.Client]:
    with running_review_app(house) as opened:
        yield opened


def metrics(client: httpx.Client, header: str | None) -> httpx.Response:
    return client.get("/metrics", headers={"Authorization": header} if header else {})


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", TOKEN, "Bearer ผิด"])
def test_without_the_token_there_is_no_such_page(client: httpx.Client, header: str | None) -> None:
    sent = {"Authorization": header.encode()} if header else {}
    answer = client.get("/metrics", headers=sent)
    assert answer.status_code == 404 and "saraban_" not in answer.text


def test_the_token_opens_counts_that_a_monitor_can_read(house: House, client: httpx.Client) -> None:
    answer = metrics(client, f"Bearer {TOKEN}")
    assert answer.status_code == 200
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert found["saraban_letters",] == 1
    assert found["saraban_intake_items", "held"] == 1
    assert found["saraban_alert", "source_unavailable", source_of(house)] == 1
    assert found["saraban_disk_free_bytes",] > 0


def test_metrics_hold_nothing_of_a_letter(client: httpx.Client) -> None:
    assert "ห้ามเห็น" not in metrics(client, f"Bearer {TOKEN}").text


def test_an_office_that_sets_no_token_has_no_such_page(tmp_path: Path) -> None:
    house = small_house(tmp_path, SetClock())
    with running_review_app(house) as client:
        for header in (None, "Bearer", "Bearer x"):
            assert metrics(client, header).status_code == 404
    house.close()
