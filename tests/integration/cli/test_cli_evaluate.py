"""`saraban evaluate FILE --html PAGE --json` as a process: one JSON document, one page."""

from __future__ import annotations

import json
from pathlib import Path

from classifiers.training_letters import LETTERS_FOLDER
from tests.servers.commands import Ended, saraban


def evaluate(home: Path, *arguments: str) -> Ended:
    return saraban(home, "evaluate", *arguments)


def test_a_file_is_judged_and_told_as_json_and_as_a_page(tmp_path: Path) -> None:
    file, page = tmp_path / "letters.jsonl", tmp_path / "report.html"
    first = sorted(LETTERS_FOLDER.glob("*.jsonl"))[0].read_text(encoding="utf-8").splitlines()[:8]
    file.write_text("\n".join(first), encoding="utf-8")
    run = evaluate(tmp_path / "home", str(file), "--html", str(page), "--json")
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert told["letters"] == 8
    assert [baseline["name"] for baseline in told["baselines"]] == ["majority", "keywords", "tfidf"]
    for part in ("coverage_precision", "reliability", "categories", "subcategories", "by_writer"):
        assert told[part], part
    html = page.read_text(encoding="utf-8")
    assert html.count("<svg") == 2
    assert told["model_version"] in html
    for line in first:
        assert json.loads(line)["text"][:40] not in html


def test_a_missing_file_is_a_usage_fault(tmp_path: Path) -> None:
    run = evaluate(tmp_path / "home", str(tmp_path / "none.jsonl"))
    assert run.returncode == 2
    assert "not a file" in run.stderr
