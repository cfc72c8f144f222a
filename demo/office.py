"""An embedded office: real mailbox, drop folder, database and Prefect server in one folder."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from correspondence.clock import Clock, utc_now
from correspondence.errors import ConfigurationFault, SarabanError
from correspondence.vocabulary import IntakeOutcome
from demo.imap import PROCESSED, RunningMailbox, append_messages, start_mailbox
from demo.people import STAFF, staff_the_demo
from demo.result import DemoLetter, DemoResult, DemoSignIn, WhereToLook
from demo.samples.delivery import SampleFile, SampleSet, drop_file, prepare_samples
from flows.prefect_environment import HOST, client_environment, ui_url
from flows.processes import ProcessSet
from flows.supervision import start_review, start_server
from office.places import find_folder
from office.settings import Settings, read_settings
from pipeline.bootstrap import House, open_house
from pipeline.ledger_lines import LedgerLine, ledger_lines

MARK = "this-is-a-demo"
PASSWORD_VARIABLE = "SARABAN_DEMO_MAILBOX_PASSWORD"
FLOWS = ("pull", "process", "remind")
FLOW_SECONDS = 540


class Screen(Protocol):
    """Where the demo shows how far it is."""

    def step(self, what: str) -> None:
        """A new step begins."""

    def advance(self, done: int, total: int, what: str) -> None:
        """The present step is this far."""

    def show(self, result: DemoResult) -> None:
        """The end: what became of each letter."""

    def wait(self) -> None:
        """Keep everything up until the person has looked."""


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """`fresh` empties the scratch folder first; `look` keeps the servers up at the end."""

    fresh: bool = False
    look: bool = False


def run_demo(options: DemoOptions, screen: Screen, *, clock: Clock = utc_now) -> DemoResult:
    """Run the whole house over the samples; a second run registers nothing.

    Raises:
        ConfigurationFault: the folder holds a real office.
        SarabanError: mailbox or Prefect server did not come up.
    """
    home = demo_home(read_settings())
    _claim_folder(home, fresh=options.fresh)
    screen.step("ตัวอย่างหนังสือ · sample letters")
    samples = prepare_samples(
        home / "samples", lambda done, total, sample_id: screen.advance(done, total, sample_id)
    )
    with ExitStack() as stack:
        screen.step("กล่องจดหมาย · mailbox")
        mailbox = stack.enter_context(start_mailbox(home / "mailbox"))
        settings = _write_settings(home, mailbox)
        house = open_house(settings, clock=clock)
        stack.callback(house.close)
        before = _letters(house)
        _deliver(house, samples, mailbox, home / "drop")
        processes = stack.enter_context(ProcessSet(home / "logs"))
        screen.step("Prefect")
        start_server(settings, processes)
        screen.step("รับ อ่าน จำแนก มอบหมาย ร่าง · pull, read, classify, route, draft")
        failed = _run_flows(settings, mailbox, house, processes, samples, screen)
        result = _result(house, settings, samples, before=before, failed=failed)
        if options.look:
            password = staff_the_demo(house)
            entry = DemoSignIn(names=tuple(STAFF), password=password)
            result = result.model_copy(update={"sign_in": entry})
        screen.show(result)
        if options.look:
            start_review(settings, processes)
            screen.wait()
    return result


def demo_home(settings: Settings) -> Path:
    """Return the scratch folder: SARABAN_HOME where it is set, else `var/demo`."""
    if "SARABAN_HOME" in os.environ:
        return settings.home_folder
    return settings.home_folder / "demo"


def _claim_folder(home: Path, *, fresh: bool) -> None:
    """Refuse a folder that holds a real office; empty a demo's own on request."""
    mark = home / MARK
    if (home / "saraban.db").exists() and not mark.exists():
        raise ConfigurationFault(
            f"{home} holds a real office's data.",
            thai="โฟลเดอร์นี้มีข้อมูลจริงของสำนักงาน",
            remedy="Set SARABAN_HOME to an empty folder for the demo.",
        )
    if fresh and mark.exists():
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True)
    mark.touch()


def _write_settings(home: Path, mailbox: RunningMailbox) -> Settings:
    """Give the demo its own copy of `config/` with its mailbox and drop folder."""
    config = home / "config"
    shutil.copytree(find_folder("config"), config, dirs_exist_ok=True)
    (config / "sources.toml").write_text(
        f"""[[mailbox]]
name = "demo"
host = "{mailbox.host}"
port = {mailbox.port}
tls = "off"
user = "{mailbox.user}"
password_env = "{PASSWORD_VARIABLE}"
post_action = "move"
processed_folder = "{PROCESSED}"

[[drop_folder]]
name = "drop"
path = "drop"
channel = "scan"
still_seconds = 0
""",
        encoding="utf-8",
    )
    shipped = read_settings()
    return shipped.model_copy(
        update={
            "home": home,
            "config": config,
            "database_url": shipped.database_url,
            "prefect_port": _free_port(shipped.prefect_port),
            "review_port": _free_port(shipped.review_port),
        }
    )


def _deliver(house: House, samples: SampleSet, mailbox: RunningMailbox, folder: Path) -> None:
    """Send and drop every sample that the ledger does not have yet.

    The mailbox lasts as long as the demo; the ledger is what remembers.
    """
    lines = ledger_lines(house, limit=100_000)
    missing = [sample for sample in samples.samples if _line_of(sample, lines) is None]
    append_messages(mailbox, [s.path.read_bytes() for s in missing if s.message_id is not None])
    for sample in missing:
        if sample.message_id is None:
            drop_file(sample, folder)


def _run_flows(
    settings: Settings,
    mailbox: RunningMailbox,
    house: House,
    processes: ProcessSet,
    samples: SampleSet,
    screen: Screen,
) -> int:
    """Run the flows in a child process while the database tells how far they are."""
    environment = client_environment(settings)
    environment[PASSWORD_VARIABLE] = mailbox.password
    environment["PREFECT_LOGGING_LEVEL"] = "WARNING"
    command = [sys.executable, "-m", "flows.now", *FLOWS]
    child = processes.start("flows", command, environment, settings.home_folder)
    deadline = time.monotonic() + FLOW_SECONDS
    while child.running:
        if time.monotonic() > deadline:
            raise SarabanError("The flows did not end in time.", remedy=f"Read {child.log}.")
        settled = sum(
            count
            for outcome, count in house.ledger.counts().items()
            if outcome is not IntakeOutcome.PENDING
        )
        screen.advance(min(settled, len(samples.samples)), len(samples.samples), "letters")
        time.sleep(0.5)
    return child.process.returncode


def _letters(house: House) -> int:
    return sum(1 for line in ledger_lines(house, limit=100_000) if line.register_number)


def _result(
    house: House, settings: Settings, samples: SampleSet, *, before: int, failed: int
) -> DemoResult:
    lines = ledger_lines(house, limit=100_000)
    memos = settings.home_folder / "memos"
    memos.mkdir(exist_ok=True)
    letters = []
    unaccounted = 0
    for sample in samples.samples:
        line = _line_of(sample, lines)
        if line is None or line.outcome is IntakeOutcome.PENDING:
            unaccounted += 1
            continue
        letters.append(_letter(house, sample, line, memos))
    return DemoResult(
        letters=tuple(letters),
        new_letters=sum(1 for line in lines if line.register_number) - before,
        unaccounted=unaccounted,
        errors=failed,
        warnings=samples.warnings,
        where=WhereToLook(
            prefect_ui=ui_url(settings),
            review_page=f"http://{HOST}:{settings.review_port}",
            memos=memos,
            home=settings.home_folder,
        ),
    )


def _line_of(sample: SampleFile, lines: list[LedgerLine]) -> LedgerLine | None:
    """Find a sample's ledger row."""
    for line in lines:
        if sample.is_item(line.file, line.sha256, line.message_id):
            return line
    return None


def _letter(house: House, sample: SampleFile, line: LedgerLine, memos: Path) -> DemoLetter:
    path = None
    if line.memo_sha256 and line.register_number:
        number, year = line.register_number.split("/")
        path = memos / f"memo-{year}-{int(number):05d}.docx"
        path.write_bytes(house.blobs.get(line.memo_sha256))
    return DemoLetter(
        file=sample.file,
        outcome=line.outcome,
        register_number=line.register_number,
        channel=line.channel,
        category=line.category,
        confidence=line.confidence,
        group=line.group,
        due_date=line.due_date,
        state=line.state.value if line.state else None,
        memo_path=str(path) if path else None,
        reason=line.reason,
        case_id=line.case_id,
    )


def _free_port(wanted: int) -> int:
    """Return the wanted port where it is free on loopback, else any free one."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ConfigurationFault("No port is free on loopback.")
