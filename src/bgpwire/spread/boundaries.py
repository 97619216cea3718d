"""Where an archive can be cut: between records up to which each one says where the next one is.

So far a reader looks at nothing but headers, and what it gives depends on nothing that came before but the peers of a
RIB. Behind the first octets that are no usual record it judges by what it has seen, and nothing is cut there.
"""

from __future__ import annotations

from collections import deque
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from bgpwire.errors import DecodeError
from bgpwire.kernels import walk_records
from bgpwire.mrt.kernels import Record, RouteDecoder
from bgpwire.mrt.resync import HEADER_SIZE, KNOWN_TYPES, MAX_RECORD, SUBTYPES
from bgpwire.numbers.mrt import TABLE_DUMP_V2
from bgpwire.numbers.mrt_subtype import PEER_INDEX_TABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Boundary", "boundaries"]

_BLOCK = 1 << 18
"""So many octets are walked at a time, or more."""


class Boundary(NamedTuple):
    """Where a record begins before which the file can be cut."""

    offset: int
    """In the decompressed file."""
    at: int
    """Where reading begins in the file as it lies there."""
    skip: int
    """Decompressed octets from there to the record."""
    peers: bytes
    """The PEER_INDEX_TABLE record in force, its header included."""


def _readable(octets: bytes) -> bool:
    """Whether this PEER_INDEX_TABLE record can be read; one that cannot leaves the one before it in force."""
    try:
        for seconds, kind, subtype, start, end in walk_records(octets):
            RouteDecoder().routes(Record(seconds, kind, subtype, octets[start:end]))
    except DecodeError:
        return False
    return True


def boundaries(parts: Iterable[tuple[bytes, int | None]], size: int) -> Iterator[Boundary]:
    """Boundaries in a file that ``parts`` are, one behind the other, none empty, as far as its records are usual ones.

    A part comes with the place where it begins in the file as it lies there, if it can be read from there; with
    ``None`` it goes on. The first record that begins behind such a place is a boundary if the place is ``size`` octets
    or more behind that of the last boundary.
    """
    waiting = bytearray()
    base = 0  # where in the file that begins
    least = _BLOCK
    places: deque[tuple[int, int]] = deque()
    peers = b""
    goal = size
    for data, place in chain(parts, ((b"", None),)):
        if place is not None:
            places.append((base + len(waiting), place))
        waiting += data
        if len(waiting) < least and data:
            continue
        with walk_records(waiting) as walk:
            for _, kind, subtype, start, end in walk:
                if kind not in KNOWN_TYPES or subtype >= SUBTYPES or end - start > MAX_RECORD:
                    return
                if places and places[0][0] <= base + start - HEADER_SIZE:
                    offset = base + start - HEADER_SIZE
                    while places and places[0][0] <= offset:
                        begin, at = places.popleft()
                    if at >= goal:
                        yield Boundary(offset, at, offset - begin, peers)
                        goal = at + size
                if kind == TABLE_DUMP_V2 and subtype == PEER_INDEX_TABLE:
                    octets = bytes(waiting[start - HEADER_SIZE : end])
                    if _readable(octets):
                        peers = octets
            passed = walk.offset
        del waiting[:passed]
        base += passed
        if len(waiting) > MAX_RECORD + HEADER_SIZE:
            return
        # A long rest is not walked again for each few octets.
        least = max(_BLOCK, 2 * len(waiting))
