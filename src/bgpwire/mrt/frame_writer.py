"""zstd in independent frames, which can be read each alone."""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

__all__ = ["FrameWriter"]

SIZE = 16 << 20
"""Octets of a frame before they are compressed: a few windows of zstd, so that little is lost at its beginning."""
LEVEL = 9
"""Of zstd: archives are written once and read often, and its level changes nothing for readers but the size."""


class FrameWriter(io.BufferedIOBase):
    """A binary file that compresses what is written to it into frames of ``size`` octets each; ``out`` stays open.

    What reads zstd reads it as one stream. ImportError without a library that compresses.
    """

    def __init__(self, out: BinaryIO, level: int = LEVEL, size: int = SIZE) -> None:
        if size < 1:
            raise ValueError(f"frames of {size} octets")
        self._out = out
        self._compress = _compressor(level)
        self._size = size
        self._waiting = bytearray()
        self._begun = False

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._waiting += data
        if len(self._waiting) >= self._size:
            whole = len(self._waiting) // self._size * self._size
            for at in range(0, whole, self._size):
                self._frame(bytes(self._waiting[at : at + self._size]))
            del self._waiting[:whole]
        return len(data)

    def flush(self) -> None:
        """End the frame that waits for more octets, if it has any."""
        super().flush()
        if self._waiting:
            self._frame(bytes(self._waiting))
            self._waiting.clear()

    def close(self) -> None:
        """Write the last frame; an empty one if nothing was written."""
        if self.closed:
            return
        try:
            if self._waiting or not self._begun:
                self._frame(bytes(self._waiting))
        finally:
            self._waiting.clear()
            super().close()

    def _frame(self, data: bytes) -> None:
        self._out.write(self._compress(data))
        self._begun = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            self._waiting.clear()
            self._begun = True
        self.close()

    def __del__(self) -> None:
        """Write nothing: what nobody closed is not whole."""


def _compressor(level: int) -> Callable[[bytes], bytes]:
    """What makes a frame."""
    try:
        from compression import zstd  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        pass
    else:
        return partial(zstd.compress, level=level)
    try:
        import zstandard
    except ImportError:
        raise ImportError("writing .zst: pip install 'bgpwire[fast]', or use Python 3.14") from None
    return zstandard.ZstdCompressor(level).compress
