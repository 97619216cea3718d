"""A chart as an SVG file (https://www.w3.org/TR/SVG11/): self-contained, no scripts, its text escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from bgpwire.cli.chart import place, shown, ticks, time_ticks
from bgpwire.cli.grid import cell, width_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bgpwire.cli.chart import Chart

__all__ = ["svg_bars", "svg_lines"]

_WIDTH = 860
_HEIGHT = 420
"""Of a chart of lines; one of bars is as high as it has bars."""
_LETTER = 6.9
"""The width that a letter of 12 px may take, in px."""
_MARGIN = 24
_BAR = 16
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6d31", "#555555")
"""As many as there may be series; people who confuse red and green tell them apart."""
_LABEL = 44
_STYLE = (
    "text{font:12px 'DejaVu Sans',Verdana,sans-serif;fill:#333}.t{font-size:13px;font-weight:bold}"
    ".g{stroke:#e3e3e3}.a{stroke:#777}.e{text-anchor:end}.m{text-anchor:middle}"
    ".l{fill:none;stroke-width:1.8;stroke-linejoin:round}"
)
_MOST = 400
"""Labels of bars, of which more make no chart."""
_DAY = 86400
"""Seconds; times within less are shown without their date."""
_DOTS = 80
"""Points of a line, of which fewer are marked each by a dot."""


def svg_bars(chart: Chart) -> str:
    """Horizontal bars, for each label one of each series. ValueError for numbers below zero and too many labels."""
    if len(chart.labels) > _MOST:
        raise ValueError(f"{len(chart.labels)} bars; a chart has {_MOST} at most: LIMIT in the query")
    known = [value for one in chart.series for value in one.values if value is not None]
    if min(known, default=0) < 0:
        raise ValueError("bars of numbers below zero; --chart lines shows them")
    names = [_short(cell(label)) for label in chart.labels]
    numbers = [shown(value) for value in known]
    left = _MARGIN + max(map(width_of, (*names, chart.x))) * _LETTER + 8
    right = _WIDTH - _MARGIN - max(map(len, numbers), default=1) * _LETTER - 8
    marks = ticks(0, max(known, default=1), 8)
    scale = (right - left) / marks[-1]
    top = _MARGIN + _legend_height(chart) + 14
    group = _BAR * len(chart.series) + 8
    bottom = top + group * len(names)
    parts = [*_legend(chart, left), _text(left - 8, top - 8, chart.x, "e t")]
    if len(chart.series) == 1:
        parts.append(_text(left, top - 8, chart.series[0].name, "t"))
    step = max(1, -(-len(marks) * int(max(len(shown(mark)) for mark in marks) * _LETTER + 14) // int(right - left)))
    for at, mark in enumerate(marks):
        x = left + mark * scale
        parts.append(_rule(x, top, x, bottom, "a" if not mark else "g"))
        if at % step == 0:
            parts.append(_text(x, bottom + 18, shown(mark), "m"))
    for row, name in enumerate(names):
        y = top + row * group + 4
        parts.append(_text(left - 8, y + (group - 8) / 2 + 4, name, "e"))
        for index, one in enumerate(chart.series):
            value = one.values[row]
            if value is None:
                continue
            above = y + index * _BAR
            parts.append(
                f'<rect x="{left:.1f}" y="{above + 1:.1f}" width="{value * scale:.1f}" height="{_BAR - 2}"'
                f' fill="{_COLOURS[index]}"/>'
            )
            parts.append(_text(left + value * scale + 5, above + 12, shown(value)))
    return _page(bottom + _MARGIN + 10, parts)


def svg_lines(chart: Chart) -> str:
    """A line for each series over the labels, which are places on an axis if they are numbers or times."""
    places = [place(label) for label in chart.labels] if chart.is_scale else list(map(float, range(len(chart.labels))))
    known = [value for one in chart.series for value in one.values if value is not None]
    marks = ticks(min(0.0, min(known)), max(known), 7)
    left = _MARGIN + max(len(shown(mark)) for mark in marks) * _LETTER + 10
    right, top, bottom = _WIDTH - _MARGIN - 12, _MARGIN + _legend_height(chart) + 16, _HEIGHT - 58
    low, high = min(places), max(places)

    def across(x: float) -> float:
        return left + (x - low) / (high - low) * (right - left) if high > low else (left + right) / 2

    def up(y: float) -> float:
        return bottom - (y - marks[0]) / (marks[-1] - marks[0]) * (bottom - top)

    parts = list(_legend(chart, left))
    if len(chart.series) == 1:
        parts.append(_text(left, top - 12, chart.series[0].name, "t"))
    for mark in marks:
        parts.append(_rule(left, up(mark), right, up(mark), "g" if mark else "a"))
        parts.append(_text(left - 8, up(mark) + 4, shown(mark), "e"))
    parts.append(_rule(left, top, left, bottom, "a"))
    taken = 0.0
    for x, text in _along(chart, places, low, high, right - left):
        half = width_of(text) * _LETTER / 2
        middle = min(max(across(x), half + 2), _WIDTH - half - 2)  # not over the edge of the page
        if middle - half >= taken:
            taken = middle + half + 10
            parts.append(_rule(across(x), bottom, across(x), bottom + 5, "a"))
            parts.append(_text(middle, bottom + 20, text, "m"))
    title = f"{chart.x} ({cell(min(chart.labels))[:10]}, UTC)" if chart.is_time and high - low < _DAY else chart.x
    parts.append(_text((left + right) / 2, bottom + 44, title, "m t"))
    for index, one in enumerate(chart.series):
        points = sorted(zip(places, one.values, strict=True), key=lambda point: point[0])
        parts += _path([(across(x), None if y is None else up(y)) for x, y in points], _COLOURS[index])
    return _page(_HEIGHT, parts)


def _along(chart: Chart, places: list[float], low: float, high: float, room: float) -> list[tuple[float, str]]:
    """What is written below the axis of labels, and where: no more than has room."""
    if chart.is_time:
        return time_ticks(low, high, max(2, int(room / 110)))
    if chart.is_scale:
        most = max(3, int(room / (max(len(shown(low)), len(shown(high))) * _LETTER + 30)))
        return [(mark, shown(mark)) for mark in ticks(low, high, min(most, 12)) if low <= mark <= high] or [
            (low, shown(low))
        ]
    names = [_short(cell(label)) for label in chart.labels]
    step = -(-len(names) * int(max(map(width_of, names)) * _LETTER + 16) // int(room))
    return list(zip(places, names, strict=True))[:: max(1, step)]


def _path(points: list[tuple[float, float | None]], colour: str) -> Iterator[str]:
    """A line with gaps where there is no value; what stands alone between gaps, or has few neighbours, is a dot."""
    pieces: list[list[tuple[float, float]]] = [[]]
    for x, y in points:
        if y is None:
            pieces.append([])
        else:
            pieces[-1].append((x, y))
    for piece in pieces:
        if len(piece) > 1:
            drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in piece)
            yield f'<polyline points="{drawn}" class="l" stroke="{colour}"/>'
        if len(piece) == 1 or len(points) < _DOTS:
            yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{colour}"/>' for x, y in piece)


def _legend_rows(chart: Chart, left: float) -> list[list[tuple[float, int]]]:
    """Where the names of the series stand: row by row a place and the number of the series."""
    rows: list[list[tuple[float, int]]] = [[]]
    x = left
    for index, one in enumerate(chart.series):
        width = 18 + min(width_of(one.name), _LABEL) * _LETTER + 18
        if rows[-1] and x + width > _WIDTH - _MARGIN:
            rows.append([])
            x = left
        rows[-1].append((x, index))
        x += width
    return rows


def _legend_height(chart: Chart) -> float:
    return 20 * len(_legend_rows(chart, _WIDTH / 3)) if len(chart.series) > 1 else 0


def _legend(chart: Chart, left: float) -> Iterator[str]:
    if len(chart.series) == 1:
        return
    for row, places in enumerate(_legend_rows(chart, min(left, _WIDTH / 3))):
        y = _MARGIN + 20 * row
        for x, index in places:
            yield f'<rect x="{x:.1f}" y="{y - 10}" width="12" height="12" fill="{_COLOURS[index]}"/>'
            yield _text(x + 18, y, _short(chart.series[index].name))


def _short(text: str) -> str:
    return text if len(text) <= _LABEL else text[: _LABEL - 1] + "…"


def _text(x: float, y: float, text: str, style: str = "") -> str:
    named = f' class="{style}"' if style else ""
    # What XML has in no form (https://www.w3.org/TR/xml/#charsets), beside the controls that cell() writes out.
    legal = "".join(
        letter for letter in cell(text) if letter not in "\ufffe\uffff" and not "\ud800" <= letter <= "\udfff"
    )
    return f'<text x="{x:.1f}" y="{y:.1f}"{named}>{escape(legal)}</text>'


def _rule(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{style}"/>'


def _page(height: float, parts: Iterable[Any]) -> str:
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height:.0f}"'
            f' viewBox="0 0 {_WIDTH} {height:.0f}">',
            f"<style>{_STYLE}</style>",
            f'<rect width="{_WIDTH}" height="{height:.0f}" fill="#fff"/>',
            *parts,
            "</svg>\n",
        )
    )
