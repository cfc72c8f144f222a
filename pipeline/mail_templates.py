"""Texts of the mails we send: `templates/mail/NAME.txt`, subject, empty line, body."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from string import Template

from correspondence.errors import ConfigurationFault
from office.places import find_folder


@dataclass(frozen=True, slots=True)
class MailText:
    """A filled template."""

    subject: str
    body: str


def fill_template(name: str, **values: object) -> MailText:
    """Return `templates/mail/NAME.txt` with its `${places}` filled.

    Raises:
        ConfigurationFault: the file is missing, or names a place that there is not.
    """
    try:
        subject, _, body = _template(name).substitute(values).partition("\n\n")
    except (KeyError, ValueError):
        raise ConfigurationFault(
            f"templates/mail/{name}.txt names a place that there is not.",
            remedy="Compare its ${…} with the shipped file.",
        ) from None
    return MailText(" ".join(subject.split()), body)


@lru_cache(maxsize=8)
def _template(name: str) -> Template:
    path = find_folder("templates") / "mail" / f"{name}.txt"
    try:
        return Template(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationFault(
            f"{path} is missing.", remedy="Copy it from the shipped templates/ folder."
        ) from None
