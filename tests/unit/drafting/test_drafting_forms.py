import zipfile
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn
from drafting_schema import PARAGRAPH_ORDER, RUN_ORDER
from lxml import etree

from correspondence.vocabulary import MemoForm
from drafting.forms.build import FORMS, LetterSheet, form_bytes, template_name
from drafting.forms.decision_form import LABELS as DECISION_LABELS
from drafting.forms.summary_form import LABELS as SUMMARY_LABELS
from office.places import find_folder

forms = pytest.mark.parametrize("form", list(FORMS))


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


@forms
def test_the_committed_template_is_what_the_script_describes(form):
    committed = _parts((find_folder("templates") / template_name(form)).read_bytes())
    built = _parts(form_bytes(form))
    assert committed.keys() == built.keys()
    for name in ("word/document.xml", "word/styles.xml", "word/header1.xml"):
        assert committed[name] == built[name], f"{name}: run python -m drafting.forms"


@forms
def test_every_run_sets_the_thai_font_size_and_language(form):
    sheet = Document(BytesIO(form_bytes(form)))
    roots = [sheet.element.body, sheet.styles.element.find(qn("w:docDefaults"))]
    roots += [s._element for s in (sheet.sections[0].header, sheet.sections[0].footer)]
    runs = [r for root in roots for r in root.iter(qn("w:r"))]
    assert runs
    properties = [run.find(qn("w:rPr")) for run in runs]
    properties.append(roots[1].find(".//" + qn("w:rPr")))
    for found in properties:
        fonts = found.find(qn("w:rFonts"))
        slots = {fonts.get(qn(f"w:{slot}")) for slot in ("ascii", "hAnsi", "cs", "eastAsia")}
        assert slots == {"TH SarabunPSK"}
        size, complex_size = found.find(qn("w:sz")), found.find(qn("w:szCs"))
        assert size.get(qn("w:val")) == complex_size.get(qn("w:val"))
        assert (found.find(qn("w:b")) is None) == (found.find(qn("w:bCs")) is None)
        assert found.find(qn("w:lang")).get(qn("w:bidi")) == "th-TH"


@forms
def test_the_sheet_is_a4_with_the_offices_margins(form):
    section = Document(BytesIO(form_bytes(form))).sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    margins = (
        section.left_margin, section.right_margin, section.top_margin, section.bottom_margin,
    )  # fmt: skip
    # The Garuda of a letter begins 1.5 cm below the edge.
    top = 1.5 if form is LetterSheet.LETTER else 2.5
    assert [round(margin.cm, 1) for margin in margins] == [3.0, 2.0, top, 2.0]


def test_page_numbers_are_thai_and_begin_on_the_second_page():
    sheet = Document(BytesIO(form_bytes(MemoForm.SUMMARY_MEMO)))
    section = sheet.sections[0]
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert "PAGE" not in section.first_page_header._element.xml
    assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:fmt")) == "thaiNumbers"


@pytest.mark.parametrize(
    ("form", "labels"),
    [(MemoForm.SUMMARY_MEMO, SUMMARY_LABELS), (MemoForm.DECISION_MEMO, DECISION_LABELS)],
)
def test_labels_stand_verbatim_in_order(form, labels):
    body = Document(BytesIO(form_bytes(form))).element.body
    text = "".join(node.text or "" for node in body.iter(qn("w:t")))
    for tag, value in (
        ("{{ minister }}", "รมว.ศธ."), ("{{ office_code }}", "สร"), ("{{ office }}", "สร."),
        ("{{ signer_position }}", "หัวหน้าสำนักงานรัฐมนตรี"),
    ):  # fmt: skip
        text = text.replace(tag, value)
    position = 0
    for label in labels:
        position = text.find(label, position)
        assert position >= 0, label
        position += len(label)


@forms
@pytest.mark.parametrize(("holder", "order"), [("rPr", RUN_ORDER), ("pPr", PARAGRAPH_ORDER)])
def test_properties_stand_in_the_order_of_the_schema(form, holder, order):
    for name, content in _parts(form_bytes(form)).items():
        if not name.startswith(("word/document", "word/header", "word/footer", "word/styles")):
            continue
        for properties in etree.fromstring(content).iter(qn(f"w:{holder}")):
            found = [etree.QName(child).localname for child in properties]
            assert found == sorted(found, key=order.index), (name, found)


@forms
def test_every_sheet_has_one_place_for_the_garuda_but_the_copy(form):
    text = b"".join(_parts(form_bytes(form))[n] for n in ("word/document.xml",)).decode()
    assert text.count("{{ garuda }}") == (form is not LetterSheet.REDACTED_COPY)
