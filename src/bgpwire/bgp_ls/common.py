"""Fields that several TLVs of BGP-LS share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.errors import DecodeError

if TYPE_CHECKING:
    from bgpwire._impl import Reader


def sid(reader: Reader) -> dict[str, int]:
    """All that is left: a label of 20 bits in 3 octets, or an index in 4 (RFC 9085 section 2.1.1)."""
    if len(reader) == 3:
        return {"label": reader.u24() & 0xFFFFF}
    if len(reader) == 4:
        return {"index": reader.u32()}
    raise DecodeError(f"a SID of {len(reader)} octets", reader.offset)


def sid_tlv(reader: Reader) -> dict[str, int]:
    """A SID/Label TLV (type 1161) where no other may stand (RFC 9085 section 2.1.2)."""
    at = reader.offset
    kind = reader.u16()
    if kind != 1161:
        raise DecodeError(f"TLV {kind} in place of a SID/Label", at)
    return sid(reader.sub(reader.u16()))


def dotted(octets: bytes) -> str:
    """IS-IS text of a system identifier: ``0102.0304.0506``."""
    return ".".join(octets[at : at + 2].hex() for at in range(0, len(octets), 2))


def system_id(reader: Reader) -> str:
    """The 6 octets of an IS-IS system identifier."""
    return dotted(reader.take(6))


def igp_router_id(reader: Reader) -> str:
    """All that is left: who a node is in its IGP (RFC 9552 section 5.2.1.4).

    4 octets are an OSPF router, 8 its pseudonode (the designated router and its interface), 6 an IS-IS
    node, 7 its pseudonode (``0102.0304.0506.07``).
    """
    size = len(reader)
    if size == 4:
        return str(reader.ipv4())
    if size == 8:
        return f"{reader.ipv4()}:{reader.ipv4()}"
    if size == 6:
        return system_id(reader)
    if size == 7:
        return f"{system_id(reader)}.{reader.u8():02x}"
    raise DecodeError(f"an IGP router identifier of {size} octets", reader.offset)


def isis_area(reader: Reader) -> str:
    """All that is left: ``49.0001`` (RFC 9552 section 5.3.1.2)."""
    octets = reader.rest()
    return ".".join(filter(None, (octets[:1].hex(), dotted(octets[1:]))))


def multi_topology(reader: Reader) -> tuple[int, ...]:
    """Multi-topology identifiers of 12 bits until the octets end (RFC 9552 section 5.2.2.1)."""
    out = []
    while len(reader):
        out.append(reader.u16() & 0xFFF)
    return tuple(out)


def label(reader: Reader) -> int:
    """A label in the first 20 bits of 4 octets, as in a label stack (RFC 3032 section 2.1)."""
    return reader.u32() >> 12


def padded_u24(reader: Reader) -> int:
    """24 bits behind 8 that are reserved."""
    return reader.u32() & 0xFFFFFF
