"""Copies of a letter as a bad scan or a poor text layer would give it, for training.

The faults are those measured on real readers (thai.md): lost tone marks, lost ำ, wrong digits,
blanks inside words, letters taken for their look-alikes.
"""

from __future__ import annotations

import random

_TONES = "่้๊๋์"
_MISREAD = {
    "๔": "๕", "๖": "๒", "๘": "๕", "๗": "ต", "๙": "๕", "ค": "ด", "ด": "ค", "ถ": "ก", "ภ": "ก",
    "ช": "ซ", "ซ": "ช", "ฎ": "ฏ", "ผ": "ฝ", "พ": "ฟ", "บ": "ป", "น": "ม", "ี": "ิ", "ื": "ิ",
    "1": "l", "0": "O", "8": "3", "rn": "m", "ห": "ท",
}  # fmt: skip


def misread(text: str, rate: float, dice: random.Random) -> str:
    """Return the text with reading faults; `rate` 0.05 is a fair scan, 0.2 a bad one."""
    out: list[str] = []
    lost_am = dice.random() < 0.4
    for character in text:
        chance = dice.random()
        if character in _TONES and chance < 3 * rate:
            continue
        if character == "ำ" and (lost_am or chance < 2 * rate):
            out.append(" า" if lost_am and chance < 0.5 else "า")
        elif character in _MISREAD and chance < rate:
            out.append(_MISREAD[character])
        elif chance < rate / 8:
            continue
        elif chance > 1 - rate / 8 and character != "\n":
            out.append(character + " ")
        else:
            out.append(character)
    return "".join(out)
