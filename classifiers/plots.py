"""The curves of an evaluation as inline SVG; the words in them stay text.

The browser shapes the Thai (`svg.fonttype` none): Matplotlib knows no Thai font of its own and
need not. Every id is prefixed, so that several drawings stand in one page.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from classifiers.curves import CoveragePoint, ReliabilityBin

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.typing import RcKeyType

_INK, _QUIET, _LINE = "#16181d", "#50565f", "#c6cbd3"
_BLUE, _RED, _WASH = "#14346b", "#9b1c1c", "#b9c6de"
_STYLE: dict[RcKeyType, object] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "saraban",
    "font.size": 13,
    "axes.edgecolor": _QUIET,
    "axes.labelcolor": _INK,
    "text.color": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_INCHES = (7.6, 5.4)
_ENOUGH = 10


def draw_coverage_precision(
    points: Sequence[CoveragePoint],
    hard: Sequence[CoveragePoint],
    *,
    answered: float,
    precision: float,
    promised: float,
) -> str:
    """Return the coverage–precision curve as an SVG element.

    Args:
        points: of all letters.
        hard: of the hard letters alone; may be empty.
        answered: share answered with the thresholds in force, 0 to 1.
        precision: share of those that is right, 0 to 1.
        promised: the precision that the thresholds were chosen for, 0 to 1.
    """
    with _drawing() as axes:
        shown = [p.precision for p in (*points, *hard) if p.answered >= 0.1]
        lowest = min([*shown, precision, promised])
        bottom = max(0.0, (int(lowest * 20) - 1) / 20)
        axes.axhline(promised, color=_RED, linewidth=1.2, linestyle=(0, (2, 3)))
        axes.annotate(
            f"ที่ตั้งไว้ aimed at {promised:.1%}",
            (0, promised),
            xytext=(6, -5),
            textcoords="offset points",
            va="top",
            color=_RED,
            size=12,
        )
        if hard:
            axes.plot(
                [p.answered for p in hard],
                [p.precision for p in hard],
                color=_QUIET,
                linestyle="--",
                linewidth=2,
                label="เรื่องยาก hard",
            )
        axes.plot(
            [p.answered for p in points],
            [p.precision for p in points],
            color=_BLUE,
            linewidth=2.6,
            label="ทุกเรื่อง all",
        )
        axes.plot(
            [answered],
            [precision],
            "o",
            color=_RED,
            markersize=10,
            label="ใช้จริง in force",
        )
        axes.set(xlim=(0, 1.02), ylim=(bottom, 1 + (1 - bottom) * 0.03))
        _percent(axes)
        axes.set_xlabel("สัดส่วนที่ตอบเอง  share answered", labelpad=9)
        axes.set_ylabel("ถูกเมื่อตอบ  right when answered")
        _legend(axes)
        return _svg(axes, "coverage", "กราฟสัดส่วนที่ตอบกับความถูกต้อง coverage–precision curve")


def draw_reliability(bins: Sequence[ReliabilityBin]) -> str:
    """Return the reliability plot as an SVG element: what was said against what was so.

    The bars below are how many letters stand in each bin; a bin of fewer than ten is a hollow
    point off the line, for it says little.
    """
    with _drawing() as axes:
        axes.plot(
            [0, 1], [0, 1], color=_QUIET, linewidth=1.2, linestyle=(0, (2, 3)), label="ตรงพอดี ideal"
        )
        most = max([one.letters for one in bins], default=1)
        axes.bar(
            [(one.low + one.high) / 2 for one in bins],
            [0.25 * one.letters / most for one in bins],
            width=0.085,
            color=_WASH,
            label="จำนวนเรื่อง letters",
        )
        for one in bins:
            axes.text(
                (one.low + one.high) / 2,
                0.25 * one.letters / most + 0.012,
                str(one.letters),
                color=_QUIET,
                ha="center",
                size=11,
            )
        enough = [one for one in bins if one.letters >= _ENOUGH]
        axes.plot(
            [one.probability for one in enough],
            [one.right for one in enough],
            "-o",
            color=_BLUE,
            linewidth=2.2,
            markersize=8,
            label="ผลจริง measured",
        )
        few = [one for one in bins if one.letters < _ENOUGH]
        axes.plot(
            [one.probability for one in few],
            [one.right for one in few],
            "o",
            color=_BLUE,
            markerfacecolor="white",
            clip_on=False,
            markersize=8,
        )
        axes.set(xlim=(0, 1.02), ylim=(0, 1.04))
        _percent(axes)
        axes.set_xlabel("ความมั่นใจที่บอก  probability said", labelpad=9)
        axes.set_ylabel("ถูกจริง  share right")
        _legend(axes)
        return _svg(axes, "reliability", "กราฟความมั่นใจเทียบกับผลจริง reliability plot")


@contextmanager
def _drawing() -> Iterator[Axes]:
    """Give the axes of a new figure, in this module's style."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(_STYLE), warnings.catch_warnings():
        # Matplotlib measures the Thai with a font that has none; the browser draws it with one.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        axes = Figure(figsize=_INCHES).add_axes((0.13, 0.15, 0.84, 0.75))
        axes.grid(color=_LINE, linewidth=0.6)
        axes.set_axisbelow(True)
        yield axes


def _legend(axes: Axes) -> None:
    """Put the legend above the axes, where no curve can run through it."""
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(-0.02, 1.0),
        ncols=3,
        frameon=False,
        fontsize=12,
        columnspacing=1.2,
        handlelength=1.6,
    )


def _percent(axes: Axes) -> None:
    from matplotlib.ticker import PercentFormatter

    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))


def _svg(axes: Axes, name: str, title: str) -> str:
    """Return a drawing as an element for a page: no head of a file, no style for the whole page."""
    written = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    figure = axes.get_figure(root=True)
    assert figure is not None
    figure.savefig(written, format="svg", metadata=nothing)
    drawn = written.getvalue()
    drawn = drawn[drawn.index("<svg") :]
    drawn = re.sub(r"<style\b.*?</style>", "", drawn, flags=re.DOTALL)
    drawn = re.sub(r" ?font-family: [^;\"]*;", "", drawn)
    drawn = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}-", drawn)
    drawn = re.sub(r'(<svg\b[^>]*?) width="[^"]*"', r"\1", drawn)
    drawn = re.sub(r'(<svg\b[^>]*?) height="[^"]*"', r"\1", drawn)
    return re.sub(
        r"(<svg\b[^>]*)>",
        rf'\1 role="img" aria-labelledby="{name}-title"><title id="{name}-title">{title}</title>',
        drawn,
        count=1,
    )
