"""Due dates from flags or JSON Lines (`saraban due`); needs no database, reads its calendar."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from office.configuration import Configuration, read_configuration
from office.settings import read_settings
from pipeline.calendar_shelf import standing_calendar
from routing.batch import BatchDecision, BatchResult, count_line, count_lines
from routing.calendar import WorkingCalendar
from routing.explicit import ExplicitResult


def count_flags(flags: Mapping[str, object]) -> ExplicitResult | BatchDecision:
    """Return the due date of one letter or one explicit count.

    Raises:
        WrongCount: a flag has a wrong value; names it.
        CalendarYearMissing: the count reaches a year without data.
    """
    configuration, calendar = _office()
    return count_line(json.dumps(flags), configuration.deadlines, calendar)


def count_batch(lines: Iterable[str]) -> Iterator[BatchResult]:
    """Yield one result a line; a wrong line yields its named fault and the batch goes on."""
    configuration, calendar = _office()
    return count_lines(lines, configuration.deadlines, calendar)


def _office() -> tuple[Configuration, WorkingCalendar]:
    settings = read_settings()
    configuration = read_configuration(settings.config_folder)
    return configuration, standing_calendar(settings, configuration.calendar)
