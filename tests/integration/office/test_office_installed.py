"""The wheel, installed away from the checkout, finds its own files."""

from __future__ import annotations

import json
import os
import site
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the `bin` folder of an environment with the wheel in it."""
    folder = tmp_path_factory.mktemp("installed")
    environment = folder / "environment"
    venv.create(environment, with_pip=False)
    # Dependencies come from the environment the tests run in; only the wheel is under test.
    packages = next(environment.glob("lib/python*/site-packages"))
    (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()))
    pip = [sys.executable, "-m", "pip", "--quiet"]
    subprocess.run(
        [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), "."],
        cwd=ROOT,
        check=True,
    )
    (wheel,) = folder.glob("saraban-*.whl")
    python = str(environment / "bin" / "python")
    subprocess.run(
        [*pip, "--python", python, "install", "--no-deps", "--ignore-installed", str(wheel)],
        check=True,
    )
    return environment / "bin"


def test_the_installed_command_finds_config_and_templates(installed: Path, tmp_path: Path) -> None:
    run = subprocess.run(
        [str(installed / "saraban"), "doctor", "--json"],
        cwd=tmp_path,
        env={**os.environ, "SARABAN_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    checks = {check["name"]: check for check in json.loads(run.stdout)["checks"]}
    share = str(installed.parent / "share" / "saraban")
    assert checks["config"]["detail"] == f"{share}/config"
    assert checks["templates"]["detail"] == f"{share}/templates"
    assert checks["config"]["ok"]


def test_training_letters_samples_and_deployments_are_in_the_wheel(installed: Path) -> None:
    packages = next(installed.parent.glob("lib/python*/site-packages"))
    assert list((packages / "classifiers" / "letters").glob("*.jsonl"))
    assert (packages / "demo" / "samples" / "letters.jsonl").exists()
    assert (packages / "flows" / "prefect.yaml").exists()
    assert (packages / "registry" / "migrations" / "env.py").exists()
    assert (packages / "extractors" / "digits" / "weights.npz").exists()
    assert list((packages / "review" / "pages").glob("*.html"))
    assert list((packages / "classifiers").glob("*.toml"))
    assert list((installed.parent / "share" / "saraban" / "templates").rglob("*.txt"))
