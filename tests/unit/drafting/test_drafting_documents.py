"""Every form, filled: what Word demands of a .docx and what Thai demands of every run."""

from __future__ import annotations

import posixpath
import re
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from docx.oxml.ns import qn
from drafting_letters import (
    COMPLAINT,
    CONFIG,
    WORDING,
    complaint_fields,
    extraction,
    field,
    request,
)
from drafting_schema import PARAGRAPH_ORDER, RUN_ORDER
from lxml import etree

from correspondence.vocabulary import Category, MemoForm, Urgency
from drafting import draft_memo
from drafting.letters import LetterRequest, OwnLetter, compose_letter
from office.letters import OutgoingKind, read_letters

FORMS = (*MemoForm, *OutgoingKind)
forms = pytest.mark.parametrize("form", FORMS)
_THAI = re.compile("[\u0e01-\u0e5b]")
_ORDER = {"rPr": RUN_ORDER, "pPr": PARAGRAPH_ORDER}


def _filled(form: str) -> bytes:
    fields = complaint_fields().model_copy(update={"document_number": field("รท ๑/๒", check="x")})
    read = extraction(COMPLAINT, fields=fields)
    if form in set(MemoForm):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("drafting.memo.choose_form", lambda _: MemoForm(form))
            return draft_memo(request(read)).docx
    return compose_letter(
        LetterRequest(
            kind=OutgoingKind(form), extraction=read, category=Category.COMPLAINT,
            subcategory="general_complaint", group_thai="กลุ่มรับเรื่องราวร้องทุกข์",
            register_number="123/2569", received_at=datetime(2026, 8, 3, 2, 15, tzinfo=UTC),
            asks=("พยานหลักฐาน", "ชื่อผู้ร้อง"), own=OwnLetter(number="ศธ 1/2", day=date(2026, 7, 1)),
            urgency=Urgency.URGENT, names=WORDING.names, phrases=WORDING.phrases,
            wording=read_letters(CONFIG),
        )
    ).docx  # fmt: skip


@pytest.fixture(scope="module")
def parts() -> dict[str, dict[str, bytes]]:
    found = {}
    for form in FORMS:
        with zipfile.ZipFile(BytesIO(_filled(form))) as package:
            assert package.testzip() is None
            found[str(form)] = {name: package.read(name) for name in package.namelist()}
    return found


def _trees(files: dict[str, bytes]) -> dict[str, etree._Element]:
    return {
        name: etree.fromstring(content)
        for name, content in files.items()
        if name.endswith((".xml", ".rels"))
    }


@forms
def test_every_part_is_well_formed_named_and_found(form, parts):
    files = parts[form]
    trees = _trees(files)
    types = trees["[Content_Types].xml"]
    named = {node.get("PartName", "").lstrip("/") for node in types}
    endings = {node.get("Extension") for node in types}
    for name in files:
        assert name == "[Content_Types].xml" or name in named or name.split(".")[-1] in endings
    for name, tree in trees.items():
        if not name.endswith(".rels"):
            continue
        folder = name.split("_rels/")[0]
        for link in tree:
            assert link.get("TargetMode") != "External", "a form links to nothing outside itself"
            target = link.get("Target")
            place = target if target.startswith("/") else posixpath.join(folder, target)
            assert posixpath.normpath(place).lstrip("/") in files


@forms
def test_properties_of_filled_forms_stand_in_the_order_of_the_schema(form, parts):
    for name, tree in _trees(parts[form]).items():
        if not name.startswith("word/"):
            continue
        for holder, order in _ORDER.items():
            for properties in tree.iter(qn(f"w:{holder}")):
                found = [etree.QName(child).localname for child in properties]
                assert found == sorted(found, key=order.index), (name, found)
                assert len(found) == len(set(found)), (name, found)


@forms
def test_no_attribute_is_empty_and_no_tag_is_left(form, parts):
    for name in ("word/document.xml", "word/header1.xml", "word/header2.xml", "word/styles.xml"):
        tree = etree.fromstring(parts[form][name])
        for node in tree.iter():
            assert all(node.attrib.values()), (name, node.tag)
        text = "".join(node.text or "" for node in tree.iter(qn("w:t")))
        assert "{" not in text and "}" not in text


@forms
def test_every_thai_run_has_its_complex_font_and_size(form, parts):
    seen = 0
    for name, tree in _trees(parts[form]).items():
        if not name.startswith(("word/document", "word/header", "word/footer", "word/comments")):
            continue
        for run in tree.iter(qn("w:r")):
            if not _THAI.search("".join(node.text or "" for node in run.iter(qn("w:t")))):
                continue
            seen += 1
            properties = run.find(qn("w:rPr"))
            assert properties.find(qn("w:rFonts")).get(qn("w:cs")) == "TH SarabunPSK"
            size, complex_size = properties.find(qn("w:sz")), properties.find(qn("w:szCs"))
            assert size.get(qn("w:val")) == complex_size.get(qn("w:val"))
            assert (properties.find(qn("w:b")) is None) == (properties.find(qn("w:bCs")) is None)
            assert properties.find(qn("w:lang")).get(qn("w:bidi")) == "th-TH"
    assert seen > 5


@forms
def test_cells_end_in_a_paragraph_and_tables_have_their_grid(form, parts):
    body = etree.fromstring(parts[form]["word/document.xml"])
    for cell in body.iter(qn("w:tc")):
        assert cell[-1].tag == qn("w:p")
    for table in body.iter(qn("w:tbl")):
        for row in table.findall(qn("w:tr")):
            assert len(row.findall(qn("w:tc"))) == len(table.find(qn("w:tblGrid")))


@pytest.mark.parametrize("form", list(MemoForm))
def test_every_comment_has_its_mark_in_the_text(form, parts):
    files = parts[form]
    document = etree.fromstring(files["word/document.xml"])
    comments = etree.fromstring(files["word/comments.xml"])
    ids = [node.get(qn("w:id")) for node in comments.iter(qn("w:comment"))]
    assert ids and len(ids) == len(set(ids))
    for tag in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        assert sorted(node.get(qn("w:id")) for node in document.iter(qn(f"w:{tag}"))) == sorted(ids)
