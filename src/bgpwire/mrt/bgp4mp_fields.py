"""The fields in front of each BGP4MP record, both ways, and those of BGP4MP_ENTRY (RFC 6396 appendix B.2.6.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import Address, PathAttributes, Reader, load
from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6
from bgpwire.errors import MrtError
from bgpwire.field import Field, depends, ipv4, ipv6, number, read_prefix, record, u16
from bgpwire.mrt.old_writers import locate_message
from bgpwire.numbers.mrt import BGP, EXTENDED
from bgpwire.route.legacy import MAX_BODY
from bgpwire.session import Provenance, Session
from bgpwire.value.octets import MARKER

if TYPE_CHECKING:
    from bgpwire._python.event import Event
    from bgpwire._python.mrt_grammar import bgp4mp_addresses, bgp4mp_as_numbers
    from bgpwire._python.peer import Peer
else:
    _grammar = load("mrt_grammar")
    bgp4mp_addresses, bgp4mp_as_numbers = _grammar.bgp4mp_addresses, _grammar.bgp4mp_as_numbers

_STATES = 4
"""Octets of the two states of a state change."""


def read_as_numbers(data: bytes, at: int, width: int) -> tuple[dict[str, Any], int]:
    """Both AS numbers, of ``width`` octets, and where they end."""
    peer, local, end = bgp4mp_as_numbers(data, at, width)
    return {"peer_asn": peer, "local_asn": local}, end


def read_addresses(data: bytes, at: int) -> tuple[dict[str, Any], int]:
    """Interface, family and addresses, of another family than 1 and 2 only the first two, and where they end."""
    interface, afi, size, end = bgp4mp_addresses(data, at)
    out: dict[str, Any] = {"interface": interface, "afi": afi}
    if size:
        out["peer_address"] = Address.from_bytes(data[end - 2 * size : end - size])
        out["local_address"] = Address.from_bytes(data[end - size : end])
    return out, end


def read_head(data: bytes, at: int, width: int, states: bool) -> tuple[dict[str, Any], int]:
    """The fields from the AS numbers, of ``width`` octets, at ``at`` on, and where the message, or the states, begin.

    Zebra of 1999, and FRR to this day for a peer that has no address yet, leave out interface, address family and
    addresses: behind the AS numbers stands the message, or four octets of states. Behind addresses of a family that
    RFC 6396 does not know, a message is found by its marker, and states are the last four octets; ``addresses`` are
    the octets in front of it, ``None`` where there are none.
    :class:`bgpwire.DecodeError` if a field runs over the end, or there is neither.
    """
    head, at = read_as_numbers(data, at, width)
    if len(data) - at == _STATES if states else data.startswith(MARKER, at):
        return head, at
    addresses, at = read_addresses(data, at)
    head |= addresses
    if "peer_address" in head:
        return head, at
    begin = len(data) - _STATES if states else locate_message(data, at)
    if begin < at:
        family = f"BGP4MP address family {head['afi']}, and no message behind it"
        raise MrtError("state change without states" if states else family, at)
    head["addresses"] = data[at:begin] or None
    return head, begin


_UNSPECIFIED = {AFI_IPV4: Address.from_bytes(bytes(4)), AFI_IPV6: Address.from_bytes(bytes(16))}
_ADDRESS = depends(lambda head: ipv6 if head["afi"] == AFI_IPV6 else ipv4, ipv4, ipv6)
_HEADS: dict[int, Field] = {
    width: record(
        peer_asn=number(width),
        local_asn=number(width),
        interface=u16,
        afi=u16,
        peer_address=_ADDRESS,
        local_address=_ADDRESS,
    )
    for width in (2, 4)
}
"""By octets of an AS number, what RFC 6396 section 4.4 has in front of a message or states."""


def head_octets(peer: Peer, width: int) -> bytes:
    """What :func:`read_head` reads of a peer, AS numbers of ``width`` octets, as RFC 6396 section 4.4 has it.

    What ``peer`` does not know of the collector's side is 0: AS number, address, interface. ValueError, which names the
    field, for a peer without an address, addresses of two families, and AS numbers that do not fit.
    """
    address = peer.address
    if address is None:
        raise ValueError(f"peer_address: a BGP4MP record needs one, and {peer} has none")
    afi = AFI_IPV6 if address.version == 6 else AFI_IPV4
    head = {
        "peer_asn": peer.asn,
        "local_asn": peer.local_asn or 0,
        "interface": peer.interface or 0,
        "afi": afi,
        "peer_address": address,
        "local_address": _UNSPECIFIED[afi] if peer.local_address is None else peer.local_address,
    }
    return _HEADS[width].encode(head)


def read_legacy_head(data: bytes, mrt_type: int, states: bool) -> tuple[dict[str, Any], int]:
    """The fields in front of the message, which has no header, or of the ``states`` of a record of one of the types
    :data:`LEGACY` (RFC 6396 appendices B.2.1 and B.2.5), and where they end.

    :class:`bgpwire.DecodeError` if a field runs over the end, or what is behind them is too long for a message.
    """
    reader = Reader(data)
    width = 4 if mrt_type == BGP else 16
    head = {"peer_asn": reader.u16(), "peer_address": reader.address(width)}
    if not states:
        head |= {"local_asn": reader.u16(), "local_address": reader.address(width)}
        if len(reader) > MAX_BODY:
            raise MrtError(f"message of {len(reader)} octets", reader.offset)
    return head, reader.offset


def read_entry_fields(data: bytes, at: int, session: Session) -> dict[str, Any]:
    """All fields of the entry at ``at`` in the record's ``data``, AS numbers of 2 octets.

    :class:`bgpwire.DecodeError` if it runs over the end, or is of another address family than IPv4 and IPv6.
    """
    head, at = read_as_numbers(data, at, 2)
    addresses, at = read_addresses(data, at)
    if "peer_address" not in addresses:
        raise MrtError(f"BGP4MP address family {addresses['afi']}", at - 2)
    reader = Reader(data, at)
    head |= addresses
    head |= {"view": reader.u16(), "status": reader.u16(), "time_last_change": reader.u32()}
    afi, safi, size = reader.u16(), reader.u8(), reader.u8()
    if afi not in (AFI_IPV4, AFI_IPV6):
        raise MrtError(f"entry of address family {afi}", reader.offset - 4)
    # IPv6 may have the link-local next hop behind the global one (RFC 2545 section 3).
    hop = reader.sub(size)
    next_hop = hop.address(16 if size == 32 else size) if size else None
    found = read_prefix(reader, afi)
    inside = reader.sub(reader.u16())
    start = inside.offset
    attributes = PathAttributes(data, start, start + len(inside), session, 0, (afi, safi))
    head |= {"prefix_afi": afi, "prefix_safi": safi, "next_hop": next_hop, "prefix": found}
    return head | {"attributes": attributes}


def entry_of(event: Event) -> dict[str, Any]:
    """The fields of a BGP4MP_ENTRY record, whose kernel has found room for microseconds where its type has them."""
    given = Provenance.GIVEN
    session = Session(False, asn4_from=given, add_path_from=given, extended_message=True)
    return read_entry_fields(event._data, 4 if event.mrt_type in EXTENDED else 0, session)
