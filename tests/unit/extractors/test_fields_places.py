from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondence.reading import Box, FieldValue, LetterFields, PageText, TextPiece
from correspondence.vocabulary import ReadMethod
from extractors.fields.certainty import settle_fields
from extractors.fields.places import PlacedPage, find_evidence, placed_pages
from extractors.fields.plausibility import implausible_fields, is_telephone

TODAY = date(2026, 11, 21)
LINES = (
    "ที่ ศธ ๐๒๐๑/๔๕๖   กรมตัวอย่าง",
    "๑๗ มีนาคม ๒๕๖๙",
    "เรื่อง ขอเชิญประชุม",
    "เพื่อทบทวนแผน",
    "กรมตัวอย่าง โทร. ๐ ๒๖๒๘ ๕๖๒๐",
)
NUMBER_AT = LINES[0].index("ศธ")


def page(
    *,
    method: ReadMethod = ReadMethod.OCR,
    confidence: float = 0.95,
    doubtful: str = "",
    pieces: bool = True,
) -> PageText:
    """Return the lines as a page, one piece each, the columns of the first apart."""
    text = "\n".join(LINES)
    placed: list[TextPiece] = []
    begin = 0
    for number, line in enumerate(LINES):
        for part in line.split("   "):
            at = text.index(part, begin)
            doubts = text.find(doubtful, at, at + len(part)) if doubtful else -1
            placed.append(
                TextPiece(
                    begin=at,
                    end=at + len(part),
                    box=Box(
                        left=0.1 if at == begin else 0.6,
                        top=round(0.1 * (number + 1), 2),
                        right=0.5 if at == begin else 0.9,
                        bottom=round(0.1 * (number + 1) + 0.05, 2),
                    ),
                    confidence=confidence,
                    doubtful=((doubts, doubts + len(doubtful)),) if doubts >= 0 else (),
                )
            )
        begin += len(line) + 1
    return PageText(
        number=1, text=text, method=method, quality=0.9, pieces=tuple(placed) if pieces else ()
    )


def value(said: str, raw: str | None = None) -> FieldValue:
    return FieldValue(value=said, raw=raw or said, page=1, confidence=0.9)


def settled(fields: LetterFields, on: PageText) -> LetterFields:
    return settle_fields(fields, (on,), TODAY)


def test_a_field_gets_the_part_of_its_line_that_it_takes() -> None:
    box = settled(LetterFields(document_number=value("ศธ 0201/456")), page()).document_number.box
    assert box is not None
    assert 0.15 < box.left < 0.25
    assert (box.right, box.top, box.bottom) == (0.5, 0.1, 0.15)


def test_marks_over_letters_take_no_width() -> None:
    on = PlacedPage(
        PageText(
            number=1,
            text="ที่นี้ ก",
            method=ReadMethod.TEXT_LAYER,
            quality=1.0,
            pieces=(TextPiece(begin=0, end=8, box=Box(left=0, top=0, right=0.8, bottom=0.1)),),
        )
    )
    (part,) = on.parts(0, 6)
    assert on.box(part).right == pytest.approx(0.4)


def test_a_value_over_two_lines_gets_the_box_around_both() -> None:
    subject = value("ขอเชิญประชุมเพื่อทบทวนแผน", "ขอเชิญประชุม\nเพื่อทบทวนแผน")
    box = settled(LetterFields(subject=subject), page()).subject.box
    assert box is not None
    assert (box.left, box.right, box.top, box.bottom) == (0.1, 0.5, 0.3, 0.45)


def test_what_stands_twice_is_taken_where_such_a_field_belongs() -> None:
    fields = LetterFields(agency=value("กรมตัวอย่าง"), signer=value("กรมตัวอย่าง"))
    found = settled(fields, page())
    assert found.agency.box is not None
    assert found.signer.box is not None
    assert found.agency.box.top < found.signer.box.top


def test_digits_and_blanks_do_not_hide_a_value() -> None:
    phone = value("0 2628 5620", "โทร. 026285620")
    found = settled(LetterFields(contact_phone=phone), page()).contact_phone
    assert found.box is not None
    assert not found.needs_check


def test_lists_get_boxes_too() -> None:
    found = settled(LetterFields(enclosures=(value("เพื่อทบทวนแผน"), value("ไม่มี"))), page())
    assert [bool(one.box) for one in found.enclosures] == [True, False]


def test_a_doubtful_number_asks_for_a_look_and_its_neighbours_do_not() -> None:
    fields = LetterFields(
        document_number=value("ศธ 0201/456"),
        document_date=value("2026-03-17", "๑๗ มีนาคม ๒๕๖๙"),
        subject=value("ขอเชิญประชุม"),
    )
    found = settled(fields, page(doubtful="๔๕๖"))
    assert found.document_number.needs_check
    assert not found.document_date.needs_check
    assert not found.subject.needs_check


def test_a_doubt_beside_the_value_on_its_line_does_not_count() -> None:
    line = "กรมตัวอย่าง โทร. ๐ ๒๖๒๘ ๕๖๒๐"
    fields = LetterFields(contact_phone=value("0 2628 5620", line))
    assert not settled(fields, page(doubtful="โทร")).contact_phone.needs_check
    assert settled(fields, page(doubtful="๒๖๒๘")).contact_phone.needs_check


def test_a_number_of_a_scan_without_a_place_is_doubted() -> None:
    found = settled(LetterFields(document_number=value("กค 0402/9")), page())
    assert found.document_number.box is None
    assert found.document_number.needs_check


def test_a_line_the_recogniser_is_not_sure_of_is_doubted() -> None:
    fields = LetterFields(subject=value("ขอเชิญประชุม"))
    found = settled(fields, page(confidence=0.4)).subject
    assert found.needs_check
    assert found.confidence == 0.4


def test_without_a_mark_on_a_page_hard_to_read_there_may_be_one() -> None:
    fields = LetterFields(
        urgency=FieldValue(value="normal", confidence=0.85),
        secrecy=FieldValue(value="open", confidence=0.85),
    )
    found = settled(fields, page(confidence=0.8))
    assert found.urgency.needs_check
    assert found.secrecy.needs_check
    assert not settled(fields, page()).urgency.needs_check
    assert not settled(
        fields, page(confidence=0.8, method=ReadMethod.TEXT_LAYER)
    ).urgency.needs_check


@pytest.mark.parametrize("method", [ReadMethod.OCR, ReadMethod.TEXT_LAYER])
def test_without_pieces_only_digits_of_a_scan_are_doubted(method: ReadMethod) -> None:
    fields = LetterFields(document_number=value("ศธ 0201/456"), subject=value("ขอเชิญประชุม"))
    found = settled(fields, page(method=method, pieces=False))
    assert found.document_number.needs_check is (method is ReadMethod.OCR)
    assert not found.subject.needs_check
    assert found.subject.box is None


def test_what_the_reader_doubts_stays_doubted() -> None:
    doubted = value("ขอเชิญประชุม").model_copy(update={"needs_check": True})
    assert settled(LetterFields(subject=doubted), page()).subject.needs_check


def test_a_field_from_the_mail_has_no_box() -> None:
    found = settled(LetterFields(subject=FieldValue(value="เรื่อง", raw="เรื่อง")), page())
    assert found.subject.box is None


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("document_date", "2026-13-40"),
        ("document_date", "2469-03-17"),
        ("document_date", "2027-05-01"),
        ("meeting_at", "2031-01-01T09:30"),
        ("contact_phone", "02 628"),
        ("contact_email", "saraban@moe"),
        ("contact_email", "saraban@moe..go.th"),
    ],
)
def test_a_value_that_is_no_such_thing_is_implausible(name: str, said: str) -> None:
    fields = LetterFields().model_copy(update={name: value(said)})
    assert implausible_fields(fields, TODAY) == {name}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("document_date", "2026-03-17"),
        ("meeting_at", "2026-12-01T09:30"),
        ("contact_email", "saraban.0201@moe.go.th"),
        ("contact_phone", "0 2628 5620-9 ต่อ 123"),
    ],
)
def test_a_usual_value_is_plausible(name: str, said: str) -> None:
    fields = LetterFields().model_copy(update={name: value(said)})
    assert not implausible_fields(fields, TODAY)


def test_a_meeting_before_its_letter_is_implausible() -> None:
    fields = LetterFields(document_date=value("2026-03-17"), meeting_at=value("2025-03-20T09:00"))
    assert implausible_fields(fields, TODAY) == {"meeting_at"}


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("0 2628 5620", True),
        ("08 1234 5678", True),
        ("+66 2 628 5620", True),
        ("1579", True),
        ("5620-21", True),
        ("08 1234 567", False),
        ("0 2628 562", False),
        ("", False),
    ],
)
def test_telephones_have_their_digits(said: str, right: bool) -> None:
    assert is_telephone(said) is right


@given(st.text(alphabet="กที่ ๑1\n", max_size=40), st.text(alphabet="กที่ ๑1\n", max_size=6))
def test_words_found_are_those_looked_for(text: str, wanted: str) -> None:
    on = PageText(number=1, text=text, method=ReadMethod.OCR, quality=1.0)
    span = PlacedPage(on).find(wanted)
    if span:
        found = text[span[0] : span[1]].replace("๑", "1")
        assert "".join(found.split()) == "".join(wanted.replace("๑", "1").split())


def test_a_page_without_pieces_is_not_searched() -> None:
    assert placed_pages((page(pieces=False),)) == {}
    assert find_evidence("subject", value("ขอเชิญประชุม"), {}) is None
