"""A mailbox's password or token, also from a Prefect Secret block: only flows know Prefect."""

from __future__ import annotations

from pydantic import SecretStr

from office.sources import Mailbox


def read_mailbox_secret(mailbox: Mailbox) -> SecretStr:
    """Return the password or token of a mailbox from wherever `sources.toml` says.

    Raises:
        ConfigurationFault: it is not there, or the secret block cannot be read.
    """
    if not mailbox.password_block:
        return mailbox.read_password()
    # Prefect takes seconds to import, and most offices have no secret block.
    from prefect.blocks.system import Secret

    try:
        value = Secret.load(mailbox.password_block).get()  # type: ignore[union-attr]
    except Exception as fault:  # whatever Prefect and its server raise: the block was not had
        raise mailbox.password_missing(f"cannot be read ({type(fault).__name__})") from None
    if not isinstance(value, str) or not value.strip():
        raise mailbox.password_missing("is empty")
    return SecretStr(value.strip())
