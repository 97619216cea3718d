"""The rows of a piece."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, cast

from bgpwire.columns.files import read as read_files
from bgpwire.columns.reader import BATCH_SIZE, Columns
from bgpwire.errors import MrtError
from bgpwire.every_family import families_of
from bgpwire.mrt.file import _Pass
from bgpwire.mrt.input import Input
from bgpwire.mrt.kernels import RouteDecoder
from bgpwire.mrt.source import Source
from bgpwire.spread.section import Section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bgpwire.columns.kernels import Batch
    from bgpwire.mrt.resync import Skip
    from bgpwire.route.filter import Filter
    from bgpwire.spread.piece import Piece

__all__ = ["read"]


def read(
    piece: Piece,
    fields: Iterable[str] | None = None,
    *,
    filter: Filter | None = None,
    batch_size: int = BATCH_SIZE,
    add_path: Iterable[tuple[int, int]] = (),
    multiple_labels: Iterable[tuple[int, int]] = (),
    strict: bool = False,
    on_skip: Callable[[Skip], object] | None = None,
    profile: str | None = None,
) -> Columns:
    """The routes of a piece as columns; arguments are those of :func:`bgpwire.columns.read`.

    Rows are those that a reading of the whole file has there, the columns ``file`` and ``offset`` among them; what is
    stepped over is told once, by the piece that it stands in. :class:`bgpwire.MrtError`, when it is read, where the
    file has changed since it was cut.
    """
    if piece.whole:
        return read_files(
            piece.file,
            fields,
            filter=filter,
            batch_size=batch_size,
            add_path=add_path,
            multiple_labels=multiple_labels,
            strict=strict,
            on_skip=on_skip,
            profile=profile,
        )
    how = partial(_begin, piece, families_of(add_path), families_of(multiple_labels), strict, on_skip)
    return Columns(partial(_readings, piece, how), fields, filter, batch_size, profile)


def _readings(piece: Piece, begin: Callable[[], _Pass]) -> Iterator[tuple[str, Callable[..., Iterator[Batch]]]]:
    begun = begin()
    try:
        yield piece.file, begun.through
    finally:
        begun.close()


def _begin(
    piece: Piece,
    add_path: frozenset[tuple[int, int]],
    multiple_labels: frozenset[tuple[int, int]],
    strict: bool,
    on_skip: Callable[[Skip], object] | None,
) -> _Pass:
    """A pass over what is cut out of a file."""
    octets = _opened(piece)
    # Octets out of the middle are not to be taken for a compressed file by their looks, as those of a file are.
    source = cast("Source", _Octets(piece, octets))
    # The peers come in front of the first record, where kernels without objects hear of them too.
    start = piece.start - len(piece.peers)
    return _Pass(octets, source, piece.file, RouteDecoder(add_path, multiple_labels), strict, on_skip, start)


def _opened(piece: Piece) -> Input:
    """The file, where reading begins."""
    file = open(piece.file, "rb", buffering=0)  # noqa: SIM115  Input closes it
    try:
        size = os.fstat(file.fileno()).st_size
        if size != piece.size:
            raise _changed(piece, f"{piece.size} octets then, {size} now")
        return Input(Section(file, piece.at), owned=True)
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
