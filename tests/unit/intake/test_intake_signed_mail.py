from __future__ import annotations

import base64
import zlib
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mail_parts import MailParts, Obstacle, PartCondition
from intake.mime import take_apart
from intake.signed_mail import SmimeKind, read_smime

BODY = "เรียน ท่านรัฐมนตรี\nขอส่งเรื่องร้องเรียน"
PDF = b"%PDF-1.7\n" + b"0" * 500
SIGNED = bytes.fromhex("06092a864886f70d010702")
ENVELOPED = bytes.fromhex("06092a864886f70d010703")
AUTHENTICATED = bytes.fromhex("060b2a864886f70d0109100117")
COMPRESSED = bytes.fromhex("060b2a864886f70d0109100109")
DATA = bytes.fromhex("06092a864886f70d010701")
VERSION = b"\x02\x01\x01"


def der(tag: int, *content: bytes) -> bytes:
    value = b"".join(content)
    size = len(value)
    length = bytes([size]) if size < 128 else b"\x84" + size.to_bytes(4, "big")
    return bytes([tag]) + length + value


def ber(tag: int, *content: bytes) -> bytes:
    return bytes([tag, 0x80]) + b"".join(content) + b"\0\0"


def opaque(content: bytes, outer: bytes = SIGNED, wrap=der) -> bytes:  # type: ignore[no-untyped-def]
    halves = der(0x04, content[:90]), der(0x04, content[90:])
    octets = wrap(0x24, *halves) if wrap is ber else der(0x04, content)
    inner = wrap(0x30, DATA, wrap(0xA0, octets))
    return wrap(0x30, outer, wrap(0xA0, wrap(0x30, VERSION, der(0x31), inner, der(0x31))))


def entity() -> bytes:
    inner = EmailMessage()
    inner.set_content(BODY)
    inner.add_attachment(PDF, maintype="application", subtype="pdf", filename="หนังสือ.pdf")
    del inner["MIME-Version"]
    return inner.as_bytes()


def mail(data: bytes, kind: str = "application/pkcs7-mime", name: str = "smime.p7m") -> MailParts:
    message = EmailMessage()
    message["From"] = "a@example.org"
    message["Subject"] = "ลงลายมือชื่อ"
    main, sub = kind.split("/")
    message.set_content(data, maintype=main, subtype=sub, filename=name)
    return take_apart(message.as_bytes())


@pytest.mark.parametrize("wrap", [der, ber])
def test_an_opaque_signed_mail_is_read(wrap) -> None:  # type: ignore[no-untyped-def]
    data = opaque(entity(), wrap=wrap)
    for form in (data, base64.encodebytes(data)):
        parts = mail(form)
        assert parts.body_text == BODY
        assert [(one.file_name, one.condition) for one in parts.attachments] == [
            ("smime.p7m", PartCondition.OPENED),
            ("หนังสือ.pdf", PartCondition.WHOLE),
        ]
        assert parts.obstacles == ()


def test_a_compressed_mail_is_read() -> None:
    assert mail(opaque(zlib.compress(entity()), COMPRESSED)).body_text == BODY


def test_a_compressed_bomb_is_not_unpacked() -> None:
    bomb = opaque(zlib.compress(b"0" * 10_000_000), COMPRESSED)
    found = read_smime(bomb, limit=1_000_000)
    assert (found.kind, found.content) == (SmimeKind.COMPRESSED, None)


def test_a_signed_file_is_its_file() -> None:
    parts = mail(opaque(PDF), name="คำสั่ง.pdf.p7m")
    assert [one.file_name for one in parts.attachments] == ["คำสั่ง.pdf.p7m", "คำสั่ง.pdf"]
    assert parts.attachments[1].data == PDF


@pytest.mark.parametrize("oid", [ENVELOPED, AUTHENTICATED])
def test_an_encrypted_mail_is_an_obstacle(oid: bytes) -> None:
    parts = mail(der(0x30, oid, der(0xA0, der(0x30, VERSION, b"\x31\x00"))))
    assert parts.obstacles == (Obstacle.MAIL_ENCRYPTED,)
    assert parts.attachments[0].condition is PartCondition.LOCKED


def test_a_detached_signature_is_an_accessory() -> None:
    detached = der(0x30, SIGNED, der(0xA0, der(0x30, VERSION, der(0x31), der(0x30, DATA))))
    for kind, name in (
        ("application/pkcs7-mime", "smime.p7m"),
        ("application/pkcs7-signature", "smime.p7s"),
    ):
        parts = mail(detached, kind, name)
        assert [one.condition for one in parts.attachments] == [PartCondition.ACCESSORY]


def test_a_real_signature_is_taken_off() -> None:
    pytest.importorskip("cryptography")
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import pkcs7

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Somchai")])
    now = datetime(2026, 11, 21, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=9))
        .sign(key, hashes.SHA256())
    )
    signed = (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(entity())
        .add_signer(certificate, key, hashes.SHA256())
        .sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
    )
    assert mail(signed).body_text == BODY
    locked = (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(entity())
        .add_signer(certificate, key, hashes.SHA256())
        .sign(serialization.Encoding.SMIME, [pkcs7.PKCS7Options.DetachedSignature])
    )
    parts = take_apart(b"From: a@example.org\n" + locked)
    assert parts.body_text == BODY
    assert PartCondition.ACCESSORY in {one.condition for one in parts.attachments}


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@example.org\r\nContent-Type: multipart/encrypted; boundary=b;"
        b" protocol=application/pgp-encrypted\r\n\r\n--b\r\nContent-Type: application/pgp-encrypted"
        b"\r\n\r\nVersion: 1\r\n--b\r\nContent-Type: application/octet-stream\r\n\r\n"
        b"-----BEGIN PGP MESSAGE-----\r\n\r\nx\r\n--b--\r\n",
        b"From: a@example.org\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nx\r\n"
        b"-----END PGP MESSAGE-----\r\n",
        b"From: a@example.org\r\nContent-Type: application/octet-stream; name=a.pdf.pgp\r\n\r\n"
        b"-----BEGIN PGP MESSAGE-----\r\n\r\nx\r\n",
    ],
)
def test_pgp_is_an_obstacle(raw: bytes) -> None:
    assert take_apart(raw).obstacles == (Obstacle.MAIL_ENCRYPTED,)


@given(st.binary(max_size=300), st.integers(0, 60))
def test_no_bytes_make_it_fail(noise: bytes, place: int) -> None:
    whole = opaque(b"Content-Type: text/plain\r\n\r\nx", wrap=ber)
    read_smime(noise, 1_000)
    read_smime(whole[:place] + noise + whole[place:], 1_000)
