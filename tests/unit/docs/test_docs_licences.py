"""No part that we install is under a licence that would bind the office (AGPL, GPL)."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, distributions

import pytest

BINDING = re.compile(r"affero|agpl|(?<!lesser )general public license|(?<!l)gpl", re.IGNORECASE)
# What a package says of itself beside a GPL, or instead of anything, read by a person.
READ = {
    "text-unidecode": "Artistic License or GPL, at the user's choice",
    "imapclient": "BSD 3-Clause, in its file COPYING",
    "skops": "MIT, in its file LICENSE",
    "axe-playwright-python": "MIT, in its file LICENSE",
}


def licence(distribution: Distribution) -> str:
    metadata = distribution.metadata
    classifiers = [
        line for line in metadata.get_all("Classifier") or [] if line.startswith("License ::")
    ]
    named = metadata.get("License-Expression") or " ".join(classifiers)
    # Some put the whole text there; its first line names it.
    return named or (metadata.get("License") or "").strip().partition("\n")[0]


def name(distribution: Distribution) -> str:
    return str(distribution.metadata["Name"]).lower()


@pytest.mark.parametrize("found", sorted(distributions(), key=name), ids=name)
def test_a_part_is_under_a_licence_we_may_use(found: Distribution) -> None:
    if name(found) in READ:
        return
    assert licence(found), "it names no licence: read its files and add it to READ"
    assert not BINDING.search(licence(found))


@pytest.mark.parametrize(
    ("words", "binding"),
    [
        ("GNU Affero General Public License v3", True),
        ("AGPL-3.0-only", True),
        ("GPL-2.0-or-later", True),
        ("GNU General Public License v3 (GPLv3)", True),
        ("LGPL-3.0-only", False),
        ("GNU Lesser General Public License v3 (LGPLv3)", False),
        ("Apache-2.0", False),
    ],
)
def test_a_binding_licence_is_known_by_its_name(words: str, binding: bool) -> None:
    assert bool(BINDING.search(words)) is binding
