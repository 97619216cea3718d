"""TABLE_DUMP and TABLE_DUMP_V2 records (RFC 6396 sections 4.2 and 4.3, RFC 6397, RFC 8050 section 4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from bgpwire._impl import Address, PathAttributes, Prefix, Reader
from bgpwire.afi_safi import AFI_IPV4, SAFI_UNICAST
from bgpwire.errors import DecodeError
from bgpwire.mrt.body import Body, Context, body
from bgpwire.mrt.kernels import RIB_FORMS, dump_entry, generic_head, peer_table, rib_entries, rib_head
from bgpwire.numbers import mrt
from bgpwire.numbers import mrt_subtype as subtypes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerEntry(Body):
    """One peer of a peer index table; entries of RIB records name it by its place."""

    name: ClassVar[str] = ""

    type: int
    """Bit 1: the address has 16 octets; bit 2: the AS number has 4."""
    bgp_id: Address
    address: Address
    asn: int


def peer_entries(data: bytes, found: Iterable[tuple[int, int, int, int, int]]) -> Iterator[PeerEntry]:
    """The peers that :func:`bgpwire.mrt.kernels.peer_table` has found in ``data``."""
    for kind, asn, at, size, _ in found:
        yield PeerEntry(
            type=kind,
            bgp_id=Address.from_bytes(data[at + 1 : at + 5]),
            address=Address.from_bytes(data[at + 5 : at + 5 + size]),
            asn=asn,
        )


@body((mrt.TABLE_DUMP_V2, subtypes.PEER_INDEX_TABLE))
@dataclass(frozen=True, slots=True, kw_only=True)
class PeerIndexTable(Body):
    """PEER_INDEX_TABLE (RFC 6396 section 4.3.1)."""

    name: ClassVar[str] = "peer_index_table"

    collector_bgp_id: Address
    view: str
    peers: tuple[PeerEntry, ...]

    @classmethod
    def decode(cls, reader: Reader, context: Context) -> Self:
        data = context.record.data
        start, end, _, found, fault = peer_table(data)
        if fault is not None:
            raise fault
        peers = tuple(peer_entries(data, found))
        view = data[start:end].decode("utf-8", "replace")
        return cls(collector_bgp_id=Address.from_bytes(data[:4]), view=view, peers=peers)


@dataclass(frozen=True, slots=True, kw_only=True)
class GeoPeer(Body):
    """Where a peer stands: degrees in WGS84, NaN where that is private (RFC 6397 section 4.1)."""

    name: ClassVar[str] = ""

    type: int
    bgp_id: Address
    latitude: float
    longitude: float

    @classmethod
    def decode(cls, reader: Reader, context: Context) -> Self:
        return cls(type=reader.u8(), bgp_id=reader.ipv4(), latitude=reader.f32(), longitude=reader.f32())


@body((mrt.TABLE_DUMP_V2, subtypes.GEO_PEER_TABLE))
@dataclass(frozen=True, slots=True, kw_only=True)
class GeoPeerTable(Body):
    """GEO_PEER_TABLE (RFC 6397): in the order of the peer index table."""

    name: ClassVar[str] = "geo_peer_table"

    collector_bgp_id: Address
    collector_latitude: float
    collector_longitude: float
    peers: tuple[GeoPeer, ...]

    @classmethod
    def decode(cls, reader: Reader, context: Context) -> Self:
        collector, latitude, longitude, count = reader.ipv4(), reader.f32(), reader.f32(), reader.u16()
        peers = tuple(GeoPeer.decode(reader, context) for _ in range(count))
        return cls(collector_bgp_id=collector, collector_latitude=latitude, collector_longitude=longitude, peers=peers)


@dataclass(frozen=True, slots=True, kw_only=True)
class RibEntry(Body):
    """One peer's route to what the record names (RFC 6396 section 4.3.4)."""

    name: ClassVar[str] = ""

    peer_index: int
    originated: int
    """Seconds since 1970."""
    path_id: int | None
    attributes: PathAttributes


@body(*((mrt.TABLE_DUMP_V2, subtype) for subtype in RIB_FORMS))
@dataclass(frozen=True, slots=True, kw_only=True)
class RibRecord(Body):
    """RIB_IPV4_UNICAST to RIB_GENERIC_ADDPATH: one NLRI and an entry for each peer that has it."""

    name: ClassVar[str] = "rib"

    sequence: int
    afi: int
    safi: int
    nlri: Any
    entries: tuple[RibEntry, ...]

    @classmethod
    def decode(cls, reader: Reader, context: Context) -> Self:
        data = context.record.data
        session = context.session(True)
        afi, safi, paths = RIB_FORMS[context.record.subtype]
        nlri: Any
        if afi:
            sequence, at = rib_head(data, afi)
            nlri = Prefix._restore(data[4:at], afi, None)
        else:
            from bgpwire.nlri.collection import decode_single

            sequence, afi, safi = generic_head(data)
            nlri, size = decode_single(data, 7, afi, safi, session)
            at = 7 + size
        _, found, fault = rib_entries(data, at, paths)
        if fault is not None:
            raise fault
        entries = tuple(
            RibEntry(
                peer_index=peer,
                originated=originated,
                path_id=path_id,
                attributes=PathAttributes(data, start, end, session, 0, (afi, safi)),
            )
            for peer, originated, path_id, start, end in found
        )
        return cls(sequence=sequence, afi=afi, safi=safi, nlri=nlri, entries=entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDumpEntry(Body):
    """One peer's route in a record that has several."""

    name: ClassVar[str] = ""

    prefix: Prefix
    status: int
    originated: int
    """Seconds since 1970."""
    peer_address: Address
    peer_asn: int
    missing: int | None = None
    """How many octets the record is short of what its attributes' length asks for: some writers left 4 out."""
    attributes: PathAttributes


@body(
    *(
        (mrt.TABLE_DUMP, subtype)
        for subtype in (subtypes.AFI_IPV4, subtypes.AFI_IPV6, subtypes.AFI_IPV4_AS4, subtypes.AFI_IPV6_AS4)
    )
)
@dataclass(frozen=True, slots=True, kw_only=True)
class TableDump(Body):
    """TABLE_DUMP (RFC 6396 section 4.2): one peer's route. Subtypes 3 and 4 have AS numbers of 4 octets.

    A record of several entries, as writers of 1999 and 2000 made them, is decoded to a :class:`TableDumpBatch`.
    """

    name: ClassVar[str] = "table_dump"

    view: int
    sequence: int
    prefix: Prefix
    status: int
    originated: int
    peer_address: Address
    peer_asn: int
    missing: int | None = None
    attributes: PathAttributes
    rest: bytes | None = None
    """Octets behind the entry that are no other entry."""

    @classmethod
    def decode(cls, reader: Reader, context: Context) -> TableDump | TableDumpBatch:
        view, sequence = reader.u16(), reader.u16()
        data = context.record.data
        first, at = _table_entry(reader.offset, context)
        entries, rest = [TableDumpEntry(**first)], None
        while at < len(data):
            try:
                fields, at = _table_entry(at, context)
            except DecodeError:
                rest = data[at:]
                break
            entries.append(TableDumpEntry(**fields))
        if len(entries) == 1:
            return cls(view=view, sequence=sequence, **first, rest=rest)
        return TableDumpBatch(view=view, sequence=sequence, entries=tuple(entries), rest=rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDumpBatch(Body):
    """Many entries of TABLE_DUMP behind one view and sequence number."""

    name: ClassVar[str] = "table_dump_batch"

    view: int
    sequence: int
    entries: tuple[TableDumpEntry, ...]
    rest: bytes | None = None


def _table_entry(at: int, context: Context) -> tuple[dict[str, Any], int]:
    """The fields of the entry at ``at``, and where it ends.

    :class:`bgpwire.DecodeError` if more than 4 octets of it are missing.
    """
    data, subtype = context.record.data, context.record.subtype
    afi = 2 - subtype % 2
    bits, status, originated, peer, asn, missing, start, end = dump_entry(data, at, subtype)
    fields = {
        "prefix": Prefix._restore(bytes((bits,)) + data[at : at + ((bits + 7) >> 3)], afi, None),
        "status": status,
        "originated": originated,
        "peer_address": Address.from_bytes(data[peer : peer + (4 if afi == AFI_IPV4 else 16)]),
        "peer_asn": asn,
        "missing": missing or None,
        "attributes": PathAttributes(data, start, end, context.session(subtype > 2), 0, (afi, SAFI_UNICAST)),
    }
    return fields, end
