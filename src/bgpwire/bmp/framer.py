"""BMP messages out of a stream of octets: sans-io (RFC 7854 section 4.1; the drafts before it had no length)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from bgpwire.bmp.header import COMMON, PER_PEER
from bgpwire.errors import BmpError
from bgpwire.numbers.bmp import (
    INITIATION,
    MESSAGES,
    PEER_DOWN,
    PEER_UP,
    ROUTE_MIRRORING,
    ROUTE_MONITORING,
    STATISTICS_REPORT,
    TERMINATION,
)
from bgpwire.value.octets import MARKER

if TYPE_CHECKING:
    from collections.abc import Buffer, Callable, Iterator

LARGEST: Final = 1 << 20
"""Octets of a message that are waited for: the longest that is specified, a Peer Up of two long OPENs, has a fifth."""
_KEPT: Final = 100
_TRIMMED: Final = 1 << 16
"""Octets that were handed out and stay until they are more than what waits, so that the rest is moved seldom."""
_LOOKED_AT: Final = COMMON + PER_PEER + 36
"""Octets of a message that are looked at to know it for one: those of a Peer Up as far as the marker of its OPEN."""
_VERSION: Final = re.compile(rb"[\x03\x04]")
_BGP: Final = 19
_OLD_HEAD: Final = 2 + PER_PEER
"""Octets of the header of versions 1 and 2: version, type, and what became the per-peer header."""


class BmpGap(NamedTuple):
    """Octets of the stream that were stepped over: where, how many, and the error that began it."""

    offset: int
    length: int
    error: BmpError


class Framer:
    """Octets in, whole BMP messages out, nothing about sockets: ``for message in framer.feed(octets)``.

    Versions 3 and 4 by their length; 1 and 2 (drafts before RFC 7854) by what is in them. A header that cannot be right
    raises :class:`bgpwire.BmpError`, its offset counted from the start of the stream, and goes on raising it: nothing
    says where the next message begins. With ``resynchronise`` the framer looks for the next header instead, and lists
    what it stepped over in :attr:`gaps`: the first hundred and the latest. :attr:`gap_count` and :attr:`gap_octets`
    count all.
    """

    def __init__(self, *, resynchronise: bool = False, max_message: int = LARGEST) -> None:
        self.resynchronise = resynchronise
        self.max_message = max_message
        self.gaps: list[BmpGap] = []
        self.gap_count = 0
        self.gap_octets = 0
        self.lost: BmpError | None = None
        self._octets = bytearray()
        self._at = 0
        self._base = 0
        self._hunting = False
        # Of a report of version 1 or 2 that is not whole yet: what was walked over, so that no octet is looked at
        # twice.
        self._walked = 0
        self._left = 0

    @property
    def offset(self) -> int:
        """How many octets of the stream were handed out or stepped over."""
        return self._base + self._at

    @property
    def pending(self) -> int:
        """How many octets wait for the rest of their message."""
        return len(self._octets) - self._at

    def feed(self, data: Buffer) -> Iterator[bytes]:
        """Take in octets, of any number, at once; the result iterates the messages that are whole by then."""
        if self.lost is None:
            if self._at == len(self._octets) or self._at > max(_TRIMMED, len(self._octets) // 2):
                del self._octets[: self._at]
                self._base += self._at
                self._at = 0
            self._octets += data
        return iter(self)

    def __iter__(self) -> Iterator[bytes]:
        """The whole messages that are there."""
        while size := self._whole():
            at = self._at
            self._at = at + size
            self._walked = self._left = 0
            yield bytes(memoryview(self._octets)[at : at + size])

    def run(self, take: Callable[[bytearray, int], int]) -> None:
        """Hand over the octets that wait, and where in them the next message begins: ``take(octets, at)`` says where
        what it has taken ends, which are whole messages. Not in a stream that is lost, or where a header is looked for.
        """
        if self.lost is None and not self._hunting:
            at = take(self._octets, self._at)
            if at != self._at:
                self._at = at
                self._walked = self._left = 0

    def missing(self, size: int = 0) -> None:
        """Say that octets of the stream are missing here, ``size`` if that is known: what waits for them never becomes
        whole. :class:`bgpwire.BmpError` without ``resynchronise``."""
        if self.lost is not None:
            return
        if not self._hunting:
            self._fault(BmpError("octets of the stream are missing", self.offset + self.pending))
        self._step(len(self._octets))
        self._base += size

    def finish(self) -> None:
        """Say that the stream ended. :class:`bgpwire.BmpError` if it did so within a message, or with one that was
        never found."""
        if self._hunting:
            self._step(len(self._octets))
        elif self.lost is None and self.pending:
            raise BmpError(f"stream ends {self.pending} octets into a message", self.offset + self.pending)

    def _whole(self) -> int:
        """The size of the message that comes next, 0 while it is not all there."""
        if self.lost is not None:
            raise self.lost.fresh()
        while True:
            if self._hunting and not self._hunt():
                return 0
            try:
                size = self._size()
            except BmpError as error:
                self._fault(error)
            else:
                return size if 0 < size <= self.pending else 0

    def _size(self) -> int:
        octets, at, there = self._octets, self._at, self.pending
        if not there:
            return 0
        version = octets[at]
        if version in (1, 2):
            return self._old_size(version)
        if version not in (3, 4):
            raise BmpError(f"BMP version {version}", self.offset)
        if there < 5:
            return 0
        size = int.from_bytes(octets[at + 1 : at + 5])
        if not COMMON <= size <= self.max_message:
            raise BmpError(f"BMP message of {size} octets", self.offset + 1)
        return size

    def _old_size(self, version: int) -> int:
        """Of a message without a length."""
        octets, at, there = self._octets, self._at, self.pending
        if there < 2:
            return 0
        kind = octets[at + 1]
        if kind > (PEER_UP if version == 2 else PEER_DOWN):
            raise BmpError(f"BMP version {version}, type {kind}", self.offset + 1)
        if kind == ROUTE_MONITORING:
            return self._behind_bgp(_OLD_HEAD, 1)
        if kind == PEER_UP:
            return self._behind_bgp(_OLD_HEAD + 20, 2)
        if kind == PEER_DOWN:
            if there <= _OLD_HEAD:
                return 0
            reason = octets[at + _OLD_HEAD]
            return self._behind_bgp(_OLD_HEAD + 1, 1) if reason in (1, 3) else _OLD_HEAD + (3 if reason == 2 else 1)
        assert kind == STATISTICS_REPORT
        return self._behind_statistics()

    def _behind_bgp(self, begin: int, count: int) -> int:
        """Where ``count`` BGP messages end that begin at ``begin``; 0 while that is not known."""
        for _ in range(count):
            if self.pending < begin + _BGP:
                return 0
            at = self._at + begin
            size = self._octets[at + 16] << 8 | self._octets[at + 17]
            if self._octets[at : at + 16] != MARKER or size < _BGP:
                raise BmpError("BGP message without its marker", self.offset + begin)
            begin += size
        return begin

    def _behind_statistics(self) -> int:
        if not self._walked:
            if self.pending < _OLD_HEAD + 4:
                return 0
            at = self._at + _OLD_HEAD
            self._left = int.from_bytes(self._octets[at : at + 4])
            self._walked = _OLD_HEAD + 4
        while self._left:
            if self._walked > self.max_message:
                raise BmpError(f"BMP message of {self._walked} octets and more", self.offset)
            at = self._at + self._walked
            if len(self._octets) < at + 4:
                return 0
            self._walked += 4 + (self._octets[at + 2] << 8 | self._octets[at + 3])
            self._left -= 1
        return self._walked

    def _fault(self, error: BmpError) -> None:
        """Raise, or begin a gap and look for the next header."""
        self._walked = self._left = 0
        if not self.resynchronise:
            self.lost = error.fresh()
            raise error from None
        if not self.gaps or sum(self.gaps[-1][:2]) != self.offset:
            del self.gaps[_KEPT:]
            self.gaps.append(BmpGap(self.offset, 0, error.fresh()))
            self.gap_count += 1
        self._step(min(self._at + 1, len(self._octets)))
        self._hunting = True

    def _step(self, to: int) -> None:
        if to > self._at:
            self.gap_octets += to - self._at
            last = self.gaps[-1]
            self.gaps[-1] = BmpGap(last.offset, last.length + to - self._at, last.error)
        self._at = to

    def _hunt(self) -> bool:
        """Step to the next header that can be right; False while it is not there."""
        octets, end, at = self._octets, len(self._octets), self._at
        while True:
            found = _VERSION.search(octets, at)
            at = end if found is None else found.start()
            if at == end or (sound := self._sound(at)) is None:
                self._step(at)
                return False
            if sound:
                self._step(at)
                self._hunting = False
                return True
            at += 1

    def _sound(self, at: int) -> bool | None:
        """Whether a header of version 3 or 4 stands there, as far as it can be told: more is asked than of a message in
        its place. ``None``: that takes more octets."""
        octets = self._octets
        head = bytes(memoryview(octets)[at : at + _LOOKED_AT])
        if len(head) < COMMON:
            return None
        size, kind = int.from_bytes(head[1:5]), head[5]
        least = COMMON if kind in (INITIATION, TERMINATION) else COMMON + PER_PEER
        if kind not in MESSAGES or not least <= size <= self.max_message:
            return False
        if len(head) < min(size, _LOOKED_AT):
            return None
        return _plausible(head[:size], size, kind)


def _plausible(head: bytes, size: int, kind: int) -> bool:
    """Whether what stands behind the common header can be a message of ``kind``."""
    if kind in (INITIATION, TERMINATION):
        return _tlv_fits(head, COMMON, size, 0)
    body = COMMON + PER_PEER
    if head[COMMON] > 3:
        return False
    if kind == ROUTE_MONITORING:
        return head[body : body + 16] == MARKER if head[0] == 3 else _tlv_fits(head, body, size, 2)
    if kind == PEER_UP:
        return head[body + 20 : body + 36] == MARKER
    if kind == PEER_DOWN:
        return 0 < head[body] <= 6 if size > body else False
    if kind == STATISTICS_REPORT and head[0] == 3:
        return int.from_bytes(head[body : body + 4]) * 4 <= size - body - 4
    return kind != ROUTE_MIRRORING or _tlv_fits(head, body, size, 0)


def _tlv_fits(head: bytes, at: int, size: int, index: int) -> bool:
    """Whether a message of ``size`` octets ends at ``at``, or has room for the TLV there, with an index of so many."""
    if size == at:
        return True
    return size >= at + 4 + index and int.from_bytes(head[at + 2 : at + 4]) <= size - at - 4 - index
