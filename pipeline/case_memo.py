"""The memo of a case by its parts: what stands in it, and a person's edit of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondence.errors import ActionRefused, SarabanError
from correspondence.memo import MemoSection
from correspondence.reading import Frozen
from correspondence.states import Action
from correspondence.vocabulary import MemoForm
from drafting import frame
from drafting.content import MemoContent
from drafting.editing import EditedMemo, MemoPart, edit_memo, memo_parts
from drafting.faithfulness import Sources, gather_sources
from drafting.request import DraftRequest
from drafting.sources import memo_sources
from drafting.versions import MemoUnreadable, memo_lines
from pipeline.bootstrap import House
from pipeline.case_actions import act_on_case
from pipeline.case_guard import CaseRestricted, CaseUnknown
from pipeline.case_request import CaseRequest, CaseResult
from pipeline.casework import draft_request
from pipeline.memo_versions import MemoVersion
from pipeline.permissions import OpenedCase
from registry.casework import draft_in_force
from registry.engine import open_snapshot
from registry.models import Case, Draft

# Actions that hand a memo in; each may come with the memo edited by its parts.
HAND_IN: Final = (Action.EDIT_DRAFT, Action.SUBMIT_DRAFT, Action.APPROVE_WITH_EDITS)
# What the form fills from elsewhere; shown, not edited.
FIXED: Final = frozenset({"register_number"})


class MemoUnfounded(SarabanError):
    """An edited memo states values that no source holds; a person may keep them, marked."""

    code = "memo_unfounded"

    def __init__(self, found: Mapping[str, tuple[str, ...]]) -> None:
        """Keep the kinds of values by the key of the part; never the values."""
        super().__init__(
            "The edited memo holds values that neither the letter nor the register has.",
            thai="ร่างที่แก้มีตัวเลข วันที่ หรือชื่อที่ไม่พบในหนังสือหรือทะเบียน โปรดตรวจแล้วยืนยัน",
        )
        self.found = found


class MemoDesk(Frozen):
    """The memo of a case as one person may work on it.

    Attributes:
        version: the version shown: the one in force, else the latest; None while there is none.
        form: its form.
        in_force: whether it is in force.
        parts: its parts, () where it was written elsewhere.
        lines: its text where it has no parts and opens.
        versions: all of them, the latest first.
    """

    version: int | None = None
    form: MemoForm | None = None
    in_force: bool = False
    parts: tuple[MemoPart, ...] = ()
    lines: tuple[str, ...] = ()
    versions: tuple[MemoVersion, ...] = ()


class MemoEdit(Frozen):
    """What a person wants with the memo in force.

    Attributes:
        request: the action, its version and key; one of HAND_IN.
        texts: by key, what the edited parts say.
        accepted: keys of the parts that the person accepts as they stand.
        keep_unfounded: keep values that no source holds; the parts are marked.
    """

    request: CaseRequest
    texts: dict[str, str]
    accepted: frozenset[str] = frozenset()
    keep_unfounded: bool = False


class HandedIn(Frozen):
    """What came of it; `over` tells that the memo is longer than the page its form has."""

    result: CaseResult
    over: bool


def memo_desk(house: House, opened: OpenedCase) -> MemoDesk:
    """Return the memo of a case for the person who has it open.

    Raises:
        CaseUnknown: no such case.
        CaseRestricted: it has become restricted since it was opened.
    """
    with open_snapshot(house.sessions) as session:
        case = session.get(Case, opened.case_id)
        if case is None:
            raise CaseUnknown("No such case.", thai="ไม่พบเรื่องนี้")
        if not opened.opens(case.id, restricted=case.restricted):
            raise CaseRestricted("The case is restricted.", thai="เรื่องนี้จำกัดผู้เข้าถึง")
        drafts = session.scalars(
            select(Draft).where(Draft.case_id == case.id).order_by(Draft.version.desc())
        ).all()
        if not drafts:
            return MemoDesk()
        shown = next((draft for draft in drafts if draft.superseded_at is None), drafts[0])
        form, sections, sha256 = MemoForm(shown.form), sections_of(shown), shown.sha256
        desk = MemoDesk(
            version=shown.version,
            form=form,
            in_force=shown.superseded_at is None,
            parts=memo_parts(form, sections),
            versions=tuple(_version(draft) for draft in drafts),
        )
    if desk.parts:
        return desk
    return desk.model_copy(update={"lines": _lines(house, sha256)})


def hand_in_memo(house: House, edit: MemoEdit) -> HandedIn:
    """Fill the form from edited parts and carry out the action with it, or refuse it whole.

    Where nothing was edited, a submitted memo is the one in force, and only who accepted its
    parts is noted. What `act_on_case` raises is raised here, too.

    Raises:
        ActionRefused: there is no memo in force, or the action hands none in.
        MemoUneditable: it is not made of parts.
        PartTooLong: a line of a part is longer than its place.
        MemoUnfounded: values are in no source, and the person has not said to keep them.
    """
    if edit.request.action not in HAND_IN:
        raise ActionRefused("This action hands no memo in.", thai="รายการนี้ไม่รับร่างบันทึก")
    with house.sessions.begin() as session:
        case = session.get(Case, edit.request.case_id)
        if case is None:
            raise CaseUnknown("No such case.", thai="ไม่พบเรื่องนี้")
        memo = _edited(house, session, case, edit)
    if memo.unfounded and not edit.keep_unfounded:
        raise MemoUnfounded(memo.unfounded)
    docx = memo.docx(house.configuration.wording)
    request = edit.request.model_copy(update={"memo": docx, "sections": memo.sections})
    return HandedIn(result=act_on_case(house, request), over=memo.over)


def sections_of(draft: Draft) -> tuple[MemoSection, ...]:
    """Return the parts of a stored version, () where it has none."""
    return tuple(MemoSection.model_validate(entry) for entry in draft.sections)


def _edited(house: House, session: Session, case: Case, edit: MemoEdit) -> EditedMemo:
    draft = draft_in_force(session, case)
    if draft is None:
        raise ActionRefused("There is no memo in force.", thai="เรื่องนี้ยังไม่มีร่างบันทึก")
    form, sections = MemoForm(draft.form), sections_of(draft)
    request = draft_request(house, session, case, None)
    before = {part.key: part.accepted_by for part in memo_parts(form, sections)}
    # Who accepted a part first stays named until it is taken back.
    accepted = {key: before.get(key) or edit.request.by for key in edit.accepted}
    return edit_memo(
        form,
        sections,
        {key: text for key, text in edit.texts.items() if key not in FIXED},
        base=_base(request, form),
        sources=_sources(request, sections),
        accepted=accepted,
    )


def _base(request: DraftRequest, form: MemoForm) -> MemoContent:
    names = request.wording.names
    return MemoContent(
        form=form, minister=names.minister, minister_name=names.minister_name, office=names.office,
        office_code=names.office.rstrip("."), office_line=frame.office_line(request),
        signer_position=names.signer_position, urgency=frame.urgency(request),
        secrecy=frame.secrecy(request),
    )  # fmt: skip


def _sources(request: DraftRequest, sections: tuple[MemoSection, ...]) -> Sources:
    """Return what the memo may state: what the machine's may, and what stands in it already."""
    letter = memo_sources(request)
    stands = gather_sources(section.text for section in sections)
    return Sources(
        dates=letter.dates | stands.dates,
        numbers=letter.numbers | stands.numbers,
        squeezed=letter.squeezed + stands.squeezed,
    )


def _lines(house: House, sha256: str) -> tuple[str, ...]:
    try:
        return memo_lines(house.blobs.get(sha256))
    except MemoUnreadable:
        return ()


def _version(draft: Draft) -> MemoVersion:
    return MemoVersion(
        version=draft.version,
        form=MemoForm(draft.form),
        template_version=draft.template_version,
        made_by=draft.made_by,
        made_at=draft.made_at,
        in_force=draft.superseded_at is None,
    )
