"""Finding the next MRT record behind a tear (RFC 6396 has no marker, so headers are judged by their looks)."""

from __future__ import annotations

import re
import struct
from typing import NamedTuple

_HEADER = struct.Struct(">IHHI").unpack_from
HEADER_SIZE = 12
KNOWN_TYPES = frozenset((0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 17, 32, 33, 48, 49, 64, 65))
"""IANA "MRT Types", and 64/65, which early RIS collectors wrote for 16/17."""
_TYPE = re.compile(
    b"(?=\\0[" + b"".join(re.escape(bytes((kind,))) for kind in sorted(KNOWN_TYPES)) + b"]\\0[\\0-\\x1f][\\0\\1])"
)
MAX_RECORD = 1 << 24
"""No writer makes a record this long: a peer index table of 65,535 peers takes 1.7 MB."""


class Skip(NamedTuple):
    """Octets that gave no record: where they stand in the (decompressed) file, how many, and why."""

    offset: int
    length: int
    reason: str

    def __str__(self) -> str:
        return f"skipped {self.length} octets at offset {self.offset}: {self.reason}"


def plausible(data: bytes, pos: int) -> bool:
    """Whether the 12 octets at ``pos`` look like the header of a record of a known type."""
    _, kind, subtype, length = _HEADER(data, pos)
    return kind in KNOWN_TYPES and subtype < 32 and length <= MAX_RECORD


def follows(data: bytes, pos: int, at_eof: bool) -> bool:
    """Whether what stands at ``pos``, where a record ends, can be the next record or the end of the file."""
    left = len(data) - pos
    if left >= HEADER_SIZE:
        return plausible(data, pos)
    return not at_eof or left == 0


def search(data: bytes, start: int, at_eof: bool) -> int:
    """Where, from ``start``, the first plausible header stands whose record another can follow; -1: nowhere.

    At the end of the file a record that is cut short holds octets that look like headers, too. So there the
    records from this one on must come out at the end, or be several.
    """
    for match in _TYPE.finditer(data, start + 4):
        pos = match.start() - 4
        if pos + HEADER_SIZE > len(data):
            break
        if not plausible(data, pos):
            continue
        _, _, _, length = _HEADER(data, pos)
        after = pos + HEADER_SIZE + length
        if not length:
            continue
        if _chained(data, pos) if at_eof else after + HEADER_SIZE > len(data) or plausible(data, after):
            return pos
    return -1


def _chained(data: bytes, pos: int) -> bool:
    """Whether the octets from ``pos`` are records up to the very end, or three of them at least."""
    for _ in range(3):
        if len(data) - pos < HEADER_SIZE or not plausible(data, pos):
            return False
        pos += HEADER_SIZE + _HEADER(data, pos)[3]
        if pos == len(data):
            return True
    return pos < len(data)
