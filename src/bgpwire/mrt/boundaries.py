"""Where an archive can be cut: between records up to which each one says where the next one is.

So far a reader looks at nothing but headers, and what it gives depends on nothing that came before but the peers of a
RIB. Behind the first octets that are no usual record it judges by what it has seen, and nothing is cut there.
"""

from __future__ import annotations

import struct
from collections import deque
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from bgpwire.errors import DecodeError
from bgpwire.kernels import walk_records
from bgpwire.mrt.kernels import Record, RouteDecoder, step_over
from bgpwire.mrt.piece import Piece
from bgpwire.mrt.resync import HEADER_SIZE, KNOWN_TYPES, MAX_RECORD, SUBTYPES
from bgpwire.numbers.mrt import TABLE_DUMP_V2
from bgpwire.numbers.mrt_subtype import PEER_INDEX_TABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from io import FileIO

    type Octets = bytearray | memoryview

__all__ = ["Boundary", "boundaries", "boundaries_of_plain", "leads_to", "pieces_of"]

_HEADER = struct.Struct(">IHHI")
_BLOCK = 1 << 18
_STEP = 1 << 20
"""Octets of a plain file that are read at a time, and stay in the processor's cache."""
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


_BEGIN = Boundary(0, 0, 0, b"")


def readable(octets: bytes) -> bool:
    """Whether this PEER_INDEX_TABLE record can be read; one that cannot leaves the one before it in force."""
    try:
        for seconds, kind, subtype, start, end in walk_records(octets):
            RouteDecoder().routes(Record(seconds, kind, subtype, octets[start:end]))
    except DecodeError:
        return False
    return True


class _Walk:
    """A walk over headers; ``size`` octets of the file at least are between the places of two boundaries."""

    def __init__(self, size: int, start: int = 0, peers: bytes = b"") -> None:
        """From ``start`` on, where ``peers`` are in force."""
        self.usual = True
        """Whether all records so far were usual ones."""
        self.passed = 0
        """Octets of what was walked last that were whole records."""
        self._peers = peers
        self._size = size
        self._goal = start + size

    def over(self, octets: Octets, base: int, places: deque[tuple[int, int]] | None) -> Iterator[Boundary]:
        """The boundaries in ``octets``, which stand at ``base``; ``places``: see :func:`boundaries`, ``None``: any."""
        at = 0
        while True:
            while places and places[0][1] < self._goal:
                places.popleft()
            goal = self._goal if places is None else places[0][0] if places else base + len(octets)
            at = self.passed = step_over(octets, at, goal - base)
            if len(octets) - at < HEADER_SIZE:
                return
            _, kind, subtype, length = _HEADER.unpack_from(octets, at)
            if kind not in KNOWN_TYPES or subtype >= SUBTYPES or length > MAX_RECORD:
                self.usual = False
                return
            end = at + HEADER_SIZE + length
            if end > len(octets):
                return
            if base + at >= goal:
                begin = place = base + at
                while places and places[0][0] <= base + at:
                    begin, place = places.popleft()
                yield Boundary(base + at, place, base + at - begin, self._peers)
                self._goal = place + self._size
            if kind == TABLE_DUMP_V2 and subtype == PEER_INDEX_TABLE:
                record = bytes(octets[at:end])
                if readable(record):
                    self._peers = record
                at = end


def boundaries_of_plain(file: FileIO, size: int, start: int = 0, peers: bytes = b"") -> Iterator[Boundary]:
    """Boundaries in a plain file, as far as its records are usual ones; at each octet reading can begin. The first
    record is at ``start``, where ``peers`` are in force."""
    # Read, not mapped: to look at a mapping of a file that somebody cuts off ends the process.
    walk = _Walk(size, start, peers)
    waiting = bytearray(_STEP)
    base = file.seek(start)
    filled = 0
    while filled < len(waiting) <= 2 * _LONGEST:
        with memoryview(waiting) as room:
            read = file.readinto(room[filled:])
            if not read:
                return
            filled += read
            yield from walk.over(room[:filled], base, None)
        if not walk.usual:
            return
        waiting[: filled - walk.passed] = waiting[walk.passed : filled]
        filled -= walk.passed
        base += walk.passed
        if filled == len(waiting):  # of one record
            waiting.extend(bytes(filled))


def leads_to(file: FileIO, start: int, end: int) -> bool:
    """Whether in a plain file each record from ``start`` on leads to the next, and the last one to ``end``, all of them
    usual ones and none a PEER_INDEX_TABLE."""
    at = start
    while at < end:
        file.seek(at)
        octets = file.read(min(_STEP, end - at))
        passed = step_over(octets, 0, len(octets))
        if not passed:
            return False  # or a record that is longer than what was read: it is not worth more
        at += passed
    return at == end


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


def pieces_of(
    name: str,
    found: Iterable[Boundary],
    size: int | None,
    compression: str | None = None,
    index: int = 0,
    begin: Boundary = _BEGIN,
) -> Iterator[Piece]:
    """The pieces of a file of ``size`` octets from ``begin`` on, cut at the boundaries ``found``; the first of them is
    number ``index``."""
    for end in found:
        yield Piece(index, name, begin.offset, end.offset, begin.at, begin.skip, compression, size, begin.peers)
        begin = end
        index += 1
    yield Piece(index, name, begin.offset, None, begin.at, begin.skip, compression, size, begin.peers)
