"""The review app: read-only pages over the register, for the office's own machine."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from correspondence.errors import BlobDamaged, MissingDependency
from pipeline.bootstrap import House
from pipeline.case_view import CaseRestricted, CaseUnknown
from pipeline.stamping import NotStampable
from review.case_pages import case_routes
from review.health import health_routes
from review.register_pages import register_routes
from review.rendering import STATIC, render, wording_for
from review.security import HOSTS, FaultBorder, SecureHeaders
from sandbox.faults import SandboxFault


def create_app(house: House) -> FastAPI:
    """Return the app over an open house; the caller closes the house."""
    app = FastAPI(title="Saraban", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(register_routes(house))
    app.include_router(case_routes(house))
    app.include_router(health_routes(house))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    _name_faults(app, house)
    # The last added is the outermost: headers stand on refusals too.
    app.add_middleware(FaultBorder, house=house)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS), www_redirect=False)
    app.add_middleware(SecureHeaders)
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
