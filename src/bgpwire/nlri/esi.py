"""Ethernet Segment Identifiers (RFC 7432 section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bgpwire._impl import Reader
from bgpwire.field import Field, ipv4, raw, record, reserved, to_json, u8, u16, u24, u32
from bgpwire.field.base import members_of, text_of
from bgpwire.nlri.parts import mac
from bgpwire.value.frozen import Frozen

if TYPE_CHECKING:
    from bgpwire._impl import Writer
    from bgpwire.field import Walk

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


class EsiField(Field):
    """Type, and 9 octets that are what the type says; in the reserved values they mean nothing."""

    __slots__ = ()

    def __init__(self) -> None:
        def read(reader: Reader) -> Esi:
            return Esi(reader.take(10))

        super().__init__(read, width=10)

    def walk(self, walk: Walk) -> Esi:
        octets = walk.reader.ahead(10)
        if len(octets) < 10:
            return self.read(walk.reader)  # type: ignore[no-any-return]
        known = None if octets in _RESERVED else TYPES.get(octets[0])
        walk("type", u8)
        body = walk.sub(9)
        body.spread("value", raw(9) if known is None else known[1])
        if len(body):
            body("reserved", reserved(len(body)))
        return Esi(octets)

    def write(self, writer: Writer, value: Any) -> None:
        writer.octets(raw(10).encode(bytes(value)))

    def from_json(self, form: Any) -> Esi:
        return Esi(bytes.fromhex(text_of(members_of(form)["value"]).replace(":", "")))

    def schema(self) -> dict[str, Any]:
        fields: dict[str, list[dict[str, Any]]] = {}
        for _, field in TYPES.values():
            for name, schema in field.schema()["properties"].items():
                found = fields.setdefault(name, [])
                if schema not in found:
                    found.append(schema)
        shown = {name: found[0] if len(found) == 1 else {"anyOf": found} for name, found in fields.items()}
        return {
            "type": "object",
            "properties": {
                "value": {"type": "string", "pattern": "^([0-9a-f]{2}:){9}[0-9a-f]{2}$"},
                "type": u8.schema(),
                "name": {"enum": [*(name for name, _ in TYPES.values()), *_RESERVED.values()]},
                **shown,
            },
            "required": ["value", "type"],
        }


esi: Final = EsiField()
