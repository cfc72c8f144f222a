"""The catalogue of sample letters (`letters.jsonl`): what each is and what must become of it."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from pydantic import AwareDatetime, Field, ValidationError, model_validator

from correspondence.errors import ConfigurationFault
from correspondence.reading import Frozen
from correspondence.vocabulary import Category, Channel, IntakeOutcome, LetterKind, Secrecy

CATALOGUE_FILE = Path(__file__).with_name("letters.jsonl")


class Route(StrEnum):
    """The door a sample comes in by."""

    MAIL = "mail"
    DROP = "drop"


class SampleForm(StrEnum):
    """What the sample is made of; forms of mail begin with `mail_`."""

    DIGITAL_PDF = "digital_pdf"
    WORD_PDF = "word_pdf"
    SCAN = "scan"
    DOCX = "docx"
    MAIL_BODY = "mail_body"
    MAIL_WITH_PDF = "mail_with_pdf"
    MAIL_WITH_SCAN = "mail_with_scan"
    MAIL_WITH_DOCX = "mail_with_docx"
    MAIL_TWO_ATTACHMENTS = "mail_two_attachments"
    WEB_FORM = "web_form"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    COPY = "copy"
    DAMAGED_PDF = "damaged_pdf"
    ENCRYPTED_PDF = "encrypted_pdf"
    EMPTY_FILE = "empty_file"


class Trait(StrEnum):
    """What a sample is there to show."""

    UNSIGNED = "unsigned"
    FORWARDED_BY_MP = "forwarded_by_mp"
    WEB_FORM = "web_form"
    STATED_DEADLINE = "stated_deadline"
    COURT_SUMMONS = "court_summons"
    MEETING_INVITATION = "meeting_invitation"
    INTERVIEW_REQUEST = "interview_request"
    NOTE_VERBALE = "note_verbale"
    UN_BODY = "un_body"
    CIRCULAR = "circular"
    THANKS = "thanks"
    DUPLICATE = "duplicate"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    SECRET_MARK = "secret_mark"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    EMPTY = "empty"


# Forms whose bytes come out of a PDF made by LibreOffice.
PDF_FORMS = frozenset(
    {
        SampleForm.DIGITAL_PDF,
        SampleForm.WORD_PDF,
        SampleForm.SCAN,
        SampleForm.MAIL_WITH_PDF,
        SampleForm.MAIL_WITH_SCAN,
        SampleForm.MAIL_TWO_ATTACHMENTS,
        SampleForm.DAMAGED_PDF,
        SampleForm.ENCRYPTED_PDF,
    }
)
SCANNED_FORMS = frozenset({SampleForm.SCAN, SampleForm.MAIL_WITH_SCAN})
# Forms whose letter is written as a document; the text of the others is the mail's own body.
DOCUMENT_FORMS = PDF_FORMS | {SampleForm.DOCX, SampleForm.MAIL_WITH_DOCX}
MAIL_FORMS = frozenset(
    {
        SampleForm.MAIL_BODY,
        SampleForm.MAIL_WITH_PDF,
        SampleForm.MAIL_WITH_SCAN,
        SampleForm.MAIL_WITH_DOCX,
        SampleForm.MAIL_TWO_ATTACHMENTS,
        SampleForm.WEB_FORM,
        SampleForm.AUTO_REPLY,
        SampleForm.BOUNCE,
    }
)


class MailHead(Frozen):
    """The head of a sample mail. `cover` is its body where the letter is an attachment.

    `charset` is the charset the body is sent in; `html` sends it as HTML only.
    """

    from_name: str
    from_address: str
    subject: str
    sent_at: AwareDatetime
    cover: str = ""
    charset: str = "utf-8"
    html: bool = False


class Enclosure(Frozen):
    """A second attachment (สิ่งที่ส่งมาด้วย), sent as DOCX."""

    file_name: str = Field(pattern=r"\.docx$")
    language: str = "th"
    text: str


class SampleLetter(Frozen):
    """One sample: how it comes, what it says and what must become of it.

    `text` carries the layout marks of `demo.samples.layout` for documents and is plain for mail
    bodies. `category` and `subcategory` are the right answer, None for what never becomes a case.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    route: Route
    form: SampleForm
    expected: IntakeOutcome
    category: Category | None
    subcategory: str | None
    kind: LetterKind
    language: str = Field(pattern="^(th|en)$")
    secrecy: Secrecy = Secrecy.OPEN
    traits: tuple[Trait, ...] = ()
    folder: Channel | None = None
    file_name: str | None = None
    font: str
    duplicate_of: str | None = None
    mail: MailHead | None = None
    enclosure: Enclosure | None = None
    text: str

    @model_validator(mode="after")
    def _form_is_whole(self) -> SampleLetter:
        if (self.route is Route.MAIL) != (self.form in MAIL_FORMS):
            raise ValueError(f"{self.id}: route and form disagree")
        if self.route is Route.MAIL and self.mail is None:
            raise ValueError(f"{self.id}: a mail needs its head")
        if self.route is Route.DROP and (self.folder is None or self.file_name is None):
            raise ValueError(f"{self.id}: a file needs its folder and its name")
        if self.form in DOCUMENT_FORMS and not (self.file_name and self.text.strip()):
            raise ValueError(f"{self.id}: a document needs a file name and a text")
        if (self.category is None) != (self.expected is not IntakeOutcome.REGISTERED):
            raise ValueError(f"{self.id}: a registered letter needs its category, others none")
        if (self.duplicate_of is None) != (self.form is not SampleForm.COPY):
            raise ValueError(f"{self.id}: a copy needs the letter it repeats")
        return self

    @property
    def channel(self) -> Channel:
        """The channel the letter is registered under."""
        return self.folder or Channel.EMAIL

    @property
    def message_id(self) -> str | None:
        """The Message-ID of a mail, with its brackets; None for a file."""
        return f"<{self.id}@samples.saraban.example>" if self.route is Route.MAIL else None


@lru_cache(maxsize=1)
def load_samples() -> tuple[SampleLetter, ...]:
    """Return the catalogue in its order.

    Raises:
        ConfigurationFault: the shipped file is damaged; names the line.
    """
    samples: list[SampleLetter] = []
    lines = CATALOGUE_FILE.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        try:
            samples.append(SampleLetter.model_validate_json(line))
        except ValidationError as fault:
            raise ConfigurationFault(
                f"{CATALOGUE_FILE}, line {number}: {fault.errors()[0]['msg']}.",
                remedy="Install the package again.",
            ) from None
    ids = {sample.id for sample in samples}
    loose = [s.id for s in samples if s.duplicate_of is not None and s.duplicate_of not in ids]
    if len(ids) < len(samples) or loose:
        raise ConfigurationFault(
            f"{CATALOGUE_FILE}: an id stands twice or a copy repeats nothing.",
            remedy="Install the package again.",
        )
    return tuple(samples)
