"""Pull mailboxes and drop folders into the ledger; every way it can fail has a name."""

from __future__ import annotations

import logging

from correspondence.errors import SarabanError, UsageFault
from correspondence.reading import Frozen
from intake.pulling import Received
from intake.receiving import receive_folder, receive_mailbox
from office.sources import DropFolder, Mailbox, ReadPassword
from pipeline.alerts import keep_alert, tend_alerts
from pipeline.bootstrap import House
from registry.faults import DATABASE_FAULTS, name_database_fault

_log = logging.getLogger(__name__)


class SourceReport(Frozen):
    """How one pull ended: counts, the code of its fault, and whether the next try may do.

    `busy` says that another poller was at it, so that nothing was looked at.
    """

    source: str
    received: int = 0
    refused: int = 0
    fault: str | None = None
    retryable: bool = False
    busy: bool = False


def source_names(house: House) -> list[str]:
    """Return the names of the enabled mailboxes and folders."""
    return [source.name for source in house.configuration.sources.enabled]


def pull_sources(
    house: House, owner: str, *, read_password: ReadPassword = Mailbox.read_password
) -> tuple[SourceReport, ...]:
    """Pull every enabled source; one that is away does not stop the others."""
    return tuple(
        pull_source(house, name, owner, read_password=read_password) for name in source_names(house)
    )


def pull_source(
    house: House,
    name: str,
    owner: str,
    *,
    read_password: ReadPassword = Mailbox.read_password,
) -> SourceReport:
    """Pull one source; a fault comes back as its code, with an alert till the next good pull.

    Args:
        house: settings, ledger and clock.
        name: of the source in `sources.toml`.
        owner: of the lease.
        read_password: gives a mailbox's password or token; flows hand one in that also knows
            secret blocks.

    Raises:
        UsageFault: `sources.toml` has no enabled source of that name.
    """
    source = next((one for one in house.configuration.sources.enabled if one.name == name), None)
    if source is None:
        raise UsageFault(
            f"There is no enabled source {name}.", remedy="Look at config/sources.toml."
        )
    try:
        tend_alerts(house.settings, house.configuration, house.sessions, house.clock)
        return _pull(house, source, owner, read_password)
    except DATABASE_FAULTS as fault:
        named = name_database_fault(fault)
        keep_alert(house.settings, named.code, house.clock())
        return SourceReport(source=name, fault=named.code, retryable=named.retryable)


def _pull(
    house: House, source: Mailbox | DropFolder, owner: str, read_password: ReadPassword
) -> SourceReport:
    name = source.name
    try:
        password = read_password(source) if isinstance(source, Mailbox) else None
    except SarabanError as fault:
        house.ledger.polls.note(name, fault_code=fault.code)
        return SourceReport(source=name, fault=fault.code, retryable=fault.retryable)
    try:
        if isinstance(source, Mailbox) and password is not None:
            received: Received = receive_mailbox(
                source, password, house.ledger, owner=owner, clock=house.clock
            )
        elif isinstance(source, DropFolder):
            received = receive_folder(
                source, house.settings.home_folder, house.ledger, owner=owner, clock=house.clock
            )
    except SarabanError as fault:
        return SourceReport(source=name, fault=fault.code, retryable=fault.retryable)
    except DATABASE_FAULTS:
        raise
    except Exception as fault:  # the border of one source: the others go on
        _log.error("source %s failed: %s", name, type(fault).__name__)
        house.ledger.polls.note(name, fault_code=SarabanError.code)
        return SourceReport(source=name, fault=SarabanError.code)
    return SourceReport(
        source=name, received=received.new, refused=received.refused, busy=received.busy
    )
