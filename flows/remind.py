"""The flow that puts reminders and alerts into the outbox and sends what waits there."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run

from flows.count_words import count_rows, thai_line
from flows.counts import show_counts
from flows.descriptions import REMIND
from flows.run_end import called, end_run
from flows.run_log import start_log
from flows.steps import run_step
from pipeline.alert_notices import tell_alerts
from pipeline.bootstrap import open_house
from pipeline.calendar_watch import tend_calendar
from pipeline.cycle import record_cycle
from pipeline.posting import send_outbox
from pipeline.reminding import remind as put_reminders


@flow(
    name="remind",
    description=REMIND,
    flow_run_name=called("remind"),
    persist_result=False,
)
def remind() -> State[None]:
    """Remind and send; a mail server that is away fails the run and loses nothing."""
    with open_house() as house:
        start_log(house.settings, "remind")
        started = house.clock()
        tended = run_step("calendar", "open-cases", lambda: tend_calendar(house))
        reminded = run_step("remind", "open-cases", lambda: put_reminders(house))
        told = run_step("tell", "alerts", lambda: tell_alerts(house))
        posted = run_step("send", "outbox", lambda: send_outbox(house))
        counts = {
            "redated": tended.redated,
            "watched": reminded.watched,
            "put": reminded.put,
            "later": reminded.later,
            "unreachable": reminded.unreachable,
            "unclear": reminded.unclear,
            "alerts": told,
            "sent": posted.sent,
            "refused": posted.refused,
            "waiting": posted.waiting,
            "given_up": posted.given_up,
        }
        show_counts(
            "remind",
            count_rows(counts),
            f"**{thai_line(counts)}**\n\nReminders and the outbox",
        )
        outcome = "fault" if posted.fault else "done"
        record_cycle(house, "remind", started, counts, outcome=outcome, run_id=str(flow_run.id))
    said = f"{reminded.put} put, {posted.sent} sent, {posted.waiting} waiting"
    if posted.fault:
        remedy = "nothing is lost, the next run sends it; if it lasts, check SARABAN_SMTP_URL"
        return end_run(said, failed=f"{posted.fault}: {remedy}")
    lost = posted.given_up + reminded.unreachable
    return end_run(said, attention=f"{lost} reach nobody" if lost else "")
