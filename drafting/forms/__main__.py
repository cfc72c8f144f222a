"""`python -m drafting.forms` rebuilds `templates/*.docx`."""

from __future__ import annotations

from drafting.forms.build import build_forms
from office.places import find_folder

if __name__ == "__main__":
    build_forms(find_folder("templates"))
