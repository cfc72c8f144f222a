from __future__ import annotations

import pytest

from cli.measuring import kpi
from correspondence.errors import UsageFault


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"first": "2569-03-01"},
        {"month": "2569-03", "by": "colour"},
        {"month": "2569-03", "by": ""},
        {"month": "2569-03", "by": "category,"},
        {"month": "2569-03", "listed": "late", "by": "group"},
        {"month": "2569-03", "category": "nothing"},
        {"month": "2569-03", "channel": "pigeon"},
        {"month": "2569-03", "as_of": "yesterday"},
        {"month": "2569-03", "fiscal_year": "2569"},
    ],
)
def test_what_cannot_be_read_is_refused_before_the_register_is_opened(
    asked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # No folder can be made there: opening anything would be another fault.
    monkeypatch.setenv("SARABAN_HOME", "/dev/null/home")
    with pytest.raises(UsageFault) as caught:
        kpi(**asked)
    assert caught.value.remedy
