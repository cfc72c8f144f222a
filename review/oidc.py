"""The identity provider (OpenID Connect): its metadata, its keys, and a code for an ID token.

Everything comes from the one configured issuer: its metadata must name that issuer, and every
address in it must be as safe. No proxy of the environment and no redirect is followed; answers
have a size and a time. Nothing of an answer gets into an error or the log.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote, urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.discovery import get_well_known_url

from correspondence.clock import Clock
from correspondence.errors import SarabanError
from office.settings import Settings
from review.oidc_errand import Errand
from review.oidc_token import SigningKeys

SECONDS: Final = 8.0
MAX_ANSWER: Final = 512 * 1024
KEPT: Final = timedelta(hours=1)
# A token of a key that is not known makes us look anew, but not at every token.
_LOOK_AGAIN: Final = timedelta(minutes=1)
_LOCAL: Final = ("127.0.0.1", "localhost")


class ProviderAway(SarabanError):
    """The identity provider does not answer, or not as OpenID Connect says."""

    code = "provider_away"
    retryable = True


class ProviderRefused(SarabanError):
    """A sign-in through the identity provider came to nothing; `outcome` says why, for the trail.

    Attributes:
        outcome: a stable name: state, denied, code, token, signature, claims, nonce, name,
            unknown_person, other_subject.
    """

    code = "provider_refused"

    def __init__(self, outcome: str, thai: str = "", english: str = "") -> None:
        """Keep the outcome; without words of its own it asks to try again."""
        super().__init__(
            english or "The provider's sign-in did not succeed. Try again.",
            thai=thai or "ยืนยันตัวตนกับผู้ให้บริการไม่สำเร็จ โปรดลองใหม่",
        )
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the provider says of itself."""

    authorization: str
    token: str
    keys: str
    post_secret: bool


class Provider:
    """The configured provider, as one process knows it; safe between threads."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        """Keep the settings; nothing is asked before the first sign-in."""
        self.issuer = settings.oidc_issuer
        self.client_id = settings.oidc_client_id
        self.claim = settings.oidc_claim
        self._secret = settings.oidc_client_secret
        self._clock = clock
        self._lock = threading.Lock()
        self._metadata: tuple[datetime, Metadata] | None = None
        self._keys: tuple[datetime, SigningKeys] | None = None

    def address_for(self, errand: Errand, back: str) -> str:
        """Return where a browser is sent to sign in: code flow, PKCE, state and nonce.

        Args:
            errand: the sign-in that begins.
            back: our own address that the provider sends the browser back to.

        Raises:
            ProviderAway: its metadata cannot be had.
        """
        address = prepare_grant_uri(
            self.metadata().authorization,
            client_id=self.client_id,
            response_type="code",
            redirect_uri=back,
            scope=_scope(self.claim),
            state=errand.state,
            nonce=errand.nonce,
            code_challenge=create_s256_code_challenge(errand.verifier),
            code_challenge_method="S256",
        )
        return str(address)

    def id_token(self, code: str, errand: Errand, back: str) -> str:
        """Return the ID token for a code; nothing in it is checked yet.

        Raises:
            ProviderAway: it does not answer.
            ProviderRefused: it does not take the code.
        """
        known = self.metadata()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": errand.verifier,
        }
        secret = self._secret.get_secret_value()
        # Percent-encoded first: RFC 6749, 2.3.1.
        login: tuple[str, str] | None = quote(self.client_id, safe=""), quote(secret, safe="")
        if known.post_secret:
            form |= {"client_id": self.client_id, "client_secret": secret}
            login = None
        status, body = _ask("POST", known.token, form=form, login=login)
        if 400 <= status < 500 and status != 429:
            raise ProviderRefused("code")
        token = _object(status, body).get("id_token")
        if not isinstance(token, str) or not token:
            raise ProviderRefused("token")
        return token

    def keys(self, *, anew: bool = False) -> SigningKeys:
        """Return the provider's signing keys; with `anew` they are fetched again, within reason.

        Raises:
            ProviderAway: they cannot be had.
        """
        now = self._clock()
        with self._lock:
            kept = self._keys
        if kept is not None and now - kept[0] < (_LOOK_AGAIN if anew else KEPT):
            return kept[1]
        keys = SigningKeys.read(_object(*_ask("GET", self.metadata().keys)))
        if not keys:
            raise _away()
        with self._lock:
            self._keys = now, keys
        return keys

    def metadata(self) -> Metadata:
        """Return what the provider says of itself, an hour old at most.

        Raises:
            ProviderAway: it does not answer, names another issuer or an unsafe address.
        """
        now = self._clock()
        with self._lock:
            kept = self._metadata
        if kept is not None and now - kept[0] < KEPT:
            return kept[1]
        told = _object(*_ask("GET", get_well_known_url(self.issuer, external=True)))
        if told.get("issuer") != self.issuer:
            raise _away()
        methods = told.get("token_endpoint_auth_methods_supported")
        found = Metadata(
            authorization=self._safe(told.get("authorization_endpoint")),
            token=self._safe(told.get("token_endpoint")),
            keys=self._safe(told.get("jwks_uri")),
            post_secret=isinstance(methods, list)
            and "client_secret_basic" not in methods
            and "client_secret_post" in methods,
        )
        with self._lock:
            self._metadata = now, found
        return found

    def _safe(self, address: object) -> str:
        if not isinstance(address, str) or len(address) > 2000:
            raise _away()
        try:
            parts = urlsplit(address)
        except ValueError:
            raise _away() from None
        near = urlsplit(self.issuer).scheme == "http" and parts.hostname in _LOCAL
        if not parts.hostname or not (parts.scheme == "https" or (near and parts.scheme == "http")):
            raise _away()
        return address


def _scope(claim: str) -> str:
    return "openid email" if claim == "email" else "openid profile"


def _ask(
    method: str,
    address: str,
    *,
    form: Mapping[str, str] | None = None,
    login: tuple[str, str] | None = None,
) -> tuple[int, bytes]:
    ends = time.monotonic() + SECONDS
    received = bytearray()
    # Not packed, so that nothing swells.
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    try:
        with (
            httpx.Client(timeout=SECONDS, trust_env=False, follow_redirects=False) as client,
            client.stream(
                method,
                address,
                data=dict(form) if form is not None else None,
                headers=headers,
                auth=httpx.BasicAuth(*login) if login is not None else None,
            ) as answer,
        ):
            for chunk in answer.iter_raw():
                received += chunk
                if len(received) > MAX_ANSWER or time.monotonic() > ends:
                    raise _away()
            return answer.status_code, bytes(received)
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError):
        raise _away() from None


def _object(status: int, body: bytes) -> Mapping[str, object]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise _away() from None
    if status != 200 or not isinstance(told, dict):
        raise _away()
    return told


def _away() -> ProviderAway:
    return ProviderAway(
        "The identity provider does not answer. Use your password, or try again later.",
        thai="ติดต่อผู้ให้บริการยืนยันตัวตนไม่ได้ โปรดลองใหม่ภายหลัง หรือใช้ชื่อผู้ใช้และรหัสผ่าน",
    )
