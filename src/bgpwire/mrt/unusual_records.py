"""The peer of an MRT record that is not what RFC 6396 says, and where its message begins.

None of this is hot, so it is written once for both implementations of the kernels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import Reader
from bgpwire.numbers import mrt_subtype as subtypes
from bgpwire.remembered import remember
from bgpwire.route.kernels import Event, Peer
from bgpwire.route.legacy import MESSAGES

if TYPE_CHECKING:
    from bgpwire._impl import Address, PathAttributes, Prefix

    type Peers = dict[bytes, Peer]

_MAX_PEERS = 1 << 16
_STATES = (subtypes.BGP4MP_STATE_CHANGE, subtypes.BGP4MP_STATE_CHANGE_AS4)


def locate_legacy(event: Event, peers: Peers) -> tuple[Peer, int] | None:
    """The peer of a record of one of the types :data:`LEGACY`, and where its message, headerless, or states begin.

    ``None`` for a subtype that has neither. ``peers`` remembers the peers, so that they are one object each.
    :class:`bgpwire.DecodeError` if the record is too short, or too long for a message.
    """
    states = event.mrt_subtype == subtypes.BGP_STATE_CHANGE
    if not states and event.mrt_subtype not in MESSAGES:
        return None
    from bgpwire.mrt.bgp4mp_fields import read_legacy_head

    mrt_type = event.mrt_type
    assert mrt_type is not None
    head, at = read_legacy_head(event._data, mrt_type, states)
    if states:
        Reader(event._data, at).skip(4)
    key = b"legacy" + event._data[:at]
    found = peers.get(key)
    return found or _remember(peers, key, head), at


def locate_unusual(event: Event, start: int, width: int, peers: Peers) -> tuple[Peer, int]:
    """The peer, without an address, of a BGP4MP record, and where its message or states begin.

    AS numbers of ``width`` octets begin at ``start``; :func:`bgpwire.mrt.bgp4mp_fields.read_head` says what there may
    be behind them, and what is raised.
    """
    from bgpwire.mrt.bgp4mp_fields import read_head

    data = event._data
    head, at = read_head(data, start, width, event.mrt_subtype in _STATES)
    behind = start + 2 * width
    key = b"family" + data[start : behind + 4] if "afi" in head else b"none" + data[start:behind]
    found = peers.get(key)
    return found or _remember(peers, key, head), at


def read_entry(
    event: Event, peers: Peers
) -> tuple[Peer, PathAttributes, Prefix, tuple[int, int], tuple[int, Address | None]]:
    """Peer, attributes, prefix, family, and time and next hop of a BGP4MP_ENTRY record.

    :class:`bgpwire.DecodeError` if it is malformed.
    """
    from bgpwire.mrt.bgp4mp_fields import entry_of

    body = entry_of(event)
    key = b"entry" + repr((body["peer_asn"], body["local_asn"], body["interface"])).encode()
    key += bytes(body["peer_address"] or b"") + bytes(body["local_address"] or b"")
    found = peers.get(key)
    if found is None:
        found = _remember(peers, key, body)
    family = body["prefix_afi"], body["prefix_safi"]
    return found, body["attributes"], body["prefix"], family, (body["time_last_change"], body["next_hop"])


def _remember(peers: Peers, key: bytes, head: dict[str, Any]) -> Peer:
    """The peer that the fields of a record say."""
    own, *local = (head.get(name) for name in ("peer_address", "local_address", "local_asn", "interface"))
    return remember(peers, key, Peer(own, head["peer_asn"], None, *local), _MAX_PEERS)
