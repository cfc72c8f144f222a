"""Commands that work on the office's database: ingest, run, status."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.house import open_house
from cli.looking import Files, Json
from cli.output import people, print_json, print_table
from correspondence.vocabulary import Channel, IntakeOutcome


def ingest(
    files: Files,
    channel: Annotated[str | None, typer.Option(help="email, scan, hand or web")] = None,
    json: Json = False,
) -> None:
    """Register files through the same ledger as mailboxes and drop folders."""
    from pipeline.ingest import ingest_files

    chosen = _channel(channel)
    with open_house() as house:
        done = ingest_files(house, files, channel=chosen)
    if json:
        print_json(done)
    else:
        print_table(
            ("file", "outcome", "เลขรับ", "reason"),
            [
                (d.file, d.outcome.thai, ", ".join(d.register_numbers) or None, d.reason)
                for d in done
            ],
        )
    if any(d.outcome in (IntakeOutcome.HELD, IntakeOutcome.REJECTED) for d in done):
        raise typer.Exit(3)


def run(json: Json = False) -> None:
    """One pass now: pull, read, classify, route, draft."""
    from flows.mailbox_secrets import read_mailbox_secret
    from pipeline.cycle import run_cycle

    with open_house() as house:
        counts = run_cycle(house, read_password=read_mailbox_secret)
    if json:
        print_json(counts)
        return
    rows = [(f"source {r.source}", r.received, r.fault) for r in counts.sources]
    rows += [(f"intake {name}", number, None) for name, number in counts.intake.items()]
    rows += [(f"cases {name}", number, None) for name, number in counts.cases.items()]
    print_table(("what", "count", "fault"), rows)


def status(json: Json = False) -> None:
    """Queues, overdue, holding pen, last runs."""
    from pipeline.standing import office_standing

    with open_house() as house:
        standing = office_standing(house)
    if json:
        print_json(standing)
        return
    people.print(f"หนังสือรับ {standing.letters} · เกินกำหนด {standing.overdue}", style="bold")
    rows: list[tuple[object, ...]] = [(f"intake {k}", v) for k, v in standing.intake.items()]
    rows += [(f"case {k}", v) for k, v in standing.cases.items()]
    rows += [
        ("due today", standing.due_today),
        ("without due date", standing.without_due_date),
        ("holding pen", standing.holding_pen),
        ("quarantine", standing.quarantine),
        ("secret desk", standing.secret_desk),
        ("stuck", standing.stuck),
        ("suggested links", standing.suggested_links),
    ]
    rows += [(f"campaign from {c.first_number}", c.letters) for c in standing.campaigns]
    print_table(("queue", "count"), rows)
    print_table(
        ("source", "last good poll", "fault"),
        [(s.source, s.last_good_poll_at, s.fault) for s in standing.sources],
    )
    if standing.alerts:
        print_table(
            ("alert", "source", "since", "last seen", "times"),
            [(a.code, a.source, a.since, a.last_seen, a.count) for a in standing.alerts],
        )
    print_table(
        ("run", "started", "finished", "outcome"),
        [(r.kind, r.started_at, r.finished_at, r.outcome) for r in standing.last_runs],
    )


def _channel(name: str | None) -> Channel | None:
    if name is None:
        return None
    try:
        return Channel(name)
    except ValueError:
        raise typer.BadParameter("one of " + ", ".join(Channel), param_hint="--channel") from None
