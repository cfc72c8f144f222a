"""The process's settings: environment variables `SARABAN_…`, read once."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from correspondence.errors import ConfigurationFault
from office.places import find_folder
from office.settings_file import file_values

AUDIT_KEY_LENGTH = 32


class Settings(BaseSettings):
    """Everything a deployment sets outside `config/`."""

    model_config = SettingsConfigDict(env_prefix="SARABAN_", frozen=True, extra="ignore")

    home: Path = Field(default=Path("var"), description="data folder: database, blobs, models")
    config: Path | None = Field(default=None, description="the office's own config folder")
    database_url: str = Field(default="", description="SQLAlchemy URL; default SQLite in home")
    blob_url: str = Field(default="", description="fsspec URL of the blob store; default in home")
    machine: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$|^$",
        description="this machine's name among those of the house; default its host name",
    )
    prefect_url: str = Field(
        default="",
        pattern=r"^(https?://[^@\s]+/api)?$",
        description="API of the Prefect server of another machine, for saraban work",
    )
    prefect_port: int = Field(default=4200, ge=1, le=65535, description="port of Prefect's server")
    review_port: int = Field(default=8700, ge=1, le=65535, description="port of the review app")
    review_url: str = Field(
        default="", description="https address people open the review app at, behind a proxy"
    )
    oidc_issuer: str = Field(
        default="",
        description="OpenID Connect provider people may sign in by; none by default",
    )
    oidc_client_id: str = Field(default="", max_length=300, description="this app's name there")
    oidc_client_secret: SecretStr = Field(default=SecretStr(""), description="its secret there")
    oidc_claim: str = Field(
        default="preferred_username",
        pattern=r"^[A-Za-z0-9_]{1,60}$",
        description="claim of the ID token that is the sign-in name",
    )
    workers: int = Field(default=0, ge=0, description="reader processes; 0 is one a core")
    prefect_auth: SecretStr = Field(
        default=SecretStr(""),
        description="user:password of Prefect's server; one is made in home by default",
    )
    smtp_url: SecretStr = Field(default=SecretStr(""), description="smtp://user:password@host:port")
    alarm_to: str = Field(
        default="", description="mail addresses told where the house does not open, by blanks"
    )
    watch_pull_minutes: int = Field(
        default=30, ge=1, description="in office hours, how long a source may go without a pull"
    )
    watch_letter_minutes: int = Field(
        default=60, ge=1, description="how long a letter may wait to be read"
    )
    watch_disk_megabytes: int = Field(
        default=2048, ge=1, description="free room of the data folder below which it is an alert"
    )
    metrics_token: SecretStr = Field(
        default=SecretStr(""), description="bearer token of /metrics; none closes it"
    )
    notify_urls: SecretStr = Field(
        default=SecretStr(""), description="channels beside mail: apprise URLs, parted by blanks"
    )
    pdf_passwords: SecretStr = Field(
        default=SecretStr(""), description="passwords tried on locked PDFs, parted by blanks"
    )
    audit_key: SecretStr = Field(
        default=SecretStr(""), description="keys of the audit trail, the one in force first"
    )
    backup_folder: Path | None = Field(
        default=None, description="where nightly backups go; default backups/ in home"
    )
    language_model_url: str = Field(
        default="",
        pattern=r"^(https?://\S+)?$",
        description="OpenAI-compatible address of the office's own language model; none by default",
    )
    language_model_name: str = Field(
        default="summary", min_length=1, pattern=r"^[\w./:-]{1,60}$", description="model asked for"
    )
    language_model_key: SecretStr = Field(default=SecretStr(""), description="its bearer token")
    language_model_seconds: float = Field(
        default=20.0, gt=0, le=120, description="how long one answer may take"
    )
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    log_form: str = Field(default="human", pattern="^(human|json)$", description="of log lines")
    log_megabytes: int = Field(default=20, ge=1, description="size at which a log file is rotated")
    log_kept: int = Field(default=5, ge=0, le=1000, description="older log files kept of each")

    @field_validator("audit_key")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if any(len(key) < AUDIT_KEY_LENGTH for key in value.get_secret_value().split()):
            raise ValueError(f"a key of the audit trail has {AUDIT_KEY_LENGTH} characters or more")
        return value

    @field_validator("blob_url")
    @classmethod
    def _without_secrets(cls, value: str) -> str:
        if "@" in urlsplit(value).netloc:
            raise ValueError("keys of the blob store stand in the environment, never in its URL")
        return value

    @field_validator("review_url")
    @classmethod
    def _https(cls, value: str) -> str:
        address = urlsplit(value)
        if value and (
            address.scheme != "https" or not address.hostname or address.path not in ("", "/")
        ):
            raise ValueError("the review app's address is https://HOST and nothing behind it")
        return value.rstrip("/")

    @field_validator("oidc_issuer")
    @classmethod
    def _reached_safely(cls, value: str) -> str:
        address = urlsplit(value)
        near = address.scheme == "http" and address.hostname in ("127.0.0.1", "localhost")
        if value and (
            not (address.scheme == "https" or near)
            or not address.hostname
            or address.query
            or address.fragment
            or address.username
        ):
            raise ValueError("the provider's address is https://HOST and perhaps a path")
        return value

    @model_validator(mode="after")
    def _provider_is_whole(self) -> Settings:
        known = bool(self.oidc_client_id), bool(self.oidc_client_secret.get_secret_value())
        if self.oidc_issuer and not all(known):
            raise ValueError("the issuer needs the client's id and secret beside it")
        return self

    @property
    def machine_name(self) -> str:
        """This machine's name among those that share the database."""
        return self.machine or socket.gethostname()

    @property
    def review_host(self) -> str:
        """The host name of `review_url`; "" where the app is for the loopback only."""
        return urlsplit(self.review_url).hostname or ""

    @property
    def home_folder(self) -> Path:
        """The data folder as an absolute path."""
        return self.home.expanduser().resolve()

    @property
    def config_folder(self) -> Path:
        """Where the .toml files are read from: SARABAN_CONFIG, else home/config, else shipped."""
        if self.config:
            return self.config.expanduser().resolve()
        own = self.home_folder / "config"
        return own if own.is_dir() else find_folder("config")

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{self.home_folder / 'saraban.db'}"

    @property
    def blobs(self) -> str:
        """The fsspec URL of the blob store in force."""
        return self.blob_url or f"file://{self.home_folder / 'blobs'}"

    @property
    def backups(self) -> Path:
        """Where nightly backups go."""
        chosen = self.backup_folder
        return chosen.expanduser().resolve() if chosen else self.home_folder / "backups"

    @property
    def worker_count(self) -> int:
        """How many letters are read at once: by default one a core."""
        return self.workers or os.cpu_count() or 1

    @property
    def passwords(self) -> list[str]:
        """What is tried on a locked PDF, in this order; never logged."""
        return self.pdf_passwords.get_secret_value().split()

    @property
    def channels(self) -> list[str]:
        """Where urgent notices and alerts go besides mail; each holds a token, never logged."""
        return list(dict.fromkeys(self.notify_urls.get_secret_value().split()))

    @property
    def alarm_addresses(self) -> list[str]:
        """Who is mailed where the house does not open."""
        return list(dict.fromkeys(self.alarm_to.split()))

    @property
    def audit_secrets(self) -> list[str]:
        """Keys of the audit trail, the one in force first; never logged."""
        return self.audit_key.get_secret_value().split()

    @property
    def models_folder(self) -> Path:
        """Where trained classifier files lie."""
        return self.home_folder / "models"


SETTING_NAMES = frozenset(Settings.model_fields)
SETTING_SECRETS = frozenset(
    name for name, field in Settings.model_fields.items() if field.annotation is SecretStr
)


def read_settings() -> Settings:
    """Return the settings from the environment, and behind it from a file that it may name.

    Raises:
        ConfigurationFault: a variable or the file has a wrong value; names it.
    """
    try:
        return Settings.model_validate(file_values(SETTING_NAMES, SETTING_SECRETS))
    except ValidationError as fault:
        first = fault.errors()[0]
        name = "SARABAN_" + "_".join(str(part) for part in first["loc"] or ("oidc",)).upper()
        raise ConfigurationFault(f"{name}: {first['msg']}.", remedy="Correct it.") from None
