"""Fill a form's template: .docx bytes in, .docx bytes out, nothing of the letter as template."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from correspondence.errors import ConfigurationFault
from drafting.content import MemoContent
from drafting.forms.build import Form, template_name
from office.places import find_folder

GARUDA_HEIGHT_MM = 15


@lru_cache(maxsize=8)
def template_bytes(form: Form) -> bytes:
    """Return the bytes of a form's template, read once a process.

    Raises:
        ConfigurationFault: the template is missing.
    """
    path = Path(find_folder("templates")) / template_name(form)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ConfigurationFault(
            f"{path} is missing.", remedy="Rebuild it: python -m drafting.forms"
        ) from None


@lru_cache(maxsize=8)
def template_version(form: Form) -> str:
    """Return the form's name with the first twelve digits of its SHA-256."""
    return f"{form.value}:{hashlib.sha256(template_bytes(form)).hexdigest()[:12]}"


@lru_cache(maxsize=1)
def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def render(content: MemoContent, garuda: bytes | None) -> bytes:
    """Return the filled form as .docx bytes.

    Args:
        content: every value of the form, already made safe (`clean_text`).
        garuda: the office's PNG for the slot, None to leave it empty.
    """
    values = content.model_dump(exclude={"form"})
    return fill_form(content.form, values, garuda, GARUDA_HEIGHT_MM)


def fill_form(
    form: Form, values: Mapping[str, object], garuda: bytes | None, garuda_mm: float
) -> bytes:
    """Return a form filled with values as .docx bytes.

    Args:
        form: which template.
        values: every name its tags ask for, already made safe (`clean_text`).
        garuda: the office's PNG for the slot, None to leave it empty.
        garuda_mm: height of the picture.
    """
    template = DocxTemplate(BytesIO(template_bytes(form)))
    picture = InlineImage(template, BytesIO(garuda), height=Mm(garuda_mm)) if garuda else ""
    template.render({**values, "garuda": picture}, jinja_env=_environment(), autoescape=True)
    target = BytesIO()
    template.save(target)
    return target.getvalue()
