"""The charts of the dashboard: each bar with its words and its list, each with its table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from correspondence.thai_dates import BE_OFFSET
from correspondence.vocabulary import Category
from pipeline.dashboard import NONE, Dashboard
from pipeline.figure_list import CLASSIFIER, MEMOS, OPEN_NOW
from pipeline.open_cases import Age, DueStanding
from reports.kpi_cell import Figure
from review.charts import Bar, Chart, ChartRow, Segment, draw_chart
from review.rendering import link
from review.wording import Wording

LISTS: Final = "/figures/list"
Address = Callable[..., str | None]


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a chart, for whoever reads or prints them; `cells` are (text, address)."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str | None], ...]], ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """A chart with its title, the meaning of its colours and its table."""

    key: str
    title: str
    why: str
    legend: tuple[tuple[str, str], ...]
    chart: Chart
    table: Table


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks at what: for the words and the addresses of a dashboard."""

    wording: Wording
    shown: Dashboard
    listing: bool

    def figure(self, figure: str, **more: str | None) -> str | None:
        """Return where the list of a figure is; None for whoever sees numbers only."""
        if not self.listing:
            return None
        asked: dict[str, str | int | None] = {
            "figure": figure,
            "first": self.shown.first.isoformat(),
            "last": self.shown.last.isoformat(),
            "as_of": self.shown.as_of.isoformat(),
            "group": self.shown.group,
        }
        return link(LISTS, self.wording.language, asked | more)

    def number(self, value: int) -> str:
        """Return a count as the page writes it."""
        return self.wording.digits(f"{value:,}")

    def percent(self, share: float | None) -> str:
        """Return a share of 0 to 100, a dash for a share of nothing."""
        return "–" if share is None else self.wording.digits(f"{share:g}%")

    def part(self, value: int, css: str, of: str, key: str, href: str | None) -> Segment:
        """Return a part of a bar that says of what it is, and how many."""
        words = f"{of}: {self.wording.text(key)} {self.number(value)}"
        return Segment(value, css, words, href)


def dashboard_values(look: Look) -> dict[str, object]:
    """Return what the template shows of a dashboard: its numbers, its charts, its tables."""
    shown = look.shown
    makers = (_months, _by_category, _in_time, _by_age, _by_group)
    panels = [panel for maker in makers if (panel := maker(look)) is not None]
    return {
        "shown": shown,
        "tiles": _tiles(look),
        "panels": [*panels, _classifier(look), _memos(look)],
        "listing": look.listing,
    }


def _tiles(look: Look) -> list[tuple[str, str, str | None]]:
    t, shown = look.wording.text, look.shown
    open_now = sum(one.number for one in shown.open)
    late = sum(one.number for one in shown.open if one.standing is DueStanding.OVERDUE)
    received, closed = Figure.RECEIVED.value, Figure.CLOSED_IN_PERIOD.value
    overdue = {"standing": DueStanding.OVERDUE.value}
    share = shown.total.in_time_percent
    in_time = look.figure(_behind_share(share, shown.target)) if share is not None else None
    return [
        (t("figures_received"), look.number(shown.total.received), look.figure(received)),
        (t("figures_closed"), look.number(shown.total.closed), look.figure(closed)),
        (t("figures_in_time_share"), look.percent(share), in_time),
        (t("figures_open_now"), look.number(open_now), look.figure(OPEN_NOW)),
        (t("figures_overdue_now"), look.number(late), look.figure(OPEN_NOW, **overdue)),
    ]


def _behind_share(share: float, target: float | None) -> str:
    """Return the figure to list: of a low share the cases that were late are wanted most."""
    short = target is not None and share < target
    return (Figure.LATE if short else Figure.IN_TIME).value


def _pair(look: Look, label: str, counts: tuple[int, int], to: Address) -> ChartRow:
    received, closed = counts
    parts = (
        look.part(received, "c-came", label, "figures_received", to(Figure.RECEIVED.value)),
        look.part(closed, "c-done", label, "figures_closed", to(Figure.CLOSED_IN_PERIOD.value)),
    )
    return ChartRow(label, tuple(Bar((part,), look.number(int(part.value))) for part in parts))


def _pairs(
    look: Look, key: str, head: str, rows: Iterable[tuple[str, tuple[int, int], Address]]
) -> Panel:
    t = look.wording.text
    drawn = [_pair(look, label, counts, to) for label, counts, to in rows]
    return Panel(
        key=key,
        title=t(f"figures_{key}"),
        why=t(f"figures_{key}_why"),
        legend=(("c-came", t("figures_received")), ("c-done", t("figures_closed"))),
        chart=draw_chart(drawn),
        table=_table(look, t(head), ("figures_received", "figures_closed"), drawn),
    )


def _table(look: Look, head: str, keys: tuple[str, ...], rows: Iterable[ChartRow]) -> Table:
    """Return a table with a column for each segment of a row's bars."""
    return Table(
        heads=(head, *(look.wording.text(key) for key in keys)),
        rows=tuple(
            (
                row.label,
                tuple(
                    (look.number(int(one.value)), one.href if one.value else None)
                    for bar in row.bars
                    for one in bar.segments
                ),
            )
            for row in rows
        ),
    )


def _months(look: Look) -> Panel | None:
    def to(first: date, last: date) -> Address:
        return lambda figure: look.figure(figure, first=first.isoformat(), last=last.isoformat())

    rows = [
        (
            month_words(look.wording, one.first),
            (one.received, one.closed),
            to(one.first, one.last),
        )
        for one in look.shown.months
    ]
    return _pairs(look, "by_month", "figures_month", rows) if rows else None


def _category(look: Look, one: Category | None) -> str:
    return look.wording.text("unclassified") if one is None else look.wording.term(one)


def _by_category(look: Look) -> Panel | None:
    def to(category: str) -> Address:
        return lambda figure: look.figure(figure, category=category)

    rows = [
        (
            _category(look, one.category),
            (one.counts.received, one.counts.closed),
            to(one.category.value if one.category else NONE),
        )
        for one in look.shown.categories
    ]
    return _pairs(look, "by_category", "category", rows) if rows else None


def _in_time(look: Look) -> Panel | None:
    t, target = look.wording.text, look.shown.target
    rows: list[ChartRow] = []
    cells: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
    figures = (Figure.IN_TIME, Figure.LATE, Figure.OPEN_IN_TIME, Figure.OPEN_OVERDUE)
    for one in look.shown.categories:
        share = one.counts.in_time_percent
        if share is None:
            continue
        label = _category(look, one.category)
        category = one.category.value if one.category else NONE
        words = f"{label}: {t('figures_in_time_share')} {look.percent(share)}"
        short = target is not None and share < target
        href = look.figure(_behind_share(share, target), category=category)
        segment = Segment(share, "c-late" if short else "c-kept", words, href)
        rows.append(ChartRow(label, (Bar((segment,), look.percent(share)),)))
        numbers = tuple(
            (
                look.number(value := getattr(one.counts, figure.value)),
                look.figure(figure.value, category=category) if value else None,
            )
            for figure in figures
        )
        cells.append((label, (*numbers, (look.percent(share), None))))
    if not rows:
        return None
    why = t("figures_in_time_why")
    if target is not None:
        why = f"{why} {t('figures_target', target=target)}"
    heads = (t("category"), *(look.wording.term(figure) for figure in figures))
    return Panel(
        key="in_time",
        title=t("figures_in_time"),
        why=why,
        legend=(("c-kept", t("figures_reached")), ("c-late", t("figures_short")))
        if target is not None
        else (),
        chart=draw_chart(rows, full=100, target=target),
        table=Table((*heads, t("figures_in_time_share")), tuple(cells)),
    )


_STANDINGS = (
    (DueStanding.IN_TIME, "c-kept", "figures_now_in_time"),
    (DueStanding.OVERDUE, "c-late", "figures_now_overdue"),
    (DueStanding.UNDATED, "c-none", "figures_now_undated"),
)


def _standings(
    look: Look, key: str, head: str, rows: Iterable[tuple[str, Counter[DueStanding], Address]]
) -> Panel | None:
    drawn = []
    for label, counted, to in rows:
        parts = tuple(
            look.part(counted[standing], css, label, words, to(standing.value))
            for standing, css, words in _STANDINGS
        )
        drawn.append(ChartRow(label, (Bar(parts, look.number(counted.total())),)))
    if not drawn:
        return None
    t = look.wording.text
    return Panel(
        key=key,
        title=t(f"figures_{key}"),
        why=t("figures_now_why", day=look.wording.day(look.shown.today)),
        legend=tuple((css, t(words)) for _, css, words in _STANDINGS),
        chart=draw_chart(drawn),
        table=_table(look, t(head), tuple(words for *_, words in _STANDINGS), drawn),
    )


def _by_age(look: Look) -> Panel | None:
    counted: dict[Age, Counter[DueStanding]] = {age: Counter() for age in Age}
    for one in look.shown.open:
        counted[one.age][one.standing] += one.number

    def to(age: Age) -> Address:
        return lambda standing: look.figure(OPEN_NOW, age=age.value, standing=standing)

    rows = [
        (look.wording.text(f"figures_age_{age.name.lower()}"), counted[age], to(age)) for age in Age
    ]
    return _standings(look, "by_age", "figures_age", rows if look.shown.open else [])


def _by_group(look: Look) -> Panel | None:
    counted: dict[str | None, Counter[DueStanding]] = {}
    for one in look.shown.open:
        counted.setdefault(one.group, Counter())[one.standing] += one.number

    def to(group: str | None) -> Address:
        return lambda standing: look.figure(OPEN_NOW, group=group or NONE, standing=standing)

    ordered = sorted(counted, key=lambda group: (group is None, -counted[group].total()))
    rows = [(look.wording.group(group), counted[group], to(group)) for group in ordered]
    return _standings(look, "by_group", "group", rows)


def _shares(
    look: Look, key: str, why: str, parts: Iterable[tuple[str, str, int, str | None]]
) -> Panel:
    t = look.wording.text
    rows = [
        ChartRow(label, (Bar((Segment(value, css, f"{label} {look.number(value)}", href),),
                             look.number(value)),))
        for css, label, value, href in parts
    ]  # fmt: skip
    return Panel(
        key=key,
        title=t(f"figures_{key}"),
        why=why,
        legend=(),
        chart=draw_chart(rows),
        table=_table(look, t("figures_what"), ("figures_number",), rows),
    )


def _classifier(look: Look) -> Panel:
    t, counts = look.wording.text, look.shown.classifier
    values = (counts.judged, counts.abstained, counts.corrected)
    css = ("c-came", "c-none", "c-late")
    parts = [
        (style, t(f"figures_{figure}"), value, look.figure(figure))
        for style, figure, value in zip(css, CLASSIFIER, values, strict=True)
    ]
    share = look.percent(counts.corrected_percent)
    return _shares(look, "classifier", t("figures_classifier_why", share=share), parts)


def _memos(look: Look) -> Panel:
    css = ("c-kept", "c-came", "c-none", "c-late")
    parts = [
        (style, look.wording.term(figure), look.shown.memos.get(figure, 0), look.figure(name))
        for style, (name, figure) in zip(css, MEMOS.items(), strict=True)
    ]
    return _shares(look, "memos", look.wording.text("figures_memos_why"), parts)


def month_words(wording: Wording, day: date) -> str:
    """Return a month and its year as the page says it."""
    month = wording.text(f"month_{day.month}")
    return wording.text("calendar_month", month=month, year=day.year + BE_OFFSET)
