"""What must hold after a soak: each letter once, trail whole, no run stuck, alerts sent once."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256

from tests.soak.house import ADMINISTRATOR, SoakHouse


def assert_each_letter_is_there_once(house: SoakHouse, sent: list[bytes]) -> None:
    """Every mail has one item, one letter, one number and one case before a person; no gap."""
    items = house.query(
        "SELECT id, sha256, outcome, source_done_at, leased_by FROM intake_items ORDER BY id"
    )
    assert Counter(row[1] for row in items) == Counter(sha256(raw).hexdigest() for raw in sent)
    assert Counter(row[2] for row in items) == {"registered": len(sent)}
    assert all(row[3] is not None and row[4] is None for row in items)
    letters = house.query("SELECT intake_item_id FROM letters ORDER BY 1")
    assert letters == [(row[0],) for row in items]
    numbers = house.query("SELECT register_number FROM letters ORDER BY 1")
    assert numbers == [(number + 1,) for number in range(len(sent))]
    settled = house.query(
        "SELECT intake_item_id, count(*) FROM audit_events"
        " WHERE action = 'settle_intake' GROUP BY 1 ORDER BY 1"
    )
    assert settled == [(row[0], 1) for row in items]
    cases = house.query("SELECT state, count(*) FROM cases GROUP BY 1")
    assert set(dict(cases)) <= {"in_review", "triage"}, cases
    drafts = house.query(
        "SELECT count(*), count(DISTINCT case_id) FROM drafts"
        " WHERE case_id IN (SELECT id FROM cases WHERE state = 'in_review')"
    )
    assert drafts[0][0] == drafts[0][1] == dict(cases).get("in_review", 0)
    assert house.mailbox.counts() == (0, len(sent))


def assert_verify_finds_nothing(house: SoakHouse) -> None:
    """Blobs, register, due dates, ledger and the chain of the audit trail are whole."""
    run = house.saraban("verify", "--json")
    assert run.returncode == 0, run.stdout + run.stderr
    assert json.loads(run.stdout)["outcome"] == "whole"
    chain = house.saraban("audit", "verify")
    assert chain.returncode == 0, chain.stdout + chain.stderr


def assert_alerts_were_sent_once(house: SoakHouse) -> str:
    """Every alert was told once when raised and once when passed; each mail left once.

    A kill between the mail server's yes and the note of it sends a mail a second time with the
    same Message-ID, by which mail systems drop it; it is counted.

    Returns:
        What was sent, in a line.
    """
    untold = house.query(
        "SELECT source, code FROM alerts WHERE raised_told_at IS NULL"
        " OR cleared_at IS NULL OR cleared_told_at IS NULL"
    )
    assert untold == []
    mails = [mail for mail in house.sink.mails if mail["To"] == ADMINISTRATOR]
    by_id = {str(mail["Message-ID"]).strip("<>").partition("@")[0]: mail for mail in mails}
    rows = house.query("SELECT token, alert, recipient, sent_at FROM outbox")
    assert all(row[2] == ADMINISTRATOR and row[3] is not None for row in rows), rows
    assert set(by_id) == {row[0] for row in rows}
    # Beside alerts there may be a question, such as for a year's holidays.
    alert_mails = [by_id[row[0]].get_content() for row in rows if row[1] == "house_alert"]
    told: Counter[str] = Counter()
    for body in alert_mails:
        told.update(line.strip().partition(" ")[0] for line in body.splitlines())
    (counted,) = house.query(
        "SELECT count(*), count(*) FILTER (WHERE cleared_told_at > raised_told_at) FROM alerts"
    )
    alerts, apart = counted
    # One that had passed before it could be told is told once, as passed.
    assert (told["เกิดขึ้น"], told["คลี่คลาย"]) == (apart, alerts)
    again = len(mails) - len(by_id)
    return f"{alerts} alerts in {len(alert_mails)} mails, {again} sent twice under one Message-ID"
