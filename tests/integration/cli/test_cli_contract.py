"""The JSON contract and the exit codes of the command line, as scripts see them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from demo.samples.document import write_docx
from tests.servers.commands import Ended, saraban

FIELD = {
    "type": "object",
    "required": ["value", "raw", "page", "confidence", "needs_check"],
    "properties": {
        "value": {"type": ["string", "null"]},
        "page": {"type": ["integer", "null"]},
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
        "needs_check": {"type": "boolean"},
    },
}
SCALARS = (
    *("document_number", "document_date", "agency", "subject", "addressee", "salutation"),
    *("urgency", "secrecy", "signer", "signer_position", "contact_phone", "contact_email"),
    *("stated_deadline", "meeting_at", "requested_action"),
)
LISTS = ("references", "enclosures", "amounts")
FIELDS = {
    "type": "object",
    "required": [*SCALARS, *LISTS],
    "additionalProperties": False,
    "properties": {
        **dict.fromkeys(SCALARS, FIELD),
        **{name: {"type": "array", "items": FIELD} for name in LISTS},
    },
}
EXTRACTED = {
    "type": "object",
    "required": [
        *("file", "outcome", "media_type", "kind", "language", "pages", "text", "fields"),
        *("attachments", "warnings"),
    ],
    "additionalProperties": False,
    "properties": {
        **{name: {"type": "string"} for name in ("file", "media_type", "kind", "language", "text")},
        "outcome": {
            "enum": [
                *("ok", "partial", "encrypted", "damaged", "empty", "unsupported", "too_large"),
                *("timed_out", "secret"),
            ]
        },
        "pages": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["number", "text", "method", "quality"],
                "properties": {
                    "method": {"enum": ["text_layer", "ocr", "native"]},
                    "quality": {"type": "number", "minimum": 0, "maximum": 1},
                },
            },
        },
        "fields": FIELDS,
        "attachments": {"type": "array"},
        "warnings": {"type": "array", "items": {"type": "string"}},
    },
}
CATEGORIES = ["complaint", "parliamentary", "public_relations", "foreign_affairs", "general"]
CLASSIFIED = {
    "type": "object",
    "required": [
        *("file", "category", "subcategory", "probabilities", "abstained", "evidence"),
        "model_version",
    ],
    "properties": {
        "category": {"enum": CATEGORIES},
        "probabilities": {"type": "object", "required": CATEGORIES},
        "abstained": {"type": "boolean"},
        "evidence": {
            "type": "array",
            "items": {"type": "object", "required": ["text", "weight"]},
        },
        "model_version": {"type": "string", "minLength": 1},
    },
}
DUE = {
    "type": "object",
    "required": [
        *("received_at", "anchor_date", "due_date", "rule", "holidays_counted", "candidates"),
        *("explanation", "calendar_confirmed"),
    ],
    "properties": {
        "rule": {"type": "object", "required": ["id", "days", "unit", "source", "verified"]},
        "candidates": {"type": "array", "minItems": 1},
        "holidays_counted": {"type": "array"},
        "explanation": {"type": "string", "pattern": "[ก-๙]"},
        "calendar_confirmed": {"type": "boolean"},
    },
}
DRAFTED = {
    "type": "object",
    "required": [
        *("file", "outcome", "fields", "category", "subcategory", "abstained", "group"),
        *("due_date", "form", "memo_path"),
    ],
    "properties": {"fields": FIELDS, "form": {"enum": ["summary_memo", "decision_memo"]}},
}
INGESTED = {
    "type": "object",
    "required": ["file", "outcome", "register_number", "register_numbers", "reason"],
    "additionalProperties": False,
    "properties": {
        "file": {"type": "string"},
        "register_number": {"type": ["string", "null"]},
        "register_numbers": {"type": "array", "items": {"type": "string"}},
        "reason": {"type": ["string", "null"]},
        "outcome": {
            "enum": ["registered", "duplicate", "quarantined", "held", "secret", "rejected"]
        },
    },
}

LETTER = """ที่ ศธ ๐๔๐๐๑/๑๒๓๔

|| สำนักงานเขตพื้นที่การศึกษาประถมศึกษาน่าน เขต ๙
|| ถนนสุริยพงษ์ อำเภอเมืองน่าน ๕๕๐๐๐

^^ ๑๐ พฤศจิกายน ๒๕๖๙

เรื่อง ขอให้ตรวจสอบการลงโทษนักเรียนเกินกว่าเหตุ

เรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ

\tด้วยผู้ปกครองร้องทุกข์ว่าครูลงโทษนักเรียนชั้นประถมศึกษาปีที่ ๓ จนได้รับบาดเจ็บ เมื่อวันที่ ๒ พฤศจิกายน ๒๕๖๙
และผู้อำนวยการโรงเรียนไม่ดำเนินการใด ๆ ขอให้ตั้งกรรมการสอบข้อเท็จจริงและให้ความเป็นธรรมแก่นักเรียน

\tจึงเรียนมาเพื่อโปรดพิจารณา

^^ ขอแสดงความนับถือ

^^ (นายทดสอบ ระบบดี)
^^ ผู้อำนวยการ
"""


@dataclass(frozen=True)
class Office:
    """A scratch data folder and the command line over it."""

    home: Path

    def saraban(self, *arguments: str, stdin: str | None = None, **environment: str) -> Ended:
        return saraban(self.home, *arguments, stdin=stdin, **environment)

    def json(self, *arguments: str, code: int = 0, stdin: str | None = None) -> Any:
        run = self.saraban(*arguments, "--json", stdin=stdin)
        assert run.returncode == code, run.stderr
        return json.loads(run.stdout)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("letters") / "หนังสือ ๑.docx"
    path.write_bytes(write_docx(LETTER, font="Laksaman", language="th"))
    return path


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("secrets") / "letter.docx"
    path.write_bytes(write_docx("ลับมาก\n\n" + LETTER, font="Laksaman", language="th"))
    return path


def test_extract(office: Office, letter: Path) -> None:
    (found,) = office.json("extract", str(letter))
    jsonschema.validate(found, EXTRACTED)
    assert found["outcome"] == "ok"
    assert found["fields"]["document_number"]["value"] == "ศธ 04001/1234"
    assert found["fields"]["document_date"]["value"] == "2026-11-10"
    assert found["fields"]["subject"]["value"] == "ขอให้ตรวจสอบการลงโทษนักเรียนเกินกว่าเหตุ"


def test_extract_names_what_it_cannot_read(office: Office, tmp_path: Path, letter: Path) -> None:
    empty, noise = tmp_path / "empty.pdf", tmp_path / "noise.pdf"
    empty.write_bytes(b"")
    noise.write_bytes(b"%PDF-1.7\n" + bytes(range(256)))
    found = office.json("extract", str(empty), str(noise), str(letter), code=3)
    for item in found:
        jsonschema.validate(item, EXTRACTED)
    assert [item["outcome"] for item in found] == ["empty", "damaged", "ok"]


def test_classify_files_and_stdin(office: Office, letter: Path) -> None:
    (found,) = office.json("classify", str(letter))
    jsonschema.validate(found, CLASSIFIED)
    (typed,) = office.json("classify", "-", stdin=LETTER)
    jsonschema.validate(typed, CLASSIFIED)
    assert typed["file"] == "-"


def test_due(office: Office) -> None:
    found = office.json(
        *("due", "--received", "2026-11-20T06:30", "--category", "complaint"),
        *("--subcategory", "general_complaint", "--channel", "email"),
    )
    jsonschema.validate(found, DUE)
    assert found["due_date"] == "2026-11-23"


def test_due_counts_explicitly_and_in_batches(office: Office) -> None:
    one = office.json(
        *("due", "--received", "2026-01-05", "--days", "3", "--unit", "working"),
        *("--holidays", "2026-01-06,2026-01-07"),
    )
    assert one["due_date"] == "2026-01-12"
    lines = [
        {"received": "2026-01-05", "days": 3, "unit": "working", "holidays": []},
        {"received": "not a date", "days": 3},
        {"received": "2026-01-31", "days": 1, "unit": "months", "roll": "next", "holidays": []},
    ]
    run = office.saraban("due", "--batch", "-", stdin="\n".join(map(json.dumps, lines)))
    results = [json.loads(line) for line in run.stdout.splitlines()]
    assert run.returncode == 0
    assert results[0]["due_date"] == "2026-01-08"
    assert "due_date" not in results[1]
    assert results[1]["line"] == 2
    assert results[2]["due_date"] == "2026-03-02"


def test_draft(office: Office, letter: Path, tmp_path: Path) -> None:
    (made,) = office.json("draft", str(letter), "--out", str(tmp_path / "memos"))
    jsonschema.validate(made, DRAFTED)
    assert Path(made["memo_path"]).read_bytes().startswith(b"PK")


def test_ingest_registers_once(office: Office, letter: Path, tmp_path: Path) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_bytes(
        b"From: a@example.org\r\nSubject: ask\r\nMessage-ID: <1@example.org>\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + LETTER.encode()
    )
    nothing = tmp_path / "nowhere.pdf"
    first = office.json("ingest", str(letter), str(mail), str(nothing), code=3)
    again = office.json("ingest", str(letter), str(mail))
    for item in (*first, *again):
        jsonschema.validate(item, INGESTED)
    assert [item["outcome"] for item in first] == ["registered", "registered", "rejected"]
    assert [item["outcome"] for item in again] == ["duplicate", "duplicate"]
    assert first[0]["register_number"] == again[0]["register_number"]
    numbers = [int(item["register_number"].split("/")[0]) for item in first[:2]]
    assert numbers[1] == numbers[0] + 1


def test_a_secret_letter_shows_its_grade_and_nothing_else(
    office: Office, secret: Path, tmp_path: Path
) -> None:
    (read,) = office.json("extract", str(secret))
    (found,) = office.json("classify", str(secret))
    (made,) = office.json("draft", str(secret), "--out", str(tmp_path))
    (kept,) = office.json("ingest", str(secret))
    jsonschema.validate(read, EXTRACTED)
    assert [item["outcome"] for item in (read, found, made, kept)] == ["secret"] * 4
    assert read["text"] == ""
    assert read["pages"] == []
    assert found["category"] is None
    assert kept["register_number"] is None
    assert "นายทะเบียนข้อมูลข่าวสารลับ" in kept["reason"]
    for item in (read, found, made, kept):
        assert "ลงโทษ" not in json.dumps(item, ensure_ascii=False)


def test_run_takes_registered_letters_to_a_draft(office: Office) -> None:
    counts = office.json("run")
    assert counts["cases"].get("drafted", 0) + counts["cases"].get("triage", 0) >= 2
    standing = office.json("status")
    assert standing["letters"] == 2
    assert standing["secret_desk"] == 1
    assert {run["kind"] for run in standing["last_runs"]} == {"run"}
    again = office.json("run")
    assert again["cases"] == {}


def test_doctor_names_remedies(office: Office) -> None:
    run = office.saraban("doctor", "--json")
    found = json.loads(run.stdout)
    assert run.returncode == (0 if found["ok"] else 4)
    names = {check["name"] for check in found["checks"]}
    assert {"settings", "config", "database", "blobs", "disk", "tesseract", "soffice"} <= names
    assert all(check["remedy"] for check in found["checks"] if not check["ok"])


@pytest.mark.parametrize(
    "arguments",
    [
        ("extract",),
        ("extract", "/nowhere/letter.pdf"),
        ("ingest", "x", "--channel", "pigeon"),
        ("due",),
        ("due", "--received", "yesterday", "--days", "3"),
        ("fly",),
    ],
)
def test_wrong_usage_ends_with_2_and_no_stack_trace(
    office: Office, arguments: tuple[str, ...]
) -> None:
    run = office.saraban(*arguments)
    assert run.returncode == 2
    assert "Traceback" not in run.stderr
    assert run.stderr.strip()


def test_a_wrong_setting_is_one_line(office: Office, tmp_path: Path) -> None:
    run = office.saraban("status", SARABAN_PREFECT_PORT="eighty")
    assert run.returncode == 2
    assert "SARABAN_PREFECT_PORT" in run.stderr
    assert "Traceback" not in run.stderr
    config = tmp_path / "config"
    config.mkdir()
    run = office.saraban("status", SARABAN_CONFIG=str(config))
    assert run.returncode == 2
    assert "categories.toml" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_database_that_is_away_is_named(office: Office) -> None:
    run = office.saraban(
        "status", SARABAN_DATABASE_URL="postgresql+psycopg://nobody@127.0.0.1:9/none"
    )
    assert run.returncode == 1
    assert "database" in run.stderr
    assert "Traceback" not in run.stderr
