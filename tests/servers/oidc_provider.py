"""An OpenID Connect provider on the loopback: metadata, authorization, tokens and keys over HTTP.

It checks what a provider has to (client, redirect address, PKCE, one use of a code) and can be told
to answer wrongly, each time in one way.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from correspondence.clock import Clock

CLIENT, SECRET = "saraban", "ความลับ:ของ client/1"


@dataclass
class OidcProvider:
    """The provider's state; tests change it between requests.

    Attributes:
        person: claims of whoever signs in next; `sub` is theirs here.
        replaced: claims that the ID token says instead; None leaves one out.
        signer: with what it is signed: `right`, `other` (a key nobody knows, same id), `hmac` (the
            client's secret), `none`, or `foreign` (a key of another id).
        metadata: entries of the discovery document that are said instead.
        reply: what the token endpoint answers instead.
        codes: codes given out and not yet used.
        asked: paths in the order they were asked for.
    """

    clock: Clock
    address: str = ""
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "u-1"})
    replaced: dict[str, Any] = field(default_factory=dict)
    signer: str = "right"
    metadata: dict[str, Any] = field(default_factory=dict)
    reply: Response | None = None
    only_post: bool = False
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})
        self.other = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})
        self.foreign = ECKey.generate_key("P-256", {"kid": "k2", "use": "sig"})
        self.published = [self.key]

    def discover(self, _request: Request) -> Response:
        self.asked.append("discovery")
        told = {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": [
                "client_secret_post" if self.only_post else "client_secret_basic"
            ],
        }
        return JSONResponse(told | self.metadata)

    def authorize(self, request: Request) -> Response:
        """Sign `person` in without asking, as a provider that knows the browser does."""
        self.asked.append("authorize")
        asked = dict(request.query_params)
        known = asked.get("client_id") == CLIENT and asked.get("response_type") == "code"
        safe = asked.get("code_challenge_method") == "S256" and asked.get("code_challenge")
        if not known or not safe or "openid" not in asked.get("scope", "").split():
            return PlainTextResponse("bad request", status_code=400)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = {"code": code, "state": asked.get("state", ""), "iss": self.address}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(back)}", status_code=302)

    async def token(self, request: Request) -> Response:
        self.asked.append("token")
        if self.reply is not None:
            return self.reply
        form = dict(parse_qsl((await request.body()).decode()))
        asked = self.codes.pop(form.get("code", ""), None)
        made = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(made).decode().rstrip("=")
        if (
            asked is None
            or not self._is_client(request, form)
            or form.get("grant_type") != "authorization_code"
            or form.get("redirect_uri") != asked["redirect_uri"]
            or challenge != asked["code_challenge"]
        ):
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        return JSONResponse(
            {"access_token": "x", "token_type": "Bearer", "id_token": self._sign(asked["nonce"])}
        )

    def keys(self, _request: Request) -> Response:
        self.asked.append("keys")
        keys: list[Any] = [key.as_dict(private=False) for key in self.published]
        # What an app must not take for a key of signatures.
        keys += [{"kty": "oct", "k": "c2VjcmV0"}, {"kty": "LATTICE"}, "junk"]
        return JSONResponse({"keys": keys})

    def _is_client(self, request: Request, form: dict[str, str]) -> bool:
        if self.only_post:
            return (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        scheme, _, sent = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return False
        name, _, secret = base64.b64decode(sent).decode().partition(":")
        return (unquote(name), unquote(secret)) == (CLIENT, SECRET)

    def _sign(self, nonce: str) -> str:
        now = int(self.clock().timestamp())
        said = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce}
        claims = {**said, **self.person, **self.replaced}
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.signer == "none":
            parts = [b'{"alg":"none"}', jwt_text(claims), b""]
            return ".".join(base64.urlsafe_b64encode(p).decode().rstrip("=") for p in parts)
        if self.signer == "hmac":
            key = OctKey.import_key(SECRET + SECRET)
            return jwt.encode({"alg": "HS256"}, claims, key)
        if self.signer == "foreign":
            return jwt.encode({"alg": "ES256", "kid": "k2"}, claims, self.foreign)
        signing = self.key if self.signer == "right" else self.other
        return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, signing)


def jwt_text(claims: dict[str, Any]) -> bytes:
    """Return claims as JSON."""
    return json.dumps(claims).encode()


@contextmanager
def running_oidc_provider(clock: Clock) -> Iterator[OidcProvider]:
    """Yield a provider on a free port; it ends with the block."""
    provider = OidcProvider(clock)
    app = Starlette(
        routes=[
            Route("/.well-known/openid-configuration", provider.discover),
            Route("/authorize", provider.authorize),
            Route("/token", provider.token, methods=["POST"]),
            Route("/keys", provider.keys),
        ]
    )
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    provider.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none"))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        deadline = time.monotonic() + 20
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        yield provider
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
