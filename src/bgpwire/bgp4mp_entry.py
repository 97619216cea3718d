"""The fields of a BGP4MP_ENTRY record (RFC 6396 appendix B.2.6.1), and those that all BGP4MP records begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import PathAttributes, Reader
from bgpwire.errors import MrtError
from bgpwire.field import read_prefix
from bgpwire.session import Provenance, Session

if TYPE_CHECKING:
    from bgpwire._python.event import Event

EXTENDED = frozenset((17, 33, 49, 65))
"""Types whose data begin with 4 octets of microseconds (RFC 6396 section 3)."""


def read_asns(reader: Reader, size: int) -> dict[str, Any]:
    """Both AS numbers, of ``size`` octets."""
    return {"peer_asn": reader.uint(size), "local_asn": reader.uint(size)}


def read_addresses(reader: Reader) -> dict[str, Any]:
    """Interface, family and addresses; of another family than 1 and 2 only the first two."""
    out: dict[str, Any] = {"interface": reader.u16(), "afi": reader.u16()}
    if out["afi"] in (1, 2):
        size = 4 if out["afi"] == 1 else 16
        out |= {"peer_address": reader.address(size), "local_address": reader.address(size)}
    return out


def read_entry_fields(reader: Reader, data: bytes, session: Session) -> dict[str, Any]:
    """All fields of an entry that ``reader`` stands before in the record's ``data``, AS numbers of 2 octets.

    :class:`bgpwire.DecodeError` if it runs over the end, or is of another address family than IPv4 and IPv6.
    """
    head = read_asns(reader, 2) | read_addresses(reader)
    if "peer_address" not in head:
        raise MrtError(f"BGP4MP address family {head['afi']}", reader.offset - 2)
    head |= {"view": reader.u16(), "status": reader.u16(), "time_last_change": reader.u32()}
    afi, safi, size = reader.u16(), reader.u8(), reader.u8()
    if afi not in (1, 2):
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
    reader = Reader(event._data)
    if event.mrt_type in EXTENDED:
        if len(reader) < 4:
            raise MrtError("no room for microseconds", 0)
        reader.skip(4)
    return read_entry_fields(reader, event._data, session)
