"""The mailboxes and drop folders of the office as an administrator sees them: never a secret."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from correspondence.reading import Frozen
from office.sources import DropFolder, Mailbox
from pipeline.bootstrap import House
from registry.engine import open_snapshot
from registry.models import SourceState


class SourceLine(Frozen):
    """A mailbox or drop folder and how its polls went.

    Attributes:
        name: as in `sources.toml`.
        mailbox: False for a drop folder.
        place: host and port of a mailbox, the path of a folder.
        enabled: whether it is pulled.
        rules: how many rules a mailbox has.
        password_from: where its password comes from (never the password), "" for a folder.
        last_poll_at: aware, None before the first.
        last_good_poll_at: aware, None before the first that went well.
        fault: code of the fault of the last poll, None where it went well.
    """

    name: str
    mailbox: bool
    place: str
    enabled: bool
    rules: int
    password_from: str
    last_poll_at: datetime | None
    last_good_poll_at: datetime | None
    fault: str | None


def source_lines(house: House) -> tuple[SourceLine, ...]:
    """Return every mailbox, then every folder, of the configuration."""
    with open_snapshot(house.sessions) as session:
        states = {row.source: row for row in session.scalars(select(SourceState))}
    sources = house.configuration.sources
    known: tuple[Mailbox | DropFolder, ...] = (*sources.mailbox, *sources.drop_folder)
    return tuple(_line(one, states.get(one.name), house) for one in known)


def _line(one: Mailbox | DropFolder, state: SourceState | None, house: House) -> SourceLine:
    if isinstance(one, Mailbox):
        place, rules, password = f"{one.host}:{one.port} {one.folder}", len(one.rule), _place(one)
    else:
        place, rules, password = str(one.resolve(house.settings.home_folder)), 0, ""
    return SourceLine(
        name=one.name,
        mailbox=isinstance(one, Mailbox),
        place=place,
        enabled=one.enabled,
        rules=rules,
        password_from=password,
        last_poll_at=state.last_poll_at if state else None,
        last_good_poll_at=state.last_good_poll_at if state else None,
        fault=state.fault_code if state else None,
    )


def _place(mailbox: Mailbox) -> str:
    """Return the kind of place a password comes from; its name is the operator's to know."""
    if mailbox.password_env:
        return "env"
    return "file" if mailbox.password_file is not None else "block"
