"""Pollers that die: the ordinary pull and admission in a process that kills itself on a point.

The points are reached through the interpreter's own profiling hook, so that nothing in the house
knows of them. Processes are forked from a server that has imported the house once.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import CodeType, FrameType

BOX = "intake.imap_mailbox:ImapMailbox."
PULL = "intake.mailbox_pull:MailboxPull."
LEDGER = "registry.ledger:Ledger."
POLLS = "registry.polls:Polls."
BLOBS = "registry.blobs:"
DISK = "registry.blob_disk:"
FOLDER = "intake.receiving:_FolderPull."
AWAY = "intake.put_away:"
ADMISSION = "pipeline.admission:"
COMMIT = "sqlalchemy.engine.default:DefaultDialect.do_commit"
ANYWHERE = ""

# By stage: functions in whose run a poller may die, and where in it: on entering or leaving
# another function, a commit above all.
WINDOWS: dict[str, dict[str, tuple[str, ...]]] = {
    "fetch": {
        PULL + "run": (BOX + "list_new", BOX + "_list_sizes", BOX + "_fetch_bodies"),
        FOLDER + "take": ("intake.drop_folder:read_file",),
    },
    "store": {
        LEDGER + "store_many": (
            *(BLOBS + "BlobStore.put", DISK + "_write_durably", DISK + "sync_folder"),
            *(BLOBS + "BlobStore.put_many", LEDGER + "_add", COMMIT),
        ),
        PULL + "_take": (LEDGER + "store_many",),
        FOLDER + "take": (LEDGER + "store",),
    },
    "register": {
        LEDGER + "claim": (COMMIT,),
        "pipeline.mail_sorting:sort_mails": ("pipeline.mail_sorting:_apply", COMMIT),
        ADMISSION + "_settle": (
            *("registry.numbers:queue_for_register", "registry.numbers:allocate_number"),
            *("registry.registration:register_letter", "registry.registration:end_item"),
            "registry.letter_rows:add_letter",
            COMMIT,
        ),
    },
    "post-action": {
        PULL + "_finish": (BOX + "put_away", BOX + "_move", LEDGER + "mark_source_done"),
        LEDGER + "mark_source_done": (COMMIT,),
        POLLS + "save_uids": (COMMIT,),
        POLLS + "note": (COMMIT,),
        POLLS + "release": (COMMIT,),
        FOLDER + "take": (AWAY + "put_done", LEDGER + "mark_source_done"),
        "pipeline.receiving:put_files_away": (AWAY + "hold_done", AWAY + "_write_note"),
    },
}
# Their whole run is open to a death at any event of the interpreter.
OPEN_RUNS = {
    "fetch": (BOX + "fetch", BOX + "list_new"),
    "store": (LEDGER + "store_many", BLOBS + "BlobStore.put"),
    "register": (ADMISSION + "_settle", LEDGER + "claim"),
    "post-action": (PULL + "_finish", FOLDER + "take", POLLS + "save_uids"),
}


@dataclass(frozen=True, slots=True)
class KillPoint:
    """Die at the `count`-th `event` of `at` while `within` runs; `at` may be ANYWHERE."""

    stage: str
    within: str
    at: str
    event: str
    count: int


@dataclass(frozen=True, slots=True)
class PollerPlace:
    """Where a poller works: what it is told by its environment in production."""

    home: Path
    database_url: str
    scratch: Path
    environment: tuple[tuple[str, str], ...]


def choose_point(chance: random.Random, stage: str, events: dict[str, int]) -> KillPoint:
    """Return a point of a stage: half of them by name, half any event of an open run.

    `events` tells how many events the open runs have in a pass over every kind of post; a later
    pass has two or three to do.
    """
    if chance.random() < 0.5:
        within, points = chance.choice(list(WINDOWS[stage].items()))
        at, event = chance.choice(points), chance.choice(("call", "return"))
        return KillPoint(stage, within, at, event, chance.choice((1, 1, 1, 2, 3)))
    within = chance.choice(OPEN_RUNS[stage])
    most = max(1, events.get(within, 1) // 8)
    return KillPoint(stage, within, ANYWHERE, "", chance.randint(1, most))


_context = get_context("forkserver")
_context.set_forkserver_preload(["pipeline.cycle", "psycopg", "sqlalchemy.dialects.sqlite"])


def start_poller(
    place: PollerPlace, point: KillPoint | None = None, count_into: Path | None = None
) -> ForkServerProcess:
    """Start one pass of pulling and admission; it dies on its point, if it comes there.

    Exit status: 0 for a good end, 3 where a source ended with a fault, -9 when killed.
    """
    process = _context.Process(target=poll_once, args=(place, point, count_into))
    process.start()
    return process


def poll_once(place: PollerPlace, point: KillPoint | None, count_into: Path | None) -> None:
    """Pull and admit as `saraban run` does, in a process group of its own."""
    os.setsid()
    os.environ.update(place.environment)
    tempfile.tempdir = str(place.scratch)

    from office.settings import Settings
    from pipeline.admission import drain_items
    from pipeline.bootstrap import open_house
    from pipeline.pulling import pull_sources
    from registry.leases import free_dead_leases, lease_owner

    settings = Settings(home=place.home, database_url=place.database_url, workers=1)
    house = open_house(settings)
    free_dead_leases(house.sessions)
    owner = lease_owner()
    events: Counter[str] = Counter()
    if point is not None:
        watch(trap(point))
    elif count_into is not None:
        watch(counter(events))
    reports = pull_sources(house, owner)
    drain_items(house, owner)
    sys.setprofile(None)
    house.close()
    if count_into is not None:
        count_into.write_text(json.dumps(events))
    faults = [report for report in reports if report.fault]
    if faults:
        sys.stderr.write(f"{faults}\n")
        sys.exit(3)


def watch(hook: Watch) -> None:
    """Have every event of this thread, and of those it starts, shown to a hook."""
    threading.setprofile(hook)
    sys.setprofile(hook)


Watch = Callable[[FrameType, str, object], None]


def trap(point: KillPoint) -> Watch:
    """Return a profiling hook that kills this process at the point."""
    inside = seen = 0

    def look(frame: FrameType, event: str, _: object) -> None:
        nonlocal inside, seen
        name = name_of(frame.f_code, frame)
        entered = name == point.within
        if entered and event == "call":
            inside += 1
        if inside and (not point.at or (name == point.at and event == point.event)):
            seen += 1
            if seen == point.count:
                os.kill(os.getpid(), signal.SIGKILL)
        if entered and event == "return":
            inside -= 1

    return look


def counter(events: Counter[str]) -> Watch:
    """Return a profiling hook that counts the events within every open run."""
    runs = {run for stage in OPEN_RUNS.values() for run in stage}
    inside: Counter[str] = Counter()

    def look(frame: FrameType, event: str, _: object) -> None:
        name = name_of(frame.f_code, frame)
        if name in runs and event == "call":
            inside[name] += 1
        for run, depth in inside.items():
            events[run] += depth > 0
        if name in runs and event == "return":
            inside[name] -= 1

    return look


_names: dict[CodeType, str] = {}


def name_of(code: CodeType, frame: FrameType) -> str:
    """Return `module:qualified.name` of the function that a frame runs."""
    name = _names.get(code)
    if name is None:
        name = f"{frame.f_globals.get('__name__', '')}:{code.co_qualname}"
        _names[code] = name
    return name
