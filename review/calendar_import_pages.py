"""`/settings/calendar/import`: holidays from a file; the effect is shown before it is saved."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response

from correspondence.errors import SarabanError, UsageFault
from correspondence.thai_dates import BE_OFFSET
from office.calendar_files import read_csv, write_csv
from pipeline.bootstrap import House
from pipeline.calendar_changes import preview_changes, save_changes
from pipeline.calendar_import import changes_of_file, sent_calendar_file
from review.calendar_table_pages import TABLE, check_unchanged, effect_page, saved, table_page
from review.gate import pass_of, staff_of

IMPORT: Final = f"{TABLE}/import"
_LONGEST = 500


def calendar_import_routes(house: House) -> APIRouter:
    """Return the routes of holidays from a file."""
    routes = APIRouter()

    @routes.post(IMPORT)
    def show_effect(request: Request) -> Response:
        sent = pass_of(request)
        source = " ".join(sent.form.get("source", "").split())[:_LONGEST]
        whole = sent.form.get("whole_year") == "1"
        year = sent.form.get("year", "")[:4]
        typed = {"import_source": source, "whole_year": "1" if whole else ""}
        try:
            data = sent.files.get("file")
            if data is None:
                raise UsageFault("No file was chosen.", thai="โปรดเลือกแฟ้มก่อน")
            if whole and not source:
                raise UsageFault("A whole year needs its source.", thai="ปฏิทินทั้งปีต้องระบุที่มา")
            file = sent_calendar_file(data)
            found = changes_of_file(house, file, source=source, whole_year=whole)
            if not found.changes:
                return table_page(house, request, year, told="import_nothing")
            effect = preview_changes(house, found.changes)
        except SarabanError as fault:
            return table_page(house, request, year, fault=fault, typed=typed)
        # What is shown is what is saved: the changes themselves go along, not the file.
        first = min(change.entry.day.year for change in found.changes)
        form = {
            "what": "import",
            "year": str(first + BE_OFFSET),
            "changes": write_csv(found.changes).decode("utf-8-sig"),
        }
        saving = f"{IMPORT}/save"
        return effect_page(house, request, effect, form, saving, entries=found.entries)

    @routes.post(f"{IMPORT}/save")
    def save(request: Request) -> Response:
        form = pass_of(request).form
        try:
            check_unchanged(house, request)
            changes = read_csv(form.get("changes", "").encode())
            save_changes(house, changes, by=staff_of(request).sign_in)
        except SarabanError as fault:
            return table_page(house, request, form.get("year", "")[:4], fault=fault)
        return saved(house, request, min(change.entry.day.year for change in changes))

    return routes
