"""One sign-in on its way to the provider and back: kept in a signed cookie for ten minutes.

The cookie holds a random seed; state, nonce and the PKCE verifier are made from it with a key that
only the app has, so that reading the cookie tells none of them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pydantic import SecretStr

from review.addresses import HOME, own_address

LASTS: Final = timedelta(minutes=10)
_LONGEST: Final = 3000


@dataclass(frozen=True, slots=True)
class Errand:
    """A sign-in that has begun.

    Attributes:
        state: what the provider hands back; ties the answer to this browser.
        nonce: what the ID token must hold; ties it to this sign-in.
        verifier: PKCE; who has the code without it gets nothing for it.
        asked: where the person was going: an address of ours.
    """

    state: str
    nonce: str
    verifier: str
    asked: str


class ErrandDesk:
    """Gives errands out as cookies and takes them back; the key is made from the client's secret.

    So that several processes know each other's, and nothing more has to be kept secret.
    """

    def __init__(self, secret: SecretStr) -> None:
        """Make the key."""
        self._key = hmac.digest(secret.get_secret_value().encode(), b"saraban errand", "sha256")

    def begin(self, asked: str, now: datetime) -> tuple[Errand, str]:
        """Return a new errand to an address of ours, and the cookie that keeps it."""
        seed = secrets.token_urlsafe(32)
        ends = int((now + LASTS).timestamp())
        told = json.dumps([seed, ends, own_address(asked)], separators=(",", ":")).encode()
        cookie = f"{_text(told)}.{self._made(b'cookie', told)}"
        return self._errand(seed, own_address(asked)), cookie

    def resume(self, cookie: str, state: str, now: datetime) -> Errand | None:
        """Return the errand of a cookie; None where it is not ours, too old or another's."""
        if len(cookie) > _LONGEST or not (cookie + state).isascii():
            return None
        kept, _, signature = cookie.partition(".")
        try:
            told = base64.urlsafe_b64decode(kept + "=" * (-len(kept) % 4))
        except ValueError:
            return None
        if not hmac.compare_digest(self._made(b"cookie", told), signature):
            return None
        seed, ends, asked = json.loads(told)
        errand = self._errand(str(seed), str(asked))
        fits = hmac.compare_digest(errand.state, state)
        return errand if fits and now.timestamp() < int(ends) else None

    def _errand(self, seed: str, asked: str) -> Errand:
        made = {name: self._made(name, seed.encode()) for name in (b"state", b"nonce", b"verifier")}
        return Errand(made[b"state"], made[b"nonce"], made[b"verifier"], asked or HOME)

    def _made(self, what: bytes, told: bytes) -> str:
        return _text(hmac.new(self._key, what + b"\0" + told, hashlib.sha256).digest())


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
