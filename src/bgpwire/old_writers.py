"""MRT records that are not what RFC 6396 says: what their writers did, and how to read them all the same.

None of this is hot, so it is written once for both implementations of the kernels.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from bgpwire.errors import MrtError

if TYPE_CHECKING:
    from bgpwire._impl import Address, PathAttributes, Peer, Prefix, Record

    type Peers = dict[bytes, Peer]

MARKER = b"\xff" * 16
LEGACY = frozenset((5, 9, 10))
"""BGP, BGP4PLUS and BGP4PLUS_01: BGP4MP's predecessors (RFC 6396 appendix B.2)."""
MESSAGES = {1: 2, 5: 1, 6: 3, 7: 4}
"""Their subtypes that are messages, and the message type."""
MAX_BODY = 0xFFFF - 19
"""The octets of a message behind its header (RFC 8654)."""
_MAX_PEERS = 1 << 16
_HEADER = struct.Struct(">IHHI").unpack_from
TABLE_DUMP = 12
_SHORT_BY = 4
"""How many octets less than they wrote the writers of RIS rrc00's tables of 2000 declared."""
EVIDENCE = _SHORT_BY + 16
"""Octets that are looked at behind the end that such a record declares."""


def end_of_short_table_dump(data: bytes, pos: int, at_eof: bool, goes_on: bool) -> int:
    """Where a TABLE_DUMP record at ``pos`` ends that is 4 octets longer than its header says; 0 if it is none.

    The evidence is the record behind it: of the same type, not an hour later, and numbered one higher in the field that
    is the sequence number (RFC 6396 section 4.2) or, as those writers had it, the view. The last of a file has none
    behind it: there it is that ``goes_on``, which says that it follows another such record.
    It takes a few octets to say so, however long the record is.
    """
    time, kind, subtype, length = _HEADER(data, pos)
    end = pos + 12 + length + _SHORT_BY
    if kind != TABLE_DUMP or length < 4 or len(data) < end:
        return 0
    if len(data) - end < 16:
        return end if at_eof and goes_on and len(data) == end else 0
    later, *same, _ = _HEADER(data, end)
    step = int.from_bytes(data[end + 12 : end + 16]) - int.from_bytes(data[pos + 12 : pos + 16])
    return end if same == [kind, subtype] and 0 <= later - time < 3600 and step in (1, 0x10000) else 0


def locate_message(data: bytes, start: int) -> int:
    """Where, from ``start``, the marker of a message stands that ends where ``data`` do; -1 if nowhere.

    A message has at most 65,535 octets, so no more than those are looked at.
    """
    at = data.find(MARKER, max(start, len(data) - 0xFFFF))
    while at >= 0 and at + 19 <= len(data):
        if at + (data[at + 16] << 8 | data[at + 17]) == len(data):
            return at
        at = data.find(MARKER, at + 1)
    return -1


def with_header(body: bytes, subtype: int) -> bytes:
    """The message that ``body`` is in a record of one of the types :data:`LEGACY`, with the header left out there."""
    return MARKER + (len(body) + 19).to_bytes(2) + bytes((MESSAGES[subtype],)) + body


def locate_legacy(record: Record, peers: Peers) -> tuple[Peer, int] | None:
    """The peer of a record of one of the types :data:`LEGACY`, and where its message, headerless, or states begin.

    ``None`` for a subtype that has neither. ``peers`` remembers the peers, so that they are one object each.
    :class:`bgpwire.DecodeError` if the record is too short, or too long for a message.
    """
    from bgpwire._impl import Reader

    states = record.subtype == 3
    if not states and record.subtype not in MESSAGES:
        return None
    reader = Reader(record.data)
    width = 4 if record.type == 5 else 16
    told: list[tuple[int, Address]] = []
    for _ in range(1 if states else 2):
        asn = reader.u16()
        told.append((asn, reader.address(width)))
    at = reader.offset
    if states:
        reader.skip(4)
    elif len(reader) > MAX_BODY:
        raise MrtError(f"message of {len(reader)} octets", at)
    key = b"legacy" + record.data[:at]
    found = peers.get(key)
    return found or _remember(peers, key, told[0], told[1] if len(told) > 1 else (None, None), None), at


def locate_unusual(record: Record, start: int, width: int, peers: Peers) -> tuple[Peer, int]:
    """The peer, without an address, of a BGP4MP record, and where its message or states begin.

    Zebra of 2000, and FRR to this day for a peer that has no address yet, leave out interface, address family and
    addresses: behind the AS numbers, of ``width`` octets, stands the message, or four octets of states. Behind
    addresses of a family that RFC 6396 does not know, a message is found by its marker, and states are the last four
    octets.
    :class:`bgpwire.MrtError` if there is neither.
    """
    data = record.data
    behind = start + 2 * width
    fixed = behind + 4
    if record.subtype in (0, 5):
        at = behind if len(data) == fixed else len(data) - 4
        if behind < at < fixed:
            raise MrtError("state change without states", fixed)
    elif data.startswith(MARKER, behind):
        at = behind
    else:
        at = locate_message(data, fixed)
        if at < 0:
            family = int.from_bytes(data[fixed - 2 : fixed])
            raise MrtError(f"BGP4MP address family {family}, and no message behind it", fixed)
    interface = None if at == behind else int.from_bytes(data[behind : behind + 2])
    key = b"none" + data[start:behind] if interface is None else b"family" + data[start:fixed]
    found = peers.get(key)
    if found is None:
        asn, local = (int.from_bytes(data[at : at + width]) for at in (start, start + width))
        found = _remember(peers, key, (asn, None), (local, None), interface)
    return found, at


def read_entry(record: Record, peers: Peers) -> tuple[Peer, PathAttributes, Prefix, int]:
    """Peer, attributes, prefix and time of a BGP4MP_ENTRY record; :class:`bgpwire.DecodeError` if it is malformed."""
    from bgpwire.mrt.body import decode_record
    from bgpwire.mrt.body_bgp4mp import Bgp4mpEntry

    body = decode_record(record)
    assert isinstance(body, Bgp4mpEntry)
    key = b"entry" + repr((body.peer_asn, body.local_asn, body.interface)).encode()
    key += bytes(body.peer_address or b"") + bytes(body.local_address or b"")
    found = peers.get(key)
    if found is None:
        own, local = (body.peer_asn, body.peer_address), (body.local_asn, body.local_address)
        found = _remember(peers, key, own, local, body.interface)
    return found, body.attributes, body.prefix, body.time_last_change


def _remember(
    peers: Peers,
    key: bytes,
    own: tuple[int, Address | None],
    local: tuple[int | None, Address | None],
    interface: int | None,
) -> Peer:
    from bgpwire._impl import Peer

    if len(peers) >= _MAX_PEERS:
        peers.clear()
    peers[key] = peer = Peer(own[1], own[0], None, local[1], local[0], interface)
    return peer
