"""Signing in with OAuth2 tokens at a real Dovecot that asks a token server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from correspondence.errors import SignInRefused, SourceUnavailable
from demo.dovecot import RunningDovecot, find_dovecot, run_dovecot
from intake.receiving import receive_mailbox
from office.sources import Mailbox, MailboxTls, SignIn
from registry.alerts import open_alerts
from registry.engine import Sessions
from registry.ledger import Ledger
from tests.servers.flaky_proxy import running_proxy
from tests.servers.token_server import TokenServer, running_token_server

pytestmark = pytest.mark.skipif(find_dovecot() is None, reason="Dovecot is not installed")

USER = "saraban@office.example"
TOKEN = "eyJhbGciOi.good-token.0123456789"
TOKENS = [SignIn.XOAUTH2, SignIn.OAUTHBEARER]


@pytest.fixture(scope="module")
def servers(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[RunningDovecot, TokenServer]]:
    folder = tmp_path_factory.mktemp("dv")
    with running_token_server() as tokens:
        further = tokens.dovecot_settings(folder)
        with run_dovecot(folder, further=further) as dovecot:
            yield dovecot, tokens


def mailbox(port: int, sign_in: SignIn, **more: object) -> Mailbox:
    return Mailbox.model_validate(
        {
            "name": "main",
            "host": "127.0.0.1",
            "port": port,
            "tls": MailboxTls.OFF,
            "user": USER,
            "sign_in": sign_in,
            "password_env": "SARABAN_TEST_TOKEN",
            "timeout": 10,
            **more,
        }
    )


@pytest.mark.parametrize("sign_in", TOKENS)
def test_a_token_opens_the_mailbox_and_an_expired_one_is_refused_and_alerted(
    servers: tuple[RunningDovecot, TokenServer],
    ledger: Ledger,
    sessions: Sessions,
    sign_in: SignIn,
) -> None:
    dovecot, tokens = servers
    tokens.users = {TOKEN: USER}
    dovecot.append(USER, b"Subject: one\r\n\r\nletter " + sign_in.value.encode() + b"\r\n")
    box = mailbox(dovecot.port, sign_in)
    assert receive_mailbox(box, SecretStr(TOKEN), ledger).new == 1
    tokens.users = {}
    with pytest.raises(SignInRefused) as caught:
        receive_mailbox(box, SecretStr(TOKEN + "expired"), ledger)
    said = str(caught.value) + caught.value.thai
    assert TOKEN not in said and USER not in said
    with sessions.begin() as session:
        assert [alert.code for alert in open_alerts(session)] == ["sign_in_refused"]
    tokens.users = {TOKEN + "renewed": USER}
    assert receive_mailbox(box, SecretStr(TOKEN + "renewed"), ledger).new == 0
    with sessions.begin() as session:
        assert open_alerts(session) == []


@pytest.mark.parametrize("sign_in", TOKENS)
def test_the_token_of_another_user_is_refused(
    servers: tuple[RunningDovecot, TokenServer], ledger: Ledger, sign_in: SignIn
) -> None:
    dovecot, tokens = servers
    tokens.users = {TOKEN: "somebody.else"}
    with pytest.raises(SignInRefused):
        receive_mailbox(mailbox(dovecot.port, sign_in), SecretStr(TOKEN), ledger)


@pytest.mark.parametrize("sign_in", TOKENS)
def test_a_line_lost_while_signing_in_is_not_a_refusal(
    servers: tuple[RunningDovecot, TokenServer], ledger: Ledger, sign_in: SignIn
) -> None:
    dovecot, tokens = servers
    tokens.users = {TOKEN: USER}
    with running_proxy("127.0.0.1", dovecot.port) as proxy:
        box = mailbox(proxy.port, sign_in)
        proxy.drop_at = b"+ "
        with pytest.raises(SourceUnavailable):
            receive_mailbox(box, SecretStr(TOKEN), ledger)
        proxy.heal()
        receive_mailbox(box, SecretStr(TOKEN), ledger)


def test_a_server_without_tokens_refuses(
    mail_server: RunningDovecot, ledger: Ledger, tmp_path: Path
) -> None:
    with pytest.raises(SignInRefused):
        receive_mailbox(mailbox(mail_server.port, SignIn.XOAUTH2), SecretStr(TOKEN), ledger)


def test_a_password_from_a_file_is_read_anew(
    servers: tuple[RunningDovecot, TokenServer], ledger: Ledger, tmp_path: Path
) -> None:
    dovecot, tokens = servers
    tokens.users = {TOKEN: USER}
    secret = tmp_path / "token"
    box = mailbox(dovecot.port, SignIn.XOAUTH2, password_env="", password_file=secret)
    secret.write_text("old\n", encoding="utf-8")
    with pytest.raises(SignInRefused, match="token"):
        receive_mailbox(box, box.read_password(), ledger)
    secret.write_text(f"{TOKEN}\n", encoding="utf-8")
    receive_mailbox(box, box.read_password(), ledger)
