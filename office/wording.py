"""The office's own words: names, proposals and legal phrases for memos (`wording.toml`)."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from correspondence.errors import ConfigurationFault
from correspondence.reading import Frozen
from correspondence.vocabulary import Category, MemoForm
from office.toml_file import load_toml

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_PICTURE_BYTES = 2_000_000


class OfficeNames(Frozen):
    """How the office and its minister are named in a memo.

    `minister` and `office` are the short names the forms use; `minister_name` is left blank in
    the shipped file because people change and the form keeps a dotted line for it.
    """

    minister: str = Field(min_length=1)
    minister_name: str = ""
    office: str = Field(min_length=1)
    office_full: str = Field(min_length=1)
    officer: str = ""
    phone: str = ""
    signer_position: str = Field(min_length=1)


class Proposal(Frozen):
    """ข้อเสนอ of one sub-category, worded as proposals; the superior chooses.

    `considered_on` is the form used when the letter asks only that the matter be considered
    (โปรดพิจารณา); a request for approval or consent always takes the decision memo.
    """

    category: Category
    subcategory: str
    texts: tuple[str, ...] = Field(min_length=1)
    considered_on: MemoForm = MemoForm.SUMMARY_MEMO


class LegalPhrase(Frozen):
    """ข้อกฎหมาย of a category or one of its sub-categories.

    `verified` says who checked it and when; empty means nobody has, and the memo then shows the
    phrase as one to be checked.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    category: Category
    subcategories: tuple[str, ...] = ()
    text: str = Field(min_length=1)
    verified: str = ""


class MemoPhrases(Frozen):
    """Sentences of the frame; `{…}` are filled from fields, never from the letter's text."""

    english_frame: str
    received: str
    due: str
    asked_by: str
    meeting: str
    contact: str
    complete: str
    incomplete: str
    unverified: str
    earlier: str
    coordination: str
    earlier_more: str = "และหนังสือฉบับก่อนหน้านี้ตามทะเบียน"
    check: str = "โปรดตรวจสอบค่านี้กับต้นฉบับ ระบบอ่านได้ไม่แน่ชัด"


class Acknowledgement(Frozen):
    """Whether a mail is answered with its register number; the words are in `templates/mail/`.

    Only a draft is made: it leaves when a person releases it.
    """

    enabled: bool = False


class Wording(Frozen):
    """The whole of `wording.toml`, with the office's Garuda picture where it has one."""

    version: Literal[1]
    names: OfficeNames
    phrases: MemoPhrases
    proposal: tuple[Proposal, ...]
    legal: tuple[LegalPhrase, ...] = ()
    acknowledgement: Acknowledgement = Acknowledgement()
    garuda: bytes | None = Field(default=None, repr=False, exclude=True)

    @model_validator(mode="after")
    def _each_proposal_once(self) -> Wording:
        keys = [(p.category, p.subcategory) for p in self.proposal]
        if len(keys) != len(set(keys)):
            raise ValueError("a sub-category has more than one [[proposal]]")
        return self

    def proposal_for(self, category: Category, subcategory: str) -> Proposal | None:
        """Return the proposal of a sub-category, else the category's `any`, else None."""
        for wanted in (subcategory, "any"):
            for proposal in self.proposal:
                if (proposal.category, proposal.subcategory) == (category, wanted):
                    return proposal
        return None

    def legal_for(self, category: Category, subcategory: str) -> tuple[LegalPhrase, ...]:
        """Return the legal phrases that belong to a sub-category."""
        return tuple(
            phrase
            for phrase in self.legal
            if phrase.category is category
            and (not phrase.subcategories or subcategory in phrase.subcategories)
        )


def read_wording(config_folder: Path) -> Wording:
    """Return `wording.toml` of a config folder, with `garuda.png` beside it if it is there.

    Raises:
        ConfigurationFault: the file is missing or wrong, or the picture is no PNG or too large.
    """
    wording = load_toml(config_folder / "wording.toml", Wording)
    picture = config_folder / "garuda.png"
    if not picture.is_file():
        return wording
    if picture.stat().st_size > MAX_PICTURE_BYTES:
        raise ConfigurationFault(
            f"{picture} is larger than {MAX_PICTURE_BYTES} bytes.", remedy="Use a smaller picture."
        )
    content = picture.read_bytes()
    if not content.startswith(PNG_SIGNATURE):
        raise ConfigurationFault(f"{picture} is not a PNG picture.", remedy="Save it as PNG.")
    return wording.model_copy(update={"garuda": content})
