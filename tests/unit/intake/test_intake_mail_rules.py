"""Rules of a mailbox: what matches, in which order, on hostile headers."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from intake.mail_rules import first_match
from office.mailbox_rules import MailboxRule
from office.sources import Mailbox

NEW = timedelta(hours=1)


def rule(name: str = "r", **said: object) -> MailboxRule:
    return MailboxRule.model_validate({"name": name, **said})


def mail(**headers: str) -> bytes:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\nเรียน รัฐมนตรี\r\n").encode()


def matches(one: MailboxRule, raw: bytes, age: timedelta = NEW) -> bool:
    return first_match([one], raw, age) is one


def encoded(text: str, charset: str) -> str:
    return f"=?{charset}?B?{base64.b64encode(text.encode(charset)).decode()}?="


@pytest.mark.parametrize(
    ("said", "raw"),
    [
        ({"from": ["*@parliament.example"]}, mail(From="ก <Clerk@Parliament.EXAMPLE>")),
        ({"from": ["no@x.example", "a@b.example"]}, mail(From="a@b.example")),
        ({"to": ["office+urgent@*"]}, mail(To="x@y.example", Cc="office+urgent@m.example")),
        ({"header": {"X-Spam-Flag": "yes*"}}, mail(x_spam_flag="YES, certainly")),
        ({"header": {"X-Any": "*"}}, mail(X_Any="whatever")),
        ({"list": True}, mail(List_Id="<news.example>")),
        ({"list": False}, mail(From="a@b.example")),
        ({}, b""),
        ({}, b"\xd0\xcf\x11\xe0 no mail at all"),
    ],
)
def test_a_stated_condition_matches(said: dict[str, object], raw: bytes) -> None:
    assert matches(rule(**said), raw)


@pytest.mark.parametrize(
    ("said", "raw"),
    [
        ({"from": ["*@parliament.example"]}, mail(From="a@parliament.example.evil.example")),
        ({"from": ["a@b.example"]}, mail(To="a@b.example")),
        ({"to": ["a@b.example"]}, mail(From="a@b.example")),
        ({"header": {"X-Any": "*"}}, mail(From="a@b.example")),
        ({"list": True}, mail(X_List_Id="<news.example>")),
        ({"list": False}, mail(List_Unsubscribe="<mailto:x@y.example>")),
        ({"subject": ["กระทู้"]}, mail(Subject="ญัตติ")),
        ({"from": ["a@b.example"], "subject": ["กระทู้"]}, mail(From="a@b.example")),
        ({"from": ["*"]}, b""),
    ],
)
def test_every_stated_condition_must_hold(said: dict[str, object], raw: bytes) -> None:
    assert not matches(rule(**said), raw)


@pytest.mark.parametrize(
    "value",
    [
        encoded("กระทู้ถามที่ ๑๒/๒๕๖๙", "utf-8"),
        encoded("กระทู้ถามที่ ๑๒/๒๕๖๙", "tis-620"),
        encoded("กระทู้ถามที่ ", "cp874") + "\r\n " + encoded("12/2569", "utf-8"),
        "กระทู้ถามที่ 12/2569",
        "กระทู้ถามที่   ๑๒/๒๕๖๙",
    ],
)
def test_a_thai_subject_is_compared_after_decoding(value: str) -> None:
    assert matches(rule(subject=["ญัตติ", "กระทู้ถามที่ 12/2569"]), mail(Subject=value))


def test_raw_windows_874_bytes_in_the_subject_match() -> None:
    raw = b"Subject: " + "ขอความอนุเคราะห์ข้อมูล".encode("cp874") + b"\r\n\r\n"
    assert matches(rule(subject=["อนุเคราะห์"]), raw)


def test_sara_am_is_one_whichever_way_it_is_written() -> None:
    assert matches(rule(subject=["นํา"]), mail(Subject="การนำเสนอ"))


@pytest.mark.parametrize(("age", "old"), [(29.9, False), (30, True), (400, True)])
def test_age_counts_from_the_arrival_on_the_server(age: float, old: bool) -> None:
    days = timedelta(days=age)
    assert matches(rule(older_than_days=30), mail(), days) is old
    assert matches(rule(newer_than_days=29.95), mail(), days) is not old


def test_the_first_rule_that_matches_stops() -> None:
    rules = [
        rule("other", subject=["ไม่มี"]),
        rule("exempt", **{"from": ["chief@b.example"]}),
        rule("skip", skip="จดหมายข่าว", **{"from": ["*@b.example"]}),
        rule("last"),
    ]

    def found(sender: str) -> str:
        hit = first_match(rules, mail(From=sender), NEW)
        assert hit is not None
        return hit.name

    assert [found(f"{who}@b.example") for who in ("chief", "news")] == ["exempt", "skip"]
    assert found("x@c.example") == "last"
    assert first_match(rules[:1], mail(), NEW) is None


@given(st.binary(max_size=3_000))
def test_no_bytes_break_the_match(raw: bytes) -> None:
    first_match([rule(subject=["ก"], list=True, **{"from": ["*a*b*c*"]})], raw, NEW)


def test_a_head_of_megabytes_is_cut() -> None:
    raw = b"X: " + b"a" * 3_000_000 + b"\r\nSubject: late\r\n\r\n"
    assert not matches(rule(subject=["late"]), raw)


@pytest.mark.parametrize(
    "said",
    [
        {"name": "ชื่อ"},
        {"priority": 10},
        {"category_hint": "unknown"},
        {"from": [" "]},
        {"header": {"X-A": ""}},
        {"delete": True},
    ],
)
def test_a_wrong_rule_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        rule(**{"name": "r", **said})


def test_rules_of_one_mailbox_have_names_of_their_own() -> None:
    with pytest.raises(ValidationError, match="name of its own"):
        Mailbox(name="m", host="h", user="u", password_env="P", rule=(rule(), rule()))
