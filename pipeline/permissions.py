"""Who may see what: one table for the web app and the command line. What it lacks is refused.

The roles are those of `docs/architecture.md`. An administrator sees no letter whatever other role
they hold: a denial outweighs every role. A restricted case is open to registrars of classified
information with the clearance for its grade and to nobody else. What may be *done* to a case is
the state table's (`correspondence/states.py`), asked through `pipeline/case_rights.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from correspondence.vocabulary import CaseState, Role, Secrecy
from pipeline.staff import OF_A_GROUP, StaffMember


class Permission(StrEnum):
    """What a page or a command needs; see PERMISSIONS for whose it is."""

    SEE_REGISTER = "see_register"
    PRINT_REGISTER = "print_register"
    OPEN_CASE = "open_case"
    SEE_MASKED = "see_masked"
    SEE_WAITING = "see_waiting"
    SEE_SECRET_DESK = "see_secret_desk"
    SEE_WORK = "see_work"
    DO_TRIAGE = "do_triage"
    WORK_WAITING = "work_waiting"
    WORK_SECRET_DESK = "work_secret_desk"
    MANAGE_PEOPLE = "manage_people"
    SEE_FIGURES = "see_figures"
    LIST_FIGURES = "list_figures"
    SEE_SETTINGS = "see_settings"
    SEE_CALENDAR_TABLE = "see_calendar_table"
    USE_MODELS = "use_models"


_R = Role
_READERS = frozenset({_R.REGISTRAR, _R.OFFICER, _R.GROUP_HEAD, _R.OFFICE_HEAD, _R.SECRETARY})

PERMISSIONS: Final = MappingProxyType(
    {
        # Each sees the rows of the register that `register_scope` leaves them.
        Permission.SEE_REGISTER: _READERS | {_R.SECRET_REGISTRAR},
        # The printed register has the subjects of every group's letters.
        Permission.PRINT_REGISTER: frozenset({_R.REGISTRAR, _R.OFFICE_HEAD}),
        # Which case: `may_open`.
        Permission.OPEN_CASE: _READERS | {_R.SECRET_REGISTRAR},
        # Citizens' numbers in a letter. Of which case: `role_to_unmask`.
        Permission.SEE_MASKED: frozenset({_R.OFFICER, _R.GROUP_HEAD, _R.OFFICE_HEAD}),
        # Holding pen and quarantine show the names of files.
        Permission.SEE_WAITING: frozenset({_R.REGISTRAR, _R.OFFICE_HEAD}),
        # That a secret letter came, its grade and whom to call; never what it says.
        Permission.SEE_SECRET_DESK: frozenset({_R.REGISTRAR, _R.OFFICE_HEAD, _R.SECRET_REGISTRAR}),
        Permission.MANAGE_PEOPLE: frozenset({_R.ADMINISTRATOR}),
        # Of which groups: `figure_scope`.
        Permission.SEE_FIGURES: frozenset(
            {_R.REGISTRAR, _R.GROUP_HEAD, _R.OFFICE_HEAD, _R.SECRETARY}
        ),
        # The cases behind a figure.
        Permission.LIST_FIGURES: frozenset({_R.REGISTRAR, _R.GROUP_HEAD, _R.OFFICE_HEAD}),
        # Mailboxes, rules and wording: no letter is told of.
        Permission.SEE_SETTINGS: frozenset({_R.ADMINISTRATOR}),
        # Who may change it, too.
        Permission.SEE_CALENDAR_TABLE: frozenset({_R.ADMINISTRATOR, _R.OFFICE_HEAD, _R.REGISTRAR}),
        # Which version of the classifier answers; to see them and to change it.
        Permission.USE_MODELS: frozenset({_R.ADMINISTRATOR, _R.OFFICE_HEAD}),
        # Which cases: `work_scope`.
        Permission.SEE_WORK: _READERS | {_R.SECRET_REGISTRAR},
        # Who may choose a category in triage, as the state table has it.
        Permission.DO_TRIAGE: frozenset({_R.REGISTRAR, _R.GROUP_HEAD, _R.OFFICE_HEAD}),
        # Retry, place, release, end as not a letter: as `pipeline/held.py` has it.
        Permission.WORK_WAITING: frozenset({_R.REGISTRAR}),
        Permission.WORK_SECRET_DESK: frozenset({_R.SECRET_REGISTRAR}),
    }
)
# What a role opens only to whoever has some clearance.
_CLEARED: Final = frozenset({Permission.WORK_SECRET_DESK})

# Who sets the fields of the letters of a case that is open to them.
CORRECTORS: Final = frozenset({_R.REGISTRAR, _R.OFFICER, _R.GROUP_HEAD, _R.OFFICE_HEAD})

# What is submitted to the minister, and what came of it.
SUBMITTED: Final = frozenset(
    {CaseState.SIGN_OFF, CaseState.AWAITING_DISPATCH, CaseState.DISPATCHED, CaseState.CLOSED}
)
_EVERY_CASE = (Role.REGISTRAR, Role.OFFICE_HEAD)


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What of a case decides who may open it; `grade` is the highest on its letters."""

    group: str | None
    state: CaseState
    restricted: bool
    grade: Secrecy


@dataclass(frozen=True, slots=True)
class RegisterScope:
    """The rows of the register a person sees; by default none.

    Attributes:
        every_case: all registered letters; a restricted one without what it is about.
        groups: letters of cases of these groups.
        unassigned: letters of cases that no group has.
        states: letters of cases in these states.
        restricted: letters of restricted cases, without what they are about.
        waiting: what has no register number: holding pen, quarantine, duplicates.
        secret: that a secret letter came.
    """

    every_case: bool = False
    groups: frozenset[str] = frozenset()
    unassigned: bool = False
    states: frozenset[CaseState] = frozenset()
    restricted: bool = False
    waiting: bool = False
    secret: bool = False


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """That a person may see a case: `pipeline.case_opening.open_case` alone makes one.

    Views show a restricted case for one that was opened as restricted, and for nothing less.
    """

    case_id: int
    by: str
    restricted: bool

    def opens(self, case_id: int, *, restricted: bool) -> bool:
        """Tell whether it is this case, no more restricted now than when it was opened."""
        return self.case_id == case_id and (self.restricted or not restricted)


# Commands run on the office's own machine, as the operator of the whole house.
WHOLE_REGISTER: Final = RegisterScope(every_case=True, waiting=True, secret=True)


def may(staff: StaffMember, permission: Permission) -> bool:
    """Tell whether a person has a permission; a denial outweighs every role."""
    allowed = PERMISSIONS[permission]
    if permission in _CLEARED and not staff.cleared_for(Secrecy.CONFIDENTIAL):
        return False
    if staff.holds(Role.ADMINISTRATOR):
        return Role.ADMINISTRATOR in allowed
    return not staff.roles.isdisjoint(allowed)


def may_open(staff: StaffMember, case: CaseFacts) -> bool:
    """Tell whether a person may see a case and what its letters say."""
    if not may(staff, Permission.OPEN_CASE):
        return False
    if case.restricted:
        return staff.holds(Role.SECRET_REGISTRAR) and staff.cleared_for(case.grade)
    if any(staff.holds(role) for role in _EVERY_CASE):
        return True
    if staff.holds(Role.SECRETARY) and case.state in SUBMITTED:
        return True
    return any(staff.holds_for(role, case.group) for role in OF_A_GROUP)


def role_to_unmask(
    staff: StaffMember, case: CaseFacts, groups: frozenset[str]
) -> tuple[Role, str | None] | None:
    """Return in which role, and of which group, a person may see what is masked in a letter.

    Args:
        staff: the person.
        case: of the letter; nobody sees it of a restricted one.
        groups: whose officers and heads must know it.
    """
    if case.restricted or not may(staff, Permission.SEE_MASKED):
        return None
    # In this order: the audit trail names the role nearest to the work.
    for role in (Role.OFFICER, Role.GROUP_HEAD):
        for held, group in staff.held:
            if held is role and group in groups:
                return role, group
    return (Role.OFFICE_HEAD, None) if staff.holds(Role.OFFICE_HEAD) else None


def figure_scope(staff: StaffMember, permission: Permission) -> frozenset[str] | None:
    """Return the groups whose figures a person may see or list; None for the whole office.

    Args:
        staff: the person.
        permission: SEE_FIGURES, or LIST_FIGURES for the cases behind them.
    """
    if not may(staff, permission):
        return frozenset()
    office = PERMISSIONS[permission] - OF_A_GROUP
    heads = [group for role, group in staff.held if role is Role.GROUP_HEAD]
    if not staff.roles.isdisjoint(office) or None in heads:
        return None
    return frozenset(group for group in heads if group is not None)


def register_scope(staff: StaffMember) -> RegisterScope:
    """Return the rows of the register that a person sees."""
    if not may(staff, Permission.SEE_REGISTER):
        return RegisterScope()
    everywhere = any(role in OF_A_GROUP and group is None for role, group in staff.held)
    return RegisterScope(
        every_case=everywhere or any(staff.holds(role) for role in _EVERY_CASE),
        groups=frozenset(
            group for role, group in staff.held if role in OF_A_GROUP and group is not None
        ),
        unassigned=staff.holds(Role.GROUP_HEAD),
        states=SUBMITTED if staff.holds(Role.SECRETARY) else frozenset(),
        restricted=staff.holds(Role.SECRET_REGISTRAR),
        waiting=may(staff, Permission.SEE_WAITING),
        secret=may(staff, Permission.SEE_SECRET_DESK),
    )
