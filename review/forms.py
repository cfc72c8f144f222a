"""What a form sends: read within limits, and only from a page of ours (CSRF)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import parse_qsl

from fastapi import Request

from correspondence.errors import SarabanError

# Of strangers; and of people of the office, who paste long texts and choose many cases.
MAX_BODY: Final = 64 * 1024
MAX_FIELDS: Final = 100
MAX_STAFF_BODY: Final = 768 * 1024
MAX_STAFF_FIELDS: Final = 1_000
TOKEN_FIELD: Final = "form_token"
# A browser that is cut off while it sends shows no page of ours: so much is let pass unread.
_DRAINED = 16 * 1024 * 1024
_TYPE = "application/x-www-form-urlencoded"
OWN_SITES = ("same-origin", "none")


class Form(Mapping[str, str]):
    """The fields of a form: `form["x"]` is the last of a name, `form.all("x")` are all of them."""

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        """Keep the fields in their order."""
        self._fields = tuple(fields)
        self._last = dict(self._fields)

    def __getitem__(self, name: str) -> str:
        """Return the last value of a name."""
        return self._last[name]

    def __iter__(self) -> Iterator[str]:
        """Go through the names, each once."""
        return iter(self._last)

    def __len__(self) -> int:
        """Count the names."""
        return len(self._last)

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a name, such as of boxes that are ticked; empty where none is."""
        return tuple(value for given, value in self._fields if given == name)


class FormTooLarge(SarabanError):
    """More was sent than any form of ours holds; nothing of it was kept."""

    code = "form_too_large"


class FormForeign(SarabanError):
    """A form came from a page that is not ours, or from one opened before this sign-in."""

    code = "form_foreign"


async def read_form(request: Request, *, staff: bool = False, room: int = 0) -> Form:
    """Return the fields of a form, without the signs no text of ours has (NUL).

    Args:
        request: whose body is read, and no further than the limit.
        staff: somebody of the office sends it to a page of theirs: the larger limits hold.
        room: the most bytes where the page takes more than others.

    Raises:
        FormTooLarge: too many bytes or fields.
        FormForeign: it is not what a form of ours sends.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _TYPE:
        raise foreign_form()
    most, fields_most = (MAX_STAFF_BODY, MAX_STAFF_FIELDS) if staff else (MAX_BODY, MAX_FIELDS)
    most = max(most, room)
    body, received = bytearray(), 0
    async for chunk in request.stream():
        received += len(chunk)
        if received <= most:
            body += chunk
        elif received > max(_DRAINED, most):
            raise large_form()
    if received > most:
        raise large_form()
    try:
        fields = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=fields_most
        )
    except ValueError:
        raise large_form() from None
    # A database of PostgreSQL takes no NUL, and no reader sees one.
    return Form((name.replace("\0", ""), value.replace("\0", "")) for name, value in fields)


def form_token(secret: str) -> str:
    """Return the token that a form carries for the secret in a cookie, which it does not tell."""
    made = hmac.new(secret.encode(), b"saraban form", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def check_form(request: Request, form: Mapping[str, str], secrets: tuple[str, ...]) -> None:
    """Refuse a form that no page of ours gave this browser.

    Args:
        request: for what the browser says of where the form came from.
        form: its fields.
        secrets: what the browser's cookies hold; a token made from one of them will do.

    Raises:
        FormForeign: it came from elsewhere, or its token fits none of them.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in OWN_SITES:
        raise foreign_form()
    given = form.get(TOKEN_FIELD, "").encode("utf-8", "replace")
    fits = [hmac.compare_digest(given, form_token(secret).encode()) for secret in secrets if secret]
    if not any(fits):
        raise foreign_form()


def large_form() -> FormTooLarge:
    """Return the fault of a form that sends too much."""
    return FormTooLarge("More was sent than the form holds.", thai="ข้อมูลที่ส่งมามากเกินไป")


def foreign_form() -> FormForeign:
    """Return the fault of a form that is none of ours."""
    return FormForeign("The form is not from a page of ours.", thai="แบบฟอร์มนี้หมดอายุหรือมาจากที่อื่น")
