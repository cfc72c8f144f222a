"""The page of a case shows what it may be a duplicate of: numbers, never the other's words."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.bootstrap import House
from pipeline.link_decisions import decline_link
from registry.models import Case, CaseLink
from tests.conftest import SetClock
from tests.seeding import Seed, register, small_house
from tests.servers.review_app import running_review_app


@pytest.fixture
def house(tmp_path: Path, clock: SetClock) -> House:
    return small_house(tmp_path, clock)


def test_a_suggestion_is_shown_on_both_cases_by_number(house: House) -> None:
    first = register(house, Seed(subject="เรื่องเดิมที่ไม่ควรเห็น"))
    second = register(house, Seed(subject="เรื่องใหม่"))
    with house.sessions.begin() as session:
        link = CaseLink(
            case_id=second,
            other_case_id=first,
            kind="perhaps_duplicate",
            reason="ข้อความตรงกัน 97% กับเลขรับ 1/2569",
            created_at=house.clock(),
            score=0.97,
        )
        session.add(link)
        session.flush()
        link_id = link.id
    with running_review_app(house) as client:
        page = client.get(f"/cases/{second}").text
        assert "อาจเป็นหนังสือฉบับเดียวกัน" in page and "๑/๒๕๖๙" in page and "๙๗%" in page
        assert f'href="/cases/{first}"' in page and "รอพิจารณา" in page
        assert "เรื่องเดิมที่ไม่ควรเห็น" not in page
        assert "๒/๒๕๖๙" in client.get(f"/cases/{first}").text
        decline_link(house, link_id, by="head")
        assert "declined" in client.get(f"/cases/{second}?lang=en").text
        with house.sessions.begin() as session:
            session.get_one(Case, first).restricted = True
        assert f'href="/cases/{first}"' not in client.get(f"/cases/{second}").text
    house.close()
