"""What a mail says of the mails and letters it answers."""

from __future__ import annotations

from pydantic import Field

from correspondence.reading import Frozen


class MailThread(Frozen):
    """Claims of a mail, none of them checked; anybody may write anything there.

    Attributes:
        answers: Message-ID of the mail it answers, with angle brackets, or None.
        thread: Message-IDs of the mails before it, the nearest last.
        numbers: register numbers it names, as `123/2569` (digits 0-9, year in B.E.).
    """

    answers: str | None = Field(default=None, repr=False)
    thread: tuple[str, ...] = Field(default=(), repr=False)
    numbers: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether it claims to belong to anything."""
        return bool(self.answers or self.thread or self.numbers)
