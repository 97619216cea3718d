"""How the values of a column are held, in memory and in Arrow (https://arrow.apache.org/docs/format/Columnar.html)."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

__all__ = ["LAYOUTS", "Kind", "Layout"]


class Kind(IntEnum):
    """What a column holds; the comment says which Python values go in and come out. ``None`` is null in each."""

    TIME = 0
    """Microseconds since 1970, UTC: an integer."""
    BOOL = 1
    U8 = 2
    U16 = 3
    U32 = 4
    U64 = 5
    TEXT = 6
    OCTETS = 7
    ADDRESS = 8
    """16 octets; an IPv4 address stands in the first four."""
    FEW_NAMES = 9
    """Text that repeats, at most 127 different values: numbers into a dictionary."""
    NAMES = 10
    """Text that repeats: numbers into a dictionary."""
    NUMBERS = 11
    """A list of 32-bit numbers."""
    LONG_NUMBERS = 12
    """A list of 64-bit numbers."""
    TRIPLES = 13
    """A list of large communities: ``(global_administrator, local_data_1, local_data_2)`` each."""
    SEGMENTS = 14
    """A list of path segments: ``(type, length)`` each."""
    TEXTS = 15
    """A list of texts."""


class Layout(NamedTuple):
    """One array of Arrow: its format in the C data interface, its size if that is fixed, and what stands inside."""

    format: bytes
    code: str = ""
    """Of :mod:`array`, for numbers of a fixed size."""
    children: tuple[tuple[str, Layout], ...] = ()
    names: bool = False
    """Whether the numbers point into a dictionary of texts."""


_U32 = Layout(b"I", "I")


def _listed(item: Layout) -> Layout:
    return Layout(b"+l", children=(("item", item),))


LAYOUTS = {
    Kind.TIME: Layout(b"tsu:UTC", "q"),
    Kind.BOOL: Layout(b"b"),
    Kind.U8: Layout(b"C", "B"),
    Kind.U16: Layout(b"S", "H"),
    Kind.U32: _U32,
    Kind.U64: Layout(b"L", "Q"),
    Kind.TEXT: Layout(b"u"),
    Kind.OCTETS: Layout(b"z"),
    Kind.ADDRESS: Layout(b"w:16"),
    Kind.FEW_NAMES: Layout(b"c", "b", names=True),
    Kind.NAMES: Layout(b"i", "i", names=True),
    Kind.NUMBERS: _listed(_U32),
    Kind.LONG_NUMBERS: _listed(Layout(b"L", "Q")),
    Kind.TRIPLES: _listed(
        Layout(
            b"+s",
            children=(("global_administrator", _U32), ("local_data_1", _U32), ("local_data_2", _U32)),
        )
    ),
    Kind.SEGMENTS: _listed(Layout(b"+s", children=(("type", Layout(b"C", "B")), ("length", _U32)))),
    Kind.TEXTS: _listed(Layout(b"u")),
}
