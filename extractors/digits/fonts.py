"""The Thai fonts of a machine, as fontconfig lists them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

# Families of the TLWG set that letters are written in; handwriting and typewriter faces are not.
FAMILIES = (
    *("Laksaman", "Garuda", "Norasi", "Loma", "Waree", "Kinnari", "Umpush", "Tlwg Typo"),
    *("Sawasdee", "Tlwg Typist", "Tlwg Mono"),
)
_THAI_TEXT = "th"


def find_fonts() -> Mapping[str, tuple[Path, ...]]:
    """Return the files of every installed family of FAMILIES, in a fixed order.

    Empty where fontconfig or the fonts are missing.
    """
    program = shutil.which("fc-list")
    if program is None:
        return {}
    try:
        done = subprocess.run(
            [program, f":lang={_THAI_TEXT}", "family", "file"],
            capture_output=True,
            check=False,
            text=True,
            timeout=20,
        )
    except (OSError, subprocess.TimeoutExpired):
        return {}
    found: dict[str, dict[str, Path]] = {}
    for line in sorted(done.stdout.splitlines()):
        file, _, family = line.partition(":")
        path, name = Path(file.strip()), family.strip().partition(",")[0]
        if name in FAMILIES and path.suffix.lower() in (".ttf", ".otf"):
            # One outline of a face is enough; the same face often comes as OTF and as TTF.
            found.setdefault(name, {}).setdefault(path.stem, path)
    return {name: tuple(faces.values()) for name, faces in sorted(found.items())}
