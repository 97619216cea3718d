"""Ethernet Segment Identifiers (RFC 7432 section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from bgpwire._impl import Reader
from bgpwire.field import Field, ipv4, raw, record, reserved, to_json, turned, u8, u16, u24, u32
from bgpwire.nlri.parts import mac
from bgpwire.value.frozen import Frozen

# The last octet of types 1, 2, 4 and 5 "will be set to 0x00"; senders that do otherwise are read all the same.
TYPES: dict[int, tuple[str, Field]] = {
    0: ("arbitrary", record(_value=reserved(9))),
    1: ("lacp", record(system_mac=mac, port_key=u16)),
    2: ("bridge", record(root_bridge_mac=mac, root_bridge_priority=u16)),
    3: ("mac", record(system_mac=mac, local_discriminator=u24)),
    4: ("router_id", record(router_id=ipv4, local_discriminator=u32)),
    5: ("as", record(asn=u32, local_discriminator=u32)),
}
_RESERVED = {bytes(10): "single_homed", b"\xff" * 10: "max_esi"}


@dataclass(frozen=True, slots=True, order=True)
class Esi(Frozen):
    """10 octets: a type, and 9 octets that mean what the type says; as text ``00:11:…``, as FRR prints them."""

    octets: bytes

    @property
    def type(self) -> int:
        return self.octets[0]

    @property
    def name(self) -> str | None:
        """What the value is made of; ``single_homed`` and ``max_esi`` for the two reserved values."""
        known = TYPES.get(self.type)
        return _RESERVED.get(self.octets) or (known[0] if known else None)

    @property
    def fields(self) -> dict[str, Any]:
        """The value's fields by name; none for reserved values and unknown types."""
        if self.octets in _RESERVED or self.type not in TYPES:
            return {}
        value: dict[str, Any] = TYPES[self.type][1].read(Reader(self.octets, 1))
        return value

    def __bytes__(self) -> bytes:
        return self.octets

    def __str__(self) -> str:
        return self.octets.hex(":")

    def json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"value": str(self), "type": self.type}
        if self.name is not None:
            out["name"] = self.name
        return out | {name: to_json(value) for name, value in self.fields.items()}


_SCHEMA = {
    "type": "object",
    "properties": {
        "value": {"type": "string", "pattern": "^([0-9a-f]{2}:){9}[0-9a-f]{2}$"},
        "type": u8.schema(),
        "name": {"type": "string"},
    },
}
esi: Final = turned(
    raw(10), Esi, bytes, lambda form: Esi(bytes.fromhex(form["value"].replace(":", ""))), schema=_SCHEMA, exact=True
)
