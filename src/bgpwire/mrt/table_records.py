"""PEER_INDEX_TABLE and RIB records made of values (RFC 6396 section 4.3, RFC 8050 section 4)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from bgpwire._impl import Address, LabelledPrefix, PathAttributes, Prefix, VpnPrefix
from bgpwire.afi_safi import SAFI_MPLS_LABEL, SAFI_MPLS_VPN, SAFI_UNICAST, Family, family_of
from bgpwire.field import counted, depends, ipv4, ipv6, record, sized, text, u8, u16, u32
from bgpwire.mrt.body_table import PeerEntry, RibEntry, peer_entries
from bgpwire.mrt.kernels import RIB_FORMS, peer_table
from bgpwire.mrt.rib_attributes import rib_attributes
from bgpwire.nlri.base import Nlri, NlriContext
from bgpwire.nlri.collection import is_prefix
from bgpwire.nlri.routes import Routes
from bgpwire.registry import NLRI
from bgpwire.route.kernels import Peer
from bgpwire.value.octets import unfit

if TYPE_CHECKING:
    from collections.abc import Iterable

    type Entry = RibEntry | tuple[Peer | int, int, PathAttributes] | tuple[Peer | int, int, PathAttributes, int | None]
    """Peer or its number, when the route was originated, path attributes, and a path identifier if it has one."""

_MOST = 0xFFFF
_IPV6, _AS4 = 1, 2
"""Bits of a peer's type (RFC 6396 section 4.3.1)."""
_PEER_INDEX_TABLE = record(
    collector_bgp_id=ipv4,
    view=sized(text, 2),
    peers=counted(
        record(
            type=u8,
            bgp_id=ipv4,
            address=depends(lambda peer: ipv6 if peer["type"] & _IPV6 else ipv4, ipv4, ipv6),
            asn=depends(lambda peer: u32 if peer["type"] & _AS4 else u16, u16, u32),
        ),
        2,
    ),
)
_SUBTYPES = {form: subtype for subtype, form in RIB_FORMS.items()}
"""By AFI and SAFI, 0 of RIB_GENERIC, and whether entries have path identifiers."""
_GENERIC = 0, 0
_HEAD, _FAMILY, _COUNT = struct.Struct(">I").pack, struct.Struct(">HB").pack, struct.Struct(">H").pack
_ENTRY, _PATH_ENTRY = struct.Struct(">HIH").pack, struct.Struct(">HIIH").pack
_NO_ID = Address.from_bytes(bytes(4))


class PeerTable:
    """The peers that entries of RIB records name by number."""

    def __init__(self, peers: Iterable[Peer | PeerEntry]) -> None:
        """ValueError for more than 65,535, which is what numbers are left for (RFC 6396 section 4.3.1)."""
        self.entries = [peer if isinstance(peer, PeerEntry) else _entry_of(peer) for peer in peers]
        if len(self.entries) > _MOST:
            raise ValueError(f"peers: {len(self.entries)} of them, and a peer index table has room for {_MOST}")
        self._numbers: dict[tuple[Address, int, Address | None], int] = {}
        """By address, AS number and BGP identifier; without that, which an UPDATE does not tell, -1 where several have
        the other two."""
        for number, entry in enumerate(self.entries):
            found = self._numbers.setdefault((entry.address, entry.asn, entry.bgp_id), number)
            if self._numbers.setdefault((entry.address, entry.asn, None), found) != found:
                self._numbers[entry.address, entry.asn, None] = -1

    @classmethod
    def of_record(cls, data: bytes) -> PeerTable:
        """The peers of a PEER_INDEX_TABLE. :class:`bgpwire.DecodeError` if it cannot be read."""
        *_, found, fault = peer_table(data)
        if fault is not None:
            raise fault
        return cls(peer_entries(data, found))

    def octets(self, collector_bgp_id: Address, view: str) -> bytes:
        """The body of the PEER_INDEX_TABLE. ValueError, which names the field, for what has no room."""
        peers = [
            {"type": peer.type, "bgp_id": peer.bgp_id, "address": peer.address, "asn": peer.asn}
            for peer in self.entries
        ]
        return _PEER_INDEX_TABLE.encode({"collector_bgp_id": collector_bgp_id, "view": view, "peers": peers})

    def number(self, peer: Peer | int) -> int:
        """The number of a peer, which may be that number. ValueError if it is not in the table, or not one alone."""
        if isinstance(peer, int):
            if not 0 <= peer < len(self.entries):
                raise ValueError(f"peer {peer} of a table of {len(self.entries)}")
            return peer
        if type(peer) is not Peer:
            raise TypeError(f"peer is a Peer or its number, not {type(peer).__name__}")
        number = self._numbers.get((peer.address, peer.asn, peer.bgp_id))  # type: ignore[arg-type]
        if number is None:
            raise ValueError(f"peer {peer} is not in the table")
        if number < 0:
            raise ValueError(f"peer {peer} has no BGP identifier, and several in the table have its address")
        return number


def _entry_of(peer: Peer) -> PeerEntry:
    """AS numbers of 4 octets, whichever it is; a BGP identifier that is not known is 0.0.0.0."""
    if type(peer) is not Peer:
        raise TypeError(f"peers: a Peer or a PeerEntry is needed, not {type(peer).__name__}")
    address = peer.address
    if address is None:
        raise ValueError(f"peers: {peer} has no address")
    kind = _AS4 | (_IPV6 if address.version == 6 else 0)
    return PeerEntry(type=kind, bgp_id=_NO_ID if peer.bgp_id is None else peer.bgp_id, address=address, asn=peer.asn)


def rib_octets(
    table: PeerTable, sequence: int, nlri: Any, entries: Iterable[Entry], family: tuple[int, int] | None
) -> tuple[int, bytes]:
    """Subtype and body of a RIB record. ValueError, which names the field, for what it has no room for."""
    if isinstance(nlri, str):
        nlri = Prefix(nlri)
    place = _family_of(nlri) if family is None else family_of(family)
    wire = _nlri_octets(nlri, place)
    form: tuple[int, int] = place
    if (*place, False) not in _SUBTYPES:
        form, wire = _GENERIC, _FAMILY(*place) + wire
    paths, parts = _entries(table, entries, place)
    count = len(parts) // 2
    if count > _MOST:
        raise ValueError(f"entries: {count} of them, and a RIB record has room for {_MOST}")
    return _SUBTYPES[(*form, paths)], b"".join((_HEAD(sequence), wire, _COUNT(count), *parts))


def _entries(table: PeerTable, entries: Iterable[Entry], family: Family) -> tuple[bool, list[bytes]]:
    """Whether entries have path identifiers, and the octets of each: its head and its attributes."""
    parts: list[bytes] = []
    paths: bool | None = None
    for entry in entries:
        peer: Peer | int
        path_id: int | None = None
        if isinstance(entry, RibEntry):
            peer, originated, attributes, path_id = entry.peer_index, entry.originated, entry.attributes, entry.path_id
        elif len(entry) == 3:
            peer, originated, attributes = entry
        else:
            peer, originated, attributes, path_id = entry
        if paths is None:
            paths = path_id is not None
        elif paths is (path_id is None):
            raise ValueError("path_id: some entries have one and others have none")
        block = rib_attributes(attributes, family)
        parts += (_entry_head(table.number(peer), originated, path_id, len(block)), block)
    return bool(paths), parts


def _entry_head(number: int, originated: int, path_id: int | None, size: int) -> bytes:
    try:
        if path_id is None:
            return _ENTRY(number, originated, size)
        return _PATH_ENTRY(number, originated, path_id, size)
    except struct.error:
        limits = (("originated", originated, 32), ("path_id", path_id, 32), ("octets of attributes", size, 16))
        for name, value, bits in limits:
            if value is not None and not isinstance(value, int):
                raise TypeError(f"{name} is a number, not {type(value).__name__}") from None
            if value is not None and not 0 <= value < 1 << bits:
                raise unfit(name, value) from None
        raise


def _family_of(nlri: Any) -> Family:
    """The family of an NLRI where nothing else is said."""
    if isinstance(nlri, Nlri):
        return Family(nlri.afi, nlri.safi)
    for kind, safi in ((Prefix, SAFI_UNICAST), (LabelledPrefix, SAFI_MPLS_LABEL), (VpnPrefix, SAFI_MPLS_VPN)):
        if isinstance(nlri, kind):
            return Family(nlri.afi, safi)
    raise TypeError(f"an NLRI, or a prefix as text, is needed, not {type(nlri).__name__}")


def _nlri_octets(nlri: Any, family: Family) -> bytes:
    """The octets of an NLRI. ValueError for one of another family, or with a path identifier, which entries have."""
    if type(nlri) is Prefix and (*family, False) in _SUBTYPES and nlri.afi == family.afi and nlri.path_id is None:
        return bytes(nlri)
    if not is_prefix(*family) and NLRI[family] is None:
        raise ValueError(f"nlri: where one of the unknown family {family} ends no reader knows")
    return bytes(Routes(NlriContext(*family)).of((nlri,)))
