"""Records of an MRT file (RFC 6396 section 2), with tears stepped over."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, Self, cast, final

from bgpwire._python.event import making_event
from bgpwire._python.headers import KNOWN, PEERS, Headers, look
from bgpwire.immutable import Immutable, fill, making
from bgpwire.mrt.resync import HEADER_SIZE, KNOWN_TYPES, MAX_RECORD, Resync, Skip
from bgpwire.numbers.mrt import EXTENDED
from bgpwire.value.restore import restore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bgpwire._python.event import Event

__all__ = ["Record", "RecordWalker"]

_HEADER = struct.Struct(">IHHI")
_BLOCK = 1 << 18
_MORE = 1 << 20


@final
class Record(Immutable):
    """One MRT record: its header's fields, its octets, and where it began in the (decompressed) file."""

    __slots__ = ("data", "offset", "seconds", "subtype", "type")
    seconds: int
    type: int
    subtype: int
    data: bytes
    """Everything behind the 12 octets of header, the microseconds of an _ET type among it."""
    offset: int

    def __init__(self, seconds: int, type: int, subtype: int, data: bytes, offset: int = 0) -> None:
        fill(self, "seconds", seconds)
        fill(self, "type", type)
        fill(self, "subtype", subtype)
        fill(self, "data", data)
        fill(self, "offset", offset)

    @property
    def microseconds(self) -> int:
        """Of an extended-timestamp type (RFC 6396 section 3), else 0."""
        if self.type in EXTENDED and len(self.data) >= 4:
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


_making = making(Record)


class RecordWalker:
    """Walks the records that ``read(n)`` gives, about n octets a call or what is there, ``b""`` at the end.

    Iterating gives :class:`Record` objects; what is no record is stepped over and reported to ``on_skip``.
    ``ready()``, for a source that may have to be waited for, says whether ``read`` would return at once: if not, a
    record of a known type is given as soon as it is whole, and what stands behind a tear is judged by what has come.
    Without it the answer is the same however many octets a read gives. ``offset`` is where in the file the first octet
    stands. Memory stays within one block and one record, and around a tear within 18 MiB; a record of more than 16 MiB
    is taken for a tear.
    """

    __slots__ = (
        "_base",
        "_data",
        "_eof",
        "_file",
        "_odd",
        "_on_skip",
        "_pos",
        "_read",
        "_ready",
        "_records",
        "_resync",
        "_sound",
        "_strict",
        "_table",
    )

    def __init__(
        self,
        read: Callable[[int], bytes],
        on_skip: Callable[[Skip], None],
        ready: Callable[[], bool] | None = None,
        offset: int = 0,
    ) -> None:
        self._read = read
        self._on_skip = on_skip
        self._ready = ready
        self._resync = Resync(Headers())
        self._data = b""
        self._pos = 0
        self._base = offset
        self._eof = False
        self._sound = 0
        """Up to this offset each record is known to lead to another."""
        self._strict = False
        """Whether a fault ends all: of a record that has one nothing is given."""
        self._odd = False
        """Whether there was anything but records of plausible types, each up to the next."""
        self._table = -1
        """Where the PEER_INDEX_TABLE is that came last; -1: none has come."""
        self._file: str | None = None
        """What the source is called: events are given it."""
        self._records = cast("Iterator[Record]", self._walk(False))

    @property
    def offset(self) -> int:
        """Where in the (decompressed) file the next record begins."""
        return self._base + self._pos

    def __iter__(self) -> Iterator[Record]:
        return self._records

    def __next__(self) -> Record:
        return next(self._records)

    def events(self) -> Iterator[Event]:
        """The records as events, of which nothing is known yet but what stands in the header."""
        return cast("Iterator[Event]", self._walk(True))

    def _walk(self, events: bool) -> Iterator[Record | Event]:
        """All records. A generator, for its locals are what makes it fast."""
        known, types, peers = KNOWN, KNOWN_TYPES, PEERS
        make = making_event if events else _making
        file = self._file
        ahead: tuple[int, int, int] | None = None
        while True:
            data, pos = self._data, self._pos
            size = len(data)
            if size - pos < HEADER_SIZE:
                if not self._eof:
                    self._fill(HEADER_SIZE, HEADER_SIZE)
                    continue
                if size > pos:
                    self._step_over(size - pos, "truncated record header")
                return
            seconds, what, length = ahead or look(data, pos)
            ahead = None
            kind = what >> 16
            after = pos + HEADER_SIZE + length
            sound = False
            if length <= MAX_RECORD:
                # The header behind the record is looked at too, so it must be in the buffer.
                if after + HEADER_SIZE <= size:
                    ahead = look(data, after)
                    sound = ahead[1] in known and ahead[2] <= MAX_RECORD
                elif self._eof:
                    sound = after == size
                else:
                    need = after + HEADER_SIZE - pos
                    enough = after - pos if what in known else need
                    data = b""  # not to be kept beside what is read now
                    if self._fill(need, enough):
                        continue
                    data, sound = self._data, True
            if sound and kind in types:
                pass
            elif self._base + pos < self._sound and after <= size:
                self._odd = self._odd or what not in known or length > MAX_RECORD
            else:
                self._odd = True
                ahead = None
                extent = self._resync.extent(self)
                if not extent:
                    continue
                # It may have looked further ahead, and so moved the buffer.
                data, pos = self._data, self._pos
                after = pos + extent
            self._pos = after
            if what == peers:
                self._table = self._base + pos
            if events:
                event = make()
                event.seconds = seconds
                event._type = kind
                event._subtype = what & 0xFFFF
                event._data = data[pos + HEADER_SIZE : after]
                event.offset = self._base + pos
                event.file = file
                yield event
                continue
            record = make()
            record.seconds = seconds
            record.type = kind
            record.subtype = what & 0xFFFF
            record.data = data[pos + HEADER_SIZE : after]
            record.offset = self._base + pos
            record.__class__ = Record
            yield record

    def _fill(self, size: int, enough: int) -> bool:
        """Have ``size`` octets at the cursor, or all there are, or ``enough`` where more would have to be waited
        for; whether anything is new."""
        have = len(self._data) - self._pos
        # A large rest is not copied again for each few octets.
        goal = max(size, have + min(have, _MORE)) if have > _BLOCK else size
        parts: list[bytes] = []
        while have < goal and not self._eof:
            if have >= enough and self._idle():
                break
            part = self._read(max(_BLOCK, goal - have))
            if not part:
                self._eof = True
            have += len(part)
            if not parts:
                # First, so that what is passed is not in memory beside what is joined below.
                self._data = self._data[self._pos :]
                self._base += self._pos
                self._pos = 0
                parts.append(self._data)
            parts.append(part)
        if not parts:
            return False
        self._data = b"".join(parts)
        return True

    def _idle(self) -> bool:
        """Whether more octets would have to be waited for."""
        return not self._eof and self._ready is not None and not self._ready()

    def _step_over(self, length: int, reason: str) -> None:
        """Move the cursor over octets that are no record."""
        skip = Skip(self._base + self._pos, length, reason)
        self._odd = True
        self._pos += length
        self._on_skip(skip)
