"""Passwords: Argon2id hashes, the rule for a new one, and one-time words that people can read."""

from __future__ import annotations

import hashlib
import secrets
import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from correspondence.errors import SarabanError

SHORTEST = 12
LONGEST = 200
# Without the letters and digits that are mistaken for one another on paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_ONE_TIME_GROUPS = 4
_GROUP = 4
# Each check takes 64 MiB (RFC 9106, second recommended choice): many at once must wait.
_AT_ONCE = threading.BoundedSemaphore(2)


class PasswordWeak(SarabanError):
    """A new password does not follow the rule; the reason says how."""

    code = "password_weak"


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password, with its salt and parameters."""
    with _AT_ONCE:
        return _hasher().hash(_plain(password))


def password_fits(password_hash: str | None, password: str) -> bool:
    """Tell whether a password is the one; takes as long where there is no account."""
    if len(password) > LONGEST:
        return False
    with _AT_ONCE:
        try:
            fits = _hasher().verify(password_hash or _nobodys(), _plain(password))
        except (VerificationError, InvalidHashError):
            return False
    return fits and password_hash is not None


def hash_is_old(password_hash: str) -> bool:
    """Tell whether a hash was made with weaker parameters than today's."""
    return _hasher().check_needs_rehash(password_hash)


def check_new_password(password: str, sign_in: str) -> None:
    """Refuse a password that is easy to guess; length is what counts, not a mix of signs.

    Raises:
        PasswordWeak: too short, too long, a single sign or few signs repeated, or the name itself.
    """
    plain = _plain(password)
    if len(plain) < SHORTEST:
        raise PasswordWeak(
            f"A password has {SHORTEST} characters or more.",
            thai=f"รหัสผ่านต้องยาวอย่างน้อย {SHORTEST} ตัวอักษร",
        )
    if len(plain) > LONGEST or "\0" in plain:
        raise PasswordWeak(
            f"A password has {LONGEST} characters at most.",
            thai=f"รหัสผ่านยาวได้ไม่เกิน {LONGEST} ตัวอักษร",
        )
    folded = plain.casefold()
    if sign_in.casefold() in folded or len(set(folded)) < SHORTEST // 2:
        raise PasswordWeak(
            "The password is easy to guess: it holds the sign-in name or few different characters.",
            thai="รหัสผ่านเดาง่ายเกินไป มีชื่อผู้ใช้อยู่ในนั้น หรือใช้ตัวอักษรซ้ำกันมาก",
        )


def one_time_word() -> str:
    """Return a random word of about 79 bits that can be read over a telephone."""
    return "-".join(
        "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_ONE_TIME_GROUPS)
    )


def new_token() -> str:
    """Return 256 random bits for a cookie."""
    return secrets.token_urlsafe(32)


def keyless_hash(secret: str) -> str:
    """Return the SHA-256 of what is random enough, or kept too short, to need no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(password: str) -> str:
    """Return the one spelling of a password that keyboards write in several ways."""
    return unicodedata.normalize("NFC", password)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobodys() -> str:
    return _hasher().hash(secrets.token_hex(16))
