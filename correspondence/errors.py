"""The error tree. Each class is one situation that a clerk or an operator can mend.

    SarabanError                     exit 1
    ├── UsageFault                   exit 2   a wrong argument
    ├── ConfigurationFault           exit 2   a wrong or missing setting
    ├── UnreadableInput              exit 3   carries a ReadOutcome
    ├── MissingDependency            exit 4   says the line that installs it
    ├── SourceUnavailable            exit 1   mailbox, folder or server away; retryable
    ├── StaleVersion                 exit 1   somebody else changed the case first
    ├── ActionRefused                exit 1   the state table does not allow it
    └── BlobDamaged                  exit 1   stored bytes do not match their hash

Messages never hold letter text, subjects, names or addresses.
"""

from __future__ import annotations

from typing import ClassVar

from correspondence.vocabulary import ReadOutcome


class SarabanError(Exception):
    """Base of every named fault.

    Attributes:
        code: stable snake_case name, used in the ledger and in JSON.
        exit_code: exit status of the command line.
        retryable: whether the same call may succeed later without a person.
        thai: the reason for a clerk.
        remedy: what to do, in English, for an operator.
    """

    code: ClassVar[str] = "unexpected_fault"
    exit_code: ClassVar[int] = 1
    retryable: ClassVar[bool] = False

    def __init__(self, english: str, *, thai: str = "", remedy: str = "") -> None:
        """Keep the reason in both languages and the remedy."""
        super().__init__(english)
        self.english = english
        self.thai = thai or english
        self.remedy = remedy

    def __str__(self) -> str:
        """Return one line: the reason, then the remedy."""
        return f"{self.english} {self.remedy}".strip()


class UsageFault(SarabanError):
    """A wrong argument."""

    code = "wrong_usage"
    exit_code = 2


class ConfigurationFault(SarabanError):
    """A wrong or missing setting; names file, key and remedy."""

    code = "wrong_setting"
    exit_code = 2


class UnreadableInput(SarabanError):
    """A file could not be read; `outcome` says why."""

    code = "unreadable_input"
    exit_code = 3

    def __init__(self, outcome: ReadOutcome, english: str, *, thai: str = "") -> None:
        """Keep the named outcome beside the reason."""
        super().__init__(english, thai=thai or outcome.thai)
        self.outcome = outcome


class MissingDependency(SarabanError):
    """A system part is not installed; the remedy is the line that installs it."""

    code = "missing_dependency"
    exit_code = 4


class SourceUnavailable(SarabanError):
    """A mailbox, folder or server is away; the next poll may find it."""

    code = "source_unavailable"
    retryable = True


class SignInRefused(SarabanError):
    """A mailbox refused the user name, password or token; a person must mend it."""

    code = "sign_in_refused"


class StorageFull(SarabanError):
    """The disk or the blob store has no room."""

    code = "storage_full"
    retryable = True


class StaleVersion(SarabanError):
    """Somebody else changed the case first; nothing was written."""

    code = "stale_version"


class ActionRefused(SarabanError):
    """The state table does not allow this action to this person now."""

    code = "action_refused"


class BlobDamaged(SarabanError):
    """Stored bytes are missing or do not match their SHA-256."""

    code = "blob_damaged"
