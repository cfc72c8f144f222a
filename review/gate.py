"""The one gate: every route passes it before its own work begins."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from correspondence.errors import SarabanError
from pipeline.bootstrap import House
from pipeline.case_guard import CaseUnknown
from pipeline.case_opening import open_case
from pipeline.permissions import OpenedCase, may
from pipeline.signing_in import SignedIn, signed_in
from pipeline.staff import StaffMember
from review.access import ACCESS
from review.cookies import Cookies, cookies_of
from review.forms import Form, check_form, form_token
from review.uploads import Sent, read_sent

_log = logging.getLogger(__name__)
_MAX_DIGITS = 9
_PASS = "saraban_pass"


class SignInNeeded(SarabanError):
    """Nobody is signed in here, or not any more."""

    code = "sign_in_needed"


class PasswordChangeNeeded(SarabanError):
    """The one-time password has to be changed first."""

    code = "password_change_needed"


class NotAllowed(SarabanError):
    """No role of this person opens this page."""

    code = "not_allowed"


@dataclass(frozen=True, slots=True)
class Pass:
    """What the gate found out about a request.

    Attributes:
        visitor: who is signed in; None where nobody is.
        token: of the form in a page of this answer, "" where there is no secret for one yet.
        form: what was sent, empty where nothing was.
        opened: the case that the route is about, open to the visitor.
        files: the bytes of the files that were sent, by name of their input.
    """

    visitor: SignedIn | None = None
    token: str = ""
    form: Form = field(default_factory=Form)
    opened: OpenedCase | None = None
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)


def gate(house: House) -> Callable[[Request], Awaitable[None]]:
    """Return the dependency of all routes.

    It raises SignInNeeded, PasswordChangeNeeded, NotAllowed, FormForeign, FormTooLarge,
    CaseUnknown, CaseRestricted or CaseRefused, and else leaves a `Pass` on the request.
    """
    cookies = cookies_of(house.settings)

    async def let_through(request: Request) -> None:
        path = str(getattr(request.scope["route"], "path", ""))
        access = ACCESS.get((request.method, path))
        if access is None:
            _log.error("no access is set for a route; it is closed")
            raise _not_allowed()
        visitor = await run_in_threadpool(signed_in, house, cookies.token(request))
        secrets = _secrets(request, cookies, visitor)
        found = Pass(visitor, form_token(secrets[0]) if secrets else "")
        _leave(request, found)
        sent = Sent()
        if request.method != "GET":
            staff = visitor is not None and not access.public
            room = access.room if staff else 0
            sent = await read_sent(request, staff=staff, room=room, files=access.files and staff)
            # Kept even where it is refused: what somebody typed is not lost.
            _leave(request, Pass(visitor, found.token, sent.form))
            check_form(request, sent.form, secrets if access.public else secrets[:1])
        if access.public:
            _leave(request, Pass(visitor, found.token, sent.form))
            return
        if visitor is None:
            raise SignInNeeded("Nobody is signed in.", thai="โปรดเข้าสู่ระบบ")
        if visitor.must_change and not access.unready:
            raise PasswordChangeNeeded("Change the password first.", thai="โปรดเปลี่ยนรหัสผ่านก่อน")
        opened = None
        if access.case is None:
            if access.permission is not None and not may(visitor.staff, access.permission):
                raise _not_allowed()
        else:
            # It asks for the permission itself, and writes down who was refused.
            case_id = _case_id(request)
            opened = await run_in_threadpool(open_case, house, case_id, visitor.staff, access.case)
        _leave(request, Pass(visitor, found.token, sent.form, opened, sent.files))

    return let_through


def pass_of(request: Request) -> Pass:
    """Return what the gate found out; nothing for a request that met no route."""
    found = getattr(request.state, _PASS, None)
    return found if isinstance(found, Pass) else Pass()


def staff_of(request: Request) -> StaffMember:
    """Return who is signed in, on a route that asks for it.

    Raises:
        SignInNeeded: nobody is.
    """
    visitor = pass_of(request).visitor
    if visitor is None:
        raise SignInNeeded("Nobody is signed in.", thai="โปรดเข้าสู่ระบบ")
    return visitor.staff


def address_of(request: Request) -> str:
    """Return where a request came from: behind a proxy on this machine, what that says."""
    return request.client.host if request.client else ""


def _secrets(request: Request, cookies: Cookies, visitor: SignedIn | None) -> tuple[str, ...]:
    """Return the secrets a form may be tied to, the one for new forms first."""
    door = request.cookies.get(cookies.door, "")
    if visitor is None:
        return (door,) if door else ()
    own = cookies.token(request)
    return (own, door) if door else (own,)


def _case_id(request: Request) -> int:
    text = str(request.path_params.get("case_id", ""))
    if not text.isascii() or not text.isdecimal() or len(text) > _MAX_DIGITS:
        raise CaseUnknown("No such case.", thai="ไม่พบเรื่องนี้")
    return int(text)


def _leave(request: Request, found: Pass) -> None:
    setattr(request.state, _PASS, found)


def _not_allowed() -> NotAllowed:
    return NotAllowed("No role of this person opens this page.", thai="ท่านไม่มีสิทธิ์เปิดหน้านี้")
