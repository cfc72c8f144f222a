from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from extractors.request import ReadingRequest
from extractors.scan_parts import part_scan
from extractors.scans.separators import SeparatorMarks
from office.places import find_folder


def parted_by(sheet: bytes, text: str) -> bool:
    marks = SeparatorMarks(text=text)
    return part_scan(sheet, "application/pdf", ReadingRequest(), marks) == ()


def test_the_sheet_bears_the_text_of_the_office(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    config.mkdir()
    (config / "sources.toml").write_text('[separator]\ntext = "OFFICE-4711"\n', encoding="utf-8")
    monkeypatch.setenv("SARABAN_CONFIG", str(config))
    out = tmp_path / "แผ่นคั่น.pdf"
    done = CliRunner().invoke(app, ["separator", "--out", str(out), "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"file": str(out), "text": "OFFICE-4711"}
    assert parted_by(out.read_bytes(), "OFFICE-4711")
    assert not parted_by(out.read_bytes(), "SARABAN-SEPARATOR")


def test_the_sheet_of_the_shipped_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SARABAN_CONFIG", str(find_folder("config")))
    out = tmp_path / "sheet.pdf"
    assert CliRunner().invoke(app, ["separator", "--out", str(out)]).exit_code == 0
    assert parted_by(out.read_bytes(), "SARABAN-SEPARATOR")


def test_a_text_that_a_code_cannot_hold_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sources.toml").write_text('[separator]\ntext = "แผ่นคั่น"\n', encoding="utf-8")
    monkeypatch.setenv("SARABAN_CONFIG", str(tmp_path))
    assert CliRunner().invoke(app, ["separator", "--out", str(tmp_path / "a.pdf")]).exit_code != 0
