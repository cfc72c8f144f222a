"""Tell the administrators of the house's alerts: once when raised, once when cleared."""

from __future__ import annotations

from correspondence.clock import bangkok_day
from correspondence.thai_digits import thai_digits
from correspondence.vocabulary import Role
from pipeline.bootstrap import House
from pipeline.channels import channel_recipient
from pipeline.mail_templates import fill_template
from pipeline.recipients import RecipientList
from registry.alerts import AlertNews, mark_told, untold_alerts
from registry.notices import lock_notices
from registry.outbox import MessageKey, NewMessage, put_message
from routing.wording import word_moment

HOUSE_ALERT = "house_alert"


def tell_alerts(house: House) -> int:
    """Put word of every alert raised or cleared since the last time into the outbox.

    One message a pass and person, at any hour; what passed before it could be told is told as
    passed. With no administrator the registrars are told, else the head of the office; with
    nobody at all it waits. Channels are told too.

    Returns:
        How many messages are new.

    Raises:
        ConfigurationFault: the mail template is missing or wrong.
    """
    now = house.clock()
    with house.sessions.begin() as session:
        lock_notices(session)
        news = untold_alerts(session)
        if not news:
            return 0
        people = RecipientList(session, house.configuration.groups, bangkok_day(now))
        recipients = [
            *people.addresses(Role.ADMINISTRATOR, None),
            *(channel_recipient(url) for url in house.settings.channels),
        ]
        if not recipients:
            return 0
        text = fill_template(
            "house_alert",
            raised=thai_digits(sum(not one.raised_told for one in news)),
            cleared=thai_digits(sum(one.cleared_at is not None for one in news)),
            sections="\n".join(_line(one) for one in news),
        )
        put = sum(
            put_message(
                session,
                NewMessage(
                    MessageKey(HOUSE_ALERT, now.isoformat(), None, recipient),
                    text.subject,
                    text.body,
                ),
                at=now,
            )
            for recipient in recipients
        )
        mark_told(session, news, at=now)
        return put


def _line(news: AlertNews) -> str:
    what = f"{news.source}: {news.code}"
    since = word_moment(news.since)
    if news.cleared_at is None:
        return f"เกิดขึ้น  {what} ตั้งแต่{since}"
    return f"คลี่คลาย  {what} ตั้งแต่{since} ถึง{word_moment(news.cleared_at)}"
