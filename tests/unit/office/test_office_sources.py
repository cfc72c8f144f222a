from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from correspondence.errors import ConfigurationFault
from correspondence.vocabulary import Channel
from office.places import find_folder
from office.sources import DropFolder, Mailbox, MailboxTls, PostAction, Sources, load_sources

GOOD = """
[[mailbox]]
name = "main"
host = "mail.example.go.th"
user = "office@example.go.th"
password_env = "SARABAN_MAILBOX_MAIN_PASSWORD"

[[drop_folder]]
name = "scanner"
path = "/srv/scanner"
"""


def write(tmp_path: Path, text: str) -> Path:
    (tmp_path / "sources.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_shipped_file_has_a_drop_folder() -> None:
    shipped = load_sources(find_folder("config"))
    assert [folder.name for folder in shipped.drop_folder] == ["drop"]
    assert {entry.channel for entry in shipped.drop_folder[0].subfolders} == {
        Channel.SCAN, Channel.HAND, Channel.WEB,
    }  # fmt: skip


def test_what_is_not_said_is_safe(tmp_path: Path) -> None:
    box = load_sources(write(tmp_path, GOOD)).mailbox[0]
    assert (box.tls, box.port, box.post_action) == (MailboxTls.ON, 993, PostAction.MOVE)


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ('host = "mail.example.go.th"', 'host = "mail.example.go.th"\ntls = "off"', "tls"),
        ('name = "scanner"', 'name = "main"', "name"),
        ('name = "main"', 'name = "main"\nbatch = 500', "batch"),
        ('name = "main"', 'name = "main"\npassword = "x"', "password"),
        ('name = "main"', 'name = "main"\nprocessed_folder = "INBOX"', "processed_folder"),
        (
            'name = "scanner"',
            'name = "scanner"\nsubfolders = [{folder = "done", channel = "scan"}]',
            "subfolders",
        ),
        (
            'name = "scanner"',
            'name = "scanner"\nsubfolders = [{folder = "../x", channel = "scan"}]',
            "folder",
        ),
    ],
)
def test_a_wrong_key_is_named(tmp_path: Path, old: str, new: str, names: str) -> None:
    with pytest.raises(ConfigurationFault, match=names):
        load_sources(write(tmp_path, GOOD.replace(old, new)))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_plain_text_is_for_this_machine(host: str) -> None:
    box = Mailbox(name="m", host=host, tls=MailboxTls.OFF, user="u", password_env="P")
    assert box.host == host


def test_plain_text_leaves_this_machine_never() -> None:
    for host in ("10.0.0.1", "mail", "127.0.0.1.example.com"):
        with pytest.raises(ValidationError):
            Mailbox(name="m", host=host, tls=MailboxTls.OFF, user="u", password_env="P")


def test_the_password_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    box = Mailbox(name="m", host="h", user="u", password_env="SARABAN_TEST_P")
    monkeypatch.delenv("SARABAN_TEST_P", raising=False)
    with pytest.raises(ConfigurationFault, match="SARABAN_TEST_P"):
        box.read_password()
    monkeypatch.setenv("SARABAN_TEST_P", "s3cret")
    assert box.read_password().get_secret_value() == "s3cret"
    assert "s3cret" not in repr(box.read_password())


def test_a_relative_folder_counts_from_the_data_folder() -> None:
    assert DropFolder(name="d", path=Path("drop")).resolve(Path("/var/s")) == Path("/var/s/drop")
    assert DropFolder(name="d", path=Path("/srv/x")).resolve(Path("/var/s")) == Path("/srv/x")


def test_an_office_may_have_no_source() -> None:
    assert Sources() == Sources(mailbox=(), drop_folder=())
