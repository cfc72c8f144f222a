from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from extractors.digits.fonts import find_fonts
from extractors.digits.model import CLASSES, WEIGHTS, load
from extractors.digits.training import draw_set, fit, measure
from extractors.scans import engine
from extractors.scans.cleaner import Pixels
from extractors.scans.recogniser import recognise_page
from extractors.scans.symbols import Models, Symbol

FONTS = find_fonts()
NUMBERS = ("๐๔๖๗/๘๙๔", "๖๘๔", "๑๗", "๒๕๖๙", "๙๔,๗๘๖", "๐๙.๔๕")
LETTER = [
    "ที่ ทส ๐๔๖๗/๘๙๔",
    "๖๘๔ ถนนริมคลอง ตำบลบ้านสวน",
    "วันที่ ๑๗ สิงหาคม ๒๕๖๙",
    "ด้วยโรงเรียนขอเบิกเงิน ๙๔,๗๘๖ บาท",
    "ประชุมเวลา ๐๙.๔๕ น. ณ ห้องประชุมใหญ่",
]


def _scan(angle: float) -> Image.Image:
    face = next(path for path in FONTS["Norasi"] if path.stem == "Norasi")
    font = ImageFont.truetype(str(face), 64)
    image = Image.new("L", (2480, 1500), 255)
    pen = ImageDraw.Draw(image)
    for row, text in enumerate(LETTER):
        pen.text((300, 200 + 150 * row), text, font=font, fill=0)
    image = image.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=255)
    grain = np.random.default_rng(7).normal(0, 5, (image.height, image.width))
    pixels = np.asarray(image, dtype=np.float32) * 0.95 + grain
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


@pytest.mark.skipif(not engine.is_installed(), reason="needs tesseract with a Thai model")
@pytest.mark.skipif("Norasi" not in FONTS, reason="needs fonts-thai-tlwg")
def test_the_numbers_of_a_tilted_scan_are_read_and_were_not_before() -> None:
    plain: list[str] = []

    def listening(image: Pixels) -> tuple[Symbol, ...]:
        read = engine.read_thai_line(image)
        plain.append("".join(symbol.text for symbol in read))
        return read

    text = recognise_page(_scan(0.8), 60, Models(listening)).text
    assert [number for number in NUMBERS if number not in text] == []
    before = "\n".join(plain)
    assert sum(number in before for number in NUMBERS) < len(NUMBERS)


@pytest.mark.skipif(len(FONTS) < 4, reason="needs fonts-thai-tlwg")
def test_a_small_rebuild_gives_the_same_format_and_comparable_accuracy(tmp_path: Path) -> None:
    names = sorted(FONTS)
    plain = {name: FONTS[name][-1:] for name in names}
    rows, labels = draw_set(plain, 3, 1)
    model = fit(rows, labels, rounds=12)
    model.save(tmp_path / "weights.npz")
    again = load(tmp_path / "weights.npz")
    shipped = load(WEIGHTS)
    assert again.output.shape[1] == shipped.output.shape[1] == len(CLASSES)
    assert again.hidden.shape == shipped.hidden.shape
    unseen, truth = draw_set({"face": FONTS[names[0]][-1:]}, 4, 2)
    rebuilt, known = measure(again, unseen, truth), measure(shipped, unseen, truth)
    assert known.digits_right > 0.98
    assert rebuilt.digits_right > known.digits_right - 0.05
