"""Apply the rules of mailboxes to mails whose bytes and rows are committed, before any is read."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from correspondence.errors import BlobDamaged
from correspondence.vocabulary import IntakeOutcome
from intake.mail_rules import first_match
from office.mailbox_rules import MailboxRule
from pipeline.bootstrap import House
from registry.models import IntakeItem
from registry.registration import Verdict, end_item

ACTOR = "saraban"
RULE_CODE = "mailbox_rule"
_BATCH = 200


@dataclass(frozen=True, slots=True)
class _Sorted:
    item_id: int
    rule: MailboxRule | None


def sort_mails(house: House) -> int:
    """Sort every mail that waits for the rules of its mailbox; returns how many.

    Killed in between, the rest is sorted at the next call; no mail is claimed before it was
    sorted. A rule changed later says nothing of mails that were sorted before.
    """
    count = 0
    while sorted_mails := _sort_batch(house):
        count += sorted_mails
    return count


def _sort_batch(house: House) -> int:
    rules = {box.name: box.rule for box in house.configuration.sources.mailbox}
    with house.sessions.begin() as session:
        waiting = session.scalars(
            select(IntakeItem)
            .where(
                IntakeItem.sorted_at.is_(None),
                IntakeItem.outcome == IntakeOutcome.PENDING.value,
            )
            .order_by(IntakeItem.id)
            .limit(_BATCH)
        ).all()
    found = [_Sorted(item.id, _find_rule(house, item, rules)) for item in waiting]
    for one in found:
        _apply(house, one)
    return len(found)


def _find_rule(
    house: House, item: IntakeItem, rules: dict[str, tuple[MailboxRule, ...]]
) -> MailboxRule | None:
    of_mailbox = rules.get(item.source, ())
    if not of_mailbox:
        return None
    try:
        raw = house.blobs.get(item.sha256)
    except BlobDamaged:
        # Whoever reads it will hold it with that reason.
        return None
    return first_match(of_mailbox, raw, item.stored_at - item.arrived_at)


def _apply(house: House, found: _Sorted) -> None:
    now, rule = house.clock(), found.rule
    with house.sessions.begin() as session:
        item = session.get_one(IntakeItem, found.item_id, with_for_update=True)
        if item.sorted_at is not None or item.outcome != IntakeOutcome.PENDING.value:
            return
        item.sorted_at = now
        if rule is None:
            return
        item.rule = rule.name
        if rule.priority:
            # The office's own word goes before what the subject asks for.
            item.priority = rule.priority
        if rule.category_hint is not None:
            item.category_hint = rule.category_hint.value
        if rule.channel is not None:
            item.channel = rule.channel.value
        if rule.skip:
            verdict = Verdict(
                IntakeOutcome.QUARANTINED,
                RULE_CODE,
                f"{rule.skip} (กฎ {rule.name})",
                f"Put aside unread by the mailbox rule {rule.name}.",
            )
            end_item(session, item, verdict, at=now, actor=ACTOR)
