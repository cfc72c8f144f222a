"""One pass of reminders on demand: put what is due, tell alerts, send what waits."""

from __future__ import annotations

from correspondence.reading import Frozen
from pipeline.alert_notices import tell_alerts
from pipeline.bootstrap import House
from pipeline.cycle import record_cycle
from pipeline.posting import SendCounts, send_outbox
from pipeline.reminding import ReminderCounts, remind


class ReminderPass(Frozen):
    """JSON of `remind`: counts only."""

    reminders: ReminderCounts
    alerts: int
    outbox: SendCounts


def run_reminders(house: House) -> ReminderPass:
    """Do what the flow `remind` does, in this process.

    Raises:
        ConfigurationFault: a mail template, SARABAN_SMTP_URL or SARABAN_NOTIFY_URLS is wrong.
        MissingDependency: there are channels, but apprise is not installed.
    """
    started = house.clock()
    done = ReminderPass(
        reminders=remind(house), alerts=tell_alerts(house), outbox=send_outbox(house)
    )
    outcome = "fault" if done.outbox.fault else "done"
    counts = {
        **done.reminders.model_dump(exclude={"office_open"}),
        "alerts": done.alerts,
        **done.outbox.model_dump(exclude={"fault"}),
    }
    record_cycle(house, "remind", started, counts, outcome=outcome)
    return done
