"""Where a long plain file may be cut, guessed: nothing of it is read but its beginning, and a little at each place.

That each record leads to the next up to a place that is guessed is known when what is before it was read
(:meth:`bgpwire.mrt.piece_file.PieceFile.is_as_guessed`). Where one does not, the pieces from there on are those of
:func:`bgpwire.mrt.boundaries.boundaries_of_plain`, which steps over all headers.
"""

from __future__ import annotations

import struct
from contextlib import suppress
from typing import TYPE_CHECKING

from bgpwire.mrt.boundaries import Boundary, boundaries_of_plain, pieces_of, readable
from bgpwire.mrt.kernels import Headers, step_over
from bgpwire.mrt.parts import Part, is_cut
from bgpwire.mrt.places import size_of
from bgpwire.mrt.resync import HEADER_SIZE, MAX_RECORD
from bgpwire.numbers.mrt import TABLE_DUMP_V2
from bgpwire.numbers.mrt_subtype import PEER_INDEX_TABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from io import FileIO

__all__ = ["WrongGuess", "guessed_parts", "known_parts"]

_HEADER = struct.Struct(">IHHI")
_BEGINNING = 1 << 20
_WINDOW = 1 << 18
_CHAIN = 1 << 14
"""So many octets of records, each of which leads to the next, are taken for records."""
_SHARE = 4
"""So many pieces at least are left to be read where one begins, but for the last, which have ..."""
_LEAST = 16
"""... so much less than usual pieces."""
_TRIES = 128
"""Places that may be the first of them: in a table of IPv6 some tens lead nowhere."""
_VAIN = 1 << 19
"""Octets of records that led nowhere: a file can be made so that there are many."""


class WrongGuess(Exception):
    """Of a piece that was read: no record ends where it does, or more came in it than records, each up to the next."""


def guessed_parts(names: Sequence[str], size: int) -> Iterator[Part]:
    """As :func:`bgpwire.mrt.parts.parts`, the ends of pieces guessed. The last ones of all are shorter, so that who
    reads them ends together."""
    behind = sum(size_of(name) or 0 for name in names)
    for number, name in enumerate(names):
        length = size_of(name) or 0
        behind -= length
        if not is_cut(name):
            yield Part(name, number, None)
            continue
        known, found = _guesses(name, _goals(length, size, behind))
        for piece in pieces_of(name, found, length):
            yield Part(name, number, piece, None if piece.end is None else known)


def _goals(length: int, size: int, behind: int) -> Iterator[int]:
    """About where to cut a file of so many octets, with ``behind`` more in other files, into pieces of ``size``."""
    goal = 0
    while True:
        goal += max(1, size // _LEAST, min(size, (length - goal + behind) // _SHARE))
        if goal >= length:
            return
        yield goal


def known_parts(part: Part, size: int) -> Iterator[Part]:
    """The parts of the file of ``part`` from where that begins, none of them guessed."""
    piece = part.piece
    assert piece is not None
    begin = Boundary(piece.start, piece.at, piece.skip, piece.peers)
    found = _stepped(part.name, size, begin)
    for one in pieces_of(part.name, found, piece.size, None, piece.index, begin):
        yield Part(part.name, part.file, one)


def _stepped(name: str, size: int, begin: Boundary) -> Iterator[Boundary]:
    # A file that cannot be read on is one piece from there: who reads it says why.
    with suppress(OSError), open(name, "rb", buffering=0) as file:
        yield from boundaries_of_plain(file, size, begin.offset, begin.peers)


def _guesses(name: str, goals: Iterable[int]) -> tuple[int, Iterator[Boundary]]:
    """Up to where it is known which tables of peers there are, and the boundaries that are guessed."""
    try:
        with open(name, "rb", buffering=0) as file:
            known, peers = _beginning(file.read(_BEGINNING))
    except OSError:
        return 0, iter(())
    return known, _places(name, (goal for goal in goals if goal >= known), peers)


def _beginning(octets: bytes) -> tuple[int, bytes]:
    """How far the records of the beginning go, and the PEER_INDEX_TABLE record that is in force there."""
    at, peers = 0, b""
    while True:
        at = step_over(octets, at, len(octets))
        if len(octets) - at < HEADER_SIZE:
            return at, peers
        _, kind, subtype, size = _HEADER.unpack_from(octets, at)
        end = at + HEADER_SIZE + size
        if (kind, subtype) != (TABLE_DUMP_V2, PEER_INDEX_TABLE) or end > len(octets):
            return at, peers
        record = octets[at:end]
        if readable(record):
            peers = record
        at = end


def _places(name: str, goals: Iterable[int], peers: bytes) -> Iterator[Boundary]:
    """A place behind each goal where a record begins by its looks, if one is found near it."""
    with suppress(OSError), open(name, "rb", buffering=0) as file:
        last = 0
        for goal in goals:
            place = _place(file, goal)
            if place is not None and place > last:
                yield Boundary(place, place, 0, peers)
                last = place


def _place(file: FileIO, goal: int) -> int | None:
    file.seek(goal)
    octets = file.read(_WINDOW)
    headers = Headers()
    at = vain = 0
    for _ in range(_TRIES):
        at = headers.find(octets, at, len(octets), 0)
        if at < 0:
            return None
        end = step_over(octets, at, len(octets))
        if (end - at >= _CHAIN or end == len(octets) < _WINDOW) and _goes_on(octets, end):
            return goal + at
        vain += end - at
        if vain > _VAIN:
            return None
        at += 1
    return None


def _goes_on(octets: bytes, at: int) -> bool:
    """Whether what stands there is a record that the octets do not have as a whole."""
    if len(octets) - at < HEADER_SIZE:
        return True
    size = _HEADER.unpack_from(octets, at)[3]
    return at + HEADER_SIZE + size > len(octets) and size <= MAX_RECORD and Headers().plausible(octets, at)
