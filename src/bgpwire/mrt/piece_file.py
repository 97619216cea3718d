"""A piece of an MRT file, read as the file is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, cast

from bgpwire.errors import MrtError
from bgpwire.mrt.boundaries import leads_to
from bgpwire.mrt.file import MrtFile, _Pass
from bgpwire.mrt.input import Input
from bgpwire.mrt.kernels import RouteDecoder
from bgpwire.mrt.section import Section
from bgpwire.mrt.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from bgpwire.mrt.piece import Piece

__all__ = ["STEP", "PieceFile"]

STEP = 1 << 19
"""Octets of a file that are read at a time: threads that read less each time wait for each other more often."""


class PieceFile(MrtFile):
    """What :class:`bgpwire.mrt.MrtFile` gives of the records of a piece that is cut out of a file: the same routes, at
    the same offsets; what is stepped over is told once, by the piece that it stands in.

    :class:`bgpwire.MrtError`, at once or when it is read, where the file has changed since it was cut; one that is
    ``growing`` may be longer.
    """

    def __init__(self, piece: Piece, *, growing: bool = False, step: int = STEP, **how: Any) -> None:
        """``step``: octets that are read at a time; other arguments are those of :class:`MrtFile`."""
        self._piece = piece
        self._growing = growing
        self._step = step
        super().__init__(piece.file, **how)

    def is_as_guessed(self, known: int) -> bool:
        """Whether the piece, which was read, ends where a record ends, and so is one that may be cut there: each of its
        records led to the next, and no table of peers came behind the offset ``known``."""
        walker = self._last.walker
        return not walker._odd and walker.offset == self._piece.end and walker._table < max(self._piece.start, known)

    def will_be_as_guessed(self, known: int) -> bool:
        """The same of a piece that is being read, by the headers of what is not read yet. False where that is not
        certain."""
        walker, end = self._last.walker, self._piece.end
        assert end is not None
        if walker._odd or walker._table >= max(self._piece.start, known):
            return False
        try:
            with open(self._piece.file, "rb", buffering=0) as file:
                return leads_to(file, walker.offset, end)
        except OSError:
            return False

    def check(self, known: int) -> None:
        """:class:`bgpwire.MrtError` if a piece that was read, and was to be as it was guessed, is not: somebody writes
        to the file."""
        if not self.is_as_guessed(known):
            raise _changed(self._piece, "other records then")

    def _pass(self) -> _Pass:
        piece = self._piece
        octets = _opened(piece, self._growing, self._step)
        # Octets out of the middle are not to be taken for a compressed file by their looks, as those of a file are.
        source = cast("Source", _Octets(piece, octets))
        # The peers come in front of the first record, where kernels without objects hear of them too.
        start = piece.start - len(piece.peers)
        decoder = RouteDecoder(self._add_path, self._multiple_labels)
        begun = _Pass(octets, source, piece.file, decoder, self.strict, self._on_skip, start)
        if piece.end is not None:
            begun.walker._sound = piece.end  # each record leads to another, the last one to what is not read here
        return begun


def _opened(piece: Piece, growing: bool, step: int) -> Input:
    """The file, where reading begins."""
    file = open(piece.file, "rb", buffering=0)  # noqa: SIM115  Input closes it
    try:
        size = os.fstat(file.fileno()).st_size
        if size != piece.size and not (growing and size > (piece.size or 0)):
            raise _changed(piece, f"{piece.size} octets then, {size} now")
        end = None if piece.compression else piece.end
        return Input(Section(file, piece.at, end), owned=True, step=step)
    except BaseException:
        file.close()
        raise


def _changed(piece: Piece, how: str) -> MrtError:
    return MrtError(f"{piece.file} has changed since it was cut: {how}", piece.start)


class _Octets:
    """The record of the peers and the decompressed octets of a piece, with the face of a :class:`Source`."""

    def __init__(self, piece: Piece, octets: Input) -> None:
        self.compression = piece.compression
        self.copy: Callable[[bytes], object] | None = None
        self._piece = piece
        self._input = octets
        self._source = Source(octets) if piece.compression is not None else None
        self._front = piece.peers
        self._skip = piece.skip
        self._left = None if piece.end is None else piece.end - piece.start

    @property
    def error(self) -> str | None:
        return None if self._source is None else self._source.error

    def ready(self) -> bool:
        return True

    def read(self, size: int) -> bytes:
        """About ``size`` octets at most; none behind the last."""
        if self._front:
            data, self._front = self._front, b""
            return data
        if self._left == 0:
            return b""
        data = self._more(size)
        while self._skip and data:
            passed = min(self._skip, len(data))
            self._skip -= passed
            data = data[passed:] or self._more(size)
        if self._left is not None:
            data = data[: self._left]
            self._left -= len(data)
        if not data and (self._left or self._skip):
            raise _changed(self._piece, self.error or "it ends before the piece does")
        return data

    def _more(self, size: int) -> bytes:
        return self._input.pull() if self._source is None else self._source.read(size)
