"""What stands where in the bodies of MRT records (RFC 6396, RFC 8050), as index loops over their octets.

All places count from the beginning of ``data``.
"""

from __future__ import annotations

import struct

from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6, SAFI_MULTICAST, SAFI_UNICAST
from bgpwire.errors import MrtError, TruncatedError
from bgpwire.numbers.mrt_subtype import (
    BGP4MP_MESSAGE,
    BGP4MP_MESSAGE_ADDPATH,
    BGP4MP_MESSAGE_AS4,
    BGP4MP_MESSAGE_AS4_ADDPATH,
    BGP4MP_MESSAGE_AS4_LOCAL,
    BGP4MP_MESSAGE_AS4_LOCAL_ADDPATH,
    BGP4MP_MESSAGE_LOCAL,
    BGP4MP_MESSAGE_LOCAL_ADDPATH,
    BGP4MP_STATE_CHANGE,
    BGP4MP_STATE_CHANGE_AS4,
    RIB_GENERIC,
    RIB_GENERIC_ADDPATH,
    RIB_IPV4_MULTICAST,
    RIB_IPV4_MULTICAST_ADDPATH,
    RIB_IPV4_UNICAST,
    RIB_IPV4_UNICAST_ADDPATH,
    RIB_IPV6_MULTICAST,
    RIB_IPV6_MULTICAST_ADDPATH,
    RIB_IPV6_UNICAST,
    RIB_IPV6_UNICAST_ADDPATH,
)

__all__ = [
    "BGP4MP_FORMS",
    "RIB_FORMS",
    "bgp4mp_addresses",
    "bgp4mp_as_numbers",
    "dump_entry",
    "generic_head",
    "message_at",
    "peer_table",
    "rib_entries",
    "rib_head",
]

BGP4MP_FORMS: dict[int, tuple[int, bool, bool, bool]] = {
    BGP4MP_STATE_CHANGE: (2, False, True, False),
    BGP4MP_MESSAGE: (2, False, False, False),
    BGP4MP_MESSAGE_AS4: (4, False, False, False),
    BGP4MP_STATE_CHANGE_AS4: (4, False, True, False),
    BGP4MP_MESSAGE_LOCAL: (2, False, False, True),
    BGP4MP_MESSAGE_AS4_LOCAL: (4, False, False, True),
    BGP4MP_MESSAGE_ADDPATH: (2, True, False, False),
    BGP4MP_MESSAGE_AS4_ADDPATH: (4, True, False, False),
    BGP4MP_MESSAGE_LOCAL_ADDPATH: (2, True, False, True),
    BGP4MP_MESSAGE_AS4_LOCAL_ADDPATH: (4, True, False, True),
}
"""Subtypes of BGP4MP that hold a peer's message or states: octets of an AS number, ADD-PATH, whether it is states,
whether the collector sent it (RFC 6396 section 4.4, RFC 8050 section 3)."""
RIB_FORMS: dict[int, tuple[int, int, bool]] = {
    RIB_IPV4_UNICAST: (AFI_IPV4, SAFI_UNICAST, False),
    RIB_IPV4_MULTICAST: (AFI_IPV4, SAFI_MULTICAST, False),
    RIB_IPV6_UNICAST: (AFI_IPV6, SAFI_UNICAST, False),
    RIB_IPV6_MULTICAST: (AFI_IPV6, SAFI_MULTICAST, False),
    RIB_GENERIC: (0, 0, False),
    RIB_IPV4_UNICAST_ADDPATH: (AFI_IPV4, SAFI_UNICAST, True),
    RIB_IPV4_MULTICAST_ADDPATH: (AFI_IPV4, SAFI_MULTICAST, True),
    RIB_IPV6_UNICAST_ADDPATH: (AFI_IPV6, SAFI_UNICAST, True),
    RIB_IPV6_MULTICAST_ADDPATH: (AFI_IPV6, SAFI_MULTICAST, True),
    RIB_GENERIC_ADDPATH: (0, 0, True),
}
"""Subtypes of TABLE_DUMP_V2 that hold RIB entries: AFI and SAFI, 0 of RIB_GENERIC, and ADD-PATH (RFC 6396 section 4.3,
RFC 8050 section 4)."""

_AS_NUMBERS = {2: struct.Struct(">HH"), 4: struct.Struct(">II")}
_U16 = struct.Struct(">H").unpack_from
_TWO_U16 = struct.Struct(">HH").unpack_from
_U32 = struct.Struct(">I").unpack_from
_GENERIC = struct.Struct(">IHB").unpack_from
_RIB_ENTRY = struct.Struct(">HIH").unpack_from
_RIB_PATH_ENTRY = struct.Struct(">HIIH").unpack_from
_SHORT_BY = 4
"""Octets that some writers of TABLE_DUMP left out."""


def _check(data: bytes, at: int) -> None:
    if not 0 <= at <= len(data):
        raise ValueError(f"no octet {at} in a buffer of {len(data)}")


def _short(data: bytes, at: int, *sizes: int) -> TruncatedError:
    """The error of the first of the fields of these ``sizes`` that is not all there, as a Reader raises it."""
    left = len(data) - at
    for size in sizes:
        if left < size:
            break
        left -= size
    return TruncatedError(f"{size} octets needed, {left} left", len(data) - left)


def bgp4mp_as_numbers(data: bytes, at: int, width: int) -> tuple[int, int, int]:
    """Peer and Local AS Number of a BGP4MP record, of ``width`` octets (2 or 4): ``(peer, local, end)``.

    TruncatedError before the first that is not all there.
    """
    _check(data, at)
    if width != 2 and width != 4:
        raise ValueError(f"AS numbers of {width} octets")
    end = at + 2 * width
    if end > len(data):
        raise _short(data, at, width, width)
    peer, local = _AS_NUMBERS[width].unpack_from(data, at)
    return peer, local, end


def bgp4mp_end(data: bytes, at: int) -> int:
    """Where the Interface Index, Address Family and addresses at ``at`` in a BGP4MP record end.

    ``at + 4`` where the family is not IPv4 or IPv6: no addresses are looked for then. TruncatedError before the first
    field that is not all there.
    """
    size = len(data)
    if at < 0 or size - at < 4:
        _check(data, at)
        raise _short(data, at, 2, 2)
    afi = data[at + 2] << 8 | data[at + 3]
    end = at + 12 if afi == 1 else at + 36 if afi == 2 else at + 4
    if end > size:
        raise _short(data, at + 4, (end - at - 4) // 2, (end - at - 4) // 2)
    return end


def bgp4mp_addresses(data: bytes, at: int) -> tuple[int, int, int, int]:
    """Interface Index, Address Family and addresses of a BGP4MP record: ``(interface, afi, size, end)``.

    The peer's address and the local one, of ``size`` octets each, stand before ``end``; ``size`` is 0 and neither is
    read where the family is not IPv4 or IPv6. TruncatedError before the first field that is not all there.
    """
    end = bgp4mp_end(data, at)
    interface, afi = _TWO_U16(data, at)
    return interface, afi, (end - at - 4) // 2, end


def message_at(data: bytes, at: int) -> tuple[int, int]:
    """The BGP message in a record, whatever its marker: ``(type, end)``; its header begins at ``at``.

    TruncatedError 1/2 for a header that is not all there, or a length that does not fit.
    """
    left = len(data) - at
    if at < 0 or left < 19:
        _check(data, at)
        raise TruncatedError(f"message of at least 19 octets, {left} there", at, 1, 2)
    length = data[at + 16] << 8 | data[at + 17]
    if length < 19 or length > left:
        raise TruncatedError(f"message of {length} octets, {left} there", at + 16, 1, 2)
    return data[at + 18], at + length


def peer_table(
    data: bytes,
) -> tuple[int, int, int, list[tuple[int, int, int, int, int]], TruncatedError | None]:
    """PEER_INDEX_TABLE: ``(view, view_end, count, peers, fault)``.

    Where the view name begins and ends; how many peers there are to be; ``(type, asn, start, size, end)`` of those
    before the first fault, the BGP ID standing in the 4 octets from ``start + 1`` and the address in the ``size``
    behind it; and the TruncatedError that says where the table runs over the end, or ``None``. The collector's BGP ID
    is the first 4 octets. A fault before the peers is raised.
    """
    end = len(data)
    if end < 6:
        raise _short(data, 0, 4, 2)
    size = data[4] << 8 | data[5]
    pos = 8 + size
    if pos > end:
        raise _short(data, 6, size, 2)
    count: int = _U16(data, pos - 2)[0]
    peers: list[tuple[int, int, int, int, int]] = []
    for _ in range(count):
        if pos == end:
            return 6, 6 + size, count, peers, _short(data, pos, 1)
        kind = data[pos]
        width = 16 if kind & 1 else 4
        digits = 4 if kind & 2 else 2
        after = pos + 5 + width + digits
        if after > end:
            return 6, 6 + size, count, peers, _short(data, pos, 1, 4, width, digits)
        peers.append((kind, int.from_bytes(data[after - digits : after]), pos, width, after))
        pos = after
    return 6, 6 + size, count, peers, None


def rib_head(data: bytes, afi: int) -> tuple[int, int]:
    """The head of a RIB record of one family: ``(sequence, prefix_end)``; the prefix, its length in front, begins at 4.

    TruncatedError before the first field that is not all there, :class:`bgpwire.MrtError` for a prefix that is too
    long.
    """
    if len(data) < 5:
        raise _short(data, 0, 4, 1)
    bits = data[4]
    if bits > (32 if afi == AFI_IPV4 else 128):
        raise MrtError(f"prefix length {bits}", 4)
    size = (bits + 7) >> 3
    if len(data) < 5 + size:
        raise _short(data, 5, size)
    return _U32(data)[0], 5 + size


def generic_head(data: bytes) -> tuple[int, int, int]:
    """The head of RIB_GENERIC: ``(sequence, afi, safi)``; its NLRI begins at 7. TruncatedError before the first field
    that is not all there."""
    if len(data) < 7:
        raise _short(data, 0, 4, 2, 1)
    sequence, afi, safi = _GENERIC(data)
    return sequence, afi, safi


def rib_entries(
    data: bytes, at: int, add_path: bool
) -> tuple[int, list[tuple[int, int, int | None, int, int]], TruncatedError | None]:
    """The entries of a RIB record, whose number stands at ``at``: ``(count, entries, fault)``.

    How many there are to be; ``(peer, originated, path_id, start, end)`` of those before the first fault, with
    ``path_id`` ``None`` without ``add_path`` and the attributes from ``start`` to ``end``; and the TruncatedError that
    says where they run over the end, or ``None``. TruncatedError is raised if their number is not there.
    """
    _check(data, at)
    end = len(data)
    if end - at < 2:
        raise _short(data, at, 2)
    count: int = _U16(data, at)[0]
    entries: list[tuple[int, int, int | None, int, int]] = []
    pos = at + 2
    head = 12 if add_path else 8
    path_id = None
    for _ in range(count):
        start = pos + head
        if start > end:
            return count, entries, _short(data, pos, *((2, 4, 4, 2) if add_path else (2, 4, 2)))
        if add_path:
            peer, originated, path_id, size = _RIB_PATH_ENTRY(data, pos)
        else:
            peer, originated, size = _RIB_ENTRY(data, pos)
        pos = start + size
        if pos > end:
            return count, entries, _short(data, start, size)
        entries.append((peer, originated, path_id, start, pos))
    return count, entries, None


def dump_entry(data: bytes, at: int, subtype: int) -> tuple[int, int, int, int, int, int, int, int]:
    """An entry of TABLE_DUMP of ``subtype`` 1 to 4: ``(bits, status, originated, peer, asn, missing, start, end)``.

    The prefix's octets begin at ``at`` and the peer's address at ``peer``, 4 of each or, of subtypes 2 and 4, 16. The
    attributes are from ``start`` to ``end``; up to 4 octets of them may be ``missing``, as some writers had it.
    TruncatedError before the first field that is not all there, :class:`bgpwire.MrtError` for a prefix that is too long
    and for attributes of which more is missing. ValueError for another subtype.
    """
    _check(data, at)
    if not 1 <= subtype <= 4:
        raise ValueError(f"TABLE_DUMP of subtype {subtype}")
    size = 4 if subtype & 1 else 16
    width = 4 if subtype > 2 else 2
    start = at + 2 * size + width + 8
    left = len(data) - start
    if left < 0:
        raise _short(data, at, size, 1, 1, 4, size, width, 2)
    bits = data[at + size]
    if bits > 8 * size:
        raise MrtError(f"prefix length {bits}", at + size)
    peer = at + size + 6
    asn = int.from_bytes(data[peer + size : start - 2])
    length = data[start - 2] << 8 | data[start - 1]
    if length - left > _SHORT_BY:
        raise MrtError(f"attributes of {length} octets, {left} there", start - 2)
    originated: int = _U32(data, at + size + 2)[0]
    return bits, data[at + size + 1], originated, peer, asn, max(length - left, 0), start, start + min(length, left)
