"""An ID token is checked: signature by the provider's keys, issuer, audience, times, nonce."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import Key, KeySet

# Signed with the provider's private key. HS… would be signed with what we know ourselves, and
# `none` not at all.
ALGORITHMS: Final = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
)
LEEWAY_SECONDS: Final = 60
_KINDS: Final = frozenset({"RSA", "EC", "OKP"})
_MAX_KEYS: Final = 50
_LONGEST_TOKEN: Final = 20_000
_LONGEST_NAME: Final = 200


class TokenRefused(Exception):
    """An ID token does not hold; `what` is a stable name: signature, key, claims, nonce or name."""

    def __init__(self, what: str) -> None:
        """Keep the name; nothing of the token."""
        super().__init__(what)
        self.what = what


@dataclass(frozen=True, slots=True)
class Expected:
    """What an ID token has to say; `now` is aware."""

    issuer: str
    client_id: str
    nonce: str
    claim: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom the provider vouches for: its lasting id of the person, and their sign-in name."""

    subject: str
    name: str


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The provider's public keys for signatures."""

    keys: tuple[Key, ...]

    @classmethod
    def read(cls, told: Mapping[str, object]) -> SigningKeys:
        """Return the keys of a JWKS that can check signatures; the others are left out."""
        listed = told.get("keys")
        found: list[Key] = []
        for entry in listed[:_MAX_KEYS] if isinstance(listed, list) else []:
            if not isinstance(entry, dict) or entry.get("kty") not in _KINDS:
                continue
            if entry.get("use", "sig") != "sig":
                continue
            try:
                found += KeySet.import_key_set({"keys": [entry]}).keys
            except (JoseError, ValueError, TypeError, KeyError):
                continue
        return cls(tuple(found))

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self.keys)


def check_id_token(token: str, keys: SigningKeys, expected: Expected) -> Vouched:
    """Return whom a provider vouches for.

    Args:
        token: as it came; hostile until its signature is checked.
        keys: the provider's.
        expected: what it has to say.

    Raises:
        TokenRefused: it does not hold; `key` where its key is none of these.
    """
    if len(token) > _LONGEST_TOKEN:
        raise TokenRefused("signature")
    try:
        read = jwt.decode(token, KeySet(list(keys.keys)), algorithms=ALGORITHMS)
    except InvalidKeyIdError:
        raise TokenRefused("key") from None
    except (JoseError, ValueError, TypeError, KeyError, RecursionError):
        raise TokenRefused("signature") from None
    claims = read.claims
    if claims.get("nonce") != expected.nonce:
        raise TokenRefused("nonce")
    told = CodeIDToken(
        claims,
        read.header,
        {
            "iss": {"essential": True, "value": expected.issuer},
            "aud": {"essential": True, "value": expected.client_id},
            "sub": {"essential": True},
            "exp": {"essential": True},
        },
        {"client_id": expected.client_id, "nonce": expected.nonce},
    )
    try:
        told.validate(now=int(expected.now.timestamp()), leeway=LEEWAY_SECONDS)
    except (JoseError, ValueError, TypeError):
        raise TokenRefused("claims") from None
    return _vouched(claims, expected.claim)


def _vouched(claims: Mapping[str, object], claim: str) -> Vouched:
    subject, name = claims.get("sub"), claims.get(claim)
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_NAME:
        raise TokenRefused("claims")
    if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_NAME:
        raise TokenRefused("name")
    # An address that the provider has not checked is whatever somebody typed there.
    if claim == "email" and claims.get("email_verified") is not True:
        raise TokenRefused("name")
    return Vouched(subject, name.strip().lower())
