"""What is past its keeping period: a list for people. Nothing is ever deleted here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from correspondence.clock import BANGKOK, bangkok_day
from correspondence.reading import Frozen
from office.retention import KeepRule, RetentionRules, UnregisteredRule, read_retention
from pipeline.bootstrap import House
from registry.engine import open_snapshot
from registry.retention import ended_cases, ended_items, numbers_of_cases


class RetentionLine(Frozen):
    """A case or an item past its period; days are Bangkok's, `keep_until` the last one it is kept.

    Of a restricted case nothing tells what it is about, so its `rule` is None.
    """

    record: Literal["case", "intake_item"]
    id: int
    register_numbers: tuple[str, ...]
    ended_on: date
    keep_until: date
    rule: str | None


class RetentionList(Frozen):
    """JSON of `retention`: what is past its period on a day, and rules nobody has compared."""

    on: date
    cases: int
    items: int
    unverified: tuple[str, ...]
    lines: tuple[RetentionLine, ...]


def list_retention(house: House, on: date | None = None) -> RetentionList:
    """Return what is past its keeping period; changes nothing.

    Args:
        house: the office's house.
        on: as of this day (CE, Bangkok); today by default. A later day shows what will be.

    Raises:
        ConfigurationFault: `retention.toml` is wrong.
    """
    rules = read_retention(house.configuration.folder)
    day = on or bangkok_day(house.clock())
    with open_snapshot(house.sessions) as session:
        lines = (*_cases(session, rules, day), *_items(session, rules, day))
    cases = sum(line.record == "case" for line in lines)
    in_force: tuple[KeepRule | UnregisteredRule, ...] = (
        rules.otherwise,
        *rules.case,
        *rules.unregistered,
    )
    return RetentionList(
        on=day,
        cases=cases,
        items=len(lines) - cases,
        unverified=tuple(rule.id for rule in in_force if not rule.verified),
        lines=lines,
    )


def keep_until(ended_on: date, years: int) -> date:
    """Return the last day of a period of whole years; one begun on 29 February ends on the 28th."""
    try:
        return ended_on.replace(year=ended_on.year + years)
    except ValueError:
        return ended_on.replace(year=ended_on.year + years, day=28)


def _cases(session: Session, rules: RetentionRules, on: date) -> list[RetentionLine]:
    least = min(rule.years for rule in (rules.otherwise, *rules.case))
    found = []
    for case in ended_cases(session, _start(_years_before(on, least))):
        rule = rules.rule_for(case.category)
        ended_on = bangkok_day(case.ended_at)
        until = keep_until(ended_on, rule.years)
        if until < on:
            found.append((case, ended_on, until, None if case.restricted else rule.id))
    numbers = numbers_of_cases(session, [case.id for case, *_ in found])
    return [
        RetentionLine(
            record="case",
            id=case.id,
            register_numbers=numbers.get(case.id, ()),
            ended_on=ended_on,
            keep_until=until,
            rule=rule_id,
        )
        for case, ended_on, until, rule_id in found
    ]


def _items(session: Session, rules: RetentionRules, on: date) -> Iterator[RetentionLine]:
    for rule in rules.unregistered:
        kept = timedelta(days=rule.days)
        for outcome in rule.outcomes:
            for item in ended_items(session, outcome.value, _start(on - kept)):
                ended_on = bangkok_day(item.ended_at)
                yield RetentionLine(
                    record="intake_item",
                    id=item.id,
                    register_numbers=(),
                    ended_on=ended_on,
                    keep_until=ended_on + kept,
                    rule=rule.id,
                )


def _years_before(day: date, years: int) -> date:
    # A day too many is sorted out by the rule itself.
    return date(day.year - years, day.month, min(day.day, 28)) + timedelta(days=4)


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=BANGKOK)
