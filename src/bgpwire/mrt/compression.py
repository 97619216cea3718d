"""Decompressors of one face, each bounded in what one step gives: gzip, bzip2, xz, zstd."""

from __future__ import annotations

import bz2
import lzma
import re
import zlib
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

_XZ_MEMORY = 128 << 20
"""``xz -9`` asks its reader for 65 MiB. A dictionary for which this is too little is an error of the file."""


class Decompressor(Protocol):
    """One stream. ``push`` takes octets, none if it is not ``hungry``, and gives about ``room`` at most."""

    @property
    def hungry(self) -> bool: ...
    @property
    def eof(self) -> bool: ...
    @property
    def unused(self) -> bytes: ...
    def push(self, data: bytes, room: int) -> bytes: ...


class _Stream:
    """What a stream of any library offers alike."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    @property
    def eof(self) -> bool:
        return bool(self._stream.eof)

    @property
    def unused(self) -> bytes:
        unused: bytes = self._stream.unused_data
        return unused


class _Deflate(_Stream):
    """gzip; what was not taken for want of room stands in ``unconsumed_tail``."""

    def __init__(self) -> None:
        library: Any = zlib
        with suppress(ImportError):
            library = import_module("isal.isal_zlib")
        super().__init__(library.decompressobj(31))
        self._full = False

    @property
    def hungry(self) -> bool:
        return not self._full

    def push(self, data: bytes, room: int) -> bytes:
        out: bytes = self._stream.decompress(self._stream.unconsumed_tail if self._full else data, room)
        # Output of exactly that size may have more behind it although all of the input is taken.
        self._full = not self._stream.eof and (len(out) == room or bool(self._stream.unconsumed_tail))
        return out


class _Needy(_Stream):
    """bzip2, xz, and zstd since Python 3.14, which keep their input themselves."""

    @property
    def hungry(self) -> bool:
        return bool(self._stream.needs_input)

    def push(self, data: bytes, room: int) -> bytes:
        out: bytes = self._stream.decompress(data, room)
        return out


class _Zstandard(_Stream):
    """zstd by the package zstandard, which knows no bound: the input is what must be short.

    A block of 4 octets can give 128 KiB, and no more (RFC 8878 section 3.1.1.2).
    """

    hungry = True

    def push(self, data: bytes, room: int) -> bytes:
        out: bytes = self._stream.decompress(data)
        return out


def _bzip2() -> Decompressor:
    return _Needy(bz2.BZ2Decompressor())


def _xz() -> Decompressor:
    return _Needy(lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=_XZ_MEMORY))


def _zstd() -> Decompressor:
    try:
        from compression import zstd  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        pass
    else:
        return _Needy(zstd.ZstdDecompressor())
    try:
        import zstandard
    except ImportError:
        raise ModuleNotFoundError("a zstd file: pip install 'bgpwire[fast]', or use Python 3.14") from None
    return _Zstandard(zstandard.ZstdDecompressor().decompressobj(write_size=1 << 15))


class Format(NamedTuple):
    """How a format begins, how it is read, whether zeros may stand behind it, and how much may be pushed."""

    name: str
    magic: re.Pattern[bytes]
    make: Callable[[], Decompressor]
    padding: bool = False
    most: int = 1 << 14


FORMATS = (
    Format("gzip", re.compile(rb"\x1f\x8b\x08"), _Deflate, padding=True),
    # A record of 2005-04-11, 12:05 to 12:10 UTC, begins with BZh too; the fifth octet of its header, the type, is zero.
    Format("bzip2", re.compile(rb"BZh(?!.\0)", re.DOTALL), _bzip2),
    Format("xz", re.compile(rb"\xfd7zXZ\0"), _xz, padding=True),
    Format("zstd", re.compile(rb"\x28\xb5\x2f\xfd"), _zstd, most=512),
)

MAGIC_SIZE = 6
"""Octets at the beginning of a file that tell which format it is, or that it is none."""


def format_of(head: bytes) -> Format | None:
    """The format of a file that begins so; ``None`` if it is not compressed."""
    return next((form for form in FORMATS if form.magic.match(head)), None)
