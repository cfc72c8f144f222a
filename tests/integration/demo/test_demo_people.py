"""The demo's people: one of each role, signed in by one password that is new each time."""

from __future__ import annotations

from pathlib import Path

import pytest

from correspondence.vocabulary import Role
from demo.people import STAFF, staff_the_demo
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
