"""Files cut into pieces of about one size, each of which can be read alone."""

from __future__ import annotations

import os
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bgpwire.mrt.boundaries import boundaries, boundaries_of_plain, pieces_of
from bgpwire.mrt.compression import MAGIC_SIZE, format_of
from bgpwire.mrt.input import Input
from bgpwire.mrt.piece import Piece
from bgpwire.mrt.places import is_url, names_of
from bgpwire.mrt.section import Section
from bgpwire.mrt.source import Source
from bgpwire.spread.frames import frames

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from io import FileIO

    from bgpwire.mrt.boundaries import Boundary

__all__ = ["SIZE", "plan"]

SIZE = 64 << 20
"""Octets of a piece where nothing else is asked."""
_BLOCK = 1 << 18
"""Octets of a file that are read at a time."""


class _Damaged(Exception):
    """A frame that cannot be decompressed: what is read behind it depends on how it is read."""


def plan(
    files: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    size: int | None = None,
    pieces: int | None = None,
) -> list[Piece]:
    """The pieces of MRT files (paths, folders, patterns, as :func:`bgpwire.open` takes them), in order: read one behind
    the other by :func:`bgpwire.spread.read` they give the rows of :func:`bgpwire.columns.read`.

    Each has about ``size`` octets of a file as it lies there (64 MiB), or there are about ``pieces`` of them; a file is
    one at least. Plain files are cut between records, and zstd where a frame begins; both are read through for it, but
    headers are all that is looked at. A file is one piece if it is not longer than that, if it is gzip, bzip2, xz or
    zstd of one frame, if it is a URL, and from its first tear on.

    OSError for a file that cannot be opened, ValueError for a size or number that there is not.
    """
    names = names_of(files)
    if size is not None and pieces is not None:
        raise ValueError("either the size of a piece or their number")
    if size is not None and size < 1:
        raise ValueError(f"pieces of {size} octets")
    if pieces is not None:
        if pieces < 1:
            raise ValueError(f"{pieces} pieces")
        size = max(1, -(-sum(map(_size, names)) // pieces))
    if "-" in names:
        raise ValueError("standard input cannot be read elsewhere")
    out: list[Piece] = []
    for name in names:
        out.extend(_pieces(name, SIZE if size is None else size, len(out)))
    return out


def _size(name: str) -> int:
    return 0 if is_url(name) else os.stat(name).st_size


def _pieces(name: str, size: int, index: int) -> Iterator[Piece]:
    """The pieces of one file, counted from ``index`` on."""
    if is_url(name) or not os.path.isfile(name):
        if not is_url(name):
            os.stat(name)  # which says why it is not there
        yield Piece(index, name)
        return
    with open(name, "rb", buffering=0) as file:
        total = os.fstat(file.fileno()).st_size
        compression, found = _boundaries(file, total, size)
    if not found:
        yield Piece(index, name)
        return
    yield from pieces_of(name, found, total, compression, index)


def _boundaries(file: FileIO, total: int, size: int) -> tuple[str | None, list[Boundary]]:
    """How an open file of ``total`` octets is compressed, and where to cut it."""
    if total <= size:
        return None, []
    form = format_of(file.read(MAGIC_SIZE))
    if form is None:
        file.seek(0)
        return None, list(boundaries_of_plain(file, size))
    if form.name != "zstd":
        return None, []
    begins = frames(file, total)
    if begins is None or len(begins) < 2:
        return None, []
    try:
        return form.name, list(boundaries(_decompressed(file, [*begins, total]), size))
    except _Damaged:
        return None, []


def _decompressed(file: Any, edges: list[int]) -> Iterator[tuple[bytes, int | None]]:
    """The frames of a zstd file between these edges, decompressed, the first octets of each with its place."""
    for begin, end in pairwise(edges):
        source = Source(Input(Section(file, begin, end)))
        place: int | None = begin
        while data := source.read(_BLOCK):
            yield data, place
            place = None
        if source.error is not None:
            raise _Damaged
