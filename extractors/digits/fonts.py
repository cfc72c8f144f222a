"""The Thai fonts of a machine, as fontconfig lists them."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

# Families of the TLWG set that letters are written in; handwriting and typewriter faces are not.
FAMILIES = (
    *("Laksaman", "Garuda", "Norasi", "Loma", "Waree", "Kinnari", "Umpush", "Tlwg Typo"),
    *("Sawasdee", "Tlwg Typist", "Tlwg Mono", "Sarabun"),
)
# Sarabun, whose digits are those of the offices' TH Sarabun, comes as a package for development.
_PACKAGED = {"Sarabun": ("fontpkg_sarabun", ("Regular", "Bold", "Italic", "BoldItalic"))}
_THAI_TEXT = "th"


def find_fonts() -> Mapping[str, tuple[Path, ...]]:
    """Return the files of every installed family of FAMILIES, in a fixed order.

    Empty where fontconfig or the fonts are missing.
    """
    found = dict(_installed())
    for family, (package, styles) in _PACKAGED.items():
        place = importlib.util.find_spec(package)
        for folder in place.submodule_search_locations or () if place else ():
            files = (Path(folder) / "files" / f"{family}-{style}.ttf" for style in styles)
            found[family] = tuple(file for file in files if file.is_file())
    return {name: found[name] for name in sorted(found) if found[name]}


def _installed() -> Mapping[str, tuple[Path, ...]]:
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
