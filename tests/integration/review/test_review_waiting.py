"""Holding pen, quarantine and secret desk at their pages: what is shown, to whom, what is done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from correspondence.vocabulary import Channel, IntakeOutcome, Role
from pipeline.bootstrap import House
from pipeline.waiting_view import PAGE_SIZE
from registry.ledger import NO_BYTES
from registry.models import AuditEvent, IntakeItem, Letter
from review.forms import form_token
from tests.conftest import SetClock
from tests.seeding import arrive, end_in, let_in, small_house
from tests.servers.review_app import running_review_app

PEOPLE: dict[str, tuple[Role, str]] = {
    "ratana": (Role.REGISTRAR, "open"),
    "prasert": (Role.OFFICE_HEAD, "open"),
    "kamon": (Role.SECRET_REGISTRAR, "secret"),
    "low": (Role.SECRET_REGISTRAR, "confidential"),
    "uncleared": (Role.SECRET_REGISTRAR, "open"),
}


@dataclass
class Desk:
    """An office with its people at their browsers."""

    house: House
    client: httpx.Client
    tokens: dict[str, str]

    def get(self, who: str, path: str) -> httpx.Response:
        return self.client.get(path, headers={"cookie": f"saraban={self.tokens[who]}"})

    def page(self, who: str, path: str) -> str:
        answer = self.get(who, path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, who: str, path: str, **fields: object) -> httpx.Response:
        data = {"form_token": form_token(self.tokens[who]), **fields}
        headers = {"cookie": f"saraban={self.tokens[who]}"}
        return self.client.post(path, data=data, headers=headers)

    def act(self, item_id: int, what: str, **fields: object) -> httpx.Response:
        """Do something to an item as the registrar whose page shows it as it stands."""
        seen = {"seen": self.seen(item_id), "queue": self.item(item_id).outcome}
        return self.post("ratana", f"/waiting/items/{item_id}/{what}", **{**seen, **fields})

    def seen(self, item_id: int) -> str:
        item = self.item(item_id)
        return f"{item.outcome}|{item.settled_at.isoformat() if item.settled_at else ''}"

    def item(self, item_id: int) -> IntakeItem:
        with self.house.sessions.begin() as session:
            return session.get_one(IntakeItem, item_id)

    def events(self, item_id: int) -> list[tuple[str, str, str]]:
        query = select(AuditEvent.action, AuditEvent.actor, AuditEvent.reason)
        found = query.where(AuditEvent.intake_item_id == item_id).order_by(AuditEvent.id)
        with self.house.sessions.begin() as session:
            return [tuple(row) for row in session.execute(found)]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    house = small_house(tmp_path_factory.mktemp("waiting"), SetClock())
    tokens = {
        name: let_in(house, name, ((role, None),), clearance=clearance, thai_name=f"ชื่อ{name}")
        for name, (role, clearance) in PEOPLE.items()
    }
    with ExitStack() as stack:
        client = stack.enter_context(running_review_app(house, sign_in=None))
        yield Desk(house, client, tokens)
    house.close()


def test_the_pen_shows_why_since_when_and_how_often(desk: Desk) -> None:
    item_id = end_in(desk.house, IntakeOutcome.HELD, "encrypted", "สแกน<script>.pdf")
    with desk.house.sessions.begin() as session:
        session.get_one(IntakeItem, item_id).attempts = 3
    page = desk.page("ratana", "/waiting/held")
    row = re.search(
        rf'<tr data-row>(?:(?!</tr>).)*items/{item_id}"(?:(?!</tr>).)*</tr>', page, re.S
    )
    assert row is not None
    for words in ("สแกน&lt;script&gt;.pdf", "เหตุผลภาษาไทย", "๓ ครั้ง", "๒๐ พ.ย. ๒๕๖๙"):
        assert words in row[0]
    assert "The reason in English." in desk.page("ratana", "/waiting/held?lang=en")
    assert f"items/{item_id}" not in desk.page("ratana", "/waiting/quarantined")
    shown = desk.page("ratana", f"/waiting/items/{item_id}")
    # Once as its standing, once in its history: the code itself is no reading for a clerk.
    assert shown.count("เหตุผลภาษาไทย") == 2 and "encrypted" not in shown
    assert "ลงทะเบียนด้วยมือ" in shown and "ปล่อย" not in shown


def test_the_head_of_the_office_sees_and_the_registrar_works(desk: Desk) -> None:
    item_id = end_in(desk.house, IntakeOutcome.HELD, "damaged")
    for path in ("/waiting/held", f"/waiting/items/{item_id}"):
        page = desk.page("prasert", path)
        assert "ดำเนินการโดยเจ้าหน้าที่สารบรรณเท่านั้น" in page
        assert f"items/{item_id}/" not in page and "/waiting/retry" not in page
    for what in ("retry", "not-a-letter", "place", "release"):
        refused = desk.post("prasert", f"/waiting/items/{item_id}/{what}", reason="ลอง")
        assert refused.status_code == 403
    assert desk.item(item_id).outcome == "held"


def test_an_item_is_read_again_and_the_trail_tells_who_asked(desk: Desk) -> None:
    item_id = end_in(desk.house, IntakeOutcome.HELD, "damaged")
    answer = desk.act(item_id, "retry")
    assert answer.headers["location"] == f"/waiting/held?did={item_id}"
    assert desk.item(item_id).outcome == "pending"
    assert desk.events(item_id)[-1][:2] == ("retry_item", "ratana")
    assert "รอดำเนินการ" in desk.page("ratana", answer.headers["location"])


def test_a_password_reads_at_once_and_is_kept_nowhere(desk: Desk) -> None:
    item_id = end_in(desk.house, IntakeOutcome.HELD, "encrypted", "plain.txt")
    secret = "รหัสของแฟ้มนี้เท่านั้น"
    answer = desk.act(item_id, "retry", password=secret)
    assert answer.status_code == 303 and desk.item(item_id).outcome != "pending"
    assert secret not in desk.page("ratana", answer.headers["location"])
    assert secret not in str(desk.events(item_id))


def test_chosen_items_are_read_again_together(desk: Desk) -> None:
    two = [end_in(desk.house, IntakeOutcome.HELD, "damaged") for _ in range(2)]
    big = end_in(desk.house, IntakeOutcome.HELD, "too_large")
    with desk.house.sessions.begin() as session:
        session.get_one(IntakeItem, big).sha256 = NO_BYTES
    chosen = {f"item-{one}": "1" for one in (*two, big)}
    answer = desk.post("ratana", "/waiting/retry", queue="held", **chosen)
    assert "ให้อ่านใหม่ ๒ รายการ ไม่ได้ทำ ๑ รายการ" in desk.page("ratana", answer.headers["location"])
    assert [desk.item(one).outcome for one in (*two, big)] == ["pending", "pending", "held"]
    refused = desk.act(big, "retry")
    assert refused.status_code == 409 and "แฟ้มนี้ใหญ่เกินกำหนด" in refused.text
    none = desk.post("ratana", "/waiting/retry", queue="held", **{"item-x": "1"})
    assert "ยังไม่ได้เลือกรายการ" in desk.page("ratana", none.headers["location"])


@pytest.mark.parametrize("queue", [IntakeOutcome.HELD, IntakeOutcome.QUARANTINED])
def test_what_is_not_a_letter_needs_a_reason_and_can_be_undone(
    desk: Desk, queue: IntakeOutcome
) -> None:
    item_id = end_in(desk.house, queue, "damaged")
    refused = desk.act(item_id, "not-a-letter", reason="  ")
    assert refused.status_code == 409 and "ต้องระบุเหตุผล" in refused.text
    desk.act(item_id, "not-a-letter", reason="เป็นใบปลิวโฆษณา")
    assert desk.item(item_id).outcome == "rejected"
    assert desk.events(item_id)[-1] == ("reject_item", "ratana", "เป็นใบปลิวโฆษณา")
    assert f"items/{item_id}" in desk.page("ratana", "/waiting/held?kind=rejected")
    desk.act(item_id, "retry")
    assert desk.item(item_id).outcome == "pending"


def test_who_comes_second_is_told_and_nothing_changes(desk: Desk) -> None:
    item_id = end_in(desk.house, IntakeOutcome.HELD, "damaged")
    seen = desk.seen(item_id)
    desk.act(item_id, "not-a-letter", reason="ใบปลิว")
    late = desk.act(item_id, "not-a-letter", reason="ของฉัน", seen=seen)
    assert late.status_code == 409 and "ไม่มีการเปลี่ยนแปลงใด" in late.text
    assert 'value="ของฉัน"' in late.text or "อ่านใหม่" in late.text
    odd = desk.act(item_id, "retry", seen="nonsense|x")
    assert odd.status_code == 409 and desk.item(item_id).outcome == "rejected"


def test_a_letter_is_placed_by_hand_in_two_steps(desk: Desk) -> None:
    item_id = end_in(desk.house, IntakeOutcome.HELD, "damaged", "อ่านไม่ออก.pdf")
    typed = {
        "subject": "ขอให้ซ่อมหลังคาอาคารเรียน",
        "sender": "นายบุญมา พาดี",
        "document_date": "20 พ.ย. 2569",
        "text": "หลังคารั่วมาสองปีแล้ว",
    }
    wrong = desk.act(item_id, "place", **{**typed, "document_date": "เมื่อวาน"})
    assert wrong.status_code == 422 and "หลังคารั่วมาสองปีแล้ว" in wrong.text
    assert desk.act(item_id, "place", sender="ใครก็ได้").status_code == 422
    preview = desk.act(item_id, "place", **typed).text
    assert "เมื่อยืนยันแล้วจะเป็น" in preview and "๒๐ พ.ย. ๒๕๖๙" in preview
    assert desk.item(item_id).outcome == "held"
    (confirm,) = re.findall(r'name="confirm" value="(\w+)"', preview)
    other = desk.act(item_id, "place", **{**typed, "subject": "เรื่องอื่น"}, confirm=confirm)
    assert other.status_code == 409 and desk.item(item_id).outcome == "held"
    done = desk.act(item_id, "place", **typed, confirm=confirm)
    assert desk.item(item_id).outcome == "registered"
    with desk.house.sessions.begin() as session:
        letter = session.scalars(select(Letter).where(Letter.intake_item_id == item_id)).one()
    told = desk.page("ratana", done.headers["location"])
    assert f'href="/cases/{letter.case_id}"' in told and "เลขรับ" in told
    # The item's page leads to what became of it.
    assert (
        desk.get("ratana", f"/waiting/items/{item_id}").headers["location"].endswith(str(item_id))
    )


def test_a_secrecy_mark_in_the_typed_words_keeps_none_of_them(desk: Desk) -> None:
    item_id = end_in(desk.house, IntakeOutcome.HELD, "damaged")
    words = "แผนการที่ไม่ควรมีผู้ใดรู้"
    preview = desk.act(item_id, "place", text=f"ลับมาก\n{words}", subject=words).text
    (confirm,) = re.findall(r'name="confirm" value="(\w+)"', preview)
    answer = desk.act(item_id, "place", text=f"ลับมาก\n{words}", subject=words, confirm=confirm)
    assert desk.item(item_id).outcome == "secret"
    told = desk.page("ratana", answer.headers["location"])
    assert words not in told and "ส่งนายทะเบียนข้อมูลข่าวสารลับ" in told
    assert desk.get("ratana", f"/waiting/items/{item_id}").status_code == 404


def test_a_quarantined_mail_is_released_with_a_reason(desk: Desk) -> None:
    item_id = end_in(desk.house, IntakeOutcome.QUARANTINED, "automatic", "mail.txt")
    assert "เป็นหนังสือ ลงทะเบียนรับ" in desk.page("ratana", f"/waiting/items/{item_id}")
    assert desk.act(item_id, "release", reason="").status_code == 409
    answer = desk.act(item_id, "release", reason="เป็นหนังสือจากประชาชน")
    assert answer.headers["location"] == f"/waiting/quarantined?did={item_id}"
    assert ("release_item", "ratana", "เป็นหนังสือจากประชาชน") in desk.events(item_id)
    assert desk.item(item_id).outcome != "quarantined"


def test_unknown_items_and_queues_are_not_there(desk: Desk) -> None:
    for path in ("/waiting/items/999999", "/waiting/held?kind=quarantined", "/waiting/held?kind=x"):
        assert desk.get("ratana", path).status_code == 404
    for what in ("release", "not-a-letter", "place"):
        fields = {"reason": "ลอง", "subject": "ลอง", "seen": "held|"}
        answer = desk.post("ratana", f"/waiting/items/999999/{what}", **fields)
        assert answer.status_code == 404
    assert desk.post("ratana", "/waiting/items/999999/retry").status_code == 404
    assert desk.get("ratana", "/waiting/held?did=999999").status_code == 200


def test_the_desk_tells_that_a_secret_letter_came_and_nothing_of_it(desk: Desk) -> None:
    item_id = arrive(desk.house, "แผนลับ.pdf", desk.house.clock(), Channel.SCAN)
    with desk.house.sessions.begin() as session:
        # As though the row had kept its name: the page must still say nothing.
        item = session.get_one(IntakeItem, item_id)
        item.outcome, item.reason_code = IntakeOutcome.SECRET.value, "marked_secret"
        item.reason_thai = "แผนลับ"
    for who in ("kamon", "low"):
        page = desk.page(who, "/secret")
        assert "ลับมาก" in page and "แผนลับ" not in page and "ชื่อkamon" in page
        assert (f"/secret/{item_id}/hand-over" in page) is (who == "kamon")
    for who in ("ratana", "prasert", "uncleared"):
        assert desk.get(who, "/secret").status_code == 403
        assert desk.post(who, f"/secret/{item_id}/hand-over").status_code == 403
    low = desk.post("low", f"/secret/{item_id}/hand-over")
    assert low.status_code == 409 and "ไม่ถึงชั้นของรายการนี้" in low.text
    assert desk.events(item_id)[-1][:2] == ("refuse_hand_over", "low")
    done = desk.post("kamon", f"/secret/{item_id}/hand-over")
    assert done.status_code == 303
    assert "kamon รับไปเมื่อ" in desk.page("kamon", done.headers["location"])
    assert f"/secret/{item_id}/" not in desk.page("kamon", "/secret")
    again = desk.post("kamon", f"/secret/{item_id}/hand-over")
    assert again.status_code == 409 and "มีผู้มารับไปแล้ว" in again.text
    assert [one[0] for one in desk.events(item_id)].count("hand_over_item") == 1
    assert desk.post("kamon", "/secret/999999/hand-over").status_code == 404


def test_of_a_grade_that_nobody_reaches_the_head_is_to_be_called(desk: Desk) -> None:
    end_in(desk.house, IntakeOutcome.SECRET, "marked_top_secret")
    assert "ไม่มีผู้มีชั้นความลับถึง" in desk.page("kamon", "/secret")


def test_long_queues_come_in_pages(desk: Desk) -> None:
    with desk.house.sessions.begin() as session:
        for number in range(PAGE_SIZE + 3):
            session.add(
                IntakeItem(
                    source="seed",
                    source_key=f"many-{number}",
                    channel="email",
                    file_name=f"{number}.pdf",
                    sha256="ab" * 32,
                    size=1,
                    arrived_at=desk.house.clock() + timedelta(hours=number),
                    stored_at=desk.house.clock(),
                    outcome="pending",
                    reason_code="server_away",
                    reason_thai="เครื่องแม่ข่ายไม่ตอบ",
                )
            )
    first = desk.page("ratana", "/waiting/held?kind=pending")
    assert first.count("<tr data-row>") == PAGE_SIZE and 'rel="next"' in first
    last = desk.page("ratana", "/waiting/held?kind=pending&page=99")
    assert 3 <= last.count("<tr data-row>") < PAGE_SIZE and 'rel="prev"' in last
