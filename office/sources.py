"""Where letters come from: mailboxes and drop folders (`sources.toml`)."""

from __future__ import annotations

import os
from collections.abc import Callable
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path

from pydantic import Field, SecretStr, field_validator, model_validator

from correspondence.errors import ConfigurationFault
from correspondence.reading import Frozen
from correspondence.vocabulary import Channel
from office.mailbox_rules import MailboxRule
from office.toml_file import load_toml

_NAME = r"^[a-z0-9][a-z0-9_-]{0,39}$"


class MailboxTls(StrEnum):
    """How the connection to a mailbox is protected; `off` is allowed to this machine only."""

    ON = "on"
    STARTTLS = "starttls"
    OFF = "off"


class PostAction(StrEnum):
    """What is done to a mail after its bytes are committed; nothing ever deletes one."""

    MOVE = "move"
    SEEN = "seen"
    FLAG = "flag"
    NONE = "none"


class SignIn(StrEnum):
    """How a mailbox is signed in to: with a password or with an OAuth2 access token."""

    PASSWORD = "password"
    XOAUTH2 = "xoauth2"
    OAUTHBEARER = "oauthbearer"


class Mailbox(Frozen):
    """One IMAP mailbox.

    The password or access token comes from exactly one place: the environment variable
    `password_env`, the file `password_file` (a mounted secret), or the Prefect Secret block
    `password_block`. It is read anew at every pull, so a renewed one counts at once.

    `timeout` counts seconds, `batch` mails a fetch, `max_bytes` the size of one mail: a bigger
    one is not fetched whole and stands in the holding pen under its headers. `idle` keeps a
    connection that announces new mail where the server can, renewed every `idle_seconds`;
    where it cannot, the mailbox is asked every `poll_seconds`.
    """

    name: str = Field(pattern=_NAME)
    host: str = Field(min_length=1)
    port: int = Field(default=993, ge=1, le=65535)
    tls: MailboxTls = MailboxTls.ON
    ca_file: Path | None = None
    user: str = Field(min_length=1)
    sign_in: SignIn = SignIn.PASSWORD
    password_env: str = Field(default="", pattern=r"^([A-Z][A-Z0-9_]*)?$")
    password_file: Path | None = None
    password_block: str = Field(default="", pattern=r"^([a-z0-9][a-z0-9-]*)?$")
    folder: str = "INBOX"
    processed_folder: str = "Saraban"
    post_action: PostAction = PostAction.MOVE
    flag: str = Field(default="$Saraban", pattern=r"^\$?[A-Za-z0-9_-]+$")
    batch: int = Field(default=50, ge=1, le=200)
    timeout: float = Field(default=30.0, gt=0, le=600)
    max_bytes: int = Field(default=40_000_000, ge=1_000)
    idle: bool = True
    idle_seconds: float = Field(default=240.0, gt=0, le=1740)
    poll_seconds: float = Field(default=60.0, gt=0, le=3600)
    enabled: bool = True
    rule: tuple[MailboxRule, ...] = ()

    @model_validator(mode="after")
    def _one_secret_and_unlike_rules(self) -> Mailbox:
        places = (self.password_env, self.password_file, self.password_block)
        if sum(bool(place) for place in places) != 1:
            raise ValueError("give one of password_env, password_file, password_block")
        names = [rule.name for rule in self.rule]
        if len(set(names)) != len(names):
            raise ValueError("every rule of a mailbox needs a name of its own")
        return self

    @model_validator(mode="after")
    def _plain_text_stays_here(self) -> Mailbox:
        if self.tls is MailboxTls.OFF and not _is_loopback(self.host):
            raise ValueError("tls may be off only for a mailbox on this machine")
        if self.post_action is PostAction.MOVE and self.processed_folder == self.folder:
            raise ValueError("processed_folder must differ from folder")
        return self

    @property
    def password_place(self) -> str:
        """Where the password or token comes from, as an operator finds it."""
        if self.password_env:
            return f"the variable {self.password_env}"
        if self.password_file is not None:
            return f"the file {self.password_file}"
        return f"the secret block {self.password_block}"

    def read_password(self) -> SecretStr:
        """Return the password or token from the environment or its file.

        Raises:
            ConfigurationFault: it is not there, or only a flow can read it (a secret block).
        """
        if self.password_block:
            raise self.password_missing("can be read by the flows only")
        if self.password_file is None:
            value = os.environ.get(self.password_env, "")
        else:
            try:
                value = self.password_file.read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError):
                value = ""
        if not value:
            raise self.password_missing("is not set")
        return SecretStr(value)

    def password_missing(self, why: str) -> ConfigurationFault:
        """Return the fault of a password that could not be had; `why` completes a sentence."""
        return ConfigurationFault(
            f"Mailbox {self.name}: {self.password_place} {why}.",
            thai=f"กล่องจดหมาย {self.name} ยังไม่ได้ตั้งรหัสผ่าน",
            remedy=f"Set {self.password_place} for the service.",
        )


ReadPassword = Callable[[Mailbox], SecretStr]


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


class Separator(Frozen):
    """What parts several letters in one scan of channel `scan`.

    `text` is what the QR code of a separator sheet says. `blank_pages` lets a blank page part
    letters, too: only for offices that never scan both sides.
    """

    text: str = Field(default="SARABAN-SEPARATOR", pattern=r"^[ -~]{4,80}$")
    blank_pages: bool = False


class Sources(Frozen):
    """The whole of `sources.toml`."""

    separator: Separator = Separator()
    mailbox: tuple[Mailbox, ...] = ()
    drop_folder: tuple[DropFolder, ...] = ()

    @property
    def enabled(self) -> tuple[Mailbox | DropFolder, ...]:
        """The mailboxes, then the folders, that are pulled."""
        known: tuple[Mailbox | DropFolder, ...] = (*self.mailbox, *self.drop_folder)
        return tuple(source for source in known if source.enabled)

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
