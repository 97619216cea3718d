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
    from mmap import mmap

    type Octets = bytearray | memoryview

__all__ = ["Boundary", "boundaries", "boundaries_of_plain"]

_BLOCK = 1 << 18
_WINDOW = 1 << 24
"""So many octets are walked at a time, or more: of what is decompressed, and of what lies in a file."""
_LONGEST = MAX_RECORD + HEADER_SIZE


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


class _Walk:
    """A walk over headers; ``size`` octets of the file at least are between the places of two boundaries."""

    def __init__(self, size: int) -> None:
        self.usual = True
        """Whether all records so far were usual ones."""
        self.passed = 0
        """Octets of what was walked last that were whole records."""
        self._peers = b""
        self._size = self._goal = size

    def over(self, octets: Octets, base: int, places: deque[tuple[int, int]] | None) -> Iterator[Boundary]:
        """The boundaries in ``octets``, which stand at ``base``; ``places``: see :func:`boundaries`, ``None``: any."""
        with walk_records(octets) as walk:
            for _, kind, subtype, start, end in walk:
                if kind not in KNOWN_TYPES or subtype >= SUBTYPES or end - start > MAX_RECORD:
                    self.usual = False
                    return
                at = offset = base + start - HEADER_SIZE
                begin = offset if places is None else -1
                while places and places[0][0] <= offset:
                    begin, at = places.popleft()
                if begin >= 0 and at >= self._goal:
                    yield Boundary(offset, at, offset - begin, self._peers)
                    self._goal = at + self._size
                if kind == TABLE_DUMP_V2 and subtype == PEER_INDEX_TABLE:
                    record = bytes(octets[start - HEADER_SIZE : end])
                    if _readable(record):
                        self._peers = record
            self.passed = walk.offset


def boundaries_of_plain(data: mmap, size: int) -> Iterator[Boundary]:
    """Boundaries in a plain file, as far as its records are usual ones; at each octet reading can begin."""
    walk = _Walk(size)
    at, window = 0, _WINDOW
    with memoryview(data) as view:
        while at < len(view) and window <= 2 * _LONGEST:
            with view[at : at + window] as octets:
                yield from walk.over(octets, at, None)
            if not walk.usual:
                return
            at += walk.passed
            # A record that is longer than the window is looked at in a larger one.
            window = _WINDOW if walk.passed else 2 * window


def boundaries(parts: Iterable[tuple[bytes, int | None]], size: int) -> Iterator[Boundary]:
    """Boundaries in a file that ``parts`` are, one behind the other, none empty, as far as its records are usual ones.

    A part comes with the place where it begins in the file as it lies there, if it can be read from there; with
    ``None`` it goes on. The first record that begins behind such a place is a boundary if the place is ``size`` octets
    or more behind that of the last boundary.
    """
    walk = _Walk(size)
    waiting = bytearray()
    base = 0  # where in the file that begins
    least = _BLOCK
    places: deque[tuple[int, int]] = deque()
    for data, place in chain(parts, ((b"", None),)):
        if place is not None:
            places.append((base + len(waiting), place))
        waiting += data
        if len(waiting) < least and data:
            continue
        yield from walk.over(waiting, base, places)
        if not walk.usual:
            return
        del waiting[: walk.passed]
        base += walk.passed
        if len(waiting) > _LONGEST:
            return
        # A long rest is not walked again for each few octets.
        least = max(_BLOCK, 2 * len(waiting))
