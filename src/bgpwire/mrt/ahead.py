"""Decompression beside decoding: what threads do for a pass over a compressed file."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from importlib import import_module
from itertools import count
from typing import TYPE_CHECKING, Any

from bgpwire._ahead import Ahead
from bgpwire.mrt.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from bgpwire.mrt.input import Input

__all__ = ["ReadAhead", "decompressed"]

_PIECES = 32
"""Of about 128 KiB, of rapidgzip 1 MiB, that wait for who decodes."""
_PIECE = 1 << 20
_LOOK = 16
"""So many pieces between two looks at how far a library has come in the file."""


def decompressed(octets: Input, threads: int) -> Source | ReadAhead:
    """The octets of a file, decompressed in other threads if there is more than one and the file is read here alone."""
    source = Source(octets)
    if threads < 2 or source.compression is None or octets.descriptor is not None or not octets.alone:
        return source
    return ReadAhead(source, octets, threads)


class ReadAhead:
    """A :class:`Source` that is read in a thread of its own, some MiB ahead of who decodes.

    The libraries of gzip, bzip2, xz and zstd work without Python's lock. The blocks of bzip2 are decompressed by
    ``threads`` threads at a time where rapidgzip is installed.
    """

    def __init__(self, source: Source, octets: Input, threads: int) -> None:
        self.compression = source.compression
        self.error: str | None = None
        self.copy: Callable[[bytes], object] | None = None
        self._source = source
        self._input = octets
        self._threads = threads
        self._pieces: Ahead[bytes] | None = None

    def ready(self) -> bool:
        return True

    def read(self, size: int) -> bytes:
        """What there is next; ``b""`` at the end, and :attr:`error` says why it came early."""
        if self._pieces is None:
            # The thread knows the source and nothing else, so that this can be dropped.
            make: Callable[..., Generator[bytes]] = partial(_pieces, self._source)
            path = self._input.path
            if self.compression == "bzip2" and path is not None:
                make = partial(_bzip2_pieces, self._source, self._input, path, self._threads)
            self._pieces = Ahead(make, _PIECES)
        data = next(self._pieces, b"")
        if not data:
            if self._input.closed:
                raise ValueError("the file is closed")
            self.error = self._source.error
        if self.copy is not None:
            self.copy(data)
        return data

    def stop(self) -> None:
        """End the thread, at once but for the step that it is in."""
        if self._pieces is not None:
            self._pieces.stop()


def _pieces(source: Source) -> Generator[bytes]:
    while data := source.read(_PIECE):
        yield data


def _bzip2_pieces(source: Source, octets: Input, path: str, threads: int) -> Generator[bytes]:
    """The same by rapidgzip, which decodes blocks side by side.

    It knows no torn files: where it fails, or ends before the file does, ``source`` goes through the file from the
    beginning, and what it gives goes on behind what was given. Each block has a checksum, which rapidgzip holds it to.
    """
    given = 0
    try:
        file = _side_by_side(octets, path, threads)
    except Exception:
        file = None
    if file is not None:
        with file:
            blocks = _blocks(file, octets)
            while data := next(blocks, b""):
                given += len(data)
                yield data
                if octets.closed:
                    return
            if _is_whole(file, octets):
                return
    while data := source.read(_PIECE):
        if given < len(data):
            yield data[given:]
        given = max(0, given - len(data))


def _side_by_side(octets: Input, path: str, threads: int) -> Any:
    """The file in rapidgzip; ``None`` where that is not installed, or if another file has the name now."""
    try:
        library = import_module("rapidgzip").IndexedBzip2File
    except (ImportError, AttributeError):
        return None
    return library(path, parallelization=threads) if octets.is_at(path) else None


def _blocks(file: Any, octets: Input) -> Generator[bytes]:
    """What rapidgzip gives, up to what it cannot read: its exceptions are those of C++, and not always the same."""
    with suppress(Exception):
        for turn in count(1):
            data: bytes = file.read(_PIECE)
            if not data:
                return
            yield data
            if turn % _LOOK == 0:
                octets.consumed = max(octets.consumed, max(file.available_block_offsets(), default=0) // 8)


def _is_whole(file: Any, octets: Input) -> bool:
    """Whether the last block that was found ends where the file does; offsets are in bits."""
    try:
        whole: bool = max(file.block_offsets(), default=0) == 8 * octets.size()
    except Exception:
        return False
    if whole:
        octets.consumed = octets.size()
    return whole
