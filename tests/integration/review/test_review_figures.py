"""The dashboard: what it counts, the lists behind its figures, and who may see which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape

import httpx
import pytest
from sqlalchemy import event

from correspondence.states import Action
from correspondence.vocabulary import Category, Role
from pipeline import measured_period
from pipeline.bootstrap import House
from pipeline.dashboard import dashboard
from pipeline.figure_list import FigureAsk, figure_list
from pipeline.kpi_view import KpiQuery, kpi_list
from pipeline.measured_period import measure_period
from pipeline.open_cases import Age, DueStanding, open_counts
from registry.models import Case
from registry.transitions import take_action
from reports.kpi_cell import Figure
from reports.kpi_period import fiscal_year
from reports.memo_quality import MemoFigure
from review.charts import Bar, ChartRow, Segment, draw_chart
from tests.conftest import SetClock
from tests.seeding import HEAD, Seed, finish, let_in, register, small_house
from tests.servers.review_app import running_review_app

SUBJECT = "เรื่องที่ไม่ควรอยู่ในตัวชี้วัด"
YEAR = fiscal_year(2027)
PEOPLE = {
    "chief": ((Role.OFFICE_HEAD, None),),
    "head": ((Role.GROUP_HEAD, "complaints"),),
    "secretary": ((Role.SECRETARY, None),),
    "officer": ((Role.OFFICER, "complaints"),),
}


@dataclass(frozen=True)
class Office:
    house: House
    client: httpx.Client
    tokens: dict[str, str]
    cases: dict[str, int]

    def get(self, who: str, path: str, **asked: str | int) -> httpx.Response:
        headers = {"cookie": f"saraban={self.tokens[who]}"}
        return self.client.get(path, params=asked or None, headers=headers)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    clock = SetClock()
    now = clock()
    house = small_house(tmp_path_factory.mktemp("figures"), clock)
    clock.now = now - timedelta(days=40)
    cases = {
        "done": register(house, Seed(subject=SUBJECT, due=date(2026, 12, 24))),
        "old": register(house, Seed(subject=SUBJECT, due=date(2026, 10, 20))),
    }
    finish(house, cases["done"])
    clock.now = now
    cases |= {
        "new": register(house, Seed(subject=SUBJECT)),
        "other": register(
            house, Seed(subject=SUBJECT, category=Category.GENERAL, group="political", due=None)
        ),
        "restricted": register(house, Seed(subject=SUBJECT)),
    }
    with house.sessions.begin() as session:
        session.get_one(Case, cases["restricted"]).restricted = True
        case = session.get_one(Case, cases["other"])
        take_action(session, case, Action.RETURN_DRAFT, HEAD, at=now, reason="แก้ไข")
    tokens = {name: let_in(house, name, roles) for name, roles in PEOPLE.items()}
    with running_review_app(house, sign_in=None) as client:
        yield Office(house, client, tokens, cases)
    house.close()


def links(page: str) -> list[str]:
    found = re.findall(r'href="(/figures/list[^"]+)"', page)
    return list(dict.fromkeys(unescape(one) for one in found))


def test_a_year_is_counted_as_the_command_line_counts_it(office: Office) -> None:
    shown = dashboard(office.house, YEAR)
    query = KpiQuery(period=YEAR)
    assert shown.total.received == kpi_list(office.house, query, "received").number == 5
    assert shown.total.closed == kpi_list(office.house, query, "closed_in_period").number == 1
    assert sum(one.counts.received for one in shown.categories) == 5
    assert [(one.received, one.closed) for one in shown.months] == [(2, 1), (3, 0)]
    assert shown.memos[MemoFigure.ACCEPTED_UNCHANGED] == 1
    assert shown.memos[MemoFigure.RETURNED] == 1
    assert shown.classifier.judged == 5


def test_open_cases_stand_by_group_age_and_due_date(office: Office) -> None:
    found = {(one.group, one.age, one.standing): one.number for one in open_counts(office.house)}
    assert found == {
        ("complaints", Age.TWO_MONTHS, DueStanding.OVERDUE): 1,
        ("complaints", Age.WEEK, DueStanding.IN_TIME): 2,
        ("political", Age.WEEK, DueStanding.UNDATED): 1,
    }


def test_every_figure_opens_a_list_of_as_many_cases(office: Office) -> None:
    page = office.get("chief", "/figures").text
    addresses = links(page)
    assert len(addresses) > 15
    for address in addresses:
        listed = office.get("chief", address)
        assert listed.status_code == 200, address
        words = re.search(
            rf'href="{re.escape(address.replace("&", "&amp;"))}" aria-label="[^"]*?([๐-๙,]+)"', page
        )
        total = re.search(r"<caption>([๐-๙,]+) เรื่อง", listed.text)
        if words is not None:
            assert total is not None and total[1] == words[1], address


def test_a_restricted_case_is_counted_and_listed_without_what_it_is_about(office: Office) -> None:
    listed = figure_list(office.house, FigureAsk(Figure.RECEIVED.value, YEAR))
    withheld = [one for one in listed.cases if one.withheld]
    assert [one.case_id for one in withheld] == [office.cases["restricted"]]
    page = office.get("chief", "/figures/list", figure="received").text
    assert "จำกัดผู้เข้าถึง" in page and SUBJECT not in page
    assert f"/cases/{office.cases['restricted']}" not in page
    assert f"/cases/{office.cases['new']}" in page


def test_a_head_sees_the_figures_of_their_own_group_only(office: Office) -> None:
    page = office.get("head", "/figures")
    assert page.status_code == 200 and "กลุ่ม" in page.text
    assert "political" not in page.text
    assert all("group=complaints" in address for address in links(page.text))
    listed = office.get("head", "/figures/list", figure="received").text
    assert f"/cases/{office.cases['new']}" in listed
    assert f"/cases/{office.cases['other']}" not in listed
    for path in ("/figures", "/figures/list"):
        assert office.get("head", path, group="political").status_code == 403
        assert office.get("head", path, group="-").status_code == 403


def test_a_secretary_sees_numbers_and_no_list(office: Office) -> None:
    page = office.get("secretary", "/figures").text
    assert not links(page) and "<svg" in page
    assert office.get("secretary", "/figures/list").status_code == 403
    assert office.get("officer", "/figures").status_code == 403


@pytest.mark.parametrize(
    "asked",
    [
        {"year": "2569", "month": "10"},
        {"year": "๒๕๗๐"},
        {"year": "9999", "month": "99"},
        {"year": "2570", "month": "11", "lang": "en"},
        {"group": "complaints"},
    ],
)
def test_any_period_gives_a_page(office: Office, asked: dict[str, str]) -> None:
    assert office.get("chief", "/figures", **asked).status_code == 200


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"figure": "nothing"}, 422),
        ({"figure": "received", "category": "x"}, 422),
        ({"first": "2026-11-01", "last": "2026-10-01"}, 404),
        ({"first": "1900-01-01", "last": "2026-10-01"}, 404),
        ({"first": "2030-01-01", "last": "2030-02-01"}, 422),
        ({"group": "<script>"}, 404),
        ({"age": "x"}, 404),
    ],
)
def test_an_odd_address_of_a_list_is_answered(
    office: Office, asked: dict[str, str], status: int
) -> None:
    answer = office.get("chief", "/figures/list", **asked)
    assert answer.status_code == status and "<script>" not in answer.text


def test_pages_carry_no_inline_style_and_draw_a_table_under_each_chart(office: Office) -> None:
    page = office.get("chief", "/figures").text
    assert " style=" not in page and "<style" not in page
    assert page.count('<svg class="chart"') == page.count("<table>") == 7


def test_the_queries_of_the_page_do_not_grow_with_the_cases(office: Office) -> None:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    engine = office.house.sessions.kw["bind"]
    event.listen(engine, "before_cursor_execute", note)
    try:
        office.get("chief", "/figures")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(asked) < 30


def test_bars_are_as_long_as_their_values_and_never_vanish() -> None:
    rows = [
        ChartRow("ก", (Bar((Segment(100, "a", "x"), Segment(100, "b", "y")), "200"),)),
        ChartRow("ข" * 60, (Bar((Segment(0, "a", "x"), Segment(0.01, "b", "y")), "0"),)),
    ]
    chart = draw_chart(rows, target=100)
    first, second, third = chart.boxes
    assert first.width == second.width and second.x == first.x + first.width == chart.line
    assert third.width > 0 and len(chart.labels[1].text) < 60
    assert max(box.x + box.width for box in chart.boxes) < chart.width
    assert draw_chart([]).boxes == ()


def test_figures_are_counted_anew_when_a_case_changes(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    # However slow the machine is: what takes long is served again for a while.
    monkeypatch.setattr(measured_period, "LONG", 1e9)
    before = measure_period(office.house, YEAR)
    assert measure_period(office.house, YEAR) is before
    register(office.house, Seed(subject=SUBJECT))
    after = measure_period(office.house, YEAR)
    assert len(after.cases(Figure.RECEIVED)) == len(before.cases(Figure.RECEIVED)) + 1
