"""Whether an UPDATE is sound, told of its octets alone: what nearly all are, and then nothing has to be decoded.

It stands for :func:`bgpwire.attribute.check.update_errors`: what is sound here has no error there.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6, SAFI_MULTICAST, SAFI_UNICAST
from bgpwire.numbers.attribute import (
    AGGREGATOR,
    AS_PATH,
    ATOMIC_AGGREGATE,
    CLUSTER_LIST,
    COMMUNITIES,
    EXTENDED_COMMUNITIES,
    LARGE_COMMUNITY,
    LOCAL_PREF,
    MP_REACH_NLRI,
    MP_UNREACH_NLRI,
    MULTI_EXIT_DISC,
    NEXT_HOP,
    ONLY_TO_CUSTOMER,
    ORIGIN,
    ORIGINATOR_ID,
)

if TYPE_CHECKING:
    from collections.abc import Container

    from bgpwire.session import Session

__all__ = ["is_sound"]

_WELL_KNOWN = (0x40,)
_OPTIONAL = (0x80,)
_TRANSITIVE = (0xC0, 0xE0)
# The high three bits of the flags that each attribute may have (RFC 7606 section 3 c): Partial only where it can be.
_FLAGS: dict[int, tuple[int, ...]] = {
    ORIGIN: _WELL_KNOWN,
    AS_PATH: _WELL_KNOWN,
    NEXT_HOP: _WELL_KNOWN,
    MULTI_EXIT_DISC: _OPTIONAL,
    LOCAL_PREF: _WELL_KNOWN,
    ATOMIC_AGGREGATE: _WELL_KNOWN,
    AGGREGATOR: _TRANSITIVE,
    COMMUNITIES: _TRANSITIVE,
    ORIGINATOR_ID: _OPTIONAL,
    CLUSTER_LIST: _OPTIONAL,
    MP_REACH_NLRI: _OPTIONAL,
    MP_UNREACH_NLRI: _OPTIONAL,
    EXTENDED_COMMUNITIES: _TRANSITIVE,
    LARGE_COMMUNITY: _TRANSITIVE,
    ONLY_TO_CUSTOMER: _TRANSITIVE,
}
# The octets of those that have so many; of the others one of several, 0 octets not among them.
_SIZES = {NEXT_HOP: 4, MULTI_EXIT_DISC: 4, LOCAL_PREF: 4, ATOMIC_AGGREGATE: 0, ORIGINATOR_ID: 4, ONLY_TO_CUSTOMER: 4}
_UNITS = {COMMUNITIES: 4, CLUSTER_LIST: 4, EXTENDED_COMMUNITIES: 8, LARGE_COMMUNITY: 12}
_WANTED = 1 << ORIGIN | 1 << AS_PATH
_INTERNAL = 1 << LOCAL_PREF | 1 << ORIGINATOR_ID | 1 << CLUSTER_LIST
_HOPS = {AFI_IPV4: (4, 16, 32), AFI_IPV6: (16, 32)}


def is_sound(data: bytes, session: Session) -> bool:
    """Whether the UPDATE ``data``, header included, has nothing wrong in ``session`` (RFC 7606).

    ``False`` says that it has, or that this does not know: attributes and families that are rarer, and what is looked
    up in more than one place, such as AS4_PATH.
    """
    size = len(data)
    if size < 23:
        return False
    withdrawn = 21 + (data[19] << 8 | data[20])
    if withdrawn + 2 > size:
        return False
    pos = withdrawn + 2
    end = pos + (data[withdrawn] << 8 | data[withdrawn + 1])
    if end > size:
        return False
    add_path, width = session.add_path, 4 if session.asn4 else 2
    if withdrawn > 21 and not _prefixes(data, 21, withdrawn, AFI_IPV4, SAFI_UNICAST, add_path):
        return False
    there = 0
    hop = 0
    routes = end < size
    while pos < end:
        extended = data[pos] & 0x10
        if end - pos < (4 if extended else 3):
            return False
        code = data[pos + 1]
        if extended:
            start = pos + 4
            stop = start + (data[pos + 2] << 8 | data[pos + 3])
        else:
            start = pos + 3
            stop = start + data[pos + 2]
        if stop > end or there >> code & 1 or data[pos] & 0xE0 not in _FLAGS.get(code, ()):
            return False
        there |= 1 << code
        length = stop - start
        if code == AS_PATH:
            if length and not _path(data, start, stop, width):
                return False
        elif code == ORIGIN:
            if length != 1 or data[start] > 2:
                return False
        elif code in _SIZES:
            if length != _SIZES[code]:
                return False
            if code == NEXT_HOP:
                hop = data[start]
        elif code in _UNITS:
            if not length or length % _UNITS[code]:
                return False
        elif code == AGGREGATOR:
            if length != 4 + width or not any(data[start : start + width]):
                return False
        else:
            at = _mp_head(data, start, stop, code == MP_REACH_NLRI)
            if at < 0 or not _prefixes(data, at, stop, data[start + 1], data[start + 2], add_path):
                return False
            routes = routes or (code == MP_REACH_NLRI and at < stop)
        pos = stop
    if session.ibgp is False and there & _INTERNAL:
        return False
    if end < size:
        # RFC 4271 section 6.3: NEXT_HOP is the address of a host.
        if not there >> NEXT_HOP & 1 or hop == 0 or hop == 127 or hop >= 224:
            return False
        if not _prefixes(data, end, size, AFI_IPV4, SAFI_UNICAST, add_path):
            return False
    if not routes:
        return True
    return there & _WANTED == _WANTED and not (session.ibgp and not there >> LOCAL_PREF & 1)


def _path(data: bytes, start: int, end: int, width: int) -> bool:
    """Whole segments of known types, none empty (RFC 7606 section 7.2), and no AS 0 (RFC 7607 section 2)."""
    while start < end:
        if end - start < 2 or not 1 <= data[start] <= 4 or not data[start + 1]:
            return False
        count = data[start + 1]
        stop = start + 2 + count * width
        if stop > end:
            return False
        # Zeros are rare, and may be the end of one AS number and the beginning of the next.
        zeros = data.find(b"\0\0\0\0" if width == 4 else b"\0\0", start + 2, stop) >= 0
        if zeros and 0 in struct.unpack_from(f">{count}{'I' if width == 4 else 'H'}", data, start + 2):
            return False
        start = stop
    return True


def _mp_head(data: bytes, start: int, end: int, reach: bool) -> int:
    """Where the NLRI of MP_REACH_NLRI (``reach``) or MP_UNREACH_NLRI begin, -1 unless they are plain prefixes and the
    next hop has a length that is theirs (RFC 7606 section 7.11)."""
    if end - start < 3 or data[start]:
        return -1
    afi, safi = data[start + 1], data[start + 2]
    if afi not in _HOPS or (safi != SAFI_UNICAST and safi != SAFI_MULTICAST):
        return -1
    if not reach:
        return start + 3
    if end - start < 4:
        return -1
    size = data[start + 3]
    at = start + 5 + size  # behind a reserved octet
    return at if size in _HOPS[afi] and at <= end else -1


def _prefixes(data: bytes, start: int, end: int, afi: int, safi: int, add_path: Container[tuple[int, int]]) -> bool:
    """Whether prefixes fill ``data[start:end]``, each behind its path identifier where the family has them."""
    longest = 32 if afi == AFI_IPV4 else 128
    ahead = 4 if (afi, safi) in add_path else 0
    while start < end:
        start += ahead
        if start >= end or data[start] > longest:
            return False
        start += 1 + ((data[start] + 7) >> 3)
    return start == end
