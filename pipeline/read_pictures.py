"""Pictures of a file's pages with what was read drawn on them (`read-check --pictures`)."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import JsonValue

from correspondence.errors import UsageFault
from correspondence.national_ids import masked_national_ids
from correspondence.reading import Extraction, Frozen
from correspondence.vocabulary import ReadOutcome
from pipeline.drawn_reading import JOB, PICTURE_LIMITS, DrawnReading
from pipeline.inspection import Desk, read_capped, unread
from pipeline.item_reading import ItemReading
from sandbox.faults import SandboxFault
from sandbox.pool import SandboxPool


class ReadPictures(Frozen):
    """JSON of `read-check` without a truth: the outcome and the pictures written."""

    file: str
    outcome: ReadOutcome
    pictures: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def draw_reading(desk: Desk, file: Path, folder: Path) -> tuple[Extraction, ReadPictures]:
    """Read a file and write a picture of each of its pages into a folder.

    A letter with a secrecy mark has no picture. Files without pages (DOCX, HTML, mail) have
    none either.

    Raises:
        UsageFault: the file is none, or the folder cannot be written.
    """
    if not file.is_file():
        raise UsageFault(f"{file} is not a file.", thai=f"ไม่พบแฟ้ม {file}")
    drawn = _draw(desk, file)
    extraction = drawn.reading.extraction.model_copy(update={"file": str(file)})
    stem = re.sub(r"[^\w.\-\u0e00-\u0e7f]", "_", masked_national_ids(file.stem))[:80] or "letter"
    written: list[str] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for picture in drawn.pictures:
            target = folder / f"{stem}-{picture.number:03}.png"
            target.write_bytes(picture.png)
            written.append(str(target))
    except OSError:
        raise UsageFault(
            f"{folder} cannot be written.",
            thai=f"เขียนแฟ้มลงใน {folder} ไม่ได้",
            remedy="Give another --pictures.",
        ) from None
    return extraction, ReadPictures(
        file=str(file),
        outcome=extraction.outcome,
        pictures=tuple(written),
        warnings=drawn.warnings,
    )


def _draw(desk: Desk, file: Path) -> DrawnReading:
    params: dict[str, JsonValue] = {
        "name": file.name,
        "passwords": list(desk.settings.passwords),
    }
    with SandboxPool(JOB, workers=1, limits=PICTURE_LIMITS) as pool:
        try:
            reply = pool.run(read_capped(file), params)
        except SandboxFault as fault:
            return DrawnReading(reading=ItemReading(extraction=unread(fault)))
    return DrawnReading.model_validate(reply)
