"""The demo's people: one of each role, signed in by one password that is new each time."""

from __future__ import annotations

from pathlib import Path

import pytest

from correspondence.vocabulary import IntakeOutcome, Role
from demo.people import STAFF, staff_the_demo
from demo.result import DemoLetter, DemoResult, DemoSignIn, WhereToLook
from demo.showing import DemoScreen
from pipeline.signing_in import SignInFailed, sign_in, signed_in
from tests.conftest import SetClock
from tests.seeding import small_house

pytestmark = pytest.mark.usefixtures("cheap_passwords")


def test_every_role_has_somebody_who_comes_in_at_once(tmp_path: Path, clock: SetClock) -> None:
    house = small_house(tmp_path, clock)
    old, password = staff_the_demo(house), staff_the_demo(house)
    held = set()
    for name in STAFF:
        visitor = signed_in(house, sign_in(house, name, password, "127.0.0.1"))
        assert visitor is not None and not visitor.must_change
        held |= visitor.staff.roles
    assert held == set(Role) - {Role.MACHINE}
    with pytest.raises(SignInFailed):
        sign_in(house, "head", old, "127.0.0.1")
    house.close()


def test_the_table_leads_to_the_case_and_says_who_may_come_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    letter = DemoLetter(
        file="1.pdf",
        outcome=IntakeOutcome.REGISTERED,
        register_number="1/2569",
        channel="scan",
        case_id=7,
    )
    result = DemoResult(
        letters=(letter,),
        new_letters=1,
        unaccounted=0,
        errors=0,
        warnings=(),
        where=WhereToLook(
            prefect_ui="http://127.0.0.1:1",
            review_page="http://127.0.0.1:8700",
            memos=tmp_path,
            home=tmp_path,
        ),
        sign_in=DemoSignIn(names=("head", "officer"), password="abcd-efgh"),
    )
    DemoScreen(quiet=False, look=True).show(result)
    shown = capsys.readouterr().out
    assert "http://127.0.0.1:8700/cases/7" in shown
    assert "head, officer" in shown and "abcd-efgh" in shown
    assert "case_id" not in result.model_dump_json()
