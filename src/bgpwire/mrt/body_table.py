"""TABLE_DUMP and TABLE_DUMP_V2 records (RFC 6396 sections 4.2 and 4.3, RFC 6397, RFC 8050 section 4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from bgpwire._impl import Address, PathAttributes, Prefix, Reader
from bgpwire.errors import DecodeError, MrtError
from bgpwire.field import read_prefix
from bgpwire.mrt.body import Body, Context, body

_FAMILIES = {2: (1, 1), 3: (1, 2), 4: (2, 1), 5: (2, 2), 8: (1, 1), 9: (1, 2), 10: (2, 1), 11: (2, 2)}


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerEntry(Body):
    """One peer of a peer index table; entries of RIB records name it by its place."""

    name: ClassVar[str] = ""

    type: int
    """Bit 1: the address has 16 octets; bit 2: the AS number has 4."""
    bgp_id: Address
    address: Address
    asn: int

    @classmethod
    def decode(cls, reader: Reader, context: Context) -> Self:
        kind = reader.u8()
        return cls(
            type=kind,
            bgp_id=reader.ipv4(),
            address=reader.address(16 if kind & 1 else 4),
            asn=reader.uint(4 if kind & 2 else 2),
        )


@body((13, 1))
@dataclass(frozen=True, slots=True, kw_only=True)
class PeerIndexTable(Body):
    """PEER_INDEX_TABLE (RFC 6396 section 4.3.1)."""

    name: ClassVar[str] = "peer_index_table"

    collector_bgp_id: Address
    view: str
    peers: tuple[PeerEntry, ...]

    @classmethod
    def decode(cls, reader: Reader, context: Context) -> Self:
        collector = reader.ipv4()
        view = reader.take(reader.u16()).decode("utf-8", "replace")
        count = reader.u16()
        peers = tuple(PeerEntry.decode(reader, context) for _ in range(count))
        return cls(collector_bgp_id=collector, view=view, peers=peers)


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


@body((13, 7))
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


@body(*((13, subtype) for subtype in (2, 3, 4, 5, 6, 8, 9, 10, 11, 12)))
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
        subtype = context.record.subtype
        sequence = reader.u32()
        nlri: Any
        if subtype in (6, 12):
            from bgpwire.nlri.collection import decode_single

            afi, safi = reader.u16(), reader.u8()
            nlri, size = decode_single(context.record.data, reader.offset, afi, safi, context.session(True))
            reader.skip(size)
        else:
            afi, safi = _FAMILIES[subtype]
            nlri = read_prefix(reader, afi)
        paths = subtype >= 8
        count = reader.u16()
        # An entry takes 8 octets at least: a wrong count ends at the end of the record.
        entries = tuple(_entry(reader, context, paths, (afi, safi)) for _ in range(count))
        return cls(sequence=sequence, afi=afi, safi=safi, nlri=nlri, entries=entries)


def _entry(reader: Reader, context: Context, paths: bool, family: tuple[int, int]) -> RibEntry:
    peer, originated = reader.u16(), reader.u32()
    path_id = reader.u32() if paths else None
    inside = reader.sub(reader.u16())
    start = inside.offset
    attributes = PathAttributes(context.record.data, start, start + len(inside), context.session(True), 0, family)
    return RibEntry(peer_index=peer, originated=originated, path_id=path_id, attributes=attributes)


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


@body((12, 1), (12, 2), (12, 3), (12, 4))
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
        first = _table_entry(reader, context)
        entries, rest = [TableDumpEntry(**first)], None
        while len(reader):
            at = reader.offset
            try:
                entries.append(TableDumpEntry(**_table_entry(reader, context)))
            except DecodeError:
                rest = context.record.data[at:]
                break
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


def _table_entry(reader: Reader, context: Context) -> dict[str, Any]:
    """The fields of the entry at the cursor. :class:`bgpwire.DecodeError` if more than 4 octets of it are missing."""
    subtype = context.record.subtype
    afi = 2 - subtype % 2
    width = 4 if afi == 1 else 16
    address, bits = reader.take(width), reader.u8()
    if bits > width * 8:
        raise MrtError(f"prefix length {bits}", reader.offset - 1)
    found = Prefix._restore(bytes((bits,)) + address[: (bits + 7) >> 3], afi, None)
    status, originated = reader.u8(), reader.u32()
    peer, asn, length = reader.address(width), reader.uint(4 if subtype > 2 else 2), reader.u16()
    missing = length - len(reader)
    if missing > 4:
        raise MrtError(f"attributes of {length} octets, {len(reader)} there", reader.offset - 2)
    start = reader.offset
    size = min(length, len(reader))
    reader.skip(size)
    session = context.session(subtype > 2)
    return {
        "prefix": found,
        "status": status,
        "originated": originated,
        "peer_address": peer,
        "peer_asn": asn,
        "missing": missing if missing > 0 else None,
        "attributes": PathAttributes(context.record.data, start, start + size, session, 0, (afi, 1)),
    }
