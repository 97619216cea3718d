"""One direction of a TCP connection: segments in any order, its octets in theirs (RFC 9293)."""

from __future__ import annotations

from bisect import bisect_left
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from bgpwire.live.capture.items import Chunk, End, Gap

if TYPE_CHECKING:
    from bgpwire.live.capture.items import Flow, Item
    from bgpwire.live.capture.report import Report

MOST_WAITING = 1 << 20
"""Octets that wait for those before them; with more, what is missing is a gap."""
_ITSELF = 1 << 13
"""What a direction takes without octets, and as much for who reads it."""
_PIECE = 128
"""What a piece that waits takes besides its octets."""
_TAIL = 1 << 15
"""Octets that are kept to be compared with what comes again; up to twice as many for a while."""
_BACK, _AHEAD = 1 << 26, 1 << 30
"""How far a segment may be behind or before the next octet (RFC 7323 section 2.3); others are of another stream."""
_HALF, _MASK = 1 << 31, (1 << 32) - 1
_SECOND = 1_000_000_000
_SETTLED = 1 * _SECOND
"""So long after an acknowledgement nothing that it covers comes late: it was received, and not captured."""
_NEVER = 120 * _SECOND
"""So long after a gap was noted nobody will fill it, where no acknowledgements are seen."""
_CUT = "cut out of its packet"
_start = attrgetter("start")


class _Piece(NamedTuple):
    """Octets that wait. ``end`` is behind their own end where the packet was cut."""

    start: int
    octets: bytes
    end: int
    offset: int

    @property
    def stop(self) -> int:
        return self.start + len(self.octets)


class Direction:
    """Gives chunks in order, and a gap where octets are missing. Positions count from the first octet, without wrap."""

    __slots__ = (
        *("_acknowledged", "_base", "_closed", "_covered", "_covered_since", "_last", "_missing_since", "_reason"),
        *("_report", "_settled", "_tail", "_waiting", "begun", "end", "flow", "held", "next", "syn_size"),
    )

    def __init__(self, flow: Flow, sequence: int, report: Report) -> None:
        self.flow = flow
        self.next = 0
        """The position of the octet that comes next."""
        self.held = 0
        """What its pieces take."""
        self.begun = False
        """Whether anything was given."""
        self.end: str | None = None
        """Why it ended."""
        self.syn_size = 0
        """Octets that came with the SYN."""
        self._report = report
        self._base = sequence
        self._waiting: list[_Piece] = []
        self._tail = bytearray()
        self._closed = 0
        """What is missing in front of it was cut out of its packet."""
        self._last: int | None = None
        """Behind its last octet, as its sender said, and what it said so with."""
        self._reason = ""
        self._acknowledged = 0
        """What the other side says that it has, and of that what it said :data:`_SETTLED` ago."""
        self._settled = 0
        self._covered: int | None = None
        """What will be settled, and since when it is waited for."""
        self._covered_since = self._missing_since = 0

    @property
    def memory(self) -> int:
        """Octets that it takes at most, with what reads its messages."""
        return self.held + len(self._tail) + _ITSELF

    @property
    def stopped(self) -> bool:
        """Whether its sender said where its octets end, be some of them missing."""
        return self._last is not None or self.end is not None

    def distance(self, sequence: int) -> int:
        """How far a sequence number is from the next octet, negative behind it."""
        return (sequence - self._base - self.next + _HALF & _MASK) - _HALF

    def is_first(self, sequence: int) -> bool:
        """Whether the stream began with the octet of that sequence number."""
        return (sequence - self._base) & _MASK == 0

    def is_far(self, sequence: int) -> bool:
        """Whether no sender could be there."""
        return not -_BACK <= self.distance(sequence) <= _AHEAD

    def segment(self, sequence: int, octets: bytes, size: int, offset: int, now: int, out: list[Item]) -> None:
        """Take in ``size`` octets, of which ``octets`` were captured."""
        if self.is_far(sequence):
            self._jump(sequence, now, out)
        if 0 < self.syn_size == self.next and size > 1 and self.distance(sequence) == -1:
            # A SYN takes a sequence number (RFC 9293 section 3.4). Captures that were made of payloads have octets in a
            # SYN and count these alone: nobody sends the last of them again and more with it.
            self._base = self._base - 1 & _MASK
        start = self.next + self.distance(sequence)
        end = start + size
        behind = self.next - start
        if behind > 0:
            self._again(start, octets[:behind], now, probe=size == 1 and end == self.next)
            if end <= self.next:
                return
            octets, offset, start = octets[behind:], offset + behind, self.next
        if start == self.next and not self._waiting and start + len(octets) == end:
            self._give(octets, offset, now, out)
        else:
            if not self._waiting:
                self._missing_since = now
            self._hold(_Piece(start, octets, end, offset))
            self.settle(now, out)
        self._end_at_last(now, out)

    def stop(self, sequence: int, reason: str, now: int, out: list[Item]) -> None:
        """The sender said that its octets end in front of that one: the stream ends when it has come there."""
        if not self.is_far(sequence) and self._last is None:
            self._last, self._reason = self.next + self.distance(sequence), reason
        self._end_at_last(now, out)

    def acknowledge(self, sequence: int, now: int, out: list[Item]) -> None:
        """The other side has all octets in front of that one."""
        distance = self.distance(sequence)
        if 0 < distance <= _AHEAD and self.next + distance > self._acknowledged:
            self._acknowledged = self.next + distance
        if self._waiting:
            self.settle(now, out)

    def settle(self, now: int, out: list[Item], ending: bool = False) -> None:
        """Give what can be given now; what is missing too long, or too much waits for, is a gap."""
        waiting = self._waiting
        if self._covered is not None and now - self._covered_since >= _SETTLED:
            self._settled, self._covered = self._covered, None
        given = 0
        for piece in waiting:
            if piece.start > self.next:
                reason = "not captured" if ending else self._lost(piece.start, now)
                if not reason:
                    break
                self._gap(piece.start - self.next, reason, now, out)
            given += 1
            self.held -= len(piece.octets) + _PIECE
            self._closed = max(self._closed, piece.end)
            if piece.octets:
                self._give(piece.octets, piece.offset, now, out)
        del waiting[:given]
        closed = min(self._closed, waiting[0].start) if waiting else self._closed
        if closed > self.next:
            self._gap(closed - self.next, _CUT, now, out)
        if waiting and self._covered is None and self._acknowledged >= waiting[0].start:
            self._covered, self._covered_since = self._acknowledged, now

    def _lost(self, start: int, now: int) -> str:
        """Why the octets from the next one to ``start`` will not come; empty while they may."""
        if start <= self._closed:
            return _CUT
        if start <= self._settled:
            return "acknowledged, and not captured"
        if self.held > MOST_WAITING or now - self._missing_since >= _NEVER:
            return "not captured"
        return ""

    def flush(self, reason: str, now: int, out: list[Item]) -> None:
        """Nothing more comes: give what waits, with gaps, and the end."""
        if self.end is not None:
            return
        self.settle(now, out, ending=True)
        if self._last is not None and self._last > self.next:
            self._gap(self._last - self.next, "not captured", now, out)
        self._end(self._reason or reason, now, out)

    def _end(self, reason: str, now: int, out: list[Item]) -> None:
        self.end = reason
        self._tail.clear()
        if self.begun:
            out.append(End(now, self.flow, self.next, reason))

    def _end_at_last(self, now: int, out: list[Item]) -> None:
        if self._last is not None and self.next >= self._last and self.end is None:
            self.settle(now, out, ending=True)
            self._end(self._reason, now, out)

    def _jump(self, sequence: int, now: int, out: list[Item]) -> None:
        """The sequence numbers go on elsewhere, positions where they are."""
        self.settle(now, out, ending=True)
        self._gap(None, "sequence numbers that go on elsewhere", now, out)
        self._base = sequence - self.next & _MASK
        self._acknowledged = self._settled = self._closed = self.next
        self._covered = None
        self._last = None

    def _give(self, octets: bytes, offset: int, now: int, out: list[Item]) -> None:
        """The next octets of the stream."""
        self.begun = True
        out.append(Chunk(now, self.flow, self.next, octets, offset))
        self.next += len(octets)
        self._missing_since = now
        tail = self._tail
        tail += octets
        if len(tail) > 2 * _TAIL:
            del tail[:-_TAIL]

    def _gap(self, size: int | None, reason: str, now: int, out: list[Item]) -> None:
        gap = Gap(now, self.flow, self.next, size, reason)
        self.begun = True
        self._report.gap(gap)
        out.append(gap)
        self.next += size or 0
        self._missing_since = now
        self._tail.clear()

    def _again(self, start: int, octets: bytes, now: int, probe: bool) -> None:
        """Octets that were given already: the first count. A probe of one octet may be any (RFC 9293 section 3.8.4)."""
        self._report.retransmitted += len(octets)
        first = max(start, self.next - len(self._tail))
        at = first - (self.next - len(self._tail))
        octets = octets[first - start :]
        if octets and not probe and self._tail[at : at + len(octets)] != octets:
            self._report.conflict(self.flow, first)

    def _hold(self, piece: _Piece) -> None:
        """Put a piece where it belongs; of octets that wait already the first count."""
        waiting = self._waiting
        start, octets, end, offset = piece
        stop = piece.stop
        begin = bisect_left(waiting, start, key=_start)
        if begin and waiting[begin - 1].stop > start:
            begin -= 1
        if not octets:  # a packet that was cut in front of them
            if begin == len(waiting) or waiting[begin].start >= start:
                self._insert(begin, begin, [piece])
            return
        merged: list[_Piece] = []
        at = begin
        while at < len(waiting) and waiting[at].start < stop:
            other = waiting[at]
            if start < other.start:
                merged.append(
                    _Piece(start, octets[start - piece.start : other.start - piece.start], other.start, offset)
                )
            self._compare(piece, other)
            merged.append(other)
            if other.stop > start:
                offset += other.stop - start
                start = other.stop
            at += 1
        if start < stop:
            merged.append(_Piece(start, octets[start - piece.start :], end, offset))
        self._insert(begin, at, merged)

    def _insert(self, begin: int, end: int, pieces: list[_Piece]) -> None:
        waiting = self._waiting
        self.held -= sum(len(piece.octets) + _PIECE for piece in waiting[begin:end])
        waiting[begin:end] = pieces
        self.held += sum(len(piece.octets) + _PIECE for piece in pieces)

    def _compare(self, piece: _Piece, other: _Piece) -> None:
        start, stop = max(piece.start, other.start), min(piece.stop, other.stop)
        if start >= stop:
            return
        self._report.retransmitted += stop - start
        ours, theirs = start - piece.start, start - other.start
        if piece.octets[ours : ours + stop - start] != other.octets[theirs : theirs + stop - start]:
            self._report.conflict(self.flow, start)
