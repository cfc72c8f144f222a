"""Where letters come from: mailboxes and drop folders (`sources.toml`)."""

from __future__ import annotations

import os
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path

from pydantic import Field, SecretStr, field_validator, model_validator

from correspondence.errors import ConfigurationFault
from correspondence.reading import Frozen
from correspondence.vocabulary import Channel
from office.toml_file import load_toml

_NAME = r"^[a-z0-9][a-z0-9_-]{0,39}$"


class MailboxTls(StrEnum):
    """How the connection to a mailbox is protected; `off` is allowed to this machine only."""

    ON = "on"
    STARTTLS = "starttls"
    OFF = "off"


class PostAction(StrEnum):
    """What is done to a mail after its bytes are committed."""

    MOVE = "move"
    SEEN = "seen"
    FLAG = "flag"


class Mailbox(Frozen):
    """One IMAP mailbox; the password is in the environment variable `password_env`.

    `timeout` counts seconds, `batch` mails a fetch, `max_bytes` the size of one mail: a bigger
    one is not fetched whole and stands in the holding pen under its headers.
    """

    name: str = Field(pattern=_NAME)
    host: str = Field(min_length=1)
    port: int = Field(default=993, ge=1, le=65535)
    tls: MailboxTls = MailboxTls.ON
    ca_file: Path | None = None
    user: str = Field(min_length=1)
    password_env: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$")
    folder: str = "INBOX"
    processed_folder: str = "Saraban"
    post_action: PostAction = PostAction.MOVE
    flag: str = Field(default="$Saraban", pattern=r"^\$?[A-Za-z0-9_-]+$")
    batch: int = Field(default=50, ge=1, le=200)
    timeout: float = Field(default=30.0, gt=0, le=600)
    max_bytes: int = Field(default=40_000_000, ge=1_000)
    enabled: bool = True

    @model_validator(mode="after")
    def _plain_text_stays_here(self) -> Mailbox:
        if self.tls is MailboxTls.OFF and not _is_loopback(self.host):
            raise ValueError("tls may be off only for a mailbox on this machine")
        if self.post_action is PostAction.MOVE and self.processed_folder == self.folder:
            raise ValueError("processed_folder must differ from folder")
        return self

    def read_password(self) -> SecretStr:
        """Return the password from the environment.

        Raises:
            ConfigurationFault: the variable is not set.
        """
        value = os.environ.get(self.password_env, "")
        if not value:
            raise ConfigurationFault(
                f"Mailbox {self.name}: the variable {self.password_env} is not set.",
                thai=f"กล่องจดหมาย {self.name} ยังไม่ได้ตั้งรหัสผ่าน",
                remedy=f"Set {self.password_env} in the environment of the service.",
            )
        return SecretStr(value)


class SubfolderChannel(Frozen):
    """A subfolder of a drop folder and the channel its files came by."""

    folder: str = Field(pattern=r"^[^/\\.][^/\\]*$")
    channel: Channel


_SUBFOLDERS = tuple(
    SubfolderChannel(folder=channel.value, channel=channel)
    for channel in (Channel.SCAN, Channel.HAND, Channel.WEB)
)


class DropFolder(Frozen):
    """One watched folder; a relative `path` counts from the data folder.

    A file is taken when its size and time have been still for `still_seconds`. Files directly
    in the folder came by `channel`, files in a subfolder by that subfolder's.
    """

    name: str = Field(pattern=_NAME)
    path: Path
    channel: Channel = Channel.SCAN
    subfolders: tuple[SubfolderChannel, ...] = _SUBFOLDERS
    still_seconds: float = Field(default=5.0, ge=0, le=3600)
    ignore: tuple[str, ...] = (".*", "~$*", "*.part", "*.tmp", "*.crdownload", "Thumbs.db")
    max_bytes: int = Field(default=100_000_000, ge=1_000)
    enabled: bool = True

    @field_validator("subfolders")
    @classmethod
    def _not_ours(cls, given: tuple[SubfolderChannel, ...]) -> tuple[SubfolderChannel, ...]:
        names = [entry.folder for entry in given]
        if len(set(names)) != len(names) or {"done", "held"} & set(names):
            raise ValueError("subfolders must differ from each other and from done and held")
        return given

    def resolve(self, home: Path) -> Path:
        """Return the folder as an absolute path; `home` is the data folder."""
        path = self.path.expanduser()
        return path if path.is_absolute() else home / path


class Sources(Frozen):
    """The whole of `sources.toml`."""

    mailbox: tuple[Mailbox, ...] = ()
    drop_folder: tuple[DropFolder, ...] = ()

    @model_validator(mode="after")
    def _names_differ(self) -> Sources:
        names = [box.name for box in self.mailbox] + [one.name for one in self.drop_folder]
        if len(set(names)) != len(names):
            raise ValueError("every mailbox and drop folder needs a name of its own")
        return self


def load_sources(config_folder: Path) -> Sources:
    """Return `sources.toml` of a configuration folder.

    Raises:
        ConfigurationFault: missing, not TOML, or a wrong key; names file, key and remedy.
    """
    return load_toml(config_folder / "sources.toml", Sources)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
