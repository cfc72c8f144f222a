"""The cookies: whose browser it is, the door's before anybody is, a provider's errand, digits."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response

from office.settings import Settings
from pipeline.signing_in import LONGEST
from review.oidc_errand import LASTS

THAI, ARABIC = "thai", "arabic"
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Cookies:
    """Names and flags; over https no other host or path can set or read them (`__Host-`)."""

    secure: bool

    @property
    def session(self) -> str:
        """Name of the cookie that holds a sign-in's token."""
        return "__Host-saraban" if self.secure else "saraban"

    @property
    def door(self) -> str:
        """Name of the cookie that ties a form to a browser before sign-in."""
        return "__Host-saraban-door" if self.secure else "saraban-door"

    @property
    def errand(self) -> str:
        """Name of the cookie that keeps a sign-in on its way to the provider and back."""
        return "__Host-saraban-errand" if self.secure else "saraban-errand"

    @property
    def digits(self) -> str:
        """Name of the cookie that keeps which digits a reader wants."""
        return "__Host-saraban-digits" if self.secure else "saraban-digits"

    def in_thai_digits(self, request: Request) -> bool:
        """Tell whether a reader wants Thai digits: yes unless they chose the others."""
        return request.cookies.get(self.digits) != ARABIC

    def keep_digits(self, response: Response, digits: str) -> None:
        """Keep which digits a reader wants in this browser, for a year."""
        response.set_cookie(
            self.digits,
            digits,
            max_age=_YEAR,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )

    def token(self, request: Request) -> str:
        """Return the token a request brings, "" where it brings none."""
        return request.cookies.get(self.session, "")

    def let_in(self, response: Response, token: str) -> None:
        """Give a browser its token. Lax: a link in a mail opens the case it names."""
        response.set_cookie(
            self.session,
            token,
            max_age=int(LONGEST.total_seconds()),
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )
        self._drop(response, self.door)

    def set_door(self, response: Response, secret: str) -> None:
        """Give a browser the secret of the sign-in form; gone when it is closed."""
        response.set_cookie(
            self.door, secret, path="/", secure=self.secure, httponly=True, samesite="strict"
        )

    def errand_of(self, request: Request) -> str:
        """Return the errand a request brings, "" where it brings none."""
        return request.cookies.get(self.errand, "")

    def send_out(self, response: Response, errand: str) -> None:
        """Give a browser its errand. Lax: it comes back by a link of the provider's."""
        response.set_cookie(
            self.errand,
            errand,
            max_age=int(LASTS.total_seconds()),
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )

    def come_home(self, response: Response) -> None:
        """Take the errand from a browser: each comes back once."""
        self._drop(response, self.errand)

    def let_out(self, response: Response) -> None:
        """Take the token from a browser."""
        self._drop(response, self.session)

    def _drop(self, response: Response, name: str) -> None:
        response.delete_cookie(name, path="/", secure=self.secure, httponly=True)


def cookies_of(settings: Settings) -> Cookies:
    """Return the cookies of a deployment: secure unless it is for the loopback only."""
    return Cookies(secure=bool(settings.review_url))
