"""What a run of `process-letters` leaves for operators: numbers and links, no words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client
from prefect.testing.utilities import prefect_test_harness

from correspondence.vocabulary import Channel
from flows.process_letters import process_letters
from office.settings import Settings
from pipeline.bootstrap import House, open_house
from registry.ledger import Arrival
from tests.ready_databases import ready_sqlite

WORD = "โรงเรียนบ้านนกยูงทอง"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("home")
    ready_sqlite(home / "saraban.db")
    with pytest.MonkeyPatch.context() as patch, open_house(Settings(home=home)) as opened:
        patch.setenv("SARABAN_HOME", str(home))
        patch.setenv("SARABAN_REVIEW_URL", "https://saraban.office.example")
        patch.setenv("SARABAN_WORKERS", "1")
        for name in ("SARABAN_DATABASE_URL", "SARABAN_BLOB_URL", "SARABAN_SMTP_URL"):
            patch.delenv(name, raising=False)
        yield opened


def arrive(house: House, key: str, file_name: str, data: bytes) -> int:
    arrival = Arrival(
        source="drop",
        source_key=key,
        channel=Channel.HAND,
        file_name=file_name,
        message_id=None,
        data=data,
        arrived_at=house.clock(),
    )
    return house.ledger.store(arrival).id


def artifacts() -> dict[str, str]:
    with get_client(sync_client=True) as client:
        return {found.key or "": str(found.data) for found in client.read_artifacts()}


def test_a_run_links_to_its_letters_and_tells_nothing_of_them(house: House, tmp_path: Path) -> None:
    text = f"เรื่อง ขอหนังสือเรียน\nเรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ\n{WORD} ขอหนังสือเรียน ๔๐ เล่ม"
    arrive(house, "a", f"{WORD}.txt", text.encode())
    held = arrive(house, "b", f"{WORD}.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog")
    secret = arrive(house, "c", "ลับ.txt", f"ลับ\n{text}".encode())
    with prefect_test_harness(server_startup_timeout=120):
        state = process_letters(return_state=True)
        assert state.is_completed() and "1 registered" in str(state.message)
        assert "1 held" in str(state.message) and "1 secret" in str(state.message)
        found = artifacts()
    shown = found["letters"]
    assert "https://saraban.office.example/cases/1)" in shown
    assert f"https://saraban.office.example/waiting/items/{held})" in shown
    (row,) = [line for line in shown.splitlines() if f"| {secret} |" in line]
    assert "http" not in row and "secret" in row
    assert WORD not in "".join(found.values()) and "หนังสือเรียน" not in "".join(found.values())
