"""Letters of a page with the marks that stand on them."""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2

from extractors.text_layer.glyphs import Glyphs

_MARKS = frozenset("ัิีึืฺุู็่้๊๋์ํ๎") | {chr(code) for code in range(0xF701, 0xF71B)} - {"\uf70f"}
_LEADING_VOWELS = frozenset("เแโใไ")
_LINE_ENDS = frozenset("\r\n")
_BLANKS = (
    _LINE_ENDS | frozenset("\t \u00a0\u202f\u3000") | frozenset(map(chr, range(0x2000, 0x200B)))
)
# PDFium's sign for a hyphen before the end of a line: a number there (LPA-/69) would lose it.
_LINE_HYPHENS = frozenset("\ufffe\x02")
_SURROGATES = frozenset(map(chr, range(0xD800, 0xE000)))
_ANGLE_EVERY = 16


@dataclass(slots=True)
class Cluster:
    """A base character with its marks: origin, right edge, baseline and size in points.

    `spaced` where the file has a blank before it.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    spaced: bool = False


def read_clusters(page: pypdfium2.PdfTextPage, characters: int) -> list[Cluster] | None:
    """Return the clusters of a page in the file's order; None where the page is turned.

    None too where characters beyond the first plane stand as two halves.

    Args:
        page: text page of PDFium.
        characters: characters looked at.
    """
    clusters: list[Cluster] = []
    astray: list[tuple[str, float, float]] = []
    glyphs = Glyphs(page)
    turned = looked_at = 0
    spaced = False
    for index, text in enumerate(glyphs.characters(min(page.count_chars(), characters))):
        if text in _BLANKS:
            # A blank that the file draws parts its neighbours in the file's order: where it was
            # drawn says nothing (the lost ring of a Word file's ำ stands behind its า).
            spaced = spaced or (text not in _LINE_ENDS and not glyphs.is_generated(index))
            continue
        if text in _LINE_HYPHENS:
            if not glyphs.is_hyphen(index):
                spaced = True
                continue
            text = "-"
        if text == "\0":
            continue
        if text in _SURROGATES:
            # Halves of a pair stand as two characters; the raw text joins them.
            return None
        if text in _MARKS:
            middle, y = glyphs.mark_place(index)
            bearer = _bearer(middle, y, clusters)
            if bearer:
                bearer.text += text
            else:
                astray.append((text, middle, y))
            continue
        if index % _ANGLE_EVERY == 0:
            looked_at += 1
            turned += glyphs.is_turned(index)
        x, y, right, size = glyphs.place(index)
        clusters.append(Cluster(text, x, right, y, size, spaced))
        spaced = False
    if turned > 0.05 * looked_at:
        return None
    for text, middle, base in astray:
        _place(text, middle, base, clusters)
    return clusters


def _bearer(middle: float, base: float, clusters: list[Cluster]) -> Cluster | None:
    """Return the cluster that a mark belongs to: the last, or the one before if it is over that.

    PDFium may give a letter before the second mark of the letter it follows (นั้น as นัน้).
    """
    for cluster in clusters[-2:] if _is_behind(middle, clusters) else clusters[-1:]:
        if abs(cluster.base - base) < 0.5 * cluster.size and _stands_on(middle, cluster):
            return cluster
    return None


def _is_behind(middle: float, clusters: list[Cluster]) -> bool:
    if len(clusters) < 2 or middle >= clusters[-1].left:
        return False
    return clusters[-2].left <= middle and _stands_on(middle, clusters[-2])


def _stands_on(middle: float, cluster: Cluster) -> bool:
    return cluster.left - 0.3 * cluster.size <= middle <= cluster.right + 0.15 * cluster.size


def _place(text: str, middle: float, base: float, clusters: list[Cluster]) -> None:
    near = [
        cluster
        for cluster in clusters
        if abs(cluster.base - base) < 0.6 * cluster.size and _stands_on(middle, cluster)
    ]
    if near:
        # No mark stands on เ, and a mark of the letter before may reach over the next one.
        best = min(
            near,
            key=lambda c: (
                c.text[0] in _LEADING_VOWELS,
                c.left > middle,
                abs((c.left + c.right) / 2 - middle),
            ),
        )
        best.text += text
