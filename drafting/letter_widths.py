"""How wide a text is in TH SarabunPSK, without the font: its letters' advance widths.

In thousandths of the font's size, taken from Laksaman at two thirds (`drafting.forms.kin_fonts`).
Marks above and below a consonant take no width. The bold face is as wide within two in a hundred.
"""

from __future__ import annotations

from functools import lru_cache

# Letters of no table: a wide one, so that a line is never taken for shorter than it is.
_UNKNOWN = 600
# From the blank (U+0020) to ~ (U+007E).
_LATIN = (
    216, 147, 208, 404, 362, 586, 424, 120, 190, 190, 285, 412, 162, 216, 162, 271, 363, 363, 363,
    363, 363, 363, 363, 363, 363, 363, 162, 162, 412, 412, 412, 283, 537, 401, 379, 407, 432, 351,
    351, 426, 442, 147, 265, 377, 353, 549, 442, 487, 379, 488, 380, 353, 380, 467, 391, 589, 419,
    367, 425, 196, 263, 196, 413, 353, 204, 345, 402, 331, 402, 375, 206, 311, 391, 143, 155, 317,
    200, 603, 391, 399, 402, 402, 217, 283, 238, 391, 341, 508, 319, 337, 321, 208, 153, 208, 417,
)  # fmt: skip
# From ก (U+0E01) to ๛ (U+0E5B).
_THAI = (
    387, 379, 383, 394, 394, 409, 295, 368, 378, 379, 383, 520, 520, 426, 426, 343, 462, 533, 544,
    392, 392, 379, 431, 335, 421, 429, 429, 382, 382, 448, 448, 426, 401, 376, 323, 379, 382, 426,
    335, 394, 439, 382, 428, 455, 388, 373, 392, 357, 0, 317, 317, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    412, 203, 378, 237, 243, 245, 205, 400, 0, 0, 0, 0, 0, 0, 0, 0, 451, 450, 450, 450, 450, 450,
    450, 450, 450, 450, 450, 523, 699,
)  # fmt: skip
_OTHER = {"–": 361, "…": 480, "“": 371, "”": 371, "‘": 247, "’": 247, "·": 162, "•": 216}
WIDTHS = {
    **{chr(0x20 + place): width for place, width in enumerate(_LATIN)},
    **{chr(0xE01 + place): width for place, width in enumerate(_THAI)},
    **_OTHER,
}


@lru_cache(maxsize=8192)
def width_of(text: str) -> int:
    """Return the width of a text on one line, in thousandths of the font's size."""
    return sum(WIDTHS.get(letter, _UNKNOWN) for letter in text)
