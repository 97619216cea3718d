"""Octets out of a file, a pipe or memory, decompressed by what they are and not by what they are called."""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

_CHUNK = 1 << 17


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


def _gzip() -> Any:
    try:
        from isal import isal_zlib
    except ImportError:
        return zlib.decompressobj(31)
    return isal_zlib.decompressobj(31)


def _zstd() -> Any:
    try:
        from compression import zstd  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        pass
    else:
        return zstd.ZstdDecompressor()
    try:
        import zstandard
    except ImportError:
        raise ModuleNotFoundError("a zstd file: pip install 'bgpwire[fast]', or use Python 3.14") from None
    return zstandard.ZstdDecompressor().decompressobj()


_MAGIC: tuple[tuple[bytes, str, Callable[[], Any]], ...] = (
    (b"\x1f\x8b\x08", "gzip", _gzip),
    (b"BZh", "bzip2", bz2.BZ2Decompressor),
    (b"\xfd7zXZ\x00", "xz", lzma.LZMADecompressor),
    (b"\x28\xb5\x2f\xfd", "zstd", _zstd),
)


class Source:
    """``read(n)`` gives decompressed octets, at least one until the end; ``error`` says why the end came early.

    Streams of several members (``cat a.gz b.gz``) are read through. Decompression goes in chunks, so that
    memory stays bounded.
    """

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._input = b""
        self.error: str | None = None
        self.consumed = 0
        """Octets read from the file, still compressed: for a progress bar."""
        self.compression: str | None = None
        self._decompressor: _Decompressor | None = None
        self._make: Callable[[], Any] | None = None
        self._input = self._pull()
        while self._input and len(self._input) < 6:
            more = self._pull()
            if not more:
                break
            self._input += more
        for magic, name, make in _MAGIC:
            if self._input.startswith(magic):
                self.compression, self._make = name, make
                self._decompressor = make()

    def _pull(self) -> bytes:
        data = self._raw.read(_CHUNK) or b""
        self.consumed += len(data)
        return data

    def read(self, size: int) -> bytes:
        """Up to about ``size`` octets; ``b""`` at the end."""
        if self._make is None:
            data, self._input = self._input, b""
            return data or self._pull()
        parts: list[bytes] = []
        have = 0
        while have < size and self._step(parts):
            have = sum(map(len, parts))
        return b"".join(parts)

    def _step(self, parts: list[bytes]) -> bool:
        """Decompress one chunk into ``parts``; whether there may be more."""
        if self._decompressor is None:
            return False
        data, self._input = self._input or self._pull(), b""
        if not data:
            if not self._decompressor.eof:
                self.error = f"{self.compression} stream is truncated"
            self._decompressor = None
            return False
        try:
            parts.append(self._decompressor.decompress(data))
        except Exception as error:  # each library has its own: zlib.error, OSError, LZMAError, ZstdError
            self.error = f"{self.compression} stream is damaged: {error}"
            self._decompressor = None
            return False
        if self._decompressor.eof:
            self._next_member()
        return True

    def _next_member(self) -> None:
        assert self._decompressor is not None
        assert self._make is not None
        rest = self._decompressor.unused_data or self._pull()
        rest = rest.lstrip(b"\0") if self.compression == "gzip" else rest
        if not rest:
            self._decompressor = None
            return
        if rest[:2] != _MAGIC_OF[self.compression][:2]:
            self.error = f"octets behind the {self.compression} stream"
            self._decompressor = None
            return
        self._decompressor = self._make()
        self._input = rest


_MAGIC_OF: dict[str | None, bytes] = {name: magic for magic, name, _ in _MAGIC}


def open_raw(source: Any) -> BinaryIO:
    """A path, a binary file, octets, or ``-`` for standard input, as something with ``read(n)``."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return io.BytesIO(source)
    if source == "-":
        import sys

        return sys.stdin.buffer
    if hasattr(source, "read"):
        return source  # type: ignore[no-any-return]
    return open(source, "rb", buffering=0)
