"""The office's separator sheet as a file (`separator`)."""

from __future__ import annotations

from pathlib import Path

from correspondence.errors import UsageFault
from correspondence.reading import Frozen
from drafting.separator_sheet import draw_separator
from office.sources import load_sources


class SeparatorSheet(Frozen):
    """JSON of `separator`: the file written and what its code says."""

    file: str
    text: str


def write_separator(config_folder: Path, out: Path) -> SeparatorSheet:
    """Write the sheet whose code the office's `sources.toml` names.

    Raises:
        ConfigurationFault: `sources.toml` is missing or wrong.
        MissingDependency: no Thai font, or Pillow cannot shape Thai.
        UsageFault: the file cannot be written.
    """
    text = load_sources(config_folder).separator.text
    sheet = draw_separator(text)
    try:
        out.write_bytes(sheet)
    except OSError:
        raise UsageFault(
            f"{out} cannot be written.", thai=f"เขียนแฟ้ม {out} ไม่ได้", remedy="Give another --out."
        ) from None
    return SeparatorSheet(file=str(out), text=text)
