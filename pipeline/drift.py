"""Does the classifier still fit the post? Its abstentions and corrections of a week, looked at.

What is usual comes from the eight weeks before. A rate is out of the ordinary when it lies more
than three standard deviations of a binomial count above the usual one, so that a quiet week with
two odd letters raises nothing.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from correspondence.reading import Frozen
from pipeline.alerts import CLASSIFIER_WEEK
from pipeline.bootstrap import House
from registry.alerts import clear_alerts, raise_alert
from registry.learning import decision_counts

DRIFT = "classifier_drift"

WEEK = timedelta(days=7)
USUAL_WEEKS = 8
LEAST_LETTERS = 20
"""Below that a week says nothing."""

EXPECTED_ABSTAINED = 0.07
EXPECTED_CORRECTED = 0.05
"""What held-out letters show; stands in while the weeks before are too few to say."""

_DEVIATIONS = 3.0


class Drift(Frozen):
    """JSON: a week's letters and rates beside the usual ones; `drifted` raises an alert."""

    since: datetime
    until: datetime
    letters: int
    abstained: int
    corrected: int
    usual_abstained: float
    usual_corrected: float
    drifted: bool


def watch_drift(house: House) -> Drift:
    """Compare the last seven days with the eight weeks before; raise or clear the alert."""
    until = house.clock()
    since = until - WEEK
    with house.sessions.begin() as session:
        letters, abstained, corrected = decision_counts(session, since, until)
        before, abstained_before, corrected_before = decision_counts(
            session, since - USUAL_WEEKS * WEEK, since
        )
        usual_abstained = usual_rate(abstained_before, before, EXPECTED_ABSTAINED)
        usual_corrected = usual_rate(corrected_before, before, EXPECTED_CORRECTED)
        drifted = is_unusual(abstained, letters, usual_abstained) or is_unusual(
            corrected, letters, usual_corrected
        )
        if drifted:
            raise_alert(session, CLASSIFIER_WEEK, DRIFT, at=until)
        else:
            clear_alerts(session, CLASSIFIER_WEEK, at=until)
    return Drift(
        since=since,
        until=until,
        letters=letters,
        abstained=abstained,
        corrected=corrected,
        usual_abstained=round(usual_abstained, 4),
        usual_corrected=round(usual_corrected, 4),
        drifted=drifted,
    )


def usual_rate(count: int, letters: int, expected: float) -> float:
    """Return a rate; with few letters behind it, it leans on the expected one."""
    return (count + LEAST_LETTERS * expected) / (letters + LEAST_LETTERS)


def is_unusual(count: int, letters: int, usual: float) -> bool:
    """Whether a count of so many letters is far above what the usual rate gives."""
    if letters < LEAST_LETTERS:
        return False
    deviation = math.sqrt(letters * usual * (1 - usual))
    return count > letters * usual + _DEVIATIONS * deviation
