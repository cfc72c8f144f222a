"""The office's list of PDF passwords, from the settings to the reading child."""

from __future__ import annotations

from pathlib import Path

import hostile_pdfs as pdfs
import pytest
from pydantic import SecretStr
from sqlalchemy import select

from correspondence.vocabulary import Channel, IntakeOutcome, ReadOutcome
from office.settings import Settings
from pipeline.admission import drain_items
from pipeline.bootstrap import open_house
from pipeline.inspection import extract_files, open_desk
from registry.ledger import Arrival
from registry.models import IntakeItem

LOCKED = pdfs.locked("เปิด1234")


@pytest.mark.parametrize(
    ("passwords", "outcome"),
    [
        ("0000 เปิด1234", IntakeOutcome.REGISTERED),
        ("0000", IntakeOutcome.HELD),
        ("", IntakeOutcome.HELD),
    ],
)
def test_a_locked_letter_is_registered_if_the_list_opens_it(
    tmp_path: Path, passwords: str, outcome: IntakeOutcome
) -> None:
    settings = Settings(home=tmp_path, workers=1, pdf_passwords=SecretStr(passwords))
    house = open_house(settings)
    house.ledger.store(
        Arrival("test", "1", Channel.HAND, "locked.pdf", None, LOCKED, house.clock())
    )
    assert drain_items(house, "tests") == {outcome: 1}
    with house.sessions.begin() as session:
        item = session.scalars(select(IntakeItem)).one()
        assert house.blobs.get(item.sha256) == LOCKED
        if outcome is IntakeOutcome.HELD:
            assert item.reason_code == "encrypted"
        assert "เปิด1234" not in f"{item.reason_thai}{item.reason_english}"
    house.close()


def test_extract_tries_the_list_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "locked.pdf"
    file.write_bytes(LOCKED)
    monkeypatch.setenv("SARABAN_HOME", str(tmp_path))
    (locked,) = extract_files(open_desk(), [file])
    assert locked.outcome is ReadOutcome.ENCRYPTED
    monkeypatch.setenv("SARABAN_PDF_PASSWORDS", "0000 เปิด1234")
    (opened,) = extract_files(open_desk(), [file])
    assert (opened.outcome, opened.text.split("\n")[0]) == (ReadOutcome.OK, pdfs.GOOD_LINES[0])


def test_passwords_do_not_show() -> None:
    settings = Settings(pdf_passwords=SecretStr("เปิด1234"))
    assert "เปิด1234" not in f"{settings!r} {settings} {settings.model_dump()}"
