"""`/cases/{id}`: one case; its memos and stamped copies as downloads."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from correspondence.thai_dates import BE_OFFSET
from pipeline.bootstrap import House
from pipeline.looks import note_look
from pipeline.memo_file import memo_file
from pipeline.stamping import stamp_case_letter
from review.case_frame import render_case
from review.gate import pass_of, staff_of

# The largest id both databases hold.
MAX_ID = 2**31 - 1
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

Id = Annotated[int, Path(ge=1, le=MAX_ID)]


def case_routes(house: House) -> APIRouter:
    """Return the routes of a case."""
    routes = APIRouter(prefix="/cases")

    @routes.get("/{case_id}")
    def show_case(request: Request, case_id: Id) -> Response:
        note_look(house, staff_of(request), case_id)
        return render_case(house, request, case_id)

    @routes.get("/{case_id}/memo/{version}")
    def download_memo(request: Request, case_id: Id, version: Id) -> Response:
        memo = memo_file(house, case_id, version, pass_of(request).opened)
        return Response(
            memo.content,
            media_type=DOCX,
            headers={"Content-Disposition": f'attachment; filename="{memo.file_name}"'},
        )

    @routes.get("/{case_id}/stamped/{year}/{number}")
    def download_stamped(case_id: Id, year: Id, number: Id) -> Response:
        made = stamp_case_letter(house, case_id, number, year - BE_OFFSET)
        return Response(
            made.content,
            media_type="application/pdf",
            headers={"Content-Disposition": f'attachment; filename="{made.file_name}"'},
        )

    return routes
