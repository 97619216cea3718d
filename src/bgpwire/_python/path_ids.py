"""Which NLRI of an UPDATE have the path identifiers that were negotiated, told of its octets.

It stands for :class:`bgpwire.bmp.path_identifiers.PathIdentifiers` where that would change nothing of what it knows of
a table: what it is asked then is whether octets can be read as prefixes, with path identifiers or without.

What is known of a family in a table, of IPv4 and of IPv6 unicast, is an octet: 0, path identifiers were not negotiated;
1, nothing was seen that decides; 2, they are there; 3, they were left out once at least. A kind has two bits for each
family, for NLRI with path identifiers and for NLRI without although they were negotiated, and 16 for NLRI of a family
that was not negotiated with them.
"""

from __future__ import annotations

from typing import Final

from bgpwire._python.update import mp_head
from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6, SAFI_UNICAST
from bgpwire.numbers.attribute import MP_REACH_NLRI, MP_UNREACH_NLRI

__all__ = ["path_ids_kind"]

_UNKNOWN: Final = -1
_UNDECIDED: Final = 1
_SEEN_WITH: Final = 2
_NOT_NEGOTIATED: Final = 0
_WITH: Final = 1
_WITHOUT: Final = 2
_PLAIN: Final = 16
_COMPARED: Final = 256
"""Routes of a field, at most, which are compared with each other."""
_HOPS: Final = {AFI_IPV4: (4, 16, 32), AFI_IPV6: (16, 32)}


def path_ids_kind(data: bytes, families: bytearray) -> int:
    """The kind of the UPDATE ``data``, header included, of a table whose ``families`` are in these states; -1 where
    that is not for this to tell."""
    if len(families) != 2:
        raise ValueError(f"{len(families)} families")
    size = len(data)
    if size < 23:
        return _UNKNOWN
    withdrawn = 21 + (data[19] << 8 | data[20])
    if withdrawn + 2 > size:
        return _UNKNOWN
    pos = withdrawn + 2
    end = pos + (data[withdrawn] << 8 | data[withdrawn + 1])
    if end > size:
        return _UNKNOWN
    fields = [(21, withdrawn, 0), (end, size, 0)]
    seen = 0
    while pos < end:
        flags = data[pos]
        head = 4 if flags & 0x10 else 3
        if end - pos < head:
            return _UNKNOWN
        code = data[pos + 1]
        start = pos + head
        pos = start + (data[pos + 2] << 8 | data[pos + 3] if head == 4 else data[pos + 2])
        if pos > end:
            return _UNKNOWN
        if code != MP_REACH_NLRI and code != MP_UNREACH_NLRI:
            continue
        # What is said twice, or with the flags of another attribute, is for who reports it.
        if seen >> code & 1 or flags & 0xE0 != 0x80:
            return _UNKNOWN
        seen |= 1 << code
        found = _mp_nlri(data, start, pos, code == MP_REACH_NLRI)
        if found is None:
            return _UNKNOWN
        fields.append((found[0], pos, found[1]))
    kind = 0
    for start, stop, family in fields:
        if start < stop:
            found_kind = _field(data, start, stop, family, families[family])
            if not found_kind:
                return _UNKNOWN
            kind |= found_kind
    return _UNKNOWN if kind & 3 == 3 or kind >> 2 & 3 == 3 else kind


def _mp_nlri(data: bytes, start: int, end: int, reach: bool) -> tuple[int, int] | None:
    """Where the NLRI of MP_REACH_NLRI or MP_UNREACH_NLRI begin, and of which family they are; ``None`` for others than
    those, or a next hop of a length that is not theirs."""
    head = mp_head(data, start, end, reach)
    if head is None:
        return None
    afi, safi, hop, after = head
    if safi != SAFI_UNICAST or afi not in _HOPS or (reach and (after == end or after - hop not in _HOPS[afi])):
        return None
    return after + reach, int(afi == AFI_IPV6)


def _field(data: bytes, start: int, end: int, family: int, known: int) -> int:
    """The kind of the NLRI of one field; 0 where that cannot be told."""
    longest = 128 if family else 32
    if known == _SEEN_WITH:
        return _WITH << 2 * family if _readable(data, start, end, longest, 4) else 0
    without = _readable(data, start, end, longest, 0)
    if known == _NOT_NEGOTIATED:
        return _PLAIN if without else 0
    there = _readable(data, start, end, longest, 4)
    if there and without:
        odd_with, odd_without = _odd(data, start, end, 4), _odd(data, start, end, 0)
        if odd_with is None or odd_without is None:
            return 0
        # Whether a smaller share of the routes is odd with path identifiers than without.
        better = odd_with[0] * odd_without[1] < odd_without[0] * odd_with[1]
        # Of a table that is undecided what reads better with them decides.
        if better and known == _UNDECIDED:
            return 0
        without = odd_without[0] == 0 and odd_with[0] == odd_with[1] if known == _UNDECIDED else not better
    elif known == _UNDECIDED or there == without:
        return 0
    return (_WITHOUT if without else _WITH) << 2 * family


def _readable(data: bytes, start: int, end: int, longest: int, ahead: int) -> bool:
    """Whether prefixes fill the octets, each behind ``ahead`` octets."""
    while start < end:
        start += ahead
        if start >= end or data[start] > longest:
            return False
        start += 1 + ((data[start] + 7) >> 3)
    return start == end


def _odd(data: bytes, start: int, end: int, ahead: int) -> tuple[int, int] | None:
    """How many of the prefixes are odd, and how many there are; ``None`` for too many. They can be read."""
    seen: set[bytes] = set()
    odd = count = 0
    while start < end:
        if count == _COMPARED:
            return None
        identifier = data[start] if ahead else 0
        start += ahead
        bits = data[start]
        prefix = data[start : start + 1 + ((bits + 7) >> 3)]
        odd += bool(identifier or (bits & 7 and prefix[-1] & 0xFF >> (bits & 7))) or prefix in seen
        seen.add(prefix)
        start += len(prefix)
        count += 1
    return odd, count
