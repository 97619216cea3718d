"""Where the frames of a zstd file begin, found without decompressing them (RFC 8878 section 3.1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import IO

__all__ = ["frames"]

_MAGIC = b"\x28\xb5\x2f\xfd"
_DICTIONARY = (0, 1, 2, 4)
"""Octets of Dictionary_ID, by its flag."""
_CONTENT_SIZE = (0, 2, 4, 8)
"""Octets of Frame_Content_Size, by its flag; 1 for a single segment without the flag."""
_RLE, _RESERVED = 1, 3
"""Types of blocks: one octet repeated, and the one that there is not."""


def frames(file: IO[bytes], size: int) -> list[int] | None:
    """Where each frame begins in ``file``, of ``size`` octets; headers are read, and nothing else.

    ``None`` if anything else stands between or behind them (a skippable frame, say), or if the last one is cut short.
    """
    out: list[int] = []
    at = 0
    while at < size:
        end = _end_of_frame(file, at)
        if end is None or end > size:
            return None
        out.append(at)
        at = end
    return out


def _end_of_frame(file: IO[bytes], at: int) -> int | None:
    """Where the frame at ``at`` ends, which may be beyond the octets; ``None`` if there is none."""
    # Read, not mapped: to look at a mapping of a file that somebody cuts off ends the process.
    file.seek(at)
    header = file.read(5)
    if header[:4] != _MAGIC or len(header) < 5:
        return None
    descriptor = header[4]
    single = descriptor >> 5 & 1
    content = _CONTENT_SIZE[descriptor >> 6] or single
    at += 5 + (not single) + _DICTIONARY[descriptor & 3] + content
    while True:
        file.seek(at)
        header = file.read(3)
        if len(header) < 3:
            return None
        number = int.from_bytes(header, "little")
        kind = number >> 1 & 3
        if kind == _RESERVED:
            return None
        at += 3 + (1 if kind == _RLE else number >> 3)
        if number & 1:
            return at + 4 * (descriptor >> 2 & 1)
