"""Typed tables of the office's database."""

from registry.models.accounts import Account, FirstRunCode, SignIn, SignInTry
from registry.models.alerts import Alert
from registry.models.base import Base
from registry.models.cases import Case, CaseLink, ClassificationRow, Draft, DueDateRow
from registry.models.casework import (
    ActionKey,
    Assignment,
    Contribution,
    CoordinationEntry,
    Extension,
    Pause,
)
from registry.models.chain import AuditHead, AuditLink
from registry.models.desk import CaseLook, SavedView
from registry.models.feeds import CalendarFeed
from registry.models.intake import IntakeItem, SourceState
from registry.models.learning import ModelVersionRow
from registry.models.letters import (
    Attachment,
    FieldRow,
    Letter,
    PageLayoutRow,
    PageTextRow,
    RegisterCounter,
)
from registry.models.likeness import Campaign, LetterBand, LetterSignatureRow
from registry.models.machines import MachineRow
from registry.models.notices import NoticeRow
from registry.models.people import CalendarYear, Contact, GroupRow, Holiday, Person, PersonRole
from registry.models.restricted import RestrictedRow
from registry.models.search import LetterSearchRow
from registry.models.trail import AuditEvent, Cycle, OutboxMessage, Report

__all__ = [
    "Account",
    "ActionKey",
    "Alert",
    "Assignment",
    "Attachment",
    "AuditEvent",
    "AuditHead",
    "AuditLink",
    "Base",
    "CalendarFeed",
    "CalendarYear",
    "Campaign",
    "Case",
    "CaseLink",
    "CaseLook",
    "ClassificationRow",
    "Contact",
    "Contribution",
    "CoordinationEntry",
    "Cycle",
    "Draft",
    "DueDateRow",
    "Extension",
    "FieldRow",
    "FirstRunCode",
    "GroupRow",
    "Holiday",
    "IntakeItem",
    "Letter",
    "LetterBand",
    "LetterSearchRow",
    "LetterSignatureRow",
    "MachineRow",
    "ModelVersionRow",
    "NoticeRow",
    "OutboxMessage",
    "PageLayoutRow",
    "PageTextRow",
    "Pause",
    "Person",
    "PersonRole",
    "RegisterCounter",
    "Report",
    "RestrictedRow",
    "SavedView",
    "SignIn",
    "SignInTry",
    "SourceState",
]
