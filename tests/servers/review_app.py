"""The review app behind a real HTTP server on a free port of the loopback."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn

from correspondence.vocabulary import Role
from pipeline.bootstrap import House
from review.app import create_app
from review.cookies import cookies_of
from tests.seeding import let_in

HEAD = "head"


@contextmanager
def running_review_app(house: House, sign_in: str | None = HEAD) -> Iterator[httpx.Client]:
    """Yield a client of the app, signed in; the server ends with the block.

    Args:
        house: the office's house.
        sign_in: who; the head of the office by default, entered where nobody has that name. None
            for a browser in which nobody is signed in.
    """
    token = None
    if sign_in is not None:
        token = let_in(house, sign_in, ((Role.OFFICE_HEAD, None),))
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(create_app(house), log_config=None, server_header=False, ws="none")
    )
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        deadline = time.monotonic() + 20
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with httpx.Client(base_url=address, timeout=30, trust_env=False) as client:
            if token is not None:
                client.cookies.set(cookies_of(house.settings).session, token)
            yield client
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
