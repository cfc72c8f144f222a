"""Every mail template fills; one that was changed wrongly is named, and nothing leaves."""

from __future__ import annotations

import re

import pytest

from correspondence.errors import ConfigurationFault
from office.places import find_folder
from pipeline.mail_templates import fill_template

MAILS = find_folder("templates") / "mail"


@pytest.mark.parametrize("name", sorted(path.stem for path in MAILS.glob("*.txt")))
def test_each_shipped_template_has_a_subject_line_and_a_thai_body(name: str) -> None:
    text = (MAILS / f"{name}.txt").read_text(encoding="utf-8")
    places = {place: "๑" for place in re.findall(r"\$\{(\w+)\}", text)}
    filled = fill_template(name, **places)
    assert filled.subject and "\n" not in filled.subject
    assert re.search("[ก-๙]", filled.body) and "$" not in filled.subject + filled.body


def test_a_place_that_nobody_fills_is_named_with_its_file() -> None:
    with pytest.raises(ConfigurationFault, match=r"digest\.txt"):
        fill_template("digest", day="๑")


def test_a_missing_template_says_where_to_copy_it_from() -> None:
    with pytest.raises(ConfigurationFault, match="is missing"):
        fill_template("no-such-mail")
