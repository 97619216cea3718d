"""What threads take of an archive, one thing each: whole files, and long plain ones in pieces."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from bgpwire.mrt.boundaries import boundaries_of_plain, pieces_of
from bgpwire.mrt.compression import MAGIC_SIZE, format_of
from bgpwire.mrt.places import size_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bgpwire.mrt.boundaries import Boundary
    from bgpwire.mrt.piece import Piece

__all__ = ["LARGE_PIECE", "LONG", "PIECE", "Part", "is_cut", "parts"]

LONG = 32 << 20
"""A plain file of more octets is cut."""
PIECE = 8 << 20
"""Octets of a piece: to begin one takes as long as to decode some 100,000, and what is made of one waits in memory."""
LARGE_PIECE = 32 << 20
"""The same where next to nothing waits."""


class Part(NamedTuple):
    """A file, or a piece of it."""

    name: str
    file: int
    """Which of the files it is, from 0."""
    piece: Piece | None
    """``None``: all of it."""
    guess: int | None = None
    """Not ``None``: that a record ends where the piece does is a guess, and up to this offset it is known which tables
    of peers there are."""

    @property
    def last(self) -> bool:
        """Whether nothing of the file comes behind it."""
        return self.piece is None or self.piece.end is None


def is_cut(name: str) -> bool:
    """Whether it is a plain file, and long enough to be read in pieces."""
    if (size_of(name) or 0) <= LONG:
        return False
    try:
        with open(name, "rb", buffering=0) as file:
            return format_of(file.read(MAGIC_SIZE)) is None
    except OSError:
        return False  # who reads it says so


def parts(names: Iterable[str], size: int | None) -> Iterator[Part]:
    """The parts of the files of these names, in order: a file is cut as the iterator runs, into pieces of ``size``;
    with ``None`` none is."""
    for number, name in enumerate(names):
        if size is None or not is_cut(name):
            yield Part(name, number, None)
            continue
        for piece in pieces_of(name, _boundaries(name, size), size_of(name)):
            yield Part(name, number, piece)


def _boundaries(name: str, size: int) -> Iterator[Boundary]:
    # A file that cannot be read on is one piece from there: who reads it says why.
    with suppress(OSError), open(name, "rb", buffering=0) as file:
        yield from boundaries_of_plain(file, size)
