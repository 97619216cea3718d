"""The memory of columns: values in, buffers of Arrow out."""

from __future__ import annotations

from array import array
from itertools import accumulate, chain, compress
from typing import TYPE_CHECKING, Any, NamedTuple

from bgpwire.columns.kinds import LAYOUTS, Kind, Layout

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__: list[str] = []


class Values(NamedTuple):
    """One array of Arrow in memory: its buffers, in Arrow's order, and what it consists of."""

    layout: Layout
    length: int
    nulls: int
    buffers: tuple[bytes | array[Any] | None, ...]
    children: tuple[Values, ...] = ()
    names: Values | None = None
    """The dictionary that the numbers point into."""


def values_of(layout: Layout, column: Sequence[Any]) -> Values:
    """The buffers of a column."""
    size = len(column)
    nulls = column.count(None)
    validity = None if not nulls else _bits([value is not None for value in column])
    if layout.children:
        if layout.format == b"+s":
            # Of a list's items: there are no nulls, each is a tuple.
            parts = zip(*column, strict=True) if size else ((),) * len(layout.children)
            inside = (values_of(child, part) for (_, child), part in zip(layout.children, parts, strict=True))
            return Values(layout, size, 0, (None,), tuple(inside))
        lists = [value or () for value in column] if nulls else column
        items = list(chain.from_iterable(lists))
        ((_, child),) = layout.children
        return Values(layout, size, nulls, (validity, _offsets(map(len, lists))), (values_of(child, items),))
    if layout.names:
        found: dict[Any, int] = {}
        numbers = [0 if value is None else found.setdefault(value, len(found)) for value in column]
        names = values_of(LAYOUTS[Kind.TEXT], list(found))
        return Values(layout, size, nulls, (validity, array(layout.code, numbers)), (), names)
    if layout.code:
        numbers = [value or 0 for value in column] if nulls else column  # type: ignore[assignment]
        return Values(layout, size, nulls, (validity, array(layout.code, numbers)))
    if layout.format == b"b":
        return Values(layout, size, nulls, (validity, _bits([bool(value) for value in column])))
    if layout.format == b"w:16":
        if any(len(value) != 16 for value in column if value is not None):
            raise ValueError("16 octets are needed")
        return Values(layout, size, nulls, (validity, b"".join(value or bytes(16) for value in column)))
    octets = [(value or "").encode() for value in column] if layout.format == b"u" else [v or b"" for v in column]
    return Values(layout, size, nulls, (validity, _offsets(map(len, octets)), b"".join(octets)))


def _offsets(sizes: Iterable[int]) -> array[int]:
    """Where each value begins, and where the last ends."""
    return array("i", accumulate(sizes, initial=0))


def _bits(flags: Sequence[bool]) -> bytes:
    """A bit a value, the lowest first."""
    out = bytearray((len(flags) + 7) // 8)
    for index in compress(range(len(flags)), flags):
        out[index >> 3] |= 1 << (index & 7)
    return bytes(out)
