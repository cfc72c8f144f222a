"""`saraban import-archive` on real scans: pages drawn, then read by OCR like any other."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.servers.commands import saraban

FONT = Path("/usr/share/fonts/truetype/tlwg/Laksaman.ttf")
LINES = (
    "ที่ ศธ ๐๔๐๗/๒๕๑",
    "วันที่ ๑๒ มกราคม ๒๕๔๑",
    "เรื่อง ขอส่งรายงานการสำรวจอาคารเรียน",
    "เรียน รัฐมนตรีว่าการกระทรวงศึกษาธิการ",
    "ด้วยโรงเรียนบ้านหนองแขมได้สำรวจอาคารเรียนแล้ว",
    "จึงเรียนมาเพื่อโปรดทราบ",
)


def page(lines: tuple[str, ...]) -> Image.Image:
    drawn = Image.new("L", (1240, 800), 255)
    pen, font = ImageDraw.Draw(drawn), ImageFont.truetype(str(FONT), 40)
    for number, line in enumerate(lines):
        pen.text((120, 90 + 80 * number), line, font=font, fill=0)
    return drawn


@pytest.mark.skipif(not FONT.exists(), reason="the Thai fonts are not installed")
def test_old_scans_are_read_registered_in_the_archives_book_and_reported(tmp_path: Path) -> None:
    archive, home = tmp_path / "archive", tmp_path / "home"
    archive.mkdir()
    first, second = page(LINES), page(("ลับมาก", *LINES))
    first.save(archive / "1.tif", dpi=(150, 150))
    second.save(archive / "2.tif", dpi=(150, 150))
    report = tmp_path / "report.csv"
    ended = saraban(home, "import-archive", archive, "--report", report, "--json")
    assert ended.returncode == 0, ended.stderr
    done = json.loads(ended.stdout)
    assert done["taken"] == {"new": 2, "known": 0, "refused": 0}
    assert done["outcomes"] == {"registered": 1, "secret": 1}
    assert done["waiting"] == 0
    with report.open(encoding="utf-8-sig", newline="") as file:
        told = {row["file"]: row for row in csv.DictReader(file)}
    assert told["1.tif"]["register_number"] == "1/คลัง"
    assert told["2.tif"]["outcome"] == "secret"
    assert "taking in" in ended.stderr
    again = saraban(home, "import-archive", archive, "--report", report, "--json")
    assert json.loads(again.stdout)["outcomes"] == {}
