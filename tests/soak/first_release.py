"""An office as the first release left it: its schema, filled by SQL, with bytes for every item."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, MetaData, Table, inspect, text
from sqlalchemy.engine import make_url

import registry.migrate
from registry.blobs import BlobStore
from registry.engine import open_engine

FIRST_SCHEMA: Final = "0001"
BEGIN: Final = datetime(2025, 9, 1, 2, 0, tzinfo=UTC)
# Of ten letters: where their cases stand.
STATES: Final = (
    *("in_review", "in_review", "in_review", "triage", "closed"),
    *("closed", "sign_off", "on_hold", "assigned", "registered"),
)
_CHUNK = 500
Row = dict[str, Any]
# What migrations change on purpose: (table, column) → old value → new value.
CHANGED: Final[Mapping[tuple[str, str], Mapping[object, object]]] = {
    ("holidays", "region"): {"": "national"},
}


@dataclass(frozen=True)
class FirstOffice:
    """What was put into an office of the first release."""

    letters: int
    items: int
    events: int
    last_number: int
    picture: Mapping[str, Mapping[str, str]]


def build_first_office(url: str, blobs: BlobStore, letters: int) -> FirstOffice:
    """Make the first release's schema in an empty database and fill it.

    Args:
        url: of the empty database.
        blobs: where the bytes of items and drafts go.
        letters: how many letters.
    """
    engine = open_engine(url)
    with engine.begin() as connection:
        config = Config()
        folder = Path(registry.migrate.__file__).parent / "migrations"
        config.set_main_option("script_location", str(folder))
        config.attributes["connection"] = connection
        command.upgrade(config, FIRST_SCHEMA)
    tables = MetaData()
    tables.reflect(engine)
    counts = {name: _fill(engine, tables.tables[name], rows) for name, rows in _rows(letters)}
    for begin in range(0, counts["intake_items"], _CHUNK):
        last = min(begin + _CHUNK, counts["intake_items"])
        blobs.put_many([_item_bytes(number) for number in range(begin + 1, last + 1)])
    blobs.put(_MEMO)
    blobs.put(_REPORT)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            _move_sequences(connection, tables)
        picture = take_picture(connection, CHANGED)
    engine.dispose()
    return FirstOffice(
        letters=letters,
        items=counts["intake_items"],
        events=counts["audit_events"],
        last_number=max(0, letters - _of_first_year(letters)),
        picture=picture,
    )


def take_picture(
    connection: Connection, changed: Mapping[tuple[str, str], Mapping[object, object]]
) -> dict[str, dict[str, str]]:
    """Return a hash of every column of every table, its rows in the order of the primary key.

    Args:
        connection: of the database.
        changed: values to read as others.
    """
    found: dict[str, dict[str, str]] = {}
    looked = inspect(connection)
    for table in looked.get_table_names():
        if table == "alembic_version":
            continue
        keys = looked.get_pk_constraint(table)["constrained_columns"]
        names = [column["name"] for column in looked.get_columns(table)]
        if keys:
            found[table] = picture_of(connection, table, names, keys, changed)
    return found


def picture_of(
    connection: Connection,
    table: str,
    names: Iterable[str],
    keys: Iterable[str],
    changed: Mapping[tuple[str, str], Mapping[object, object]],
) -> dict[str, str]:
    """Return a hash of each of these columns of a table, with the number of its rows."""
    names = list(names)
    hashes = {name: sha256() for name in names}
    columns, order = ", ".join(f'"{n}"' for n in names), ", ".join(f'"{k}"' for k in keys)
    rows = connection.execution_options(yield_per=_CHUNK).execute(
        text(f'SELECT {columns} FROM "{table}" ORDER BY {order}')
    )
    count = 0
    for row in rows:
        count += 1
        for name, value in zip(names, row, strict=True):
            known = changed.get((table, name), {})
            seen = known.get(value, value) if known else value
            told = json.dumps(seen, default=str, sort_keys=True, ensure_ascii=False)
            hashes[name].update(told.encode() + b"\n")
    return {name: f"{count} {one.hexdigest()}" for name, one in hashes.items()}


def empty_database(url: str) -> None:
    """Make the folder of an SQLite database."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)


_MEMO = b"PK a memo of the first release"
_REPORT = b"PK a report of the first release"


def _item_bytes(number: int) -> bytes:
    return f"item {number} of the first release\n".encode()


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def _fill(engine: Engine, table: Table, rows: Iterator[Row]) -> int:
    count, chunk = 0, list[Row]()

    def flush(connection: Connection) -> None:
        if chunk:
            connection.execute(table.insert(), chunk)
            chunk.clear()

    with engine.begin() as connection:
        for row in rows:
            count += 1
            chunk.append(row)
            if len(chunk) == _CHUNK:
                flush(connection)
        flush(connection)
    return count


def _move_sequences(connection: Connection, tables: MetaData) -> None:
    for table in tables.tables.values():
        keys = [column for column in table.primary_key.columns if column.name == "id"]
        if keys and keys[0].type.python_type is int:
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'),"
                    f" (SELECT coalesce(max(id), 0) + 1 FROM {table.name}), false)"
                )
            )


def _of_first_year(letters: int) -> int:
    return letters // 3


def _state(number: int) -> str:
    return STATES[number % len(STATES)]


def _at(number: int) -> datetime:
    return BEGIN + timedelta(minutes=30 * number)


def _rows(letters: int) -> Iterator[tuple[str, Iterator[Row]]]:
    """Yield the tables in an order that foreign keys allow, each with its rows."""
    numbers = range(1, letters + 1)
    yield (
        "groups",
        iter(
            [
                {"id": "complaints", "thai": "กลุ่มงานเรื่องร้องเรียน", "retired_at": None},
                {"id": "earlier", "thai": "กลุ่มงานเดิม", "retired_at": BEGIN},
            ]
        ),
    )
    yield "people", iter(_people())
    yield "person_roles", iter(_roles())
    yield "contacts", (_contact(number) for number in range(1, 21))
    yield "holidays", iter([_holiday(1, ""), _holiday(2, "national")])
    yield (
        "register_counters",
        iter(
            [
                {"year": 2025, "last_number": _of_first_year(letters)},
                {"year": 2026, "last_number": letters - _of_first_year(letters)},
            ]
        ),
    )
    yield "source_states", iter([_source()])
    yield "cycles", (_cycle(number) for number in range(1, 51))
    yield "reports", iter([_report()])
    yield "intake_items", _items(letters)
    yield "cases", (_case(number) for number in numbers)
    yield "letters", (_letter(number, letters) for number in numbers)
    yield "attachments", (_attachment(number) for number in numbers)
    yield "fields", (field for number in numbers for field in _fields(number))
    yield "page_texts", (_page(number) for number in numbers)
    yield "classifications", (_classification(n) for n in numbers if _state(n) != "registered")
    yield "due_dates", (_due(number) for number in numbers if _state(number) != "registered")
    yield "drafts", (_draft(number) for number in numbers if _has_draft(number))
    yield "case_links", (_link(number) for number in range(20, letters + 1, 20))
    yield "outbox", (_message(number) for number in range(5, letters + 1, 5))
    yield "audit_events", _events(letters)


def _people() -> list[Row]:
    usual = {"deputy_id": None, "absent_from": None, "absent_until": None, "retired_at": None}
    names = ("head", "group.head", "officer", "registrar", "admin")
    return [
        {
            **usual,
            "id": number,
            "sign_in": name,
            "thai_name": f"คนที่ {number}",
            "email": f"{name}@office.example",
            "clearance": "open",
            "created_at": BEGIN,
        }
        for number, name in enumerate(names, 1)
    ]


def _roles() -> list[Row]:
    roles = (
        *((1, "office_head", None), (2, "group_head", "complaints"), (3, "officer", "complaints")),
        *((4, "registrar", None), (5, "administrator", None)),
    )
    return [
        {"id": number, "person_id": person, "role": role, "group_id": group}
        for number, (person, role, group) in enumerate(roles, 1)
    ]


def _contact(number: int) -> Row:
    return {
        "id": number,
        "name": f"ผู้ติดต่อ {number}",
        "agency": "หน่วยงานตัวอย่าง",
        "position": "เลขานุการ",
        "phone": f"0 2555 {number:04d}",
        "fax": "",
        "email": f"contact{number}@agency.example",
        "secretary": "",
        "note": "",
        "updated_at": BEGIN,
    }


def _holiday(number: int, region: str) -> Row:
    return {
        "id": number,
        "day": date(2025, 12, 4 + number),
        "effect": "add",
        "region": region,
        "name": f"วันหยุดที่ {number}",
        "source": "cabinet",
        "note": "",
        "entered_by": "admin",
        "entered_at": BEGIN,
    }


def _source() -> Row:
    return {
        "source": "main",
        "uid_validity": 1_700_000_000,
        "last_uid": 4711,
        "last_poll_at": BEGIN,
        "last_good_poll_at": BEGIN,
        "fault_code": None,
        "leased_by": None,
        "leased_until": None,
    }


def _cycle(number: int) -> Row:
    return {
        "id": number,
        "kind": "pull",
        "run_id": f"run-{number}",
        "started_at": _at(number),
        "finished_at": _at(number),
        "outcome": "done",
        "counts": {"received": number},
    }


def _report() -> Row:
    return {
        "id": 1,
        "key": "monthly:2025-10",
        "kind": "monthly",
        "period": "2025-10",
        "sha256": _digest(_REPORT),
        "figures": {"registered": 12},
        "made_at": BEGIN,
    }


def _items(letters: int) -> Iterator[Row]:
    """Yield an item for each letter, then one duplicate and one held for every twenty."""
    for number in range(1, letters + 1):
        yield _item(number, "registered")
    number = letters
    for begin in range(1, letters + 1, 20):
        number += 1
        yield {**_item(number, "duplicate"), "duplicate_of_id": begin, "reason_code": "same_bytes"}
        number += 1
        yield {**_item(number, "held"), "reason_code": "unreadable", "reason_thai": "อ่านไม่ได้"}


def _item(number: int, outcome: str) -> Row:
    data = _item_bytes(number)
    return {
        "id": number,
        "source": "main",
        "source_key": f"1700000000/{number}",
        "channel": "email",
        "file_name": f"{number}.eml",
        "message_id": f"<{number}@first.example>",
        "sha256": _digest(data),
        "content_sha256": _digest(b"content" + data),
        "size": len(data),
        "arrived_at": _at(number),
        "stored_at": _at(number),
        "outcome": outcome,
        "reason_code": "",
        "reason_thai": "",
        "reason_english": "",
        "suspicious": number % 97 == 0,
        "attempts": 1,
        "next_attempt_at": None,
        "leased_by": None,
        "leased_until": None,
        "settled_at": _at(number),
        "source_done_at": _at(number),
        "duplicate_of_id": None,
    }


def _case(number: int) -> Row:
    state = _state(number)
    placed = state not in ("registered", "triage")
    dated = state not in ("registered", "on_hold")
    return {
        "id": number,
        "state": state,
        "version": 1 + STATES.index(state),
        "category": "complaint" if state != "registered" else None,
        "subcategory": "general_complaint" if state != "registered" else None,
        "group_id": "complaints" if placed else None,
        "urgency": ("normal", "urgent", "most_urgent")[number % 3],
        "restricted": number % 50 == 0,
        "due_date": _due_day(number) if dated else None,
        "opened_at": _at(number),
        "updated_at": _at(number),
        "last_progress_at": _at(number),
        "proposed_by": None,
        "duplicate_of_id": None,
        "reopen_count": 0,
        "attempts": 0,
        "fault_code": None,
        "next_attempt_at": None,
        "leased_by": None,
        "leased_until": None,
    }


def _due_day(number: int) -> date:
    return _at(number).date() + timedelta(days=15)


def _letter(number: int, letters: int) -> Row:
    first = _of_first_year(letters)
    year, place = (2025, number) if number <= first else (2026, number - first)
    return {
        "id": number,
        "intake_item_id": number,
        "case_id": number,
        "register_year": year,
        "register_number": place,
        "received_at": _at(number),
        "registered_at": _at(number),
        "channel": "email",
        "media_type": "message/rfc822",
        "kind": "citizen_letter",
        "language": "th",
        "read_outcome": "ok",
        "sender_name": f"ผู้ร้อง {number}",
        "sender_address": f"writer{number}@example.org",
        "warnings": "",
    }


def _attachment(number: int) -> Row:
    return {
        "id": number,
        "letter_id": number,
        "position": 0,
        "role": "letter",
        "file_name": f"{number}.eml",
        "media_type": "message/rfc822",
        "sha256": _digest(_item_bytes(number)),
        "size": len(_item_bytes(number)),
        "read_outcome": "ok",
    }


def _fields(number: int) -> Iterator[Row]:
    values = {
        "subject": f"ขอให้ตรวจสอบถนนสาย {number}",
        "signer": f"ผู้ร้อง {number}",
        "number": f"ศธ {number % 99:04d}/{number}",
    }
    for place, (name, value) in enumerate(values.items()):
        corrected = name == "subject" and number % 10 == 0
        yield {
            "id": 3 * (number - 1) + place + 1,
            "letter_id": number,
            "name": name,
            "position": 0,
            "machine_value": value,
            "machine_raw": value,
            "phrase": None,
            "page": 1,
            "confidence": 0.5 + number % 50 / 100,
            "needs_check": number % 4 == 0,
            "person_value": f"{value} (แก้ไข)" if corrected else None,
            "person_id": 3 if corrected else None,
            "corrected_at": _at(number) if corrected else None,
        }


def _page(number: int) -> Row:
    return {
        "id": number,
        "letter_id": number,
        "attachment_id": None,
        "number": 1,
        "text": f"เรื่อง ขอให้ตรวจสอบถนนสาย {number}\nข้าพเจ้าขอร้องเรียนว่าถนนชำรุดมานาน {number} วัน",
        "method": "text_layer",
        "quality": 0.98,
    }


def _classification(number: int) -> Row:
    return {
        "id": number,
        "case_id": number,
        "decided_by": "machine",
        "category": "complaint",
        "subcategory": "general_complaint",
        "probabilities": {"complaint": 0.9, "general": 0.1},
        "evidence": [{"text": "ร้องเรียน", "weight": 1.5}],
        "abstained": _state(number) == "triage",
        "model_version": "first-1",
        "decided_at": _at(number),
    }


def _due(number: int) -> Row:
    held = _state(number) == "on_hold"
    return {
        "id": number,
        "case_id": number,
        "received_at": _at(number),
        "anchor_date": _at(number).date(),
        "due_date": None if held else _due_day(number),
        "rule_id": "general",
        "candidates": [],
        "holidays_counted": [],
        "explanation": "พักเรื่อง" if held else "นับ ๑๕ วัน",
        "calendar_confirmed": True,
        "needs_person": False,
        "calendar_version": "first",
        "computed_at": _at(number),
        "superseded_at": None,
    }


def _has_draft(number: int) -> bool:
    return _state(number) in ("in_review", "closed", "sign_off")


def _draft(number: int) -> Row:
    return {
        "id": number,
        "case_id": number,
        "version": 1,
        "form": "summary_memo",
        "template_version": "summary_memo:first",
        "made_by": "machine",
        "sha256": _digest(_MEMO),
        "sections": [{"label": "เรื่อง", "text": f"ขอให้ตรวจสอบถนนสาย {number}"}],
        "sentences": [],
        "made_at": _at(number),
        "superseded_at": None,
    }


def _link(number: int) -> Row:
    return {
        "id": number // 20,
        "case_id": number,
        "other_case_id": number - 1,
        "kind": "related",
        "reason": "เรื่องเดียวกัน",
        "created_at": _at(number),
        "confirmed_by": "officer",
    }


def _message(number: int) -> Row:
    return {
        "id": number // 5,
        "key": f"overdue:1:{_due_day(number)}/{number}/officer@office.example",
        "alert": "overdue",
        "case_id": number,
        "recipient": "officer@office.example",
        "subject": f"เรื่องที่ {number} เกินกำหนด",
        "body": f"เรื่องที่ {number}",
        "created_at": _at(number),
        "sent_at": _at(number),
        "attempts": 0,
        "next_attempt_at": None,
        "fault_code": None,
    }


def _events(letters: int) -> Iterator[Row]:
    number = 0
    for letter in range(1, letters + 1):
        moves = {
            "settle_intake": (None, None),
            **(
                {} if _state(letter) == "registered" else {"classify": ("registered", "classified")}
            ),
        }
        for action, (before, after) in moves.items():
            number += 1
            yield {
                "id": number,
                "at": _at(letter) + timedelta(seconds=number % 7),
                "actor": "saraban",
                "action": action,
                "case_id": letter,
                "intake_item_id": letter,
                "from_state": before,
                "to_state": after,
                "reason": "เหตุผลของระบบ",
                "before": {"version": 1, "due_date": None},
                "after": {"version": 2, "category": "complaint", "role": "machine"},
            }
