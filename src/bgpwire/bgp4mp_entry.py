"""The fields of a BGP4MP_ENTRY record (RFC 6396 appendix B.2.6.1), and those that all BGP4MP records begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import Address, PathAttributes, Reader, load
from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6
from bgpwire.errors import MrtError
from bgpwire.field import read_prefix
from bgpwire.numbers.mrt import EXTENDED
from bgpwire.session import Provenance, Session

if TYPE_CHECKING:
    from bgpwire._python.event import Event
    from bgpwire._python.mrt_grammar import bgp4mp_addresses, bgp4mp_as_numbers
else:
    _grammar = load("mrt_grammar")
    bgp4mp_addresses, bgp4mp_as_numbers = _grammar.bgp4mp_addresses, _grammar.bgp4mp_as_numbers


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
    """The fields of a BGP4MP_ENTRY record."""
    given = Provenance.GIVEN
    session = Session(False, asn4_from=given, add_path_from=given, extended_message=True)
    start = 4 if event.mrt_type in EXTENDED else 0
    if len(event._data) < start:
        raise MrtError("no room for microseconds", 0)
    return read_entry_fields(event._data, start, session)
