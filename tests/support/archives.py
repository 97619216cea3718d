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
    most: int = 400,
) -> None:
    """``check(package, archive, size)`` for ``most`` archives whose records have any of the attributes ``pieces``, on
    each implementation."""

    @given(st.lists(records(pieces), min_size=1, max_size=6), st.sampled_from(sizes))
    @settings(max_examples=examples(most), deadline=None)
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


QUIRKS = (
    *(made.IGP, made.PATH, made.PATH2, made.HOP),
    made.attribute(1, b"\1"),
    made.attribute(1, b"\2"),
    made.attribute(2, b""),
    made.attribute(2, struct.pack(">BBIBBIIBBIIBBI", 3, 1, 1, 2, 2, 2, 3, 1, 2, 4, 5, 4, 1, 6)),
    made.attribute(2, struct.pack(">BBIBBI", 2, 1, 4_294_967_295, 1, 1, 1_000_000)),
    made.attribute(2, struct.pack(">BBHHH", 1, 3, 999, 1000, 65535)),
    made.attribute(4, b"\xff\xff\xff\xff"),
    made.attribute(4, b"\0\0\0\0"),
    made.attribute(5, struct.pack(">I", 999_999)),
    made.attribute(5, struct.pack(">I", 2_147_483_648)),
    made.attribute(6, b""),
    made.attribute(7, struct.pack(">I4B", 65551, 198, 51, 100, 1)),
    made.attribute(7, struct.pack(">H4B", 23456, 198, 51, 100, 1)),
    made.attribute(7, b"\0\0\0\0\xff\xff\xff\xff"),
    made.attribute(18, struct.pack(">I4B", 65551, 192, 0, 2, 7)),
    made.attribute(17, struct.pack(">BBI", 2, 1, 65551)),
    made.attribute(8, bytes.fromhex("ffffff01ffffff02ffffff03ffffff04fde80064ffff029a0000000003e803e7")),
    made.attribute(
        16, bytes.fromhex("0002fbf40000012c0102c00002010064020300010000002a8006000042c80000030b000000000000")
    ),
    made.attribute(16, bytes.fromhex("4004fbf442c80000430cffffffffffff0d0d0102030405060006ffff00000000")),
    made.attribute(32, struct.pack(">6I", 65551, 2, 64496, 0, 4_294_967_295, 1000)),
    made.attribute(35, struct.pack(">I", 64496)),
    made.attribute(9, bytes((192, 0, 2, 9))),
    made.attribute(40, bytes(10)),
    made.reach(2, made.HOP6, made.SIX),
    made.reach(2, made.HOP6 * 2, made.SIX, 2),
    made.reach(2, bytes(15) + b"\1", bytes.fromhex("80" + "00" * 12 + "c0000201" + "3020010db80001")),
    made.reach(2, bytes(10) + b"\xff\xff\xc0\0\2\1", bytes.fromhex("80" + "00" * 10 + "ffffc0000201" + "00")),
    made.reach(2, bytes.fromhex("20010000000000010001000000000001"), bytes.fromhex("80" + "0001000000020003" * 2)),
    made.reach(1, made.HOP6, made.TEN),
    made.reach(1, bytes((192, 0, 2, 9)), made.TEN, 2),
    made.reach(2, b"", made.SIX),
    made.reach(2, bytes((192, 0, 2, 9)), made.SIX),
    made.attribute(14, b"\x10" + made.HOP6),
    made.attribute(14, b"\x04\xc0\0\2\1"),
    made.attribute(15, b"\0\2\1" + made.SIX),
    made.attribute(15, b"\0\1\2" + made.TEN),
)
"""Attributes that formats and columns have a form of their own for, and bent ones."""
