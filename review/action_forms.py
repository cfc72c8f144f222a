"""The actions of a case as a page shows them: the main one, the ones beside it, the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from correspondence.states import Action
from correspondence.vocabulary import CaseState
from pipeline.bootstrap import House
from pipeline.case_desk import CaseDesk
from pipeline.passwords import new_token
from review.action_fields import ActionField, action_fields
from review.wording import Wording

_A, _S = Action, CaseState
# What a state waits for.
MAIN: Final[Mapping[CaseState, Action]] = MappingProxyType(
    {
        _S.REGISTERED: _A.RETURN_TO_TRIAGE,
        _S.CLASSIFIED: _A.RETURN_TO_TRIAGE,
        _S.TRIAGE: _A.CHOOSE_CATEGORY,
        _S.ASSIGNED: _A.START_DRAFT,
        _S.DRAFTING: _A.SUBMIT_DRAFT,
        _S.IN_REVIEW: _A.APPROVE,
        _S.SIGN_OFF: _A.SIGN,
        _S.AWAITING_DISPATCH: _A.DISPATCH,
        _S.DISPATCHED: _A.CLOSE,
        _S.ON_HOLD: _A.RESUME,
        _S.AWAITING_CONTRIBUTION: _A.RECEIVE_CONTRIBUTION,
        _S.TRANSFER_PENDING: _A.CONFIRM_TRANSFER,
        _S.NO_REPLY_PENDING: _A.CONFIRM_NO_REPLY,
    }
)
# The other answers to the same question stand beside it.
BESIDE: Final = frozenset(
    {
        _A.RETURN_DRAFT, _A.APPROVE_WITH_EDITS, _A.REJECT, _A.REFUSE_TRANSFER, _A.REFUSE_NO_REPLY,
        _A.REOPEN,
    }
)  # fmt: skip
GROUPS: Final = (
    ("actions_draft", (_A.START_DRAFT, _A.SUBMIT_DRAFT, _A.APPROVE, _A.SIGN,
                       _A.DISPATCH, _A.CLOSE, _A.RESUME, _A.CONFIRM_TRANSFER,
                       _A.CONFIRM_NO_REPLY)),
    ("actions_ask", (_A.LOG_COORDINATION, _A.ASK_CONTRIBUTION, _A.RECEIVE_CONTRIBUTION)),
    ("actions_give", (_A.CHOOSE_CATEGORY, _A.RECATEGORISE, _A.ASSIGN, _A.REASSIGN,
                      _A.RETURN_TO_TRIAGE)),
    ("actions_time", (_A.SET_DUE, _A.EXTEND, _A.HOLD)),
    ("actions_join", (_A.LINK, _A.MARK_DUPLICATE, _A.MERGE, _A.SPLIT)),
    ("actions_end", (_A.PROPOSE_NO_REPLY, _A.PROPOSE_TRANSFER, _A.VOID)),
)  # fmt: skip


# They stand with the memo.
BY_THE_MEMO: Final = (_A.EDIT_DRAFT, _A.REDRAFT)


@dataclass(frozen=True, slots=True)
class ActionForm:
    """One action as a form; `key` makes that it is done once, `upload` that it sends a file."""

    action: Action
    version: int
    key: str
    fields: tuple[ActionField, ...]
    fault: str = ""

    @property
    def upload(self) -> bool:
        """Whether the form has a file."""
        return any(field.kind == "file" for field in self.fields)


@dataclass(frozen=True, slots=True)
class ActionGroup:
    """Actions of one sort; `words` is the key of their heading."""

    words: str
    forms: tuple[ActionForm, ...]


@dataclass(frozen=True, slots=True)
class ActionBar:
    """All that a person may do: the main action, its alternatives, the rest by sort.

    `memo` are those that stand with the memo: a file handed in, a draft made anew.
    """

    main: ActionForm | None
    beside: tuple[ActionForm, ...]
    more: tuple[ActionGroup, ...]
    memo: tuple[ActionForm, ...]
    needs_another: tuple[Action, ...]

    @property
    def empty(self) -> bool:
        """Whether there is nothing at all."""
        return self.main is None and not self.beside and not self.more


def action_form(
    action: Action,
    desk: CaseDesk,
    house: House,
    wording: Wording,
    *,
    typed: Mapping[str, str] = MappingProxyType({}),
    faults: Mapping[str, str] = MappingProxyType({}),
    fault: str = "",
) -> ActionForm:
    """Return the form of an action, for the case as it stands, under a key of its own."""
    return ActionForm(
        action=action,
        version=desk.version,
        key=new_token(),
        fields=action_fields(action, desk, house, wording, typed=typed, faults=faults),
        fault=fault,
    )


def action_bar(desk: CaseDesk, house: House, wording: Wording) -> ActionBar:
    """Return all that a person may do with a case."""
    forms = {
        entry.action: action_form(entry.action, desk, house, wording) for entry in desk.actions
    }
    main = forms.pop(MAIN[desk.state], None) if desk.state in MAIN else None
    beside = tuple(forms.pop(action) for action in tuple(forms) if action in BESIDE)
    groups = (
        ActionGroup(words, tuple(forms[action] for action in wanted if action in forms))
        for words, wanted in GROUPS
    )
    return ActionBar(
        main=main,
        beside=beside,
        more=tuple(group for group in groups if group.forms),
        memo=tuple(forms[action] for action in BY_THE_MEMO if action in forms),
        needs_another=desk.needs_another,
    )
