"""Archives to hold against each other: real ones, those of all vectors, bent ones, and any mixture of records."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from support import made_mrt as made
from support.mutation import examples
from support.places import SAMPLES
from support.vectors import VECTORS
from support.wrapped import WHOLE, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from support.implementations import Implementation

ARCHIVES = sorted(SAMPLES.glob("*.mrt"))
SHOWN = 250_000
"""Octets of a real file, decompressed, that are compared."""


def head(package: Any, path: Path) -> bytes:
    """The first octets of a real file, decompressed."""
    data: bytes = package.mrt.source.Source(package.mrt.input.Input(io.BytesIO(path.read_bytes()))).read(SHOWN)
    return data[:SHOWN]


def of_vectors(package: Any, subtype: int, kind: int) -> bytes:
    """Every vector that a message can be made of, in one archive, IPv4 and IPv6 peers by turns."""
    messages = [wrapped(package, vector) for vector in VECTORS if vector.kind in WHOLE]
    return b"".join(made.bgp4mp(octets, subtype, kind, bool(turn & 1)) for turn, octets in enumerate(messages))


def bend(both: Iterable[Implementation], data: bytes, check: Callable[[Any, bytes, int], object]) -> None:
    """``check(package, octets, number)`` for an archive with some octets set at random, on each implementation.

    ``number`` is how many octets were set.
    """

    @given(st.lists(st.tuples(st.integers(0, len(data) - 1), st.sampled_from((0, 1, 2, 4, 0x7F, 0xFF))), max_size=20))
    @settings(max_examples=examples(20))
    def bent(changes: list[tuple[int, int]]) -> None:
        octets = bytearray(data)
        for at, value in changes:
            octets[at] = value
        for loaded in both:
            with loaded.active() as package:
                check(package, bytes(octets), len(changes))

    bent()


def mix(
    both: Iterable[Implementation],
    pieces: Sequence[bytes],
    sizes: Sequence[int],
    check: Callable[[Any, bytes, int], object],
) -> None:
    """``check(package, archive, size)`` for archives whose records have any of the attributes ``pieces``, on each
    implementation."""

    @given(st.lists(records(pieces), min_size=1, max_size=6), st.sampled_from(sizes))
    @settings(max_examples=examples(400), deadline=None)
    def mixed(found: list[bytes], size: int) -> None:
        data = table_of_peers() + b"".join(found) + made.bgp4mp(made.update(withdrawn=made.TEN))
        for loaded in both:
            with loaded.active() as package:
                check(package, data, size)

    mixed()


_PREFIXES = st.lists(
    st.sampled_from((made.TEN, made.prefix("10.128.0.0/9", 0x55), made.prefix("0.0.0.0/0"), made.prefix("10.1.2.3/32")))
).map(b"".join)


@st.composite
def records(draw: st.DrawFn, pieces: Sequence[bytes]) -> bytes:
    """An UPDATE of any of these attributes, a change of state, or a RIB record of such entries."""
    block, six = draw(st.lists(st.sampled_from(pieces), max_size=8).map(b"".join)), draw(st.booleans())
    way = draw(st.sampled_from(("update", "update", "update", "rib", "rib", "dump", "dump", "state")))
    seconds = struct.pack(">I", draw(st.sampled_from((0, 1, 1_000_000_000, 4_294_967_295))))
    if way == "state":
        return seconds + made.bgp4mp(b"\0\1\0\3", 5, six=six)[4:]
    if way == "update":
        message = made.update(block, draw(_PREFIXES), draw(_PREFIXES))
        kind, subtype = draw(st.sampled_from((16, 16, 17))), draw(st.sampled_from((1, 4, 4, 4, 6, 7)))
        record = bytearray(made.bgp4mp(message, subtype, kind, six))
        if kind == 17:
            record[12:16] = struct.pack(">I", draw(st.sampled_from((0, 1, 42, 500_000, 999_999, 1_000_000, 2**32 - 1))))
        return seconds + bytes(record[4:])
    if way == "dump":
        size = 16 if six else 4
        body = struct.pack(">HH", 0, 1) + bytes(range(10, 10 + size)) + struct.pack(">BBI", 13, 1, 999) + bytes(size)
        body += struct.pack(">HH", 64500, len(block)) + block
        return seconds + struct.pack(">HHI", 12, 2 if six else 1, len(body)) + body
    paths, multicast = draw(st.booleans()), draw(st.booleans())
    body = (
        struct.pack(">I", 1) + draw(st.sampled_from((b"\x0d\x0a\x17", b"\x00", b"\x18\x0a\0\0"))) + struct.pack(">H", 2)
    )
    for peer in draw(st.tuples(st.integers(0, 3), st.integers(0, 2))):
        body += struct.pack(">HI", peer, 1_000_000) + struct.pack(">I", 77) * paths
        body += struct.pack(">H", len(block)) + block
    return seconds + struct.pack(">HHI", 13, (4 if six else 2) + multicast + 6 * paths, len(body)) + body


def table_of_peers() -> bytes:
    """Three peers, of each form."""
    four = b"\2" + bytes((10, 0, 0, 1)) + bytes((192, 0, 2, 1)) + struct.pack(">I", 4_200_000_000)
    two = b"\0" + bytes((10, 0, 0, 2)) + bytes(4) + struct.pack(">H", 64500)
    six = b"\3" + bytes((10, 0, 0, 3)) + made.HOP6 + struct.pack(">I", 64501)
    body = bytes(4) + b"\0\0" + struct.pack(">H", 3) + four + two + six
    return struct.pack(">IHHI", 1, 13, 1, len(body)) + body
