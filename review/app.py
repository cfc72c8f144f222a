"""The review app: pages over the register behind a sign-in."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from correspondence.errors import BlobDamaged, MissingDependency
from pipeline.bootstrap import House
from pipeline.case_guard import CaseRestricted, CaseUnknown
from pipeline.case_opening import CaseRefused
from pipeline.stamping import NotStampable
from review.absence_pages import absence_routes
from review.addresses import HOME, own_address
from review.calendar_import_pages import calendar_import_routes
from review.calendar_pages import calendar_routes
from review.calendar_table_pages import calendar_table_routes
from review.case_action_pages import action_routes
from review.case_pages import case_routes
from review.digits_pages import digits_routes
from review.door_pages import door_routes
from review.expired_form import page_of_form, typed_texts
from review.field_pages import field_routes
from review.figures_pages import figures_routes
from review.forms import FormForeign, FormTooLarge
from review.forwarded_pages import forwarded_routes
from review.gate import NotAllowed, PasswordChangeNeeded, SignInNeeded, gate
from review.health import health_routes
from review.memo_pages import memo_routes
from review.oidc_pages import oidc_routes
from review.page_images import letter_routes
from review.people_pages import people_routes
from review.register_pages import register_routes
from review.rendering import STATIC, link, render, wording_for
from review.search_pages import search_routes
from review.secret_pages import secret_routes
from review.security import FaultBorder, SecureHeaders, hosts_of
from review.settings_pages import settings_routes
from review.triage_pages import triage_routes
from review.waiting_pages import waiting_routes
from review.work_pages import work_routes
from sandbox.faults import SandboxFault


def create_app(house: House) -> FastAPI:
    """Return the app over an open house; the caller closes the house."""
    app = FastAPI(
        title="Saraban",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(gate(house))],
    )
    app.include_router(door_routes(house))
    app.include_router(digits_routes(house))
    app.include_router(oidc_routes(house))
    app.state.house = house
    app.include_router(work_routes(house))
    app.include_router(triage_routes(house))
    app.include_router(waiting_routes(house))
    app.include_router(secret_routes(house))
    app.include_router(register_routes(house))
    app.include_router(search_routes(house))
    app.include_router(calendar_routes(house))
    app.include_router(case_routes(house))
    app.include_router(letter_routes(house))
    app.include_router(field_routes(house))
    app.include_router(action_routes(house))
    app.include_router(memo_routes(house))
    app.include_router(forwarded_routes(house))
    app.include_router(figures_routes(house))
    app.include_router(people_routes(house))
    app.include_router(absence_routes(house))
    app.include_router(settings_routes(house))
    app.include_router(calendar_table_routes(house))
    app.include_router(calendar_import_routes(house))
    app.include_router(health_routes(house))
    app.mount("/static/fonts", StaticFiles(packages=[("fontpkg_sarabun", "files")]), name="fonts")
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    _name_faults(app, house)
    _lead_to_the_door(app, house)
    # The last added is the outermost: headers stand on refusals too.
    app.add_middleware(FaultBorder, house=house)
    app.add_middleware(
        TrustedHostMiddleware, allowed_hosts=hosts_of(house.settings), www_redirect=False
    )
    app.add_middleware(SecureHeaders, https=bool(house.settings.review_url))
    return app


def _name_faults(app: FastAPI, house: House) -> None:
    def page(request: Request, name: str, status: int) -> Response:
        values = {"title": name, "why": f"{name}_why"}
        return render("fault.html", request, wording_for(house, request), values, status)

    @app.exception_handler(CaseUnknown)
    def unknown(request: Request, _fault: CaseUnknown) -> Response:
        return page(request, "not_found", 404)

    @app.exception_handler(RequestValidationError)
    def malformed(request: Request, _fault: RequestValidationError) -> Response:
        # The framework's own answer repeats what was sent.
        return page(request, "not_found", 404)

    @app.exception_handler(CaseRestricted)
    def restricted(request: Request, _fault: CaseRestricted) -> Response:
        return page(request, "forbidden", 403)

    @app.exception_handler(CaseRefused)
    def refused(request: Request, _fault: CaseRefused) -> Response:
        return page(request, "case_refused", 403)

    @app.exception_handler(NotAllowed)
    def not_allowed(request: Request, _fault: NotAllowed) -> Response:
        return page(request, "not_allowed", 403)

    @app.exception_handler(FormForeign)
    def foreign(request: Request, _fault: FormForeign) -> Response:
        values = {"texts": typed_texts(request), "asked": page_of_form(request)}
        return render("form_expired.html", request, wording_for(house, request), values, 403)

    @app.exception_handler(FormTooLarge)
    def large(request: Request, _fault: FormTooLarge) -> Response:
        answer = page(request, "form_too_large", 413)
        # What is still being sent is not read.
        answer.headers["Connection"] = "close"
        return answer

    @app.exception_handler(NotStampable)
    @app.exception_handler(SandboxFault)
    @app.exception_handler(MissingDependency)
    def not_stampable(request: Request, _fault: Exception) -> Response:
        return page(request, "not_stampable", 422)

    @app.exception_handler(BlobDamaged)
    def damaged(request: Request, _fault: BlobDamaged) -> Response:
        return page(request, "blob_damaged", 500)

    @app.exception_handler(HTTPException)
    def http_fault(request: Request, fault: HTTPException) -> Response:
        answer = page(request, "not_found", fault.status_code)
        answer.headers.update(fault.headers or {})
        return answer


def _lead_to_the_door(app: FastAPI, house: House) -> None:
    """Send whoever is not signed in to the sign-in, and back to where they were going."""

    def lead(request: Request, path: str) -> Response:
        asked = HOME
        if request.method == "GET":
            query = f"?{request.url.query}" if request.url.query else ""
            asked = own_address(f"{request.url.path}{query}")
        language = wording_for(house, request).language
        values = {"next": asked} if asked != HOME else {}
        return RedirectResponse(link(path, language, values), status_code=HTTPStatus.SEE_OTHER)

    @app.exception_handler(SignInNeeded)
    def sign_in_needed(request: Request, _fault: SignInNeeded) -> Response:
        return lead(request, "/sign-in")

    @app.exception_handler(PasswordChangeNeeded)
    def change_needed(request: Request, _fault: PasswordChangeNeeded) -> Response:
        return lead(request, "/password")
