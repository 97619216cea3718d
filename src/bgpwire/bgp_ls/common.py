"""Fields that several TLVs of BGP-LS share."""

from __future__ import annotations

from typing import Final

from bgpwire._impl import Address
from bgpwire.field import by_length, high, ipv4, low, marked, octets, raw, record, repeat, sized, turned, u8, u32

sid: Final = by_length(
    "a SID",
    {3: record(label=low(3, 20)), 4: record(index=u32)},
    lambda value: 3 if "label" in value else 4,
    exact=True,
)
"""All that is left: a label of 20 bits in 3 octets, or an index in 4 (RFC 9085 section 2.1.1)."""

sid_tlv: Final = marked(1161, 2, sized(sid, 2), "TLV {} in place of a SID/Label")
"""A SID/Label TLV (type 1161) where no other may stand (RFC 9085 section 2.1.2)."""


def dotted(data: bytes) -> str:
    """IS-IS text of a system identifier: ``0102.0304.0506``."""
    return ".".join(data[at : at + 2].hex() for at in range(0, len(data), 2))


def _undotted(text: str) -> bytes:
    return bytes.fromhex(text.replace(".", ""))


def _area(data: bytes) -> str:
    return ".".join(filter(None, (data[:1].hex(), dotted(data[1:]))))


system_id: Final = turned(
    raw(6), dotted, _undotted, schema={"type": "string", "pattern": r"^[0-9a-f]{4}(\.[0-9a-f]{4}){2}$"}, exact=True
)
"""The 6 octets of an IS-IS system identifier."""

_router = turned(ipv4, str, Address, schema=ipv4.schema(), exact=True)
_pseudonode = turned(
    record(router=ipv4, interface=ipv4),
    lambda node: f"{node['router']}:{node['interface']}",
    lambda text: dict(zip(("router", "interface"), map(Address, text.split(":")), strict=True)),
    schema={"type": "string", "pattern": r"^[0-9.]+:[0-9.]+$"},
    exact=True,
)
_isis_pseudonode = turned(
    record(system_id=system_id, number=u8),
    lambda node: f"{node['system_id']}.{node['number']:02x}",
    lambda text: {"system_id": text[:-3], "number": int(text[-2:], 16)},
    schema={"type": "string", "pattern": r"^[0-9a-f]{4}(\.[0-9a-f]{4}){2}\.[0-9a-f]{2}$"},
    exact=True,
)


def _router_size(text: str) -> int:
    """How many octets a router identifier of that text has."""
    if ":" in text:
        return 8
    parts = text.split(".")
    return 6 if len(parts) == 3 else 7 if len(parts[0]) == 4 else 4


igp_router_id: Final = by_length(
    "an IGP router identifier",
    {4: _router, 6: system_id, 7: _isis_pseudonode, 8: _pseudonode},
    _router_size,
    exact=True,
)
"""All that is left: who a node is in its IGP (RFC 9552 section 5.2.1.4).

4 octets are an OSPF router, 8 its pseudonode (the designated router and its interface), 6 an IS-IS
node, 7 its pseudonode (``0102.0304.0506.07``).
"""

isis_area: Final = turned(
    octets, _area, _undotted, schema={"type": "string", "pattern": r"^([0-9a-f]{2}(\.[0-9a-f]{2,4})*)?$"}, exact=True
)
"""All that is left: ``49.0001`` (RFC 9552 section 5.3.1.2)."""

multi_topology: Final = repeat(low(2, 12))
"""Multi-topology identifiers of 12 bits until the octets end (RFC 9552 section 5.2.2.1)."""

label: Final = high(4, 20)
"""A label in the first 20 bits of 4 octets, as in a label stack (RFC 3032 section 2.1)."""

padded_u24: Final = low(4, 24)
"""24 bits behind 8 that are reserved."""
