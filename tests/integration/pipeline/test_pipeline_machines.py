"""Several machines on one database: who fits, whose model answers, how many connections."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from classifiers.model import Classifier
from classifiers.store import save, stored_hash, version_in_force
from correspondence.errors import ConfigurationFault
from flows.work import work_environment
from office.places import find_folder
from office.settings import Settings
from pipeline.bootstrap import House, open_house
from pipeline.machine_checks import clock_check, connection_check, machine_checks
from pipeline.machines import MachineUnfit, check_fit, enter_this_machine
from pipeline.models import ModelLine, model_lines, shipped_version, use_model
from pipeline.shared_models import ModelNotShared
from registry.connections import OF_PREFECT, connections_of_serve, connections_of_work
from registry.learning import find_version
from registry.machines import MachineRole
from tests.conftest import SetClock
from tests.ready_databases import ready_postgresql, run_on_server


@pytest.fixture
def database(postgresql: str) -> Iterator[str]:
    server = make_url(postgresql)
    ready_postgresql(server, "machines")
    yield server.set(database="machines").render_as_string(hide_password=False)
    run_on_server(server, "DROP DATABASE machines WITH (FORCE)")


OpenMachine = Callable[..., House]


@pytest.fixture
def machine(database: str, tmp_path: Path) -> Iterator[OpenMachine]:
    """Opens a machine by name: a home of its own, one database, one blob store."""
    opened: list[House] = []

    def open_machine(name: str, *, blobs: str = "blobs", config: Path | None = None) -> House:
        home = tmp_path / name
        home.mkdir(exist_ok=True)
        settings = Settings(
            home=home,
            machine=name,
            database_url=database,
            blob_url=f"file://{tmp_path / blobs}",
            config=config,
            workers=1,
        )
        opened.append(open_house(settings))
        return opened[-1]

    yield open_machine
    for house in opened:
        house.close()


def test_a_machine_that_sees_the_same_may_work(machine: OpenMachine) -> None:
    second = machine("second")
    with pytest.raises(MachineUnfit, match="No machine with saraban serve"):
        check_fit(second)
    enter_this_machine(machine("first"), MachineRole.SERVE)
    check_fit(second)
    enter_this_machine(second, MachineRole.WORK)
    checks = {check.name: check for check in machine_checks(second.settings)}
    assert all(check.ok for check in checks.values())
    assert checks["machine first blobs"].detail == "the same store"
    assert {"clock", "database connections", "machine first configuration"} <= set(checks)
    assert "machine second blobs" not in checks


def test_another_blob_store_or_other_rules_are_refused_by_name(
    machine: OpenMachine, tmp_path: Path
) -> None:
    enter_this_machine(machine("first"), MachineRole.SERVE)
    with pytest.raises(MachineUnfit, match="another blob store"):
        check_fit(machine("second", blobs="elsewhere"))
    config = tmp_path / "config"
    shutil.copytree(find_folder("config"), config)
    with (config / "casework.toml").open("a") as file:
        file.write("\n# changed on this machine alone\n")
    with pytest.raises(MachineUnfit, match="config/ differs"):
        check_fit(machine("third", config=config))


def test_a_file_of_one_machine_is_no_database_for_two(tmp_path: Path) -> None:
    with (
        open_house(Settings(home=tmp_path)) as house,
        pytest.raises(MachineUnfit, match="file of this machine"),
    ):
        check_fit(house)


def test_a_further_machine_must_know_the_server_and_its_password(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationFault, match="SARABAN_PREFECT_URL"):
        work_environment(Settings(home=tmp_path))
    settings = Settings.model_validate(
        {
            "home": tmp_path,
            "prefect_url": "https://saraban.example.go.th/api",
            "prefect_auth": "operator:invented",
        }
    )
    environment = work_environment(settings)
    assert environment["PREFECT_API_URL"] == "https://saraban.example.go.th/api"
    assert environment["PREFECT_API_AUTH_STRING"] == "operator:invented"


def test_what_one_machine_trains_or_chooses_answers_on_all(
    machine: OpenMachine, models: Path, clock: SetClock
) -> None:
    first = machine("first")
    shutil.copytree(models, first.settings.models_folder, dirs_exist_ok=True)
    shipped = first.classifier.version
    enter_this_machine(first, MachineRole.SERVE)
    second = machine("second")
    enter_this_machine(second, MachineRole.WORK)
    with pytest.raises(ModelNotShared):
        _ = second.classifier
    # The next run on the first machine shares it.
    assert machine("first").classifier.version == shipped
    assert machine("second").classifier.version == shipped
    here, there = (one.settings.models_folder for one in (first, second))
    assert stored_hash(here / shipped) == stored_hash(there / shipped)
    # Another version, chosen on the first machine.
    seen = first.classifier
    other = Classifier(
        "linear-0123456789ab", seen.basis, seen.vocabulary, seen.model, seen.calibration
    )
    saved = save(other, here)
    with first.sessions.begin() as session:
        session.add(shipped_version(other.version, saved.sha256, first.clock()))
    line: ModelLine = use_model(first, other.version, by="anybody")
    assert line.in_force
    assert machine("second").classifier.version == other.version
    assert version_in_force(there) == other.version
    # And back, chosen on the second.
    use_model(second, shipped, by="anybody")
    assert machine("first").classifier.version == shipped
    assert [one.version for one in model_lines(first) if one.in_force] == [shipped]
    # A second machine that lost its folder fetches it again.
    shutil.rmtree(there)
    assert machine("second").classifier.version == shipped
    with first.sessions() as session:
        row = find_version(session, shipped)
        assert row is not None
        assert row.shared_at is not None


def test_too_few_connections_and_a_wrong_clock_are_told() -> None:
    wanted = connections_of_serve() + OF_PREFECT
    assert connection_check((), wanted).ok
    few = connection_check((), wanted - 1)
    assert not few.ok
    assert str(wanted + 10) in few.remedy
    assert connections_of_serve() + 3 * connections_of_work() + OF_PREFECT <= 97
    assert clock_check(1.0).ok
    assert not clock_check(30.0).ok
