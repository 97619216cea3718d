"""A table of rows for people: numbers to the right with separators, as wide as the terminal, no number cut."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from textwrap import wrap
from typing import TYPE_CHECKING, Any, NamedTuple

from bgpwire.value.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bgpwire.text.paint import Paint

__all__ = ["cell", "number", "table", "width_of"]

_GAP = "  "
_LEAST = 8
"""Characters of a text, of which more are cut only where the column itself would have to go."""
_NULL = "null"


class _Column(NamedTuple):
    name: str
    cells: list[str]
    right: bool
    width: int


def cell(value: Any) -> str:
    """A value as text: items of a list with blanks between them, parts of an item with colons, octets in hex.

    Times are ISO 8601, without a zone where it is UTC. None is the empty text.
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return visible(value)
        case bytes() | bytearray():
            return value.hex()
        case datetime():
            text = value.replace(tzinfo=None) if value.utcoffset() == timedelta(0) else value
            return text.isoformat(" ")
        case date() | time() | timedelta():
            return str(value)
        case dict():
            return ":".join(map(cell, value.values()))
        case list() | tuple() | set() | frozenset():
            return " ".join(_NULL if item is None else cell(item) for item in value)
    return visible(str(value))


def number(value: float | Decimal, grouped: bool) -> str:
    """A number as people read it; ``grouped`` has separators of thousands."""
    if isinstance(value, int):
        return f"{value:,}" if grouped else str(value)
    if value != 0 and abs(float(value)) < 0.001:
        return f"{value:.3g}"
    return f"{value:,.3f}" if grouped else f"{value:.3f}"


def width_of(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    wide = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return wide - sum(1 for letter in text if unicodedata.combining(letter))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _column(name: str, kind: str, values: Sequence[Any]) -> _Column:
    right = any(map(_is_number, values)) and all(value is None or _is_number(value) for value in values)
    # An AS number, an identifier or a year is no amount: counts, sums and averages are, of 64 bits with a sign or more.
    grouped = right and not kind.startswith("U") and not name.lower().endswith(("asn", "id", "year"))
    cells = [_NULL if value is None else number(value, grouped) if right else cell(value) for value in values]
    if all(isinstance(value, datetime) and not value.microsecond for value in values if value is not None):
        cells = [text.removesuffix(".000000") for text in cells]
    title = visible(name)
    return _Column(title, cells, right, max(map(width_of, (title, *cells))))


def _cut(text: str, width: int) -> str:
    """The text in so many columns, what is left out shown by an ellipsis."""
    if width_of(text) <= width:
        return text
    out, taken = "", 1
    for letter in text:
        taken += width_of(letter)
        if taken > width:
            break
        out += letter
    return out + "…"


def _fit(columns: list[_Column], width: int) -> tuple[list[_Column], list[str]]:
    """The columns that fit side by side, the widest texts made narrower, and the names of those that do not."""
    left_out: list[str] = []
    while True:
        least = [column.width if column.right else min(column.width, _LEAST) for column in columns]
        if sum(least) + len(_GAP) * (len(columns) - 1) <= width or len(columns) == 1:
            break
        left_out.insert(0, columns.pop().name)
    room = width - len(_GAP) * (len(columns) - 1)
    widths = [column.width for column in columns]
    while (over := sum(widths) - room) > 0:
        most = max((n for n, low in zip(widths, least, strict=True) if n > low), default=0)
        if not most:
            break
        widest = [index for index, n in enumerate(widths) if n == most and n > least[index]]
        below = max((n for n in widths if n < most), default=0)
        step = max(1, min(most - below, over // len(widest)))
        for index in widest:
            if over <= 0:
                break
            taken = min(step, widths[index] - least[index], over)
            widths[index] -= taken
            over -= taken
    return [column._replace(width=n) for column, n in zip(columns, widths, strict=True)], left_out


def table(
    names: Sequence[str],
    kinds: Sequence[str],
    rows: Sequence[Sequence[Any]],
    width: int | None,
    paint: Paint,
    blocks: bool = True,
) -> Iterator[str]:
    """The lines of a table: names, a rule, rows; then what was left out, if ``width`` (of a terminal) took that.

    ``kinds`` are the names that DuckDB gives the types of the columns. Without ``blocks`` it is drawn in ASCII.
    """
    columns = [
        _column(name, kind, [row[index] for row in rows])
        for index, (name, kind) in enumerate(zip(names, kinds, strict=True))
    ]
    left_out: list[str] = []
    if width is not None:
        columns, left_out = _fit(columns, max(width, _LEAST))
    yield _GAP.join(paint("bold", _put(column.name, column)) for column in columns).rstrip()
    yield paint("dim", _GAP.join(("─" if blocks else "-") * column.width for column in columns))
    for index in range(len(rows)):
        cells = (
            _painted(column, column.cells[index], rows[index][at] is None, paint) for at, column in enumerate(columns)
        )
        yield _GAP.join(cells).rstrip()
    if left_out:
        text = f"… {len(left_out)} more columns: {', '.join(left_out)}"
        yield from (paint("dim", line) for line in wrap(text, max(width or 0, _LEAST)))


def _put(text: str, column: _Column) -> str:
    text = _cut(text, column.width)
    blanks = " " * (column.width - width_of(text))
    return blanks + text if column.right else text + blanks


def _painted(column: _Column, text: str, null: bool, paint: Paint) -> str:
    return paint("dim", _put(text, column)) if null else _put(text, column)
