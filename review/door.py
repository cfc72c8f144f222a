"""What the pages of the door share: showing a form to a stranger, and letting a person in."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from correspondence.errors import SarabanError
from pipeline.bootstrap import House
from pipeline.first_run import FirstRunCodeWrong
from pipeline.passwords import SHORTEST, new_token
from pipeline.provider_sign_in import NotVouchedFor
from pipeline.signing_in import WINDOW, SignInFailed, TooManyTries, signed_in
from review.addresses import HOME, home_of, own_address
from review.cookies import cookies_of
from review.forms import form_token
from review.gate import pass_of
from review.oidc import ProviderAway, ProviderRefused
from review.rendering import link, render, wording_for


class Door:
    """The door of one house."""

    def __init__(self, house: House) -> None:
        """Keep the house."""
        self._house = house
        self._cookies = cookies_of(house.settings)

    def to(self, request: Request, path: str, **values: str | None) -> RedirectResponse:
        """Send a browser to a path of ours in the language it reads."""
        address = link(path, wording_for(self._house, request).language, values)
        return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)

    def onward(self, request: Request, asked: str, token: str) -> Response:
        """Let a person in: to where they were going, the password page if that is due."""
        visitor = signed_in(self._house, token)
        assert visitor is not None  # the sign-in was opened a moment ago
        wanted = own_address(asked)
        target = home_of(visitor.staff) if wanted == HOME else wanted
        if visitor.must_change:
            answer = self.to(request, "/password", next=target)
        else:
            answer = RedirectResponse(target, status_code=HTTPStatus.SEE_OTHER)
        self._cookies.let_in(answer, token)
        return answer

    def show(
        self,
        request: Request,
        page: str,
        values: dict[str, object],
        fault: SarabanError | None = None,
    ) -> Response:
        """Show a form to somebody who may not be signed in, with a token it can come back with."""
        token, secret = pass_of(request).token, ""
        if not token:
            secret = new_token()
            token = form_token(secret)
        wording = wording_for(self._house, request)
        shown = {**values, "fault": fault, "token": token, "shortest": SHORTEST}
        answer = render(page, request, wording, shown, _status(fault))
        if secret:
            self._cookies.set_door(answer, secret)
        if isinstance(fault, TooManyTries):
            answer.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
        return answer

    def show_sign_in(
        self, request: Request, name: str, asked: str, fault: SarabanError | None = None
    ) -> Response:
        """Show the sign-in; with the provider's button where the office has one."""
        provider = bool(self._house.settings.oidc_issuer)
        values: dict[str, object] = {"name": name, "asked": asked, "provider": provider}
        return self.show(request, "sign_in.html", values, fault)


def _status(fault: SarabanError | None) -> int:
    if fault is None:
        return HTTPStatus.OK
    if isinstance(fault, TooManyTries):
        return HTTPStatus.TOO_MANY_REQUESTS
    if isinstance(fault, ProviderAway):
        return HTTPStatus.SERVICE_UNAVAILABLE
    if isinstance(fault, SignInFailed | FirstRunCodeWrong | ProviderRefused | NotVouchedFor):
        return HTTPStatus.FORBIDDEN
    return HTTPStatus.UNPROCESSABLE_ENTITY
