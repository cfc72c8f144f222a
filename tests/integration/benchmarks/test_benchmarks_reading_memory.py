from __future__ import annotations

import shutil

import pytest

from benchmarks.reading_memory import make_pages, measure_memory

pytestmark = pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")


def test_memory_stays_flat_however_often_pages_are_read() -> None:
    found = measure_memory(make_pages(200), times=4)
    assert found.pages == 200
    # The whole 1,000 pages: 1.02 in files of 100, 1.03 read five times.
    assert found.pieces_ratio < 1.15
    assert found.again_ratio < 1.15
    # One file keeps what it found until its end, and no more than that.
    assert (found.whole_mb - found.first_mb) / 100 < 0.5
