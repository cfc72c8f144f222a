"""How the office stands, in the text form that Prometheus reads: counts and times, no letter."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from pipeline.bootstrap import House
from pipeline.standing import Standing, office_standing

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


def office_metrics(house: House) -> bytes:
    """Return the metrics of this moment; every scrape asks the database once.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer.
    """
    registry = CollectorRegistry()
    registry.register(_Readings(list(_readings(house, office_standing(house)))))
    return generate_latest(registry)


class _Readings:
    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = tuple(metrics)

    def collect(self) -> Iterator[Metric]:
        yield from self._metrics


def _readings(house: House, standing: Standing) -> Iterator[Metric]:
    now = house.clock()
    yield _counts("saraban_intake_items", "Ledger rows by outcome.", "outcome", standing.intake)
    yield _counts("saraban_cases", "Cases by state.", "state", standing.cases)
    for name, told, value in (
        ("saraban_letters", "Letters registered.", standing.letters),
        ("saraban_cases_overdue", "Open cases past their due date.", standing.overdue),
        ("saraban_cases_due_today", "Open cases due today.", standing.due_today),
        ("saraban_cases_stuck", "Cases the machine has given up on.", standing.stuck),
        ("saraban_disk_free_bytes", "Free room of the data folder.", _free(house)),
    ):
        yield GaugeMetricFamily(name, told, value)
    alerts = GaugeMetricFamily(
        "saraban_alert", "Alerts in force: times met.", labels=["source", "code"]
    )
    for alert in standing.alerts:
        alerts.add_metric([alert.source, alert.code], alert.count)
    yield alerts
    yield _ages(
        "saraban_last_good_pull_seconds",
        "Seconds since the last good pull.",
        "source",
        ((one.source, one.last_good_poll_at) for one in standing.sources),
        now,
    )
    yield _ages(
        "saraban_last_run_seconds",
        "Seconds since the last finished pass of a kind.",
        "kind",
        ((run.kind, run.finished_at) for run in standing.last_runs),
        now,
    )


def _counts(name: str, told: str, label: str, counts: dict[str, int]) -> Metric:
    metric = GaugeMetricFamily(name, told, labels=[label])
    for value, count in sorted(counts.items()):
        metric.add_metric([value], count)
    return metric


def _ages(
    name: str,
    told: str,
    label: str,
    moments: Iterable[tuple[str, datetime | None]],
    now: datetime,
) -> Metric:
    metric = GaugeMetricFamily(name, told, labels=[label])
    for value, moment in moments:
        if moment is not None:
            metric.add_metric([value], (now - moment).total_seconds())
    return metric


def _free(house: House) -> int:
    return shutil.disk_usage(house.settings.home_folder).free
