"""UPDATEs of sessions of 2 octets, with AS_PATH, AS4_PATH and both aggregators (RFC 6793)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from support.context import attribute, bgp4mp, update

if TYPE_CHECKING:
    from collections.abc import Iterable

type Segments = list[tuple[int, list[int]]]

_KINDS = st.sampled_from((2, 2, 2, 1, 3, 4))


def segments(most: int) -> st.SearchStrategy[Segments]:
    """A path of AS numbers up to ``most``, of segments of any type."""
    return st.lists(st.tuples(_KINDS, st.lists(st.integers(0, most), min_size=1, max_size=4)), max_size=4)


def octets(path: Iterable[tuple[int, Iterable[int]]], width: int) -> bytes:
    """A path on the wire."""
    out = bytearray()
    for kind, numbers in path:
        found = list(numbers)
        out += bytes((kind, len(found))) + b"".join(number.to_bytes(width) for number in found)
    return bytes(out)


def record(path: bytes | None, path4: bytes, aggregator: int | None = None, aggregator4: int | None = None) -> bytes:
    """An UPDATE that announces two prefixes, as MRT."""
    block = attribute(0x40, 1, b"\0")
    if path is not None:
        block += attribute(0x40, 2, path)
    block += attribute(0x40, 3, bytes((192, 0, 2, 1)))
    if aggregator is not None:
        block += attribute(0xC0, 7, aggregator.to_bytes(2) + bytes((192, 0, 2, 3)))
    block += attribute(0xC0, 17, path4)
    if aggregator4 is not None:
        block += attribute(0xC0, 18, aggregator4.to_bytes(4) + bytes((192, 0, 2, 4)))
    return bgp4mp(update(b"", block, b"\x08\x0a\x08\x0b"), asn4=False)


AGGREGATORS = st.none() | st.sampled_from((23456, 64500))


@st.composite
def records(draw: st.DrawFn) -> bytes:
    """Such an UPDATE of any two paths, which may be cut."""
    path, path4 = octets(draw(segments(65535)), 2), octets(draw(segments(2**32 - 1)), 4)
    if draw(st.booleans()):
        path, path4 = path[: draw(st.integers(0, 30))], path4[: draw(st.integers(0, 30))]
    given = None if draw(st.integers(0, 9)) == 0 else path
    return record(given, path4, draw(AGGREGATORS), draw(AGGREGATORS))
