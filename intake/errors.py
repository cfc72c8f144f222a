"""Named outcomes of intake: each ends in the holding pen or is tried again, none is silent."""

from __future__ import annotations

from typing import ClassVar

from correspondence.errors import SarabanError, SourceUnavailable

# Stands before the headers of a mail that was too big to fetch; the value is its size.
OVERSIZE_HEADER = b"X-Saraban-Oversize"


class MimeTooLarge(SarabanError):
    """A mail passes a limit on bytes, parts or depth; `limit` names which."""

    code: ClassVar[str] = "mail_too_large"

    def __init__(self, limit: str, allowed: int) -> None:
        """Keep the name of the limit and what it allows."""
        super().__init__(
            f"The mail passes the limit on {limit} ({allowed}).",
            thai=f"อีเมลเกินขีดจำกัด: {_THAI_LIMITS.get(limit, limit)} ({allowed})",
            remedy="Open the stored bytes by hand, or raise the limit.",
        )
        self.limit = limit
        self.allowed = allowed


class MimeUnreadable(SarabanError):
    """Neither the standard nor the tolerant reader could take the mail apart."""

    code: ClassVar[str] = "mail_unreadable"

    def __init__(self, fault: str) -> None:
        """Keep the class name of the fault; its message may hold letter text."""
        super().__init__(
            f"The mail cannot be taken apart ({fault}).",
            thai="แยกส่วนอีเมลไม่ได้ รูปแบบผิดมาตรฐาน",
            remedy="Open the stored bytes by hand.",
        )


class TlsFailed(SourceUnavailable):
    """A mailbox's certificate is not trusted, or the server speaks no TLS where it should."""

    code: ClassVar[str] = "tls_failed"

    def __init__(self, mailbox: str, fault: str) -> None:
        """Keep the mailbox's name and the class of the fault."""
        super().__init__(
            f"Mailbox {mailbox} is not available: TLS ({fault}).",
            thai=f"เชื่อมต่อกล่องจดหมาย {mailbox} อย่างปลอดภัยไม่ได้ (ใบรับรองหรือ TLS ไม่ถูกต้อง)",
            remedy="Check tls, port and ca_file in sources.toml and the server's certificate.",
        )


class FileChanged(SarabanError):
    """A file in a drop folder changed while it was taken; the next pass takes it."""

    code: ClassVar[str] = "file_changed"
    retryable: ClassVar[bool] = True

    def __init__(self) -> None:
        """Keep the reason."""
        super().__init__("The file changed while it was taken.", thai="แฟ้มเปลี่ยนระหว่างรับเข้า")


class FileTooLarge(SarabanError):
    """A file in a drop folder passes the size limit; it goes to `held/` with a note."""

    code: ClassVar[str] = "file_too_large"

    def __init__(self, allowed: int) -> None:
        """Keep the limit in bytes."""
        super().__init__(
            f"The file is bigger than the limit of {allowed} bytes.",
            thai=f"แฟ้มใหญ่เกินขีดจำกัด {allowed} ไบต์",
            remedy="Split it, or raise max_bytes in sources.toml.",
        )


_THAI_LIMITS = {
    "bytes": "ขนาด",
    "parts": "จำนวนส่วน",
    "depth": "จำนวนชั้นที่ซ้อนกัน",
    "unpacked": "ขนาดของสิ่งที่อยู่ข้างใน",
    "archive_files": "จำนวนแฟ้มใน ZIP",
    "archive_bytes": "ขนาดเมื่อคลาย ZIP",
    "archive_ratio": "อัตราการบีบอัดของ ZIP",
    "archive_depth": "จำนวนชั้นของ ZIP ที่ซ้อนกัน",
}
