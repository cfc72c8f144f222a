"""Ordered rules of a mailbox (`[[mailbox.rule]]` in `sources.toml`): what to match, what to do."""

from __future__ import annotations

from typing import Self

from pydantic import ConfigDict, Field, model_validator

from correspondence.reading import Frozen
from correspondence.vocabulary import Category, Channel


class MailboxRule(Frozen):
    """One rule. Every condition that is stated must hold; of a list, one entry is enough.

    The first rule that matches stops the search; a rule without an action exempts a mail from
    those below it.

    Attributes:
        name: stands in the ledger and beside the classifier's evidence.
        sender: glob patterns of the From address, `*@example.go.th`; `from` in the file.
        to: glob patterns of an address in To or Cc.
        subject: words that stand in the decoded subject; case, width and Thai digits count
            as equal.
        older_than_days: the mail reached the server at least so long before it was taken in.
        newer_than_days: it did so within that time.
        mailing_list: it has (or has not) a List-* header; `list` in the file.
        header: glob patterns by header name, matched against the decoded value.
        category_hint: the category the office expects; helps where the classifier abstains.
        priority: mails of a higher number are read first; 0 is ordinary.
        skip: the reason (for a clerk) why it goes to quarantine unread; empty: it does not.
        channel: how it counts as having come, instead of by e-mail.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    sender: tuple[str, ...] = Field(default=(), alias="from")
    to: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    older_than_days: float | None = Field(default=None, ge=0)
    newer_than_days: float | None = Field(default=None, ge=0)
    mailing_list: bool | None = Field(default=None, alias="list")
    header: dict[str, str] = Field(default_factory=dict)
    category_hint: Category | None = None
    priority: int = Field(default=0, ge=-9, le=9)
    skip: str = Field(default="", max_length=200)
    channel: Channel | None = None

    @model_validator(mode="after")
    def _nothing_empty(self) -> Self:
        words = (*self.sender, *self.to, *self.subject, *self.header, *self.header.values())
        if any(not word.strip() for word in words):
            raise ValueError("a pattern or word of a rule must not be empty")
        return self
