"""The rule for passwords, and what is kept of them."""

from __future__ import annotations

import re

import pytest

from pipeline.passwords import (
    PasswordWeak,
    check_new_password,
    hash_is_old,
    hash_password,
    one_time_word,
    password_fits,
)


def test_hashes_are_argon2id_with_64_mib_and_a_salt_each() -> None:
    made = hash_password("ลมหนาวพัดผ่านทุ่งนา")
    assert made.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert made != hash_password("ลมหนาวพัดผ่านทุ่งนา")
    assert password_fits(made, "ลมหนาวพัดผ่านทุ่งนา") and not hash_is_old(made)
    assert hash_is_old(made.replace("m=65536", "m=1024"))
    assert not password_fits("no hash at all", "x")


def test_one_time_words_are_readable_and_never_the_same() -> None:
    words = {one_time_word() for _ in range(200)}
    assert len(words) == 200
    assert all(re.fullmatch(r"([a-hj-km-np-z2-9]{4}-){3}[a-hj-km-np-z2-9]{4}", w) for w in words)
    for word in words:
        check_new_password(word, "malee")


@pytest.mark.parametrize(
    "weak",
    ["short", "malee-2569-ok", "aaaaaaaaaaaaaaaa", "ababababababab", "x" * 201, "abcdefghijkl\0"],
)
def test_a_weak_password_is_refused(weak: str) -> None:
    with pytest.raises(PasswordWeak):
        check_new_password(weak, "malee")


def test_a_thai_password_fits_however_it_is_spelt() -> None:
    check_new_password("ลมหนาวพัดผ่านทุ่งนา", "malee")
    kept = hash_password("cafe\u0301 ยามเช้าสีทอง")
    assert password_fits(kept, "caf\u00e9 ยามเช้าสีทอง")
    assert not password_fits(None, "anything at all") and not password_fits(kept, "")
