"""Charts in a terminal: bars of blocks, lines of dots in Braille cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.cli.bars import bar, has_blocks
from bgpwire.cli.chart import place, shown, ticks
from bgpwire.cli.grid import cell, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bgpwire.cli.chart import Chart, Series
    from bgpwire.text.paint import Paint

__all__ = ["bars", "lines"]

_LABEL = 40
_LEAST = 10
"""Characters of the longest bar or line, however narrow the terminal is."""
_ROWS = 12
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bits of the Braille patterns from U+2800 on: four rows of two dots."""


def bars(chart: Chart, width: int, paint: Paint) -> Iterator[str]:
    """A bar for each label; one series below the other. ValueError for numbers below zero."""
    names = [_short(cell(label)) for label in chart.labels]
    name_width = max(map(width_of, (*names, chart.x)))
    for one in chart.series:
        known = [value for value in one.values if value is not None]
        if min(known, default=0) < 0:
            raise ValueError(f"bars of numbers below zero: {one.name}; --chart lines shows them")
        most = max(known, default=0) or 1
        numbers = ["" if value is None else shown(value) for value in one.values]
        number_width = max(map(len, numbers))
        room = max(_LEAST, width - name_width - number_width - 4)
        if len(chart.series) > 1:
            yield paint("bold", one.name)
        for name, number, value in zip(names, numbers, one.values, strict=True):
            drawn = paint("green", bar(value / most, room)) if value else ""
            yield f"{name}{' ' * (name_width - width_of(name))}  {number:>{number_width}}  {drawn}".rstrip()
        if one is not chart.series[-1]:
            yield ""


def _short(text: str) -> str:
    return text if len(text) <= _LABEL else text[: _LABEL - 1] + ("…" if has_blocks() else "~")


def lines(chart: Chart, width: int, paint: Paint) -> Iterator[str]:
    """A line over the labels for each series, one below the other, each with an axis of its own."""
    places = [place(label) for label in chart.labels] if chart.is_scale else list(map(float, range(len(chart.labels))))
    for one in chart.series:
        yield from _line(one, chart, places, width, paint)
        if one is not chart.series[-1]:
            yield ""


def _line(one: Series, chart: Chart, places: list[float], width: int, paint: Paint) -> Iterator[str]:
    points = sorted((x, y) for x, y in zip(places, one.values, strict=True) if y is not None)
    yield paint("bold", one.name)
    if not points:
        return
    marks = ticks(min(0.0, min(y for _, y in points)), max(y for _, y in points), 6)
    low, high = marks[0], marks[-1]
    labels = {round((_ROWS - 1) * (high - mark) / (high - low)): shown(mark) for mark in reversed(marks)}
    side = max(map(len, labels.values()))
    room = max(_LEAST, width - side - 2)
    first, last = min(places), max(places)
    canvas = [[0] * room for _ in range(_ROWS)]
    before: tuple[int, int] | None = None
    for x, y in points:
        dot = (
            round((x - first) / (last - first or 1) * (room * 2 - 1)),
            round((high - y) / (high - low) * (_ROWS * 4 - 1)),
        )
        for column, row in _between(before or dot, dot):
            canvas[row // 4][column // 2] |= _DOTS[row % 4][column % 2]
        before = dot
    edge, corner = ("│", "└") if has_blocks() else ("|", "+")
    for index, cells in enumerate(canvas):
        drawn = "".join(map(_dots, cells)).rstrip()
        yield f"{paint('dim', f'{labels.get(index, ""):>{side}} {edge}')}{paint('green', drawn)}"
    yield paint("dim", f"{'':>{side}} {corner}{('─' if has_blocks() else '-') * room}")
    begin, end = (cell(chart.labels[places.index(x)]) for x in (first, last))
    gap = room - width_of(begin) - width_of(end)
    if gap < 2 or begin == end:
        yield paint("dim", f"{'':>{side + 2}}{begin}")
    if begin != end:
        yield paint("dim", f"{'':>{side + 2}}{begin if gap >= 2 else '':<{max(0, room - width_of(end))}}{end}")


def _dots(bits: int) -> str:
    if not bits:
        return " "
    return chr(0x2800 + bits) if has_blocks() else "*"


def _between(start: tuple[int, int], end: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The dots of a straight line."""
    steps = max(abs(end[0] - start[0]), abs(end[1] - start[1]), 1)
    for step in range(steps + 1):
        yield (
            round(start[0] + (end[0] - start[0]) * step / steps),
            round(start[1] + (end[1] - start[1]) * step / steps),
        )
