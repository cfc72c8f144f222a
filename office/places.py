"""Where `config/` and `templates/` are: in a checkout or beside an installed package."""

from __future__ import annotations

import sysconfig
from pathlib import Path

from correspondence.errors import ConfigurationFault


def find_folder(name: str) -> Path:
    """Return the folder `config` or `templates`.

    Looked for beside the packages (a checkout), then under the installation's
    `share/saraban/`, where the wheel puts it.

    Raises:
        ConfigurationFault: it is in neither place.
    """
    beside = Path(__file__).resolve().parents[1] / name
    installed = Path(sysconfig.get_path("data")) / "share" / "saraban" / name
    for place in (beside, installed):
        if place.is_dir():
            return place
    raise ConfigurationFault(
        f"The folder {name}/ is neither at {beside} nor at {installed}.",
        remedy="Install the package again, or run from a checkout.",
    )
