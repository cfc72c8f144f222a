"""Channels beside mail (LINE, webhooks and the like), through apprise; none by default.

A channel is a URL of apprise in SARABAN_NOTIFY_URLS. It gets what cannot wait: notices of the
most urgent cases and alerts of the house, with the same words as the mails. Its URL holds a
token, so the outbox knows it by a hash only.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, ClassVar

from correspondence.errors import ConfigurationFault, MissingDependency
from pipeline.postbox import MessagePutOff, MessageRefused
from registry.outbox import CHANNEL, WaitingMessage

if TYPE_CHECKING:
    from apprise import Apprise

# Its own lines would name hosts and tokens.
logging.getLogger("apprise").setLevel(logging.CRITICAL)


class ChannelGone(MessageRefused):
    """The channel of a waiting message stands in SARABAN_NOTIFY_URLS no more."""

    code: ClassVar[str] = "channel_gone"


def channel_recipient(url: str) -> str:
    """Return the name of a channel in the outbox; it tells nothing of the URL."""
    return f"{CHANNEL}{hashlib.sha256(url.encode()).hexdigest()[:16]}"


class ChannelPost:
    """Hands messages to channels; use as a context manager."""

    def __init__(self, urls: Sequence[str]) -> None:
        """Keep the URLs by their names in the outbox.

        Raises:
            MissingDependency: apprise is not installed.
            ConfigurationFault: apprise knows no service of such a URL; it is not repeated.
        """
        self._services = {channel_recipient(url): _open_service(url) for url in urls}

    def __enter__(self) -> ChannelPost:
        """Nothing is connected before a message goes."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is left open."""

    def send(self, message: WaitingMessage) -> None:
        """Hand one message over.

        Raises:
            ChannelGone: its channel is not set any more.
            MessagePutOff: the service did not take it; one that is away holds up no other.
        """
        service = self._services.get(message.recipient)
        if service is None:
            raise ChannelGone(f"The channel of message {message.id} is not set any more.")
        if not service.notify(title=message.subject, body=message.body):
            raise MessagePutOff(f"A channel did not take message {message.id}.")


def _open_service(url: str) -> Apprise:
    try:
        from apprise import Apprise
    except ImportError:
        raise MissingDependency(
            "SARABAN_NOTIFY_URLS needs apprise.", remedy="pip install 'saraban[notify]'"
        ) from None
    service = Apprise()
    if not service.add(url):
        raise ConfigurationFault(
            "SARABAN_NOTIFY_URLS names a service that apprise does not know.",
            thai="ช่องทางแจ้งเตือน (SARABAN_NOTIFY_URLS) ไม่ถูกต้อง",
            remedy="Write URLs of apprise, parted by blanks.",
        )
    return service
