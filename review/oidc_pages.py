"""`/sign-in/provider` and back: sign-in on the word of the office's identity provider."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from correspondence.errors import SarabanError
from pipeline.bootstrap import House
from pipeline.provider_sign_in import (
    NotVouchedFor,
    count_provider_try,
    note_refused_provider,
    sign_in_by_provider,
)
from pipeline.signing_in import SignInFailed, TooManyTries
from review.addresses import HOME, own_address
from review.cookies import cookies_of
from review.door import Door
from review.gate import address_of
from review.oidc import Provider, ProviderAway, ProviderRefused
from review.oidc_errand import Errand, ErrandDesk
from review.oidc_token import Expected, TokenRefused, Vouched, check_id_token

START = "/sign-in/provider"
BACK = "/sign-in/provider/back"

_log = logging.getLogger(__name__)
Next = Annotated[str, Query(alias="next", max_length=2000)]


def oidc_routes(house: House) -> APIRouter:
    """Return the routes of the provider; without one they are not found."""
    routes = APIRouter()
    door, cookies = Door(house), cookies_of(house.settings)
    provider = Provider(house.settings, house.clock)
    desk = ErrandDesk(house.settings.oidc_client_secret)

    def configured() -> None:
        if not house.settings.oidc_issuer:
            raise HTTPException(HTTPStatus.NOT_FOUND)

    def back(request: Request) -> str:
        # Without an address of its own the app answers to names of the loopback only.
        base = house.settings.review_url or f"http://{request.headers.get('host', '')}"
        return f"{base}{BACK}"

    def refuse(request: Request, fault: SarabanError, outcome: str, asked: str) -> Response:
        # No name: who it was is not known, or is nobody of this office.
        _log.warning("a sign-in by the provider was refused", extra={"outcome": outcome})
        if not isinstance(fault, TooManyTries):
            note_refused_provider(house, outcome)
        return door.show_sign_in(request, "", asked, fault)

    @routes.get(START)
    def start(request: Request, asked: Next = HOME) -> Response:
        configured()
        errand, cookie = desk.begin(asked, house.clock())
        try:
            answer = RedirectResponse(
                provider.address_for(errand, back(request)), status_code=HTTPStatus.SEE_OTHER
            )
        except ProviderAway as fault:
            _log.warning("the identity provider does not answer")
            return door.show_sign_in(request, "", own_address(asked), fault)
        cookies.send_out(answer, cookie)
        return answer

    @routes.get(BACK)
    def come_back(
        request: Request,
        state: Annotated[str, Query(max_length=200)] = "",
        code: Annotated[str, Query(max_length=4000)] = "",
        iss: Annotated[str | None, Query(max_length=2000)] = None,
    ) -> Response:
        configured()
        errand = desk.resume(cookies.errand_of(request), state, house.clock())
        asked, address = errand.asked if errand else HOME, address_of(request)
        named = errand.state if errand else "unknown"
        try:
            count_provider_try(house, named, address)
            if errand is None:
                raise ProviderRefused("state")
            # Another provider's answer in ours' place: RFC 9207.
            if iss is not None and iss != provider.issuer:
                raise ProviderRefused("claims")
            if not code:
                raise ProviderRefused("denied")
            vouched = _vouched(house, provider, code, errand, back(request))
            token = sign_in_by_provider(
                house, provider.issuer, vouched.subject, vouched.name, named, address
            )
            answer = door.onward(request, asked, token)
        except (ProviderRefused, NotVouchedFor) as fault:
            answer = refuse(request, fault, fault.outcome, asked)
        except (ProviderAway, SignInFailed, TooManyTries) as fault:
            answer = refuse(request, fault, fault.code, asked)
        cookies.come_home(answer)
        return answer

    return routes


def _vouched(house: House, provider: Provider, code: str, errand: Errand, back: str) -> Vouched:
    token = provider.id_token(code, errand, back)
    expected = Expected(
        issuer=provider.issuer,
        client_id=provider.client_id,
        nonce=errand.nonce,
        claim=provider.claim,
        now=house.clock(),
    )
    try:
        try:
            return check_id_token(token, provider.keys(), expected)
        except TokenRefused as fault:
            if fault.what != "key":
                raise
            # The provider has changed its keys since we looked.
            return check_id_token(token, provider.keys(anew=True), expected)
    except TokenRefused as fault:
        raise ProviderRefused(fault.what) from None
