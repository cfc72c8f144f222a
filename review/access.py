"""Which route needs what: a route that is not here is closed to everybody."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from pipeline.permissions import Permission


@dataclass(frozen=True, slots=True)
class Access:
    """What a route asks of whoever comes.

    Attributes:
        permission: needed; None asks for none.
        public: no sign-in is needed.
        unready: open, too, while a one-time password has not been changed.
        case: name of what is looked at where the route is about one case; that case must be
            open to the person, and the trail gets the name.
        room: the most bytes a form may send, where it takes more than others: pasted texts.
        files: whether a form may send a file besides.
    """

    permission: Permission | None = None
    public: bool = False
    unready: bool = False
    case: str | None = None
    room: int = 0
    files: bool = False


_PUBLIC = Access(public=True)
_OWN = Access(unready=True)


# A megabyte of Thai text takes three times as much in a form.
_PASTED = 4 * 2**20

_CALENDAR_FILE = Access(Permission.SEE_CALENDAR_TABLE, room=_PASTED, files=True)


def _case(what: str) -> Access:
    return Access(Permission.OPEN_CASE, case=what)


def _work(what: str) -> Access:
    return Access(Permission.OPEN_CASE, case=what, room=_PASTED, files=True)


ACCESS: Final = MappingProxyType(
    {
        ("GET", "/work"): Access(Permission.SEE_WORK),
        # Whose case it is, and which actions, the state table says for each.
        ("POST", "/work/next"): Access(Permission.SEE_WORK),
        ("POST", "/work/bulk"): Access(Permission.SEE_WORK),
        ("POST", "/work/views"): Access(Permission.SEE_WORK),
        ("POST", "/work/views/remove"): Access(Permission.SEE_WORK),
        ("GET", "/triage"): Access(Permission.DO_TRIAGE),
        ("POST", "/triage"): Access(Permission.DO_TRIAGE),
        ("POST", "/triage/undo"): Access(Permission.DO_TRIAGE),
        ("POST", "/triage/link"): Access(Permission.DO_TRIAGE),
        ("GET", "/waiting/held"): Access(Permission.SEE_WAITING),
        ("GET", "/waiting/quarantined"): Access(Permission.SEE_WAITING),
        ("GET", "/waiting/items/{item_id}"): Access(Permission.SEE_WAITING),
        ("POST", "/waiting/retry"): Access(Permission.WORK_WAITING),
        ("POST", "/waiting/items/{item_id}/retry"): Access(Permission.WORK_WAITING),
        ("POST", "/waiting/items/{item_id}/release"): Access(Permission.WORK_WAITING),
        ("POST", "/waiting/items/{item_id}/not-a-letter"): Access(Permission.WORK_WAITING),
        ("POST", "/waiting/items/{item_id}/place"): Access(Permission.WORK_WAITING),
        ("GET", "/secret"): Access(Permission.WORK_SECRET_DESK),
        ("POST", "/secret/{item_id}/hand-over"): Access(Permission.WORK_SECRET_DESK),
        ("GET", "/"): Access(Permission.SEE_REGISTER),
        ("GET", "/register/print"): Access(Permission.PRINT_REGISTER),
        ("GET", "/register/book.xlsx"): Access(Permission.PRINT_REGISTER),
        # It finds only what the person may open.
        ("GET", "/search"): Access(Permission.SEE_REGISTER),
        ("GET", "/calendar"): Access(Permission.SEE_REGISTER),
        ("GET", "/overdue"): Access(Permission.SEE_REGISTER),
        ("POST", "/calendar/feeds"): Access(Permission.SEE_REGISTER),
        ("POST", "/calendar/feeds/revoke"): Access(Permission.SEE_REGISTER),
        # The token in the address is the key: telephones do not sign in.
        ("GET", "/calendar/feed/{token}.ics"): _PUBLIC,
        ("GET", "/cases/{case_id}"): _case("page"),
        ("GET", "/cases/{case_id}/memo/{version}"): _case("memo"),
        ("GET", "/cases/{case_id}/stamped/{year}/{number}"): _case("stamped"),
        ("GET", "/cases/{case_id}/letters/{letter_id}/pages/{page}.png"): _case("page_picture"),
        ("GET", "/cases/{case_id}/letters/{letter_id}/text"): _case("letter_text"),
        ("GET", "/cases/{case_id}/letters/{letter_id}/mail"): _case("mail"),
        ("GET", "/cases/{case_id}/letters/{letter_id}/files/{place}"): _case("file"),
        # Who may set a field, `pipeline/field_correction.py` asks.
        ("POST", "/cases/{case_id}/fields"): _case("field"),
        ("GET", "/cases/{case_id}/actions/{action}"): _case("action"),
        ("POST", "/cases/{case_id}/actions/{action}"): _work("action"),
        ("POST", "/cases/{case_id}/memo"): _work("memo"),
        ("GET", "/cases/{case_id}/memo/{version}/pdf"): _case("memo"),
        ("GET", "/cases/{case_id}/difference"): _case("memo"),
        # Whose letters are to write, `pipeline/writing.py` asks.
        ("GET", "/cases/{case_id}/forwarded"): _case("forwarded"),
        ("POST", "/cases/{case_id}/forwarded"): Access(
            Permission.OPEN_CASE, case="forwarded", room=_PASTED
        ),
        # What was done where the case is no longer the visitor's to see.
        ("GET", "/done"): Access(),
        # Of which groups, `figure_scope` says.
        ("GET", "/figures"): Access(Permission.SEE_FIGURES),
        ("GET", "/figures/list"): Access(Permission.LIST_FIGURES),
        ("GET", "/people"): Access(Permission.MANAGE_PEOPLE),
        ("POST", "/people"): Access(Permission.MANAGE_PEOPLE),
        ("GET", "/people/{sign_in}"): Access(Permission.MANAGE_PEOPLE),
        ("POST", "/people/{sign_in}/role"): Access(Permission.MANAGE_PEOPLE),
        ("POST", "/people/{sign_in}/role-take"): Access(Permission.MANAGE_PEOPLE),
        ("POST", "/people/{sign_in}/clearance"): Access(Permission.MANAGE_PEOPLE),
        ("POST", "/people/{sign_in}/absence"): Access(Permission.MANAGE_PEOPLE),
        ("POST", "/people/{sign_in}/deputy"): Access(Permission.MANAGE_PEOPLE),
        ("POST", "/people/{sign_in}/details"): Access(Permission.MANAGE_PEOPLE),
        ("POST", "/people/{sign_in}/password"): Access(Permission.MANAGE_PEOPLE),
        ("POST", "/people/{sign_in}/retire"): Access(Permission.MANAGE_PEOPLE),
        # It leads to the first tab that the person may see.
        ("GET", "/settings"): Access(Permission.SEE_CALENDAR_TABLE),
        ("GET", "/settings/sources"): Access(Permission.SEE_SETTINGS),
        ("GET", "/settings/groups"): Access(Permission.SEE_SETTINGS),
        ("GET", "/settings/rules"): Access(Permission.SEE_SETTINGS),
        ("GET", "/settings/wording"): Access(Permission.SEE_SETTINGS),
        ("GET", "/settings/calendar"): Access(Permission.SEE_CALENDAR_TABLE),
        ("POST", "/settings/calendar"): Access(Permission.SEE_CALENDAR_TABLE),
        ("POST", "/settings/calendar/effect"): Access(Permission.SEE_CALENDAR_TABLE),
        # A file, and on the way back what of it is to be changed.
        ("POST", "/settings/calendar/import"): _CALENDAR_FILE,
        ("POST", "/settings/calendar/import/save"): _CALENDAR_FILE,
        ("GET", "/settings/models"): Access(Permission.USE_MODELS),
        ("POST", "/settings/models/use"): Access(Permission.USE_MODELS),
        ("POST", "/settings/models/rollback"): Access(Permission.USE_MODELS),
        # Everybody's own.
        ("GET", "/absence"): Access(),
        ("POST", "/absence"): Access(),
        ("POST", "/absence/deputy"): Access(),
        # Counts are for whoever is signed in; a monitor learns whether the database answers.
        ("GET", "/health"): _PUBLIC,
        # Open to whoever has the monitor's token.
        ("GET", "/metrics"): _PUBLIC,
        ("GET", "/sign-in"): _PUBLIC,
        ("POST", "/sign-in"): _PUBLIC,
        ("GET", "/sign-in/provider"): _PUBLIC,
        ("GET", "/sign-in/provider/back"): _PUBLIC,
        ("GET", "/first-run"): _PUBLIC,
        ("POST", "/first-run"): _PUBLIC,
        ("POST", "/sign-out"): _OWN,
        ("POST", "/digits"): _OWN,
        ("POST", "/sign-out/everywhere"): _OWN,
        ("GET", "/password"): _OWN,
        ("POST", "/password"): _OWN,
    }
)
