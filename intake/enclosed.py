"""Files of a mail that hold a mail or other files: opened, kept, and what they hold set beside."""

from __future__ import annotations

import email
import email.policy
import struct
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from email.message import Message

from intake.archives import ArchiveDamaged, open_gzip, open_zip
from intake.errors import MimeTooLarge
from intake.headers import header_text
from intake.invitations import read_invitation
from intake.mail_parts import MimeLimits, Obstacle, PartCondition
from intake.outlook.composing import compose_mail
from intake.outlook.message_file import read_message_file
from intake.outlook.tnef import read_tnef
from intake.part_kinds import PartKind, part_kind
from intake.part_names import safe_name
from intake.part_shelf import NOTHING, MailText, PartShelf
from intake.signed_mail import SmimeKind, read_smime

_TNEF_NAMES = ("winmail.dat", "win.dat")
# What olefile and struct raise on damaged Outlook files.
OUTLOOK_DAMAGE = (OSError, ValueError, IndexError, KeyError, TypeError, struct.error, OverflowError)


class EnclosedFiles(PartShelf):
    """Opens files by what their bytes are; messages inside go the way of the mail itself."""

    def __init__(self, limits: MimeLimits, passwords: Sequence[str] = ()) -> None:
        """Start with nothing found."""
        super().__init__(limits, passwords)
        self._archives = 0

    @abstractmethod
    def take(self, message: Message, depth: int = 0, nested_in: int | None = None) -> MailText:
        """Return the text of a message and collect its files."""

    def take_file(
        self,
        name: str,
        declared: str,
        data: bytes,
        depth: int = 0,
        *,
        inline: bool = False,
        nested_in: int | None = None,
    ) -> MailText:
        """Keep a file and, where it is a mail or an archive, what it holds.

        Returns:
            The text of the mail itself where the file was its envelope, else nothing.

        Raises:
            MimeTooLarge: parts, depth, or what archives hold.
        """
        kind = part_kind(data, name, declared)
        if kind is PartKind.OUTLOOK:
            return self._take_outlook(name, data, depth, nested_in)
        if kind is PartKind.TNEF or safe_name(name).lower() in _TNEF_NAMES:
            return self._take_tnef(name, declared, data, depth, nested_in)
        if kind is PartKind.PKCS7:
            return self._take_smime(name, declared, data, depth, nested_in)
        if kind is PartKind.MAIL:
            inner = email.message_from_bytes(data.lstrip(b"\r\n"), policy=email.policy.compat32)
            self.take_mail(name, inner, data, depth, nested_in)
        elif kind in (PartKind.ZIP, PartKind.GZIP):
            self._take_archive(name, declared, data, depth, nested_in)
        else:
            self._take_plain_file(name, declared, data, kind, inline=inline, nested_in=nested_in)
        return NOTHING

    def _take_plain_file(
        self,
        name: str,
        declared: str,
        data: bytes,
        kind: PartKind,
        *,
        inline: bool,
        nested_in: int | None,
    ) -> None:
        text, condition = "", PartCondition.WHOLE
        if kind is PartKind.PGP:
            self.hinder(Obstacle.MAIL_ENCRYPTED)
            condition = PartCondition.LOCKED
        elif kind is PartKind.ACCESSORY:
            condition = PartCondition.ACCESSORY
        elif kind is PartKind.OTHER_ARCHIVE:
            self.note("archive_not_opened")
            condition = PartCondition.UNOPENED
        elif kind is PartKind.CALENDAR:
            text = self.cut(read_invitation(data))
            name = name or "invitation.ics"
        self.add_file(
            name,
            declared,
            data,
            inline=inline,
            nested_in=nested_in,
            text=text,
            condition=condition,
        )

    def take_mail(
        self, name: str, inner: Message, data: bytes, depth: int, nested_in: int | None
    ) -> None:
        """Keep a mail inside the mail, with its own text, and what it carries."""
        self.count(depth + 1, len(data))
        name = name or (header_text(inner, "Subject") or "message") + ".eml"
        index = self.add_file(name, "message/rfc822", data, nested_in=nested_in)
        self.fill(index, self.take(inner, depth + 1, index), header_text(inner, "Subject"))

    def _take_outlook(self, name: str, data: bytes, depth: int, nested_in: int | None) -> MailText:
        self.note("outlook_msg")
        self.count(depth + 1, len(data))
        kind = "application/vnd.ms-outlook"
        index = self.add_file(name or "message.msg", kind, data, nested_in=nested_in)
        try:
            source = read_message_file(data, self.limits)
            inner = compose_mail(source)
        except OUTLOOK_DAMAGE:
            self.note("outlook_damaged")
            self.mark(index, PartCondition.DAMAGED)
            return NOTHING
        for defect in source.defects:
            self.note(defect)
        self.fill(index, self.take(inner, depth + 1, index), header_text(inner, "Subject"))
        return NOTHING

    def _take_tnef(
        self, name: str, declared: str, data: bytes, depth: int, nested_in: int | None
    ) -> MailText:
        self.note("winmail_dat")
        self.count(depth + 1, len(data))
        index = self.add_file(name or "winmail.dat", declared, data, nested_in=nested_in)
        try:
            source = read_tnef(data, self.limits)
            inner = compose_mail(source)
        except OUTLOOK_DAMAGE:
            self.note("outlook_damaged")
            self.mark(index, PartCondition.DAMAGED)
            return NOTHING
        for defect in source.defects:
            self.note(defect)
        found = source.properties.values or source.attachments
        self.attachments[index] = replace(
            self.attachments[index],
            subject=header_text(inner, "Subject"),
            condition=PartCondition.OPENED if found else PartCondition.DAMAGED,
        )
        return replace(self.take(inner, depth + 1, index), spare=True)

    def _take_smime(
        self, name: str, declared: str, data: bytes, depth: int, nested_in: int | None
    ) -> MailText:
        found = read_smime(data, self.limits.max_bytes)
        self.count(depth + 1, len(found.content or b""))
        index = self.add_file(name or "smime.p7m", declared, data, nested_in=nested_in)
        if found.kind is SmimeKind.ENCRYPTED:
            self.hinder(Obstacle.MAIL_ENCRYPTED)
            self.mark(index, PartCondition.LOCKED)
        elif found.content is None:
            self.note("smime_not_opened")
            signature = found.kind is SmimeKind.SIGNED
            self.mark(index, PartCondition.ACCESSORY if signature else PartCondition.UNOPENED)
        else:
            self.mark(index, PartCondition.OPENED)
            content = found.content
            if content[:200].lstrip().lower().startswith((b"content-", b"mime-version:")):
                entity = email.message_from_bytes(content.lstrip(), policy=email.policy.compat32)
                return self.take(entity, depth + 1, index)
            self.take_file(name.removesuffix(".p7m"), "", content, depth + 1, nested_in=index)
        return NOTHING

    def _take_archive(
        self, name: str, declared: str, data: bytes, depth: int, nested_in: int | None
    ) -> None:
        if self._archives >= self.limits.max_archives:
            raise MimeTooLarge("archive_depth", self.limits.max_archives)
        index = self.add_file(name, declared, data, nested_in=nested_in)
        self._archives += 1
        try:
            if data.startswith(b"PK"):
                files = open_zip(data, self.limits, self.budget, self.passwords)
            else:
                files = iter([open_gzip(data, safe_name(name), self.limits, self.budget)])
            for one in files:
                self.count(depth + 1, len(one.data))
                if one.condition is PartCondition.WHOLE:
                    self.take_file(one.name, "", one.data, depth + 1, nested_in=index)
                    continue
                self.note(f"archive_member_{one.condition.value}")
                if one.condition is PartCondition.LOCKED:
                    self.hinder(Obstacle.ARCHIVE_ENCRYPTED)
                self.add_file(one.name, "", one.data, nested_in=index, condition=one.condition)
            self.mark(index, PartCondition.OPENED)
        except ArchiveDamaged:
            self.note("archive_damaged")
            self.mark(index, PartCondition.DAMAGED)
        finally:
            self._archives -= 1
