"""A TCP proxy that counts, delays, cuts, garbles and refuses: a bad network in one process."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_PIECE = 4096


@dataclass
class FlakyProxy:
    """What to do to connections made from now on; counts bytes of all of them.

    Attributes:
        drop_after: close after so many bytes from the server, in the middle of whatever it is.
        drop_at: close right after these bytes came from the server.
        reset: a drop is a RST, not a FIN.
        refuse: connections are closed before a byte is said.
        delay: seconds before each piece from the server is passed on.
        garble: flip the bits of every byte from the server after so many bytes.
        inject: say this instead of the first piece from the server that holds `inject_at`.
        replace: words from the server that are put otherwise, of the same length.
        hook_at: call `hook` once before passing on a piece from the server that holds this.
        mute: pass nothing on from the server, but keep the connection.
    """

    port: int
    target: tuple[str, int]
    drop_after: int | None = None
    drop_at: bytes = b""
    reset: bool = False
    refuse: bool = False
    delay: float = 0.0
    garble: int | None = None
    inject: bytes = b""
    inject_at: bytes = b""
    mute: bool = False
    replace: tuple[bytes, bytes] = (b"", b"")
    hook_at: bytes = b""
    hook: Callable[[], None] = lambda: None
    from_server: int = 0
    from_client: int = 0
    connections: int = 0
    said_by_client: bytes = b""
    _open: list[socket.socket] = field(default_factory=list)

    def cut(self) -> None:
        """Close every connection now."""
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def heal(self) -> None:
        """Be an ordinary network for new connections."""
        self.drop_after = self.garble = None
        self.drop_at = self.inject = self.inject_at = self.hook_at = b""
        self.reset = self.refuse = self.mute = False
        self.delay = 0.0

    def serve(self, client: socket.socket) -> None:
        """Carry one connection until either side ends."""
        self.connections += 1
        if self.refuse:
            _close(client, reset=self.reset)
            return
        try:
            server = socket.create_connection(self.target, timeout=10)
        except OSError:
            _close(client, reset=False)
            return
        server.settimeout(None)
        self._open += [client, server]
        threading.Thread(target=self._up, args=(client, server), daemon=True).start()
        self._down(client, server)

    def _up(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := client.recv(_PIECE):
                self.from_client += len(piece)
                self.said_by_client += piece
                server.sendall(piece)
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)

    def _down(self, client: socket.socket, server: socket.socket) -> None:
        passed = 0
        with contextlib.suppress(OSError):
            while piece := server.recv(_PIECE):
                if self.delay:
                    time.sleep(self.delay)
                if self.mute:
                    continue
                if self.inject and self.inject_at in piece:
                    client.sendall(self.inject)
                    break
                if self.replace[0]:
                    piece = piece.replace(*self.replace)
                left = len(piece)
                if self.drop_after is not None:
                    left = min(left, self.drop_after - passed)
                if self.drop_at and self.drop_at in piece:
                    left = min(left, piece.index(self.drop_at) + len(self.drop_at))
                if self.hook_at and self.hook_at in piece:
                    self.hook_at = b""
                    self.hook()
                said = piece[:left]
                if self.garble is not None and passed + len(said) > self.garble:
                    keep = max(0, self.garble - passed)
                    said = said[:keep] + bytes(byte ^ 0x5A for byte in said[keep:])
                client.sendall(said)
                passed += left
                self.from_server += left
                if left < len(piece) or (self.drop_after is not None and passed >= self.drop_after):
                    break
        _close(client, reset=self.reset)
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
            server.close()


def _close(connection: socket.socket, *, reset: bool) -> None:
    with contextlib.suppress(OSError):
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()


@contextmanager
def running_proxy(host: str, port: int) -> Iterator[FlakyProxy]:
    """Yield a proxy before a server; its connections end with the block."""
    listener = socket.create_server(("127.0.0.1", 0))
    proxy = FlakyProxy(listener.getsockname()[1], (host, port))
    stopping = threading.Event()

    def accept() -> None:
        while not stopping.is_set():
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=proxy.serve, args=(client,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        stopping.set()
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        proxy.cut()
        for one in proxy._open:
            one.close()
        thread.join(5)
