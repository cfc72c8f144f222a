"""The catalogue of sample letters holds what the demo has to show."""

from __future__ import annotations

import email
import email.policy
import io
import re
import zipfile
from collections import Counter
from datetime import date

import pytest
from pydantic import ValidationError

from correspondence.thai_dates import find_dates, parse_date
from correspondence.thai_digits import fold_digits
from correspondence.vocabulary import Category, Channel, IntakeOutcome, LetterKind, Secrecy
from demo.samples.catalogue import (
    DOCUMENT_FORMS,
    SCANNED_FORMS,
    Route,
    SampleForm,
    SampleLetter,
    Trait,
    load_samples,
)
from demo.samples.document import write_docx
from demo.samples.layout import Place, letter_lines, plain_text
from demo.samples.messages import MailFile, write_message
from office.places import find_folder
from office.taxonomy import Taxonomy
from office.toml_file import load_toml

SAMPLES = load_samples()
BY_ID = {sample.id: sample for sample in SAMPLES}
REGISTERED = [s for s in SAMPLES if s.expected is IntakeOutcome.REGISTERED]
MAILS = [s for s in SAMPLES if s.route is Route.MAIL]
DOCUMENTS = [s for s in SAMPLES if s.form in DOCUMENT_FORMS]
WEEKDAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")


def with_trait(trait: Trait) -> list[SampleLetter]:
    return [sample for sample in SAMPLES if trait in sample.traits]


def test_there_are_enough_letters_with_ids_of_their_own() -> None:
    assert len(SAMPLES) >= 36
    assert len(BY_ID) == len(SAMPLES)
    assert len(REGISTERED) >= 32


def test_no_two_letters_say_the_same() -> None:
    texts = [s.text for s in SAMPLES if s.text]
    assert len(set(texts)) == len(texts)


def test_every_category_has_four_letters_and_every_subcategory_one() -> None:
    counts = Counter(s.category for s in REGISTERED)
    assert all(counts[category] >= 4 for category in Category)
    taxonomy = load_toml(find_folder("config") / "categories.toml", Taxonomy)
    there = {(s.category, s.subcategory) for s in REGISTERED}
    wanted = {(entry.id, sub.id) for entry in taxonomy.category for sub in entry.subcategories}
    assert there == wanted


@pytest.mark.parametrize(
    ("form", "least"),
    [
        (SampleForm.DIGITAL_PDF, 6),
        (SampleForm.WORD_PDF, 4),
        (SampleForm.DOCX, 3),
        (SampleForm.MAIL_BODY, 5),
        (SampleForm.MAIL_WITH_PDF, 2),
        (SampleForm.MAIL_WITH_DOCX, 2),
        (SampleForm.MAIL_TWO_ATTACHMENTS, 2),
        (SampleForm.WEB_FORM, 1),
    ],
)
def test_every_form_is_there(form: SampleForm, least: int) -> None:
    assert sum(s.form is form for s in REGISTERED) >= least


def test_eight_letters_are_scans() -> None:
    assert sum(s.form in SCANNED_FORMS for s in REGISTERED) >= 8


@pytest.mark.parametrize(
    ("trait", "category", "subcategory"),
    [
        (Trait.FORWARDED_BY_MP, Category.COMPLAINT, "political_complaint"),
        (Trait.UNSIGNED, Category.COMPLAINT, "general_complaint"),
        (Trait.WEB_FORM, Category.COMPLAINT, "web_complaint"),
        (Trait.COURT_SUMMONS, Category.COMPLAINT, "court_summons"),
        (Trait.MEETING_INVITATION, Category.PARLIAMENTARY, "meeting"),
        (Trait.INTERVIEW_REQUEST, Category.PUBLIC_RELATIONS, "media_request"),
        (Trait.NOTE_VERBALE, Category.FOREIGN_AFFAIRS, "diplomatic_note"),
        (Trait.UN_BODY, Category.FOREIGN_AFFAIRS, "international_organisation"),
        (Trait.CIRCULAR, Category.GENERAL, "circular"),
        (Trait.THANKS, Category.GENERAL, "other"),
    ],
)
def test_letters_of_note_are_there_with_their_answer(
    trait: Trait, category: Category, subcategory: str
) -> None:
    found = with_trait(trait)
    assert found
    assert {(s.category, s.subcategory) for s in found} == {(category, subcategory)}


@pytest.mark.parametrize(
    ("trait", "outcome"),
    [
        (Trait.DUPLICATE, IntakeOutcome.DUPLICATE),
        (Trait.AUTO_REPLY, IntakeOutcome.QUARANTINED),
        (Trait.BOUNCE, IntakeOutcome.QUARANTINED),
        (Trait.SECRET_MARK, IntakeOutcome.SECRET),
        (Trait.DAMAGED, IntakeOutcome.HELD),
        (Trait.ENCRYPTED, IntakeOutcome.HELD),
        (Trait.EMPTY, IntakeOutcome.HELD),
    ],
)
def test_what_never_becomes_a_case_is_there(trait: Trait, outcome: IntakeOutcome) -> None:
    found = with_trait(trait)
    assert found
    assert all(s.expected is outcome for s in found)


def test_the_secret_letters_are_a_digital_pdf_and_a_mail_marked_in_its_subject() -> None:
    paper, mail = sorted(with_trait(Trait.SECRET_MARK), key=lambda s: s.route is Route.MAIL)
    assert (paper.form, paper.secrecy) == (SampleForm.DIGITAL_PDF, Secrecy.CONFIDENTIAL)
    lines = plain_text(paper.text).strip().splitlines()
    assert (lines[0], lines[-1]) == ("ลับ", "ลับ")
    assert mail.mail is not None
    assert (mail.secrecy, "ลับมาก" in mail.mail.subject) == (Secrecy.SECRET, True)
    assert not any("ลับมาก" in line for line in mail.text.splitlines())


def test_the_duplicate_repeats_a_file_of_the_drop_folder_under_another_name() -> None:
    (copy,) = with_trait(Trait.DUPLICATE)
    first = BY_ID[str(copy.duplicate_of)]
    assert first.route is copy.route is Route.DROP
    assert first.expected is IntakeOutcome.REGISTERED
    assert copy.file_name != first.file_name


def test_english_letters_come_as_note_letter_and_mail() -> None:
    kinds = {s.kind for s in REGISTERED if s.language == "en"}
    assert kinds >= {LetterKind.NOTE_VERBALE, LetterKind.ENGLISH_LETTER, LetterKind.EMAIL}


def test_a_letter_with_a_stated_deadline_states_a_date_or_a_period() -> None:
    found = with_trait(Trait.STATED_DEADLINE)
    assert len(found) >= 5
    for sample in found:
        limit = re.search(r"ภายใน|ครบกำหนด|not later than|by \d", sample.text)
        assert limit is not None, sample.id
        after = fold_digits(sample.text[limit.start() : limit.start() + 60])
        assert find_dates(after, default_year=2026) or re.search(r"\d+ วัน", after), sample.id


def test_the_meeting_invitation_gives_day_and_time() -> None:
    for sample in with_trait(Trait.MEETING_INVITATION):
        assert re.search(r"วัน\S+ที่ ?\S+ \S+ \S+ เวลา \S+ (?:น\.|นาฬิกา)", sample.text), sample.id


def test_the_unsigned_complaint_names_nobody_as_its_writer() -> None:
    (sample,) = with_trait(Trait.UNSIGNED)
    signature = [x.text for x in letter_lines(sample.text) if x.place is Place.SIGNATURE]
    assert not any(re.search(r"นาย|นาง|\(", line) for line in signature)


def test_weekdays_agree_with_their_dates() -> None:
    checked = 0
    for sample in SAMPLES:
        for found in re.finditer(rf"วัน({'|'.join(WEEKDAYS)})ที่ ([^\s]+ [^\s]+ [^\s]+)", sample.text):
            day = parse_date(found.group(2))
            if day is not None:
                checked += 1
                assert WEEKDAYS[day.weekday()] == found.group(1), (sample.id, found.group())
    assert checked >= 8


@pytest.mark.parametrize("sample", DOCUMENTS, ids=lambda s: s.id)
def test_documents_are_dated_in_october_or_november_2569(sample: SampleLetter) -> None:
    days = [found.value for found in find_dates(sample.text)]
    assert any(day and date(2026, 10, 1) <= day <= date(2026, 11, 30) for day in days)


@pytest.mark.parametrize(
    "sample",
    [s for s in REGISTERED if s.kind is LetterKind.EXTERNAL_LETTER],
    ids=lambda s: s.id,
)
def test_external_letters_have_the_parts_of_the_form(sample: SampleLetter) -> None:
    lines = letter_lines(sample.text)
    number = next(x for x in lines if x.place is Place.SPLIT)
    assert number.text.startswith("ที่ ")
    assert number.right
    starts = [line.text.split(" ")[0] for line in lines if line.place is Place.PLAIN]
    assert {"เรื่อง", "เรียน"} <= set(starts)
    assert sum(x.place is Place.PARAGRAPH for x in lines) >= 2
    assert any(x.place is Place.SIGNATURE and x.text.startswith("(") for x in lines)


def test_files_go_to_the_scan_and_hand_folders_only() -> None:
    folders = {s.folder for s in SAMPLES if s.route is Route.DROP}
    assert folders == {Channel.SCAN, Channel.HAND}
    names = [(s.folder, s.file_name) for s in SAMPLES if s.route is Route.DROP]
    assert len(set(names)) == len(names)


def test_addresses_can_reach_nobody() -> None:
    text = "\n".join(
        f"{s.text} {s.mail.from_address if s.mail else ''} {s.message_id or ''}" for s in SAMPLES
    )
    hosts = set(re.findall(r"@([A-Za-z0-9.-]+[A-Za-z0-9])", text))
    assert hosts
    assert all(host.endswith(".example") for host in hosts)


@pytest.mark.parametrize(
    "wrong",
    [
        {"route": "drop"},
        {"mail": None},
        {"category": None},
        {"id": "Not A Slug"},
        {"colour": "red"},
    ],
)
def test_a_damaged_entry_is_refused(wrong: dict[str, object]) -> None:
    entry = BY_ID["help-student-loan-mail"].model_dump(mode="json")
    assert SampleLetter.model_validate(entry) == BY_ID["help-student-loan-mail"]
    with pytest.raises(ValidationError):
        SampleLetter.model_validate(entry | wrong)


def test_layout_marks_are_read_and_leave_no_trace() -> None:
    text = "!! ด่วน\nที่ ก ๑ || กรม\n|| ถนน\n^^ วันที่\n^^ **ลับ**\n\tด้วย\n## (นาย)\n\nเรียน ท่าน"
    assert [line.place for line in letter_lines(text)] == [
        Place.MARK, Place.SPLIT, Place.SPLIT, Place.CENTRE, Place.TITLE, Place.PARAGRAPH,
        Place.SIGNATURE, Place.BLANK, Place.PLAIN,
    ]  # fmt: skip
    assert plain_text(text) == "ด่วน\nที่ ก ๑ กรม\nถนน\nวันที่\nลับ\nด้วย\n(นาย)\n\nเรียน ท่าน"


def test_a_docx_sets_the_thai_font_size_and_language_of_each_run() -> None:
    raw = write_docx("!! ด่วน\n\tด้วยกรม", font="TH SarabunPSK", language="th")
    assert raw == write_docx("!! ด่วน\n\tด้วยกรม", font="TH SarabunPSK", language="th")
    body = zipfile.ZipFile(io.BytesIO(raw)).read("word/document.xml").decode()
    runs = re.findall(r"<w:rPr>.*?</w:rPr>", body)
    assert len(runs) == 2
    for run in runs:
        for part in ('w:cs="TH SarabunPSK"', "<w:szCs ", 'w:bidi="th-TH"', "<w:cs/>"):
            assert part in run
    assert "<w:bCs/>" in runs[0]


@pytest.mark.parametrize("sample", MAILS, ids=lambda s: s.id)
def test_a_message_keeps_its_thai_head_through_the_encodings(sample: SampleLetter) -> None:
    raw = write_message(sample)
    assert raw == write_message(sample)
    head = raw.split(b"\r\n\r\n", 1)[0]
    head.decode("ascii")
    assert max(len(line) for line in head.split(b"\r\n")) <= 998
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert sample.mail is not None
    assert message["Subject"] == sample.mail.subject
    assert message["From"].addresses[0].addr_spec == sample.mail.from_address
    assert message["Date"].datetime == sample.mail.sent_at
    assert message["Message-ID"] == sample.message_id
    assert not message.defects


def test_a_file_name_in_thai_is_an_rfc_2231_parameter() -> None:
    sample = BY_ID["committee-meeting-invitation"]
    raw = write_message(sample, [MailFile(str(sample.file_name), b"%PDF-1.7")])
    assert b"filename*" in raw
    message = email.message_from_bytes(raw, policy=email.policy.default)
    (attachment,) = message.iter_attachments()
    assert attachment.get_filename() == sample.file_name
    assert attachment.get_content() == b"%PDF-1.7"


def test_a_body_in_a_thai_charset_is_declared_as_mail_programs_do() -> None:
    sample = BY_ID["opinion-homework"]
    message = email.message_from_bytes(write_message(sample), policy=email.policy.default)
    assert message.get_content_charset() == "windows-874"
    payload = message.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.decode("cp874").splitlines() == sample.text.splitlines()


def test_automatic_mail_says_so_in_its_head() -> None:
    (answer,) = with_trait(Trait.AUTO_REPLY)
    (bounce,) = with_trait(Trait.BOUNCE)
    assert email.message_from_bytes(write_message(answer))["Auto-Submitted"] == "auto-replied"
    report = email.message_from_bytes(write_message(bounce), policy=email.policy.default)
    assert report["Return-Path"] == "<>"
    assert report.get_content_type() == "multipart/report"
    kinds = [part.get_content_type() for part in report.iter_parts()]
    assert kinds == ["text/plain", "message/delivery-status", "text/rfc822-headers"]
    web_form = BY_ID["web-form-bullying"]
    assert email.message_from_bytes(write_message(web_form))["Auto-Submitted"] is None
