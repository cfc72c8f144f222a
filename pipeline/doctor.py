"""What is installed, reachable and missing, each with the line that mends it (`doctor`)."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from correspondence.clock import BANGKOK, utc_now
from correspondence.errors import MissingDependency, SarabanError
from correspondence.reading import Frozen
from extractors.scans.engine import find_installation
from office.configuration import Configuration, read_configuration
from office.places import find_folder
from office.settings import Settings, read_settings
from pipeline.alerts import alerts_in_force
from pipeline.check import Check
from pipeline.first_run import first_run_code
from pipeline.machine_checks import machine_checks
from pipeline.postbox import Postbox, read_address
from registry.blobs import BlobStore
from registry.engine import open_engine, open_sessions
from registry.migrate import schema_is_usable

FREE_BYTES_WANTED = 2 * 2**30
APT = "sudo apt-get install --no-install-recommends "


class Diagnosis(Frozen):
    """JSON of `doctor`. `ok` is False when something needed is missing."""

    ok: bool
    checks: tuple[Check, ...]


def diagnose() -> Diagnosis:
    """Return every check; never raises for what it finds."""
    checks = tuple(_all_checks())
    return Diagnosis(ok=all(check.ok or not check.needed for check in checks), checks=checks)


def _all_checks() -> Iterator[Check]:
    try:
        settings = read_settings()
    except SarabanError as fault:
        yield Check(
            name="settings", ok=False, needed=True, detail=fault.english, remedy=fault.remedy
        )
        return
    yield Check(name="settings", ok=True, needed=True, detail=f"home {settings.home_folder}")
    configuration: Configuration | None = None
    try:
        configuration = read_configuration(settings.config_folder)
        yield Check(name="config", ok=True, needed=True, detail=str(settings.config_folder))
    except SarabanError as fault:
        yield Check(name="config", ok=False, needed=True, detail=fault.english, remedy=fault.remedy)
    yield _guard("templates", lambda: str(find_folder("templates")), "Install the package again.")
    database = _database(settings)
    yield database
    if database.ok:
        yield from _alerts(settings)
        yield from _administrator(settings)
    blobs = _blobs(settings)
    yield blobs
    if database.ok and blobs.ok:
        yield from machine_checks(settings)
    yield _disk(settings)
    yield from _tesseract_models()
    yield _program("soffice", "no .doc, .odt, .rtf, no PDF of memos", "libreoffice-writer-nogui")
    yield _thai_fonts()
    yield _program(
        "dovecot", "the demo uses its embedded mailbox", "dovecot-imapd", paths="/usr/sbin"
    )
    if configuration is not None:
        for mailbox in configuration.sources.mailbox:
            yield _reachable(f"mailbox {mailbox.name}", mailbox.host, mailbox.port)
    yield _smtp(settings)


def _guard(name: str, look: Callable[[], str], remedy: str) -> Check:
    try:
        return Check(name=name, ok=True, needed=True, detail=look())
    except SarabanError as fault:
        return Check(name=name, ok=False, needed=True, detail=fault.english, remedy=remedy)


def _database(settings: Settings) -> Check:
    try:
        engine = open_engine(settings.database)
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        engine.dispose()
    except (SarabanError, SQLAlchemyError, OSError) as fault:
        return Check(
            name="database",
            ok=False,
            needed=True,
            detail=f"does not answer ({type(fault).__name__})",
            remedy="Check SARABAN_DATABASE_URL and that the server runs.",
        )
    return Check(name="database", ok=True, needed=True, detail=engine.dialect.name)


def _alerts(settings: Settings) -> Iterator[Check]:
    """Faults that stand in the database; nothing where it has no tables yet."""
    engine = open_engine(settings.database)
    try:
        alerts = alerts_in_force(open_sessions(engine)) if schema_is_usable(engine) else ()
    except SQLAlchemyError:
        alerts = ()
    finally:
        engine.dispose()
    for alert in alerts:
        since = alert.since.astimezone(BANGKOK)
        yield Check(
            name=f"source {alert.source}",
            ok=False,
            needed=True,
            detail=f"{alert.code} since {since:%Y-%m-%d %H:%M}, met {alert.count} times",
            remedy="See its fault code in docs/operating.md; the next good poll clears it.",
        )


def _administrator(settings: Settings) -> Iterator[Check]:
    """Whether somebody administers the office; else the code that makes the first."""
    engine = open_engine(settings.database)
    try:
        if not schema_is_usable(engine):
            return
        code = first_run_code(open_sessions(engine), utc_now())
    except SQLAlchemyError:
        return
    finally:
        engine.dispose()
    address = settings.review_url or f"http://127.0.0.1:{settings.review_port}"
    yield Check(
        name="administrator",
        ok=code is None,
        needed=False,
        detail="one or more in office" if code is None else "nobody administers the office yet",
        remedy=f"Open {address}/first-run; one-time code {code}." if code else "",
    )


def _blobs(settings: Settings) -> Check:
    try:
        store = BlobStore(settings.blobs)
        store.get(store.put(b"saraban doctor"))
        store.close()
    except SarabanError as fault:
        return Check(
            name="blobs", ok=False, needed=True, detail=fault.english, remedy=fault.remedy or ""
        )
    except (OSError, ValueError) as fault:
        return Check(
            name="blobs",
            ok=False,
            needed=True,
            detail=f"cannot be written ({type(fault).__name__})",
            remedy="Check SARABAN_BLOB_URL and the rights on that folder.",
        )
    return Check(name="blobs", ok=True, needed=True, detail="written and read back")


def _disk(settings: Settings) -> Check:
    folder = settings.home_folder
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    ok = free >= FREE_BYTES_WANTED
    return Check(
        name="disk",
        ok=ok,
        needed=True,
        detail=f"{free / 2**30:.1f} GB free",
        remedy="" if ok else "Free disk space or move SARABAN_HOME.",
    )


def _program(name: str, without: str, package: str, *, paths: str | None = None) -> Check:
    found = shutil.which(name) or (shutil.which(name, path=paths) if paths else None)
    return Check(
        name=name,
        ok=found is not None,
        needed=False,
        detail=found or f"not installed: {without}",
        remedy="" if found else APT + package,
    )


def _tesseract_models() -> Iterator[Check]:
    """The library comes with the package; its models are the system's."""
    try:
        found = find_installation()
    except MissingDependency as fault:
        yield Check(
            name="tesseract",
            ok=False,
            needed=False,
            detail="no Thai model: scans go to the holding pen",
            remedy=fault.remedy or "",
        )
        return
    yield Check(
        name="tesseract", ok=True, needed=False, detail=f"{found.version}, models in {found.folder}"
    )
    for model, here, without, package in (
        ("script/Thai", found.thai != "tha", "scans are read worse", "tesseract-ocr-script-thai"),
        ("eng", found.latin is not None, "e-mail addresses are read worse", "tesseract-ocr-eng"),
        ("osd", found.turn is not None, "turned pages are not read", "tesseract-ocr-osd"),
    ):
        yield Check(
            name=f"tesseract model {model}",
            ok=here,
            needed=False,
            detail="installed" if here else f"missing: {without}",
            remedy="" if here else APT + package,
        )


def _thai_fonts() -> Check:
    families = _output(["fc-list", ":lang=th", "family"]) if shutil.which("fc-list") else ""
    ok = bool(families.strip())
    has_form_font = "TH Sarabun" in families
    detail = "TH SarabunPSK" if has_form_font else "Thai fonts, but not TH SarabunPSK"
    return Check(
        name="Thai fonts",
        ok=ok,
        needed=False,
        detail=detail if ok else "none: PDFs of memos cannot show Thai",
        remedy="" if ok else APT + "fonts-thai-tlwg-ttf",
    )


def _reachable(name: str, host: str, port: int) -> Check:
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError:
        return Check(
            name=name,
            ok=False,
            needed=True,
            detail=f"port {port} does not answer",
            remedy="Check host and port in config/sources.toml and the network.",
        )
    return Check(name=name, ok=True, needed=True, detail=f"port {port} answers")


def _smtp(settings: Settings) -> Check:
    if not settings.smtp_url.get_secret_value():
        return Check(
            name="smtp",
            ok=False,
            needed=False,
            detail="not set: notifications wait in the outbox",
            remedy="Set SARABAN_SMTP_URL.",
        )

    try:
        with Postbox(read_address(settings.smtp_url.get_secret_value())):
            return Check(name="smtp", ok=True, needed=False, detail="answers")
    except SarabanError as fault:
        return Check(name="smtp", ok=False, needed=False, detail=fault.english, remedy=fault.remedy)


def _output(command: list[str]) -> str:
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return run.stdout
