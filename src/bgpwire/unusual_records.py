"""The peer of an MRT record that is not what RFC 6396 says, and where its message begins.

None of this is hot, so it is written once for both implementations of the kernels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire._impl import Reader
from bgpwire.errors import MrtError
from bgpwire.numbers.mrt import BGP
from bgpwire.numbers.mrt_subtype import BGP_STATE_CHANGE
from bgpwire.old_writers import MAX_BODY, MESSAGES, locate_message
from bgpwire.route.kernels import Event, Peer
from bgpwire.value.octets import MARKER

if TYPE_CHECKING:
    from bgpwire._impl import Address, PathAttributes, Prefix

    type Peers = dict[bytes, Peer]

_MAX_PEERS = 1 << 16


def locate_legacy(event: Event, peers: Peers) -> tuple[Peer, int] | None:
    """The peer of a record of one of the types :data:`LEGACY`, and where its message, headerless, or states begin.

    ``None`` for a subtype that has neither. ``peers`` remembers the peers, so that they are one object each.
    :class:`bgpwire.DecodeError` if the record is too short, or too long for a message.
    """
    states = event.mrt_subtype == BGP_STATE_CHANGE
    if not states and event.mrt_subtype not in MESSAGES:
        return None
    reader = Reader(event._data)
    width = 4 if event.mrt_type == BGP else 16
    ends: list[tuple[int, Address]] = []
    for _ in range(1 if states else 2):
        asn = reader.u16()
        ends.append((asn, reader.address(width)))
    at = reader.offset
    if states:
        reader.skip(4)
    elif len(reader) > MAX_BODY:
        raise MrtError(f"message of {len(reader)} octets", at)
    key = b"legacy" + event._data[:at]
    found = peers.get(key)
    return found or _remember(peers, key, ends[0], ends[1] if len(ends) > 1 else (None, None), None), at


def locate_unusual(event: Event, start: int, width: int, peers: Peers) -> tuple[Peer, int]:
    """The peer, without an address, of a BGP4MP record, and where its message or states begin.

    Zebra of 2000, and FRR to this day for a peer that has no address yet, leave out interface, address family and
    addresses: behind the AS numbers, of ``width`` octets, stands the message, or four octets of states. Behind
    addresses of a family that RFC 6396 does not know, a message is found by its marker, and states are the last four
    octets.
    :class:`bgpwire.MrtError` if there is neither.
    """
    data = event._data
    behind = start + 2 * width
    fixed = behind + 4
    if event.mrt_subtype in (0, 5):
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


def read_entry(
    event: Event, peers: Peers
) -> tuple[Peer, PathAttributes, Prefix, tuple[int, int], tuple[int, Address | None]]:
    """Peer, attributes, prefix, family, and time and next hop of a BGP4MP_ENTRY record.

    :class:`bgpwire.DecodeError` if it is malformed.
    """
    from bgpwire.bgp4mp_entry import entry_of

    body = entry_of(event)
    key = b"entry" + repr((body["peer_asn"], body["local_asn"], body["interface"])).encode()
    key += bytes(body["peer_address"] or b"") + bytes(body["local_address"] or b"")
    found = peers.get(key)
    if found is None:
        own, local = (body["peer_asn"], body["peer_address"]), (body["local_asn"], body["local_address"])
        found = _remember(peers, key, own, local, body["interface"])
    family = body["prefix_afi"], body["prefix_safi"]
    return found, body["attributes"], body["prefix"], family, (body["time_last_change"], body["next_hop"])


def _remember(
    peers: Peers,
    key: bytes,
    own: tuple[int, Address | None],
    local: tuple[int | None, Address | None],
    interface: int | None,
) -> Peer:
    if len(peers) >= _MAX_PEERS:
        peers.clear()
    peers[key] = peer = Peer(own[1], own[0], None, local[1], local[0], interface)
    return peer
