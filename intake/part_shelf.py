"""What is found in one mail, and how much of it there may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from intake.errors import MimeTooLarge
from intake.mail_parts import MailAttachment, MimeLimits, Obstacle, PartCondition
from intake.part_names import made_up_name, safe_name


@dataclass(frozen=True, slots=True)
class MailText:
    """The text of a mail, whether it was rendered from HTML, and whether it says it once more.

    `spare`: from a `winmail.dat`, which repeats the mail's own text or is the only place of it.
    """

    plain: str = field(repr=False)
    from_html: bool
    spare: bool = False


NOTHING = MailText("", from_html=False)


class PartShelf:
    """Collects what one mail holds, within its limits.

    Attributes:
        attachments: found so far, in the order of the mail.
        defects: stable names, each once.
        obstacles: why a person must look, each once.
        html: the first HTML body of the mail itself, decoded; "" where it has none.
    """

    def __init__(self, limits: MimeLimits, passwords: Sequence[str] = ()) -> None:
        """Start with nothing found."""
        self.attachments: list[MailAttachment] = []
        self.defects: list[str] = []
        self.obstacles: list[Obstacle] = []
        self.html = ""
        self.limits = limits
        self.passwords = tuple(passwords)
        self._parts = 0
        self._unpacked = 0

    def note(self, defect: str) -> None:
        """Note a defect, once."""
        if defect not in self.defects:
            self.defects.append(defect)

    def hinder(self, obstacle: Obstacle) -> None:
        """Note an obstacle, once."""
        if obstacle not in self.obstacles:
            self.obstacles.append(obstacle)

    def add_file(
        self,
        name: str,
        declared_type: str,
        data: bytes,
        *,
        inline: bool = False,
        nested_in: int | None = None,
        text: str = "",
        condition: PartCondition = PartCondition.WHOLE,
    ) -> int:
        """Keep a file as it is and return its index."""
        if not data:
            self.note("empty_part")
        shown = safe_name(name) or made_up_name(len(self.attachments) + 1, declared_type, data)
        self.attachments.append(
            MailAttachment(shown, declared_type, data, inline, nested_in, text, condition)
        )
        return len(self.attachments) - 1

    @property
    def budget(self) -> int:
        """Bytes that may still be unpacked."""
        return self.limits.max_unpacked - self._unpacked

    def count(self, depth: int, unpacked: int = 0) -> None:
        """Count one more part.

        Args:
            depth: how deep it stands.
            unpacked: its bytes, where it came out of another part.

        Raises:
            MimeTooLarge: parts, depth or bytes.
        """
        self._parts += 1
        self._unpacked += unpacked
        if self._parts > self.limits.max_parts:
            raise MimeTooLarge("parts", self.limits.max_parts)
        if depth > self.limits.max_depth:
            raise MimeTooLarge("depth", self.limits.max_depth)
        if self._unpacked > self.limits.max_unpacked:
            raise MimeTooLarge("unpacked", self.limits.max_unpacked)

    def fill(self, index: int, text: MailText, subject: str) -> None:
        """Give a mail inside the mail its own text; its files stand beside it."""
        self.attachments[index] = replace(
            self.attachments[index],
            text=text.plain,
            subject=subject,
            condition=PartCondition.OPENED,
        )

    def mark(self, index: int, condition: PartCondition) -> None:
        """Say what there is to read in a file."""
        self.attachments[index] = replace(self.attachments[index], condition=condition)

    def cut(self, text: str) -> str:
        """Return a text within the limit; a cut is noted."""
        if len(text) <= self.limits.max_text:
            return text
        self.note("text_cut")
        return text[: self.limits.max_text]
