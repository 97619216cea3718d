"""Finding the next MRT record behind a tear (RFC 6396 has no marker, so headers are judged by their looks).

The work is linear in the octets, whatever they are: each tear, each header that is examined and each step along a
chain of headers is paid from a credit that grows by one for each octet passed. Real tears never come near its end;
where junk spends it, the search goes on some octets further ahead.

The answer depends on the octets and on where the file ends, not on how they come: what is judged by octets further
ahead has those read first, a bounded number, and whatever else is in the buffer counts for nothing. A live source is
the exception: it is judged by what has come where more would have to be waited for, and so by how it flows.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from bgpwire.mrt.old_writers import EVIDENCE, end_of_short_table_dump
from bgpwire.numbers import mrt

if TYPE_CHECKING:
    from bgpwire.mrt.kernels import Headers, RecordWalker

_HEADER = struct.Struct(">IHHI").unpack_from
HEADER_SIZE = 12
KNOWN_TYPES = frozenset(mrt.TYPES)
"""IANA "MRT Types", and two that early RIS collectors wrote."""
SUBTYPES = 32
"""No known type has a subtype of this number or a higher one."""
MAX_RECORD = 1 << 24
"""No writer makes a record this long: a peer index table of 65,535 peers takes 1.7 MB."""
NO_HEADER = "no record header"

_REACH = MAX_RECORD + 2 * HEADER_SIZE
"""How far ahead of the cursor evidence is looked for: a longest record and the header behind it."""
_CREDIT = 1 << 20
"""The most credit there can be."""
_ADVANCE = 1 << 17
"""The credit at the beginning of a file: enough for a tear in the first records of an IPv6 table, full of zeros."""
_TEAR = 1024
_EXAMINE = 384
_HOP = 48
"""What a tear, a header examined and a step along a chain cost, in octets: 18 ns of pure Python each, or less."""
_AHEAD = 1 << 14
"""How far the search goes on where the credit is spent. It earns so many octets that the next dozens of headers are all
examined: one in each few hundred octets would beat time with the records of a file, and miss each of them."""
_SOUND = 256
"""So many headers, each where the one before says, are evidence enough."""
_SETTLED = 1 << 12
"""So far behind the end of a chain the records are settled with it: enough that many small ones cost one look, and
little for a source to be read ahead."""
_NEAR = 1 << 12
"""So near the end of the file more is asked of what is found there: the longest BGP message, which may be cut short."""
_HELD = 1 << 18
"""So much junk is kept while what stands behind it is looked at."""
_DAY = 86_400
"""A collector writes a record and the next within a day; octets that only look like a header have any time."""
LARGE = 1 << 16
"""A record of an unregistered type of this size has nothing inside that looks like one record before another."""
_SMALL = 3 * (HEADER_SIZE + 1)
"""A shorter body holds no three records."""


class Skip(NamedTuple):
    """Octets that gave no record: where they stand in the (decompressed) file, how many, and why."""

    offset: int
    length: int
    reason: str

    def __str__(self) -> str:
        return f"skipped {self.length} octets at offset {self.offset}: {self.reason}"


class Resync:
    """What a :class:`RecordWalker` asks where a record is not of a known type with another behind it.

    Positions here count from the walker's cursor; ``_fill`` moves the buffer, but not the cursor in the file.
    """

    __slots__ = ("_credit", "_dry", "_headers", "_lead", "_paid", "_patient", "_short_end")

    def __init__(self, headers: Headers) -> None:
        self._headers = headers
        self._credit = _ADVANCE
        self._dry = False
        """Whether the last look inside a record left out headers for want of credit."""
        self._lead = 0
        """Where the chain leads that was followed last."""
        self._paid = 0
        self._patient = True
        """Whether evidence that has not come yet is waited for."""
        self._short_end = -1
        """Where the last TABLE_DUMP record that is longer than it says ended."""

    def extent(self, walker: RecordWalker) -> int:
        """How many octets the record at the cursor takes, its header included; 0 without one, as in :meth:`whole`."""
        _, kind, _, length = _HEADER(walker._data, walker._pos)
        if kind == mrt.TABLE_DUMP and length <= MAX_RECORD:
            self._patient = False
            self._have(walker, HEADER_SIZE + length + EVIDENCE)
            goes_on = walker._base + walker._pos == self._short_end
            end = end_of_short_table_dump(walker._data, walker._pos, walker._eof, goes_on)
            if end:
                self._short_end = walker._base + end
                return end - walker._pos
        return HEADER_SIZE + length if self.whole(walker) else 0

    def whole(self, walker: RecordWalker) -> bool:
        """Whether the record at the cursor is one. If not, the cursor has moved: to the next one, or to the end."""
        data, pos = walker._data, walker._pos
        known = self._headers.plausible(data, pos)
        length: int = _HEADER(data, pos)[3]
        after = HEADER_SIZE + length
        inside = 0
        self._patient = not known
        if length <= MAX_RECORD and pos + after <= len(data):
            if length < _SMALL and self._begins(data, pos + after):
                return True
            del data  # what is read below replaces it
            chained = self._chain(walker, after)
            lead = self._lead
            if chained and (known or length < _SMALL):
                walker._sound = lead
                return True
            if chained:
                self._patient = False
                inside = self._find(walker, 1, after, length < LARGE)
                if inside < 0 and not self._dry:
                    walker._sound = lead
                    return True
        else:
            chained, after = False, 0
        if not self._pay(walker._base + walker._pos, _TEAR):
            self._search(walker, _TEAR, NO_HEADER)
            return False
        if known and after:
            inside = self._find(walker, 1, after, False)
            if inside < 0:
                # Nothing inside it looks like a record: it is whole, and the tear is behind it.
                return True
        if inside > 0:
            walker._step_over(inside, "torn record" if known else NO_HEADER)
        elif known:
            self._truncated(walker, length)
        else:
            self._search(walker, 1, NO_HEADER)
        return False

    def _earn(self, where: int) -> int:
        """The credit at the offset ``where`` of the file."""
        if where > self._paid:
            self._credit = min(_CREDIT, self._credit + where - self._paid)
            self._paid = where
        return self._credit

    def _pay(self, where: int, cost: int) -> bool:
        """Whether there is credit for work at the offset ``where`` of the file; then it is taken."""
        if self._earn(where) < cost:
            return False
        self._credit -= cost
        return True

    def _begins(self, data: bytes, pos: int) -> bool:
        """Whether a record of a known type that is not empty begins at ``pos``."""
        return len(data) - pos >= HEADER_SIZE and self._headers.plausible(data, pos) and _HEADER(data, pos)[3] > 0

    def _have(self, walker: RecordWalker, size: int, wait: bool = True) -> int:
        """How many octets there are from the cursor, ``size`` at least unless the file ends before, or waits."""
        have = len(walker._data) - walker._pos
        if have < size and not walker._eof:
            walker._fill(size, size if wait and self._patient else 0)
            have = len(walker._data) - walker._pos
        return have

    def _chain(self, walker: RecordWalker, at: int, reach: int = _REACH) -> bool:
        """Whether records of whatever types, from ``at`` on and not beyond ``reach``, lead to one of a known type or to
        the end of the file."""
        most = min(_SOUND, self._earn(walker._base + walker._pos) // _HOP)
        hops = 0
        lead = -1
        while True:
            data, pos = walker._data, walker._pos
            place, more, large, sound = self._headers.follow(data, pos + at, most - hops, pos + reach)
            hops += more
            if lead < 0 and large >= 0:
                # A large record is looked into when its turn comes, and not believed before.
                lead = walker._base + large
            at = place - pos
            if sound:
                del data
                self._have(walker, at + _SETTLED, wait=False)
                place = walker._pos + at
                place, vain = self._headers.settled(walker._data, place, _SOUND, place + _SETTLED)
                self._credit -= min(vain * _HOP, self._credit)
                at = place - walker._pos
                break
            if hops == most or sound is None or at > reach:
                sound = hops == _SOUND
                break
            del data  # not to be kept beside what is read now
            left = self._have(walker, at + HEADER_SIZE) - at
            if left < HEADER_SIZE:
                if not walker._eof:
                    self._lead = 0
                    return True
                sound = left == 0
                break
        if sound:
            # The records on the way are delivered, each as what it is; so they cost no credit.
            self._lead = walker._base + walker._pos + at if lead < 0 else lead
        else:
            self._lead = 0
            self._credit -= hops * _HOP
        return bool(sound)

    def _find(self, walker: RecordWalker, at: int, stop: int, strong: bool) -> int:
        """Where, from ``at`` and before ``stop``, a record begins that another can follow; -1: nowhere."""
        self._dry = False
        while True:
            base = walker._base + walker._pos
            found = self._headers.find(walker._data, walker._pos + at, walker._pos + stop, walker._base)
            if found < 0:
                return -1
            at = found - walker._pos
            if not self._pay(base + at, _EXAMINE):
                self._dry = True
                at += _AHEAD
                continue
            if self._follows(walker, at, strong):
                return at
            at += 1

    def _follows(self, walker: RecordWalker, at: int, strong: bool, reach: int = _REACH) -> bool:
        """Whether behind the record at ``at`` stands another that is whole, ``strong``: two, or the end of the file.
        What is beyond ``reach`` is not looked at."""
        seconds: int
        length: int
        seconds, _, _, length = _HEADER(walker._data, walker._pos + at)
        if not 0 < length <= MAX_RECORD:
            return False
        after = at + HEADER_SIZE + length
        if after > reach:
            return False
        have = self._have(walker, after)
        if have < after:
            return False
        if have - after < HEADER_SIZE:
            if walker._idle():
                return True
            have = self._have(walker, after + HEADER_SIZE)
            if have - after < HEADER_SIZE:
                return have == after and walker._eof
        if not self._begins(walker._data, walker._pos + after):
            return not strong and self._chain(walker, after, reach)
        then: int
        extent: int
        then, _, _, extent = _HEADER(walker._data, walker._pos + after)
        if abs(then - seconds) > _DAY:
            return False
        after += HEADER_SIZE + extent
        if after > reach:
            return not strong
        if have < after and not (walker._idle() and not strong):
            have = self._have(walker, after)
            if have < after:
                return False
        # A record that is cut short by the end of the file holds octets that look like headers, too: near it more
        # is asked for. How near is a number: a buffer may have come to the end long before.
        if not strong and (self._have(walker, after + _NEAR, wait=False) >= after + _NEAR or not walker._eof):
            return True
        have = self._have(walker, after + HEADER_SIZE)
        if have - after < HEADER_SIZE:
            return have == after
        return self._headers.plausible(walker._data, walker._pos + after)

    def _truncated(self, walker: RecordWalker, length: int) -> None:
        """A record that the end of the file cuts short: go on at one that stands inside it, or at the end."""
        have = len(walker._data) - walker._pos
        inside = self._find(walker, 1, have, False)
        if inside > 0:
            walker._step_over(inside, "torn record")
        else:
            walker._step_over(have, f"truncated record of {length} octets")

    def _search(self, walker: RecordWalker, at: int, reason: str) -> None:
        """Move the cursor to the next record, at ``at`` or behind, or to the end; junk is reported block by block."""
        self._patient = True
        while True:
            have = self._have(walker, at + HEADER_SIZE)
            found = self._headers.find(walker._data, walker._pos + at, walker._pos + have, walker._base)
            if found < 0:
                if walker._eof:
                    walker._step_over(have, reason)
                    return
                # A header may begin in the last octets.
                size = max(min(at, have), have - HEADER_SIZE + 1)
                at = max(at - size, 0)
                walker._step_over(size, reason)
                continue
            at = found - walker._pos
            if not self._pay(walker._base + found, _EXAMINE):
                at += _AHEAD
                continue
            if not walker._eof:
                # What follows may be far ahead: the junk before it need not be kept so long.
                need = at + 2 * HEADER_SIZE + _HEADER(walker._data, found)[3]
                if at and (need > have or at > _HELD):
                    walker._step_over(at, reason)
                    at = 0
            # Counted from the header: where the cursor stands depends on what was stepped over with a block.
            if self._follows(walker, at, False, at + _REACH):
                if at:
                    walker._step_over(at, reason)
                return
            at += 1
