"""Fonts that stand in for the office's own, and the size at which they take as much room.

Laksaman is the same design drawn half as large again: all its Thai letters are 1.49 to 1.50 times
as wide as those of TH SarabunPSK, and its lines as high. The others only look alike; theirs is
the mean width of the running text of 600 invented letters.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from drafting.forms.sheet import FONT

# In the order in which they are taken. Sizes go by halves of a point and are rounded up: what
# fits a page in a kin fits it in the office's font.
KIN: Mapping[str, float] = MappingProxyType(
    {
        FONT: 1.0,
        "TH Sarabun New": 1.0,
        "Laksaman": 0.667,
        "Sarabun": 0.68,
        "Loma": 0.62,
    }
)
