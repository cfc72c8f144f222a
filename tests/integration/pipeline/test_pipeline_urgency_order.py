"""A most urgent letter that comes in behind a backlog is claimed next, before it is read."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from correspondence.vocabulary import Channel
from pipeline.admission import claim_items
from pipeline.pulling import pull_source
from registry.ledger import Arrival
from registry.models import IntakeItem
from tests.conftest import SetClock
from tests.seeding import small_house

BACKLOG = 200


def test_a_file_marked_most_urgent_overtakes_a_backlog(tmp_path: Path, clock: SetClock) -> None:
    house = small_house(tmp_path / "home", clock)
    house.ledger.store_many(
        [
            Arrival(
                source="test",
                source_key=str(number),
                channel=Channel.HAND,
                file_name=f"scan{number}.txt",
                message_id=None,
                data=b"letter",
                arrived_at=clock() - timedelta(days=2),
            )
            for number in range(BACKLOG)
        ]
    )
    folder = house.configuration.sources.drop_folder[0]
    place = folder.resolve(house.settings.home_folder) / "hand"
    place.mkdir(parents=True)
    for name in ("ขอเชิญประชุม.txt", "ด่วนที่สุด ขอเชิญประชุม.txt", "ร้องเรียนครู.txt"):
        (place / name).write_text(f"เรื่อง {name}", encoding="utf-8")
    clock.move(minutes=10)
    for _ in range(2):
        pull_source(house, folder.name, "poller")
        clock.move(minutes=1)
    ids = claim_items(house, "reader", limit=25)
    with house.sessions.begin() as session:
        names = [session.get_one(IntakeItem, item).file_name for item in ids]
    house.close()
    assert sorted(names)[-2:] == ["ด่วนที่สุด ขอเชิญประชุม.txt", "ร้องเรียนครู.txt"]
    assert len(names) == 25 and "ขอเชิญประชุม.txt" not in names
