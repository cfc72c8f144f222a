"""The documents are true: commands, codes, rooms, deployments."""

from __future__ import annotations

import importlib
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from cli.main import app
from correspondence.errors import SarabanError

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ROOMS = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]


def faults(kind: type[SarabanError] = SarabanError) -> Iterator[type[SarabanError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from faults(below)


def test_every_fault_code_is_explained_to_operators() -> None:
    for room in ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            if "migrations" not in module.name and not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    guide = (DOCS / "operating.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `(\w+)` \|", guide, re.MULTILINE))
    assert {fault.code for fault in faults()} - explained == set()


def test_every_command_is_in_the_changelog() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    names = {command.name for command in app.registered_commands}
    assert {name for name in names if f"`{name}`" not in changelog} == set()


def test_the_table_of_rooms_is_true() -> None:
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| [\d–] \| `(\w+)/`", page, re.MULTILINE))
    folders = {
        path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")
    }
    unlisted = folders - listed - {"var", "dist", "build"}
    assert unlisted == set()
    assert listed - folders == set()


def test_every_room_stands_in_the_import_contract() -> None:
    (floors,) = [
        contract
        for contract in PROJECT["tool"]["importlinter"]["contracts"]
        if contract["id"] == "floors"
    ]
    rooms = {room for layer in floors["layers"] for room in layer.split(" | ")}
    assert rooms == set(ROOMS)


def test_no_module_is_past_five_hundred_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if "migrations" not in path.parts
        and (count := len(path.read_text(encoding="utf-8").splitlines())) > 500
    }
    assert long == {}
