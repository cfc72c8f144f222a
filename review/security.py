"""What every answer carries, and the border at which no fault tells what a letter says."""

from __future__ import annotations

import logging
from types import MappingProxyType

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from office.settings import Settings
from pipeline.bootstrap import House
from review.rendering import render, wording_for

# Host names the app answers to: a page of the web that rebinds its name to the loopback
# still sends its own.
HOSTS = ("127.0.0.1", "localhost")

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'{more}; "
    "font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# Of a page that carries pictures made for it alone, which lie nowhere to be fetched from.
PICTURED = _POLICY.format(more=" data:")

HEADERS = MappingProxyType(
    {
        "Content-Security-Policy": _POLICY.format(more=""),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
        # Letters must not stay in the cache of a shared machine.
        "Cache-Control": "no-store",
    }
)

# What a browser may show; anything else that we serve is a download, whoever made the page.
INLINE = frozenset(
    {
        *("text/html", "text/plain", "text/css", "text/javascript", "text/calendar"),
        *("application/json", "application/javascript", "font/woff2"),
        *("image/png", "image/jpeg", "image/webp"),
    }
)
# A download that is opened in the browser all the same runs nothing and knows no session.
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
# Our own files: a drawing among them is our own, too.
_STATIC = "/static/"

HSTS = "max-age=31536000"

_log = logging.getLogger(__name__)


def hosts_of(settings: Settings) -> list[str]:
    """Return the host names the app answers to: the loopback's, and the office's own address."""
    return [*HOSTS, *filter(None, [settings.review_host])]


class SecureHeaders:
    """ASGI layer that sets HEADERS on every answer; where people come by https, only by https.

    What is neither a page nor a picture leaves as a download, in a sandbox.
    """

    def __init__(self, app: ASGIApp, *, https: bool = False) -> None:
        """Keep the app inside."""
        self._app = app
        self._headers = {**HEADERS, **({"Strict-Transport-Security": HSTS} if https else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and dress the answer."""

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                pictured = headers.get("content-security-policy") == PICTURED
                headers.update(self._headers)
                if pictured:
                    headers["Content-Security-Policy"] = PICTURED
                if not str(scope.get("path", "")).startswith(_STATIC):
                    _shut_in(headers)
            await send(message)

        await self._app(scope, receive, dressed)


def _shut_in(headers: MutableHeaders) -> None:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    handed_out = headers.get("content-disposition", "").lower()
    if kind and kind not in INLINE and not handed_out.startswith("attachment"):
        headers["Content-Disposition"] = handed_out = "attachment"
    if handed_out:
        headers["Content-Security-Policy"] = SANDBOX


class FaultBorder:
    """ASGI layer that turns an unexpected fault into a plain page and one line in the log.

    The line has the fault's type and where it arose; never its message, which may hold text of a
    letter.
    """

    def __init__(self, app: ASGIApp, house: House) -> None:
        """Keep the app inside and the house for the page's words."""
        self._app = app
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as fault:
            _log.error("unexpected fault %s at %s", type(fault).__name__, _place(fault))
            if begun:
                return
            request = Request(scope)
            values = {"title": "fault", "why": "fault_why"}
            wording = wording_for(self._house, request)
            page = render("fault.html", request, wording, values, 500)
            await page(scope, receive, send)


def _place(fault: BaseException) -> str:
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "?"
    return f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}"
