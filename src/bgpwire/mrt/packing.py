"""Files that compress what is written to them: gzip, bzip2, xz and zstd, by the endings of their names."""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from typing import TYPE_CHECKING, Any, Final, Protocol

from bgpwire.mrt.frame_writer import FrameWriter

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

__all__ = ["SUFFIXES", "packed"]

_LEVEL = 6
"""Of gzip, as the program has it."""


class _Compressor(Protocol):
    """One stream."""

    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


class StreamWriter(io.BufferedIOBase):
    """A binary file that compresses what is written to it into streams, one behind the other; ``out`` stays open.

    :meth:`flush` ends a stream, so that all that was written can be read; what reads the format reads them as one.
    """

    def __init__(self, out: BinaryIO, make: Callable[[], _Compressor]) -> None:
        self._out = out
        self._make = make
        self._stream: _Compressor | None = make()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        if self.closed:
            raise ValueError("the file is closed")
        if self._stream is None:
            self._stream = self._make()
        octets = self._stream.compress(data)
        if octets:
            self._out.write(octets)
        return len(data)

    def flush(self) -> None:
        """End the stream, if one has begun."""
        super().flush()
        stream, self._stream = self._stream, None
        if stream is not None:
            self._out.write(stream.flush())

    # close() of the base class flushes: a file to which nothing was written has one stream of nothing.

    def __del__(self) -> None:
        """Write nothing: what nobody closed is not whole."""


_STREAMS: Final[dict[str, Callable[[], _Compressor]]] = {
    # 31: zlib writes the header of gzip, without a name and a time.
    ".gz": lambda: zlib.compressobj(_LEVEL, zlib.DEFLATED, 31),
    ".bz2": bz2.BZ2Compressor,
    ".xz": lzma.LZMACompressor,
}
SUFFIXES: Final = (*_STREAMS, ".zst")
"""How the names of compressed files end."""


def packed(out: BinaryIO, suffix: str) -> StreamWriter | FrameWriter:
    """A file that packs what is written to it into ``out``, which stays open, as ``suffix``, one of :data:`SUFFIXES`.

    zstd is in frames (:class:`FrameWriter`). ImportError where that takes a package that is not installed.
    """
    return FrameWriter(out) if suffix == ".zst" else StreamWriter(out, _STREAMS[suffix])
