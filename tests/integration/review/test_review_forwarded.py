"""The forwarded copy on a page: proposed, changed, confirmed; who may, and what the trail holds."""

from __future__ import annotations

import base64
import hashlib
import io
import shutil
import zipfile
from collections.abc import Iterator
from typing import Any

import httpx
import lxml.html
import pytest
from PIL import Image
from sqlalchemy import select

from correspondence.letter_parts import CarriedFile
from correspondence.reading import Extraction, FieldValue, LetterFields, PageText
from correspondence.vocabulary import Channel, LetterKind, ReadMethod, ReadOutcome, Role
from demo.samples.document import write_docx
from drafting.redaction.copies import UNCONFIRMED
from drafting.redaction.number_forms import TO_CHECK
from extractors.soffice import convert
from pipeline.bootstrap import House
from registry.ledger import Arrival
from registry.models import AuditEvent, Case, IntakeItem
from registry.registration import Reading, register_letter
from tests.conftest import SetClock
from tests.seeding import employ, let_in, small_house
from tests.servers.review_app import running_review_app

LETTER = """เรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ
ข้าพเจ้า นางสาวปาริชาต ทองสมมุติ ขอร้องเรียนว่าโรงเรียนบ้านสมมุติวิทยาเก็บเงินคนละ ๖๕๐ บาท
โดยครูสมหมายเป็นผู้เก็บ ข้าพเจ้าพักที่ซอยบางตัวอย่าง โทร ๐๘๑-๕๕๕-๐๑๙๓
ขอแสดงความนับถือ
(นางสาวปาริชาต ทองสมมุติ)
"""


class Desk:
    """A case with a letter, and people before it."""

    def __init__(self, house: House, case_id: int, client: httpx.Client) -> None:
        self.house, self.case_id, self.client = house, case_id, client
        self.path = f"/cases/{case_id}/forwarded"
        self.tokens = {name: let_in(house, name) for name in ("wichai", "ratana")}

    def get(self, who: str) -> httpx.Response:
        return self.client.get(self.path, headers=self._cookie(who))

    def send(self, who: str, page: str, do: str, **more: Any) -> httpx.Response:
        forms = [f for f in lxml.html.fromstring(page).forms if f.get("action") == self.path]
        fields = dict(forms[0].form_values()) | {"do": do} | more
        return self.client.post(self.path, data=fields, headers=self._cookie(who))

    def _cookie(self, who: str) -> dict[str, str]:
        return {"cookie": f"saraban={self.tokens[who]}"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    house = small_house(tmp_path_factory.mktemp("forwarded"), SetClock())
    employ(house, "wichai", Role.OFFICER, "complaints")
    employ(house, "ratana", Role.REGISTRAR, None)
    with running_review_app(house, sign_in=None) as client:
        yield Desk(house, _case(house), client)
    house.close()


def _case(house: House, data: bytes = LETTER.encode(), name: str = "letter.txt") -> int:
    now = house.clock()
    arrival = Arrival("seed", name, Channel.SCAN, name, None, data, now)
    item_id = house.ledger.store(arrival).id
    subject = FieldValue(value="ขอให้ตรวจสอบการเก็บเงิน", raw="", page=1, confidence=0.9)
    read = Extraction(
        file=name, outcome=ReadOutcome.OK, media_type="text/plain",
        kind=LetterKind.CITIZEN_LETTER, text=LETTER, fields=LetterFields(subject=subject),
        pages=(PageText(number=1, text=LETTER, method=ReadMethod.NATIVE, quality=1.0),),
    )  # fmt: skip
    carried = CarriedFile(
        role="letter", file_name=name, media_type="text/plain", size=len(data),
        sha256=hashlib.sha256(data).hexdigest(), read_outcome="ok",
    )  # fmt: skip
    with house.sessions.begin() as session:
        item = session.get_one(IntakeItem, item_id)
        reading = Reading(read, (carried,), "นางสาวปาริชาต ทองสมมุติ", None, None)
        case_id = register_letter(session, item, reading, at=now, actor="saraban").case_id
        case = session.get_one(Case, case_id)
        case.group_id, case.category, case.subcategory = (
            "complaints", "complaint", "general_complaint",
        )  # fmt: skip
        return case_id


def _packed(answer: httpx.Response) -> dict[str, str]:
    """Return the texts of the documents in a download, by file name."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        for name in package.namelist():
            with zipfile.ZipFile(io.BytesIO(package.read(name))) as document:
                found[name] = document.read("word/document.xml").decode()
    return found


def test_a_copy_is_proposed_changed_and_confirmed_by_who_looked_at_it(desk: Desk) -> None:
    first = desk.get("wichai")
    assert first.status_code == 200 and "██" not in first.text
    proposed = desk.send("wichai", first.text, "propose")
    copy = lxml.html.fromstring(proposed.text).findtext(".//pre") or ""
    assert copy.startswith("เรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ\nข้าพเจ้า ")
    assert "███" in copy and "โรงเรียนบ้านสมมุติวิทยา" in copy and "ครูสมหมาย" in copy
    assert not any(secret in copy for secret in ("ปาริชาต", "๐๑๙๓", "บางตัวอย่าง"))
    # A telephone is listed, but there is no box that opens it.
    boxes = lxml.html.fromstring(proposed.text).xpath("//input[@name='show']/@value")
    assert "๐๘๑-๕๕๕-๐๑๙๓" in proposed.text and not any("๐๑๙๓" in box for box in boxes)
    assert any("บางตัวอย่าง" in box for box in boxes)
    draft = _packed(desk.send("wichai", proposed.text, "files"))
    assert UNCONFIRMED in draft["proposal-1-2569.docx"]
    place = next(box for box in boxes if "บางตัวอย่าง" in box)
    changed = {"show": place, "more": "๖๕๐"}
    # What was confirmed is the copy that was shown, not another one that was chosen since.
    ticked = [kind.value for kind in TO_CHECK]
    refused = desk.send("wichai", proposed.text, "confirm", checked=ticked, **changed)
    assert refused.status_code == 422 and "สำเนาไม่ตรงกับฉบับที่ตรวจไว้" in refused.text
    # Beside the refusal stands a new proposal, of what was chosen.
    assert "๖๕๐" not in (lxml.html.fromstring(refused.text).findtext(".//pre") or "๖๕๐")
    again = desk.send("wichai", proposed.text, "propose", **changed)
    kinds = lxml.html.fromstring(again.text).xpath("//input[@name='checked']/@value")
    assert kinds == ["name", "address", "telephone", "national_id", "email"]
    assert "เลขประจำตัวของผู้ร้อง: ระบบไม่พบ" in again.text
    open_kinds = desk.send("wichai", again.text, "confirm", checked=kinds[:4])
    assert open_kinds.status_code == 422 and "ยังไม่ได้ตรวจว่าปกปิดครบ: อีเมล" in open_kinds.text
    made = desk.send("wichai", again.text, "confirm", checked=kinds)
    assert made.headers["content-type"] == "application/zip"
    text = _packed(made)["redacted-1-2569.docx"]
    assert UNCONFIRMED not in text and "บางตัวอย่าง" in text
    assert "๖๕๐" not in text and "ปาริชาต" not in text
    with desk.house.sessions.begin() as session:
        events = session.scalars(
            select(AuditEvent.action).where(AuditEvent.action.endswith("_forward"))
        )
        assert list(events) == ["propose_forward"] * 5 + ["write_forward"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is away")
def test_painted_pages_are_shown_and_only_their_page_lets_such_pictures_in(desk: Desk) -> None:
    pdf = convert(write_docx(LETTER, font="Laksaman", language="th"), "docx", "pdf", 90)
    other = Desk(desk.house, _case(desk.house, pdf, "letter.pdf"), desk.client)
    form = other.get("wichai")
    assert "data:" not in form.headers["content-security-policy"]
    proposed = other.send("wichai", form.text, "propose")
    assert "img-src 'self' data:;" in proposed.headers["content-security-policy"]
    (source,) = lxml.html.fromstring(proposed.text).xpath("//div[@class='painted']/img/@src")
    kind, _, data = source.partition(",")
    assert kind == "data:image/jpeg;base64"
    with Image.open(io.BytesIO(base64.b64decode(data))) as page:
        # Black boxes on a page that is mostly white.
        dark = sum(page.convert("L").histogram()[:60]) / (page.width * page.height)
    assert 0.03 < dark < 0.5


def test_who_may_not_write_letters_gets_no_form_and_no_copy(desk: Desk) -> None:
    page = desk.get("ratana")
    forms = lxml.html.fromstring(page.text).forms
    assert page.status_code == 200 and all(form.get("action") != desk.path for form in forms)
    own = desk.get("wichai").text
    token = lxml.html.fromstring(desk.client.get("/work", headers=desk._cookie("ratana")).text)
    secret = token.xpath("//input[@name='form_token']/@value")[0]
    answer = desk.send("ratana", own, "propose", form_token=secret)
    assert answer.status_code == 422 and "██" not in answer.text
