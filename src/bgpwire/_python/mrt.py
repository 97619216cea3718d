"""Records of an MRT file (RFC 6396 section 2), with tears stepped over."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, Self, final

from bgpwire.old_writers import end_of_short_table_dump
from bgpwire.resync import HEADER_SIZE, KNOWN_TYPES, MAX_RECORD, Skip, follows, plausible, search
from bgpwire.value.restore import restore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Record", "RecordWalker"]

_new = object.__new__
_HEADER = struct.Struct(">IHHI")
_header = _HEADER.unpack_from
_BLOCK = 1 << 18
_EXTENDED = frozenset((17, 33, 49, 65))


@final
class Record:
    """One MRT record: its header's fields, its octets, and where it began in the (decompressed) file."""

    __slots__ = ("_cache", "data", "offset", "seconds", "subtype", "type")
    seconds: int
    type: int
    subtype: int
    data: bytes
    """Everything behind the 12 octets of header, the microseconds of an _ET type among it."""
    offset: int
    _cache: Any

    def __init__(self, seconds: int, type: int, subtype: int, data: bytes, offset: int = 0) -> None:
        self.seconds = seconds
        self.type = type
        self.subtype = subtype
        self.data = data
        self.offset = offset
        self._cache = None

    @property
    def microseconds(self) -> int:
        """Of an extended-timestamp type (RFC 6396 section 3), else 0."""
        if self.type in _EXTENDED and len(self.data) >= 4:
            return int.from_bytes(self.data[:4])
        return 0

    @property
    def timestamp(self) -> float:
        """Seconds since 1970, with microseconds where the record has them."""
        return self.seconds + self.microseconds / 1e6

    @classmethod
    def _restore(cls, *args: Any) -> Self:
        return cls(*args)

    def __reduce__(self) -> tuple[Any, ...]:
        return restore, ("Record", self.seconds, self.type, self.subtype, self.data, self.offset)

    def __bytes__(self) -> bytes:
        return _HEADER.pack(self.seconds, self.type, self.subtype, len(self.data)) + self.data

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Record):
            return NotImplemented
        return bytes(self) == bytes(other)

    def __hash__(self) -> int:
        return hash((self.seconds, self.data))

    def __repr__(self) -> str:
        return f"<Record {self.type}/{self.subtype} of {len(self.data)} octets at {self.offset}>"


class RecordWalker:
    """Walks the records that ``read(n)`` gives, up to n octets a call, ``b""`` at the end.

    Iterating gives :class:`Record` objects; what is no record is stepped over and told to ``on_skip``.
    Memory stays within one block and one record, and a record of more than 16 MiB is taken for a tear.
    """

    __slots__ = ("_base", "_data", "_eof", "_on_skip", "_pos", "_read", "_records", "_short_end")

    def __init__(self, read: Callable[[int], bytes], on_skip: Callable[[Skip], None]) -> None:
        self._read = read
        self._on_skip = on_skip
        self._data = b""
        self._pos = 0
        self._base = 0
        self._eof = False
        self._short_end = -1
        self._records = self._walk()

    @property
    def offset(self) -> int:
        """Where in the (decompressed) file the next record begins."""
        return self._base + self._pos

    def __iter__(self) -> Iterator[Record]:
        return self._records

    def __next__(self) -> Record:
        return next(self._records)

    def _walk(self) -> Iterator[Record]:
        """All records. A generator, for its locals are what makes it fast."""
        known, new, header = KNOWN_TYPES, _new, _header
        while True:
            data, pos = self._data, self._pos
            size = len(data)
            if size - pos < HEADER_SIZE:
                if not self._eof:
                    self._fill(HEADER_SIZE)
                    continue
                if size > pos:
                    self._skip(pos, size, "truncated record header")
                    self._pos = size
                return
            seconds, kind, subtype, length = header(data, pos)
            after = pos + HEADER_SIZE + length
            sound = False
            if length <= MAX_RECORD:
                # The header behind the record is looked at too, so it must be in the buffer.
                if after + HEADER_SIZE <= size:
                    _, following, detail, extent = header(data, after)
                    sound = following in known and detail < 32 and extent <= MAX_RECORD
                elif not self._eof:
                    self._fill(after + HEADER_SIZE - pos)
                    continue
                else:
                    sound = after == size
            if sound and kind in known:
                record = new(Record)
                record.seconds = seconds
                record.type = kind
                record.subtype = subtype
                record.data = data[pos + HEADER_SIZE : after]
                record.offset = self._base + pos
                record._cache = None
                self._pos = after
                yield record
                continue
            torn = self._torn(kind, length, after)
            if torn is not None:
                yield torn

    def _fill(self, size: int) -> bool:
        """Have ``size`` octets at the cursor, or all there are; whether it is ``size``."""
        parts = [self._data[self._pos :]]
        have = len(parts[0])
        while have < size and not self._eof:
            part = self._read(max(_BLOCK, size - have))
            if not part:
                self._eof = True
            have += len(part)
            parts.append(part)
        self._base += self._pos
        self._pos = 0
        self._data = b"".join(parts)
        return have >= size

    def _torn(self, kind: int, length: int, after: int) -> Record | None:
        """A header that cannot be trusted, or a record with none behind it: deliver it or step over it."""
        data, pos = self._data, self._pos
        if kind == 12 and length <= MAX_RECORD:
            if after + 20 > len(data) and not self._eof:
                self._fill(after + 20 - pos)
                return None
            end = end_of_short_table_dump(data, pos, self._eof, self._base + pos == self._short_end)
            if end:
                seconds, kind, subtype, _ = _header(data, pos)
                self._pos = end
                self._short_end = self._base + end
                return Record(seconds, kind, subtype, data[pos + HEADER_SIZE : end], self._base + pos)
        whole = length <= MAX_RECORD and after <= len(data)
        known = plausible(data, pos)
        found = search(data, pos + HEADER_SIZE if known else pos + 1, self._eof)
        if whole and (not 0 <= found < after) and (known or follows(data, after, self._eof)):
            # Nothing inside it looks like a record: it is whole, and the tear is behind it.
            seconds, kind, subtype, _ = _header(data, pos)
            self._pos = after
            return Record(seconds, kind, subtype, data[pos + HEADER_SIZE : after], self._base + pos)
        if found >= 0:
            reason = "torn record" if known else "no record header"
            self._skip(pos, found, reason)
            self._pos = found
            return None
        if self._eof:
            reason = f"truncated record of {length} octets" if known else "no record header"
            self._skip(pos, len(data), reason)
            self._pos = len(data)
            return None
        # Nothing in this buffer: step over it, all but the octets a header may begin in.
        keep = max(pos + 1, len(data) - HEADER_SIZE + 1)
        self._skip(pos, keep, "no record header")
        self._pos = keep
        self._fill(HEADER_SIZE)
        return None

    def _skip(self, start: int, end: int, reason: str) -> None:
        self._on_skip(Skip(self._base + start, end - start, reason))
