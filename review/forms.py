"""What a form sends: read within limits, and only from a page of ours (CSRF)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from fastapi import Request

from correspondence.errors import SarabanError

MAX_BODY: Final = 64 * 1024
MAX_FIELDS: Final = 100
TOKEN_FIELD: Final = "form_token"
_TYPE = "application/x-www-form-urlencoded"
_OWN_SITES = ("same-origin", "none")


class FormTooLarge(SarabanError):
    """More was sent than any form of ours holds; nothing of it was kept."""

    code = "form_too_large"


class FormForeign(SarabanError):
    """A form came from a page that is not ours, or from one opened before this sign-in."""

    code = "form_foreign"


async def read_form(request: Request) -> Mapping[str, str]:
    """Return the fields of a form; the last of a name counts.

    Raises:
        FormTooLarge: too many bytes or fields.
        FormForeign: it is not what a form of ours sends.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _TYPE:
        raise _foreign()
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise _large()
    try:
        fields = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS
        )
    except ValueError:
        raise _large() from None
    return dict(fields)


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
    if request.headers.get("sec-fetch-site", "same-origin") not in _OWN_SITES:
        raise _foreign()
    given = form.get(TOKEN_FIELD, "").encode("utf-8", "replace")
    fits = [hmac.compare_digest(given, form_token(secret).encode()) for secret in secrets if secret]
    if not any(fits):
        raise _foreign()


def _large() -> FormTooLarge:
    return FormTooLarge("More was sent than the form holds.", thai="ข้อมูลที่ส่งมามากเกินไป")


def _foreign() -> FormForeign:
    return FormForeign("The form is not from a page of ours.", thai="แบบฟอร์มนี้หมดอายุหรือมาจากที่อื่น")
