"""Send what waits in the outbox: mails through the mail server, the rest through channels."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from typing import Protocol

from correspondence.errors import SourceUnavailable
from correspondence.reading import Frozen
from pipeline.alerts import OUTBOX
from pipeline.bootstrap import House
from pipeline.channels import ChannelPost
from pipeline.notice_mails import digest_without
from pipeline.postbox import MessagePutOff, MessageRefused, Postbox, read_address
from registry.alerts import clear_alerts, raise_alert
from registry.notices import DIGEST, void_cases_of
from registry.outbox import (
    Carrier,
    WaitingMessage,
    claim_messages,
    defer_messages,
    mark_refused,
    mark_sent,
    outbox_standing,
    rewrite_message,
    withdraw_claimed,
)
from registry.voiding import CASE_VOIDED
from routing.reminders import NoticeKind, in_office_hours

LEASE = timedelta(minutes=15)
# A slow server must not hold messages beyond their lease, or another sender takes them too.
SLOW = LEASE / 3
BATCH = 20
# What leaves in office hours only.
REMINDERS = (DIGEST, *(kind.value for kind in NoticeKind))


def as_it_stands(house: House, message: WaitingMessage) -> WaitingMessage | None:
    """Return a claimed message as it may leave now; None where nothing of it may.

    A digest that had to wait is written anew without the cases that were voided, or merged into
    another, in the meantime. A message about one such case was withdrawn with it.
    """
    alert, _, rest = message.key.partition(":")
    if alert != DIGEST:
        return message
    with house.sessions.begin() as session:
        gone = void_cases_of(session, message.id)
        if not gone:
            return message
        day = date.fromisoformat(rest.partition("/")[0])
        text = digest_without(message.body, day, gone)
        if text is None:
            withdraw_claimed(session, message.id, CASE_VOIDED, at=house.clock())
            return None
        rewrite_message(session, message.id, text.subject, text.body)
    return replace(message, subject=text.subject, body=text.body)


class SendCounts(Frozen):
    """What a pass over the outbox did: counts only; `fault` names why a server took nothing."""

    sent: int
    refused: int
    waiting: int
    given_up: int
    fault: str | None = None


class _Post(Protocol):
    def send(self, message: WaitingMessage) -> None: ...


def send_outbox(house: House) -> SendCounts:
    """Send what waits through SARABAN_SMTP_URL and SARABAN_NOTIFY_URLS; without one, it waits.

    Reminders leave in office hours only. A server that is away defers everything and refuses
    nothing; that, and what was given up, stands as an alert until it is mended.

    Raises:
        ConfigurationFault: one of the addresses is wrong.
        MissingDependency: there are channels, but apprise is not installed.
    """
    sent = refused = 0
    reached = False
    faults: list[str] = []
    mail, channels = house.settings.smtp_url.get_secret_value(), house.settings.channels
    if mail:
        address = read_address(mail)
        passed = _Pass(house, Carrier.MAIL)
        passed.run(lambda: Postbox(address))
        reached = passed.reached
        sent, refused = sent + passed.sent, refused + passed.refused
        faults += [passed.fault] if passed.fault else []
    if channels:
        passed = _Pass(house, Carrier.CHANNEL)
        passed.run(lambda: ChannelPost(channels))
        sent, refused = sent + passed.sent, refused + passed.refused
        faults += [passed.fault] if passed.fault else []
    standing = outbox_standing(house.sessions)
    _tell_standing(house, faults, standing.given_up, mail_reached=reached)
    return SendCounts(
        sent=sent,
        refused=refused,
        waiting=standing.waiting,
        given_up=standing.given_up,
        fault=faults[0] if faults else None,
    )


class _Pass:
    """One pass over what one carrier takes."""

    def __init__(self, house: House, carrier: Carrier) -> None:
        self._house, self._carrier = house, carrier
        self.sent = self.refused = 0
        self.fault: str | None = None
        self.reached = False

    def run(self, open_post: Callable[[], AbstractContextManager[_Post]]) -> None:
        """Claim and send batch by batch until nothing is left or the server is away."""
        house = self._house
        hours = house.configuration.deadlines.office_hours
        open_now = in_office_hours(house.clock(), hours, house.calendar)
        while self.fault is None:
            batch = claim_messages(
                house.sessions,
                now=house.clock(),
                limit=BATCH,
                lease=LEASE,
                withheld=() if open_now else REMINDERS,
                carrier=self._carrier,
            )
            if not batch:
                return
            waiting = [message.id for message in batch]
            until = house.clock() + SLOW
            try:
                with open_post() as post:
                    self.reached = True
                    for message in batch:
                        if house.clock() > until:
                            raise SourceUnavailable("The server takes messages too slowly.")
                        current = as_it_stands(house, message)
                        if current is not None:
                            self._send(post, current)
                        waiting.remove(message.id)
            except SourceUnavailable as away:
                defer_messages(house.sessions, waiting, away.code, at=house.clock())
                self.fault = away.code

    def _send(self, post: _Post, message: WaitingMessage) -> None:
        house = self._house
        try:
            post.send(message)
        except MessageRefused as refusal:
            mark_refused(house.sessions, message.id, refusal.code, at=house.clock())
            self.refused += 1
        except MessagePutOff as later:
            defer_messages(house.sessions, [message.id], later.code, at=house.clock())
        else:
            mark_sent(house.sessions, message.id, at=house.clock())
            self.sent += 1


def _tell_standing(house: House, faults: list[str], given_up: int, *, mail_reached: bool) -> None:
    """Raise or clear the alerts of the outbox.

    A server that nothing was tried with, at night or between two tries, is as it was.
    """
    met = [*dict.fromkeys(faults), *([MessageRefused.code] if given_up else [])]
    standing = met if mail_reached else [*met, SourceUnavailable.code]
    now = house.clock()
    with house.sessions.begin() as session:
        clear_alerts(session, OUTBOX, at=now, but=standing)
        for code in met:
            raise_alert(session, OUTBOX, code, at=now)
