"""What a chart shows of the rows of a query: labels or places on an axis, and series of numbers over them."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from bgpwire.cli.grid import cell

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["SERIES", "Chart", "chart_of", "place", "shown", "ticks", "time_ticks"]

SERIES = 8
"""As many as can be told apart by colour."""
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200)
"""Seconds between the marks of a time axis of less than some days."""
_DAY = 86400


class Series(NamedTuple):
    name: str
    values: list[float | None]
    """One for each label, None where there is nothing."""


class Chart(NamedTuple):
    x: str
    """The name of the first column, whose values are the labels."""
    labels: list[Any]
    series: list[Series]
    left_out: list[str]
    """Series that are not shown, being too many."""

    @property
    def is_time(self) -> bool:
        return all(isinstance(label, date) for label in self.labels)

    @property
    def is_scale(self) -> bool:
        """Whether the labels are places on an axis, times or numbers, and not names."""
        return self.is_time or all(_is_number(label) for label in self.labels)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) and math.isfinite(value)


def _number(value: Any) -> float | None:
    return float(value) if _is_number(value) else None


def chart_of(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Chart:
    """The first column has the labels, each column of numbers behind it is a series.

    If the second column has names and the third numbers, each of the names is a series. Rows whose label is null are
    left aside. ValueError for rows of which no chart can be made.
    """
    rows = [row for row in rows if row and row[0] is not None]
    if not rows:
        raise ValueError("a chart of no rows")
    numeric = [
        index
        for index in range(1, len(names))
        if any(_is_number(row[index]) for row in rows)
        and all(row[index] is None or isinstance(row[index], (int, float, Decimal)) for row in rows)
    ]
    if not numeric:
        raise ValueError("a chart takes a column of labels, and behind it one of numbers")
    labels = list(dict.fromkeys(row[0] if _hashable(row[0]) else cell(row[0]) for row in rows))
    if len(names) == 3 and numeric == [2]:
        series = _by_name(rows, labels)
    elif len(labels) < len(rows):
        raise ValueError(f"a chart takes one row for each {names[0]}")
    else:
        series = [Series(names[index], [_number(row[index]) for row in rows]) for index in numeric]
    kept = sorted(series, key=lambda one: -sum(abs(n) for n in one.values if n is not None))[:SERIES]
    return Chart(
        names[0], labels, [one for one in series if one in kept], [one.name for one in series if one not in kept]
    )


def _hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _by_name(rows: Sequence[Sequence[Any]], labels: list[Any]) -> list[Series]:
    """A series for each value of the second column. ValueError if two rows are for one place of one series."""
    index = {label: at for at, label in enumerate(labels)}
    found: dict[str, list[float | None]] = {}
    filled: set[tuple[str, int]] = set()
    for label, name, value in rows:
        at, title = index[label if _hashable(label) else cell(label)], "null" if name is None else cell(name)
        if (title, at) in filled:
            raise ValueError(f"a chart takes one row for each label and name: {cell(label)}, {title} has several")
        filled.add((title, at))
        found.setdefault(title, [None] * len(labels))[at] = _number(value)
    return [Series(name, values) for name, values in found.items()]


def place(label: Any) -> float:
    """Where a label of an axis stands: its number, or seconds since 1970."""
    if isinstance(label, datetime):
        return (label if label.tzinfo else label.replace(tzinfo=UTC)).timestamp()
    if isinstance(label, date):
        return datetime(label.year, label.month, label.day, tzinfo=UTC).timestamp()
    return float(label)


def ticks(low: float, high: float, most: int) -> list[float]:
    """At most ``most`` round numbers from the last one below ``low`` to the first one above ``high``."""
    if high <= low:
        high = low + (abs(low) or 1.0)
    rough = (high - low) / max(1, most - 2)
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * factor for factor in (1, 2, 2.5, 5, 10) if unit * factor >= rough * 0.999)
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return [round(n * step, 12) for n in range(first, last + 1)]


def time_ticks(low: float, high: float, most: int) -> list[tuple[float, str]]:
    """At most ``most`` round times within ``low`` and ``high``, seconds since 1970, with what is written there."""
    rough = max((high - low) / max(1, most - 1), 0.001)
    step = next((step for step in _STEPS if step >= rough), math.ceil(rough / _DAY) * _DAY)
    form = "%H:%M:%S" if step < 60 else "%H:%M" if high - low < _DAY else "%m-%d %H:%M" if step < _DAY else "%Y-%m-%d"
    first = math.ceil(low / step)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return [
        (float(at * step), (epoch + timedelta(seconds=at * step)).strftime(form))
        for at in range(first, math.floor(high / step) + 1)
    ] or [(low, (epoch + timedelta(seconds=low)).strftime("%Y-%m-%d %H:%M:%S"))]


def shown(value: float) -> str:
    """A number at an axis or a bar."""
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.3f}".rstrip("0").rstrip(".") if abs(value) >= 0.001 else f"{value:.3g}"
