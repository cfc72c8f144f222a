"""The page of a case shows what it may be a duplicate of: numbers, never the other's words."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, event
from sqlalchemy.orm import Session

from pipeline.bootstrap import House
from pipeline.likeness_view import LikenessView, case_likeness
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


def test_more_links_of_a_case_ask_the_database_nothing_more(house: House) -> None:
    case, *others = (register(house, Seed(subject=f"เรื่องที่ {n}")) for n in range(5))
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    def look(session: Session) -> tuple[LikenessView, int]:
        session.expunge_all()
        statements.clear()
        return case_likeness(session, case, least=5), len(statements)

    event.listen(house.engine, "before_cursor_execute", note)
    with house.sessions.begin() as session:
        # Found by the house itself when the letters came.
        session.execute(delete(CaseLink))
        counted = []
        for place, other in enumerate(others):
            # A merged case has no letter left: its number is that of the case that has them.
            if place == 1:
                session.get_one(Case, other).duplicate_of_id = others[0]
                session.get_one(Case, other).letters[0].case_id = others[0]
            earlier, later = (case, other) if place % 2 else (other, case)
            session.add(
                CaseLink(
                    case_id=later,
                    other_case_id=earlier,
                    kind="related",
                    reason="เลขที่หนังสือเดียวกัน",
                    created_at=house.clock(),
                )
            )
            session.flush()
            shown, asked = look(session)
            counted.append(asked)
            assert len(shown.links) == place + 1
    assert [link.other_case_id for link in shown.links] == others
    numbers = [link.other_number for link in shown.links]
    assert numbers[0] == numbers[1] and len(set(numbers)) == 3
    assert len(set(counted)) == 1
    house.close()
