"""Headers of MRT records in octets that may be torn: where one can begin, and where each says the next one is."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, final

from bgpwire.mrt.resync import HEADER_SIZE, KNOWN_TYPES, LARGE, MAX_RECORD, SUBTYPES
from bgpwire.numbers.mrt import TABLE_DUMP_V2
from bgpwire.numbers.mrt_subtype import PEER_INDEX_TABLE

if TYPE_CHECKING:
    from collections.abc import Buffer

__all__ = ["Headers", "step_over"]

KNOWN = frozenset(kind << 16 | subtype for kind in KNOWN_TYPES for subtype in range(SUBTYPES))
"""Type and subtype, as one number of 4 octets, of what may be a record of a known type."""
look = struct.Struct(">III").unpack_from
"""Seconds, type and subtype as in :data:`KNOWN`, and length of a record."""
_TABLE_DUMP = range(12 << 16, 13 << 16)
PEERS = TABLE_DUMP_V2 << 16 | PEER_INDEX_TABLE
# Bit 0: zero; bit 1: the low octet of a known type; bit 2: of a plausible subtype; bit 3: the high octet of a length.
_CLASS = bytes((n == 0) | (n in KNOWN_TYPES) << 1 | (n < SUBTYPES) << 2 | (n < 2) << 3 for n in range(256))
_LEAST, _MOST = 256, 1 << 15


@final
class Headers:
    """Looks at headers; ``at`` and all other places count from the beginning of ``data``.

    They are found in all of a window at once, so that it takes the same time whatever the octets.
    """

    __slots__ = ("_begin", "_end", "_found")

    def __init__(self) -> None:
        self._begin = self._end = 0
        self._found = b""

    def find(self, data: bytes, start: int, stop: int, base: int) -> int:
        """Where, from ``start`` and before ``stop``, the header of a record of a known type may begin; -1: nowhere.
        ``base`` is where in the file ``data`` begins: what is known of a place stays known."""
        start = max(start, 0)
        stop = min(stop, len(data) - HEADER_SIZE + 1)
        while start < stop:
            if not self._begin <= base + start < self._end:
                self._look(data, start, stop, base)
            found = self._found.find(1, base + start - self._begin)
            if found >= 0:
                found += self._begin - base
                return found if found < stop else -1
            start = self._end - base
        return -1

    def _look(self, data: bytes, start: int, stop: int, base: int) -> None:
        joined = base + start == self._end
        size = min(max(2 * (self._end - self._begin), _LEAST), _MOST) if joined else _LEAST
        end = min(start + size, stop)
        self._begin, self._end = base + start, base + end
        self._found = b""
        if data.find(0, start + 4, end + 4) >= 0:
            # One octet of the number is one of the file, so a shift by eight brings in the next octet's bits.
            bits = int.from_bytes(data[start + 4 : end + 8].translate(_CLASS), "little")
            bits &= bits >> 9 & bits >> 16 & bits >> 26 & bits >> 35
            bits &= int.from_bytes(b"\1" * (end - start), "little")
            self._found = bits.to_bytes(end - start, "little")

    def plausible(self, data: bytes, at: int) -> bool:
        """Whether the 12 octets at ``at`` look like the header of a record of a known type."""
        if not 0 <= at <= len(data) - HEADER_SIZE:
            return False
        _, what, length = look(data, at)
        return what in KNOWN and length <= MAX_RECORD

    def follow(self, data: bytes, at: int, most: int, limit: int) -> tuple[int, int, int, bool | None]:
        """Go from header to header, ``most`` of them and not beyond ``limit``, to one of a known type that is not
        empty: ``(at, hops, large, sound)``, ``large`` being the first of 64 KiB or -1, ``sound`` whether one was
        found, ``None`` if there is no record at ``at``."""
        limit = min(limit, len(data) - HEADER_SIZE)
        hops = 0
        large = -1
        while 0 <= at <= limit and hops < most:
            _, what, length = look(data, at)
            if length > MAX_RECORD:
                return at, hops, large, None
            hops += 1
            # An empty record of a known type may be zeros, and is no evidence.
            if length and what in KNOWN:
                return at, hops, large, True
            if length >= LARGE and large < 0:
                large = at
            at += HEADER_SIZE + length
        return at, hops, large, False

    def settled(self, data: bytes, at: int, most: int, stop: int) -> tuple[int, int]:
        """``(lead, vain)``: the last record of a known type, of the ``most`` from the one at ``at`` on whose headers
        end before ``stop``, up to which all are of known types or of less than 64 KiB, and how many headers were read
        in vain behind it."""
        last = min(stop, len(data)) - HEADER_SIZE
        lead = at
        vain = 0
        while 0 <= at <= last and most > 0:
            most -= 1
            vain += 1
            _, what, length = look(data, at)
            if length > MAX_RECORD:
                break
            if what in KNOWN:
                if length:
                    lead, vain = at, 0
                if what in _TABLE_DUMP:
                    break
            elif length >= LARGE:
                break
            at += HEADER_SIZE + length
        return lead, vain


def step_over(data: Buffer, at: int, goal: int) -> int:
    """From the record at ``data[at]`` from one to the next, as long as they are whole and of known types, to the first
    that begins at ``goal`` or behind it, or is a PEER_INDEX_TABLE: where that one begins, or what stands there."""
    with memoryview(data) as octets:
        last = len(octets) - HEADER_SIZE
        if not 0 <= at <= len(octets):
            raise ValueError(f"no octet {at} in a buffer of {len(octets)}")
        while at < goal and at <= last:
            _, what, length = look(octets, at)
            if what not in KNOWN or what == PEERS or not length <= min(MAX_RECORD, last - at):
                break
            at += HEADER_SIZE + length
    return at
