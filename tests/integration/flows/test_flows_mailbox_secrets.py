"""A mailbox's password from a Prefect Secret block on a real Prefect server."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from prefect.blocks.system import Secret
from prefect.testing.utilities import prefect_test_harness

from correspondence.errors import ConfigurationFault
from flows.mailbox_secrets import read_mailbox_secret
from office.sources import Mailbox

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def server() -> Iterator[None]:
    with prefect_test_harness(server_startup_timeout=120):
        yield


def mailbox(**place: str) -> Mailbox:
    return Mailbox.model_validate({"name": "main", "host": "h", "user": "u", **place})


def test_a_secret_block_is_read_and_its_renewal_counts(server: None) -> None:
    box = mailbox(password_block="mailbox-main")
    for value in ("first", "second\n"):
        Secret(value=value).save("mailbox-main", overwrite=True)
        found = read_mailbox_secret(box)
        assert found.get_secret_value() == value.strip()
        assert value.strip() not in repr(found)


def test_a_watching_thread_can_read_it_too(server: None) -> None:
    Secret(value="in a thread").save("mailbox-thread", overwrite=True)
    found: list[str] = []
    box = mailbox(password_block="mailbox-thread")
    thread = threading.Thread(
        target=lambda: found.append(read_mailbox_secret(box).get_secret_value())
    )
    thread.start()
    thread.join(30)
    assert found == ["in a thread"]


def test_a_block_that_is_missing_is_a_wrong_setting(server: None) -> None:
    with pytest.raises(ConfigurationFault, match="the secret block nowhere cannot be read"):
        read_mailbox_secret(mailbox(password_block="nowhere"))


def test_other_places_need_no_prefect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARABAN_TEST_P", "plain")
    assert read_mailbox_secret(mailbox(password_env="SARABAN_TEST_P")).get_secret_value() == "plain"


def test_without_a_flow_a_block_says_so() -> None:
    with pytest.raises(ConfigurationFault, match="by the flows only"):
        mailbox(password_block="mailbox-main").read_password()
