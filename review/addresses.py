"""Where a person goes after sign-in: back to where they were going, and never out of the house."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from pipeline.permissions import Permission, may
from pipeline.staff import StaffMember

HOME: Final = "/"
WORK: Final = "/work"
_LONGEST = 500


def own_address(asked: str) -> str:
    r"""Return an address of this app as asked for, or "/" for anything else.

    Browsers read `//host`, `/\\host` and addresses with tabs or line ends as other hosts.
    """
    if not asked.startswith("/") or asked.startswith("//") or len(asked) > _LONGEST:
        return HOME
    if "\\" in asked or any(ord(sign) <= ord(" ") or ord(sign) == 127 for sign in asked):
        return HOME
    try:
        parts = urlsplit(asked)
    except ValueError:
        return HOME
    return HOME if parts.scheme or parts.netloc else asked


def home_of(staff: StaffMember) -> str:
    """Return the first page that a person may see."""
    if may(staff, Permission.SEE_WORK):
        return WORK
    return "/people" if may(staff, Permission.MANAGE_PEOPLE) else "/password"
