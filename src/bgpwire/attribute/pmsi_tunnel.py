"""PMSI Tunnel (RFC 6514 section 5): the tunnel that carries multicast or broadcast of a VPN."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bgpwire._impl import PathAttributes, Reader
from bgpwire.attribute.pmsi_tunnel_tables import AR_TYPES, FLAGS, TUNNEL_TYPES, TUNNELS
from bgpwire.capability.fields import Code
from bgpwire.errors import OPTIONAL_ATTRIBUTE, Action, DecodeError, UpdateMessageError
from bgpwire.field import Field, Tlv, flags, low, named, record, to_text, u24
from bgpwire.field.base import integer_of, members_of, octets_of
from bgpwire.field.number import Number
from bgpwire.field.octets import HEX
from bgpwire.nlri.label import VNI_TUNNELS, vni_encapsulation
from bgpwire.numbers.attribute import PMSI_TUNNEL
from bgpwire.registry import attribute
from bgpwire.value.frozen import Frozen

if TYPE_CHECKING:
    from bgpwire._impl import Writer
    from bgpwire.field import Walk

_FLAGS = flags(*FLAGS)
_ROLE_SHIFT = 3
_ROLES = {role: number << _ROLE_SHIFT for number, role in AR_TYPES.items()}
_TYPES = {name: kind for kind, (name, _) in TUNNEL_TYPES.items()}


class _FlagsOctet(Number):
    """The flags as a number; in JSON their names, and that of the role (RFC 9574 section 4) that 2 bits between say."""

    __slots__ = ()

    def to_json(self, value: Any) -> list[str]:
        role = AR_TYPES.get(value >> _ROLE_SHIFT & 3)
        return _names(value) + ([] if role is None else [role])


def _names(bits: int) -> list[str]:
    names: list[str] = _FLAGS.read(Reader(bytes((bits & ~(3 << _ROLE_SHIFT),))))
    return names


_type = Code(1, lambda kind: TUNNEL_TYPES[kind][0] if kind in TUNNEL_TYPES else kind, _TYPES.__getitem__)
_HEAD = record(flags=_FlagsOctet(1), tunnel_type=_type, label=u24)
_EXPERIMENTAL_OR_COMPOSITE = (*range(0x7B, 0x7F), *range(0x80, 0xFF))


@attribute(PMSI_TUNNEL, "pmsi_tunnel", 0xC0, Action.TREAT_AS_WITHDRAW)
@dataclass(frozen=True, slots=True, eq=False)
class PmsiTunnel(Frozen):
    """Flags, the type of the tunnel, 24 bits of label or VNI, and who the tunnel is.

    ``identifier.value`` holds the fields of the tunnel identifier, octets if the type is unknown or the
    identifier malformed. ``encapsulation`` names what the UPDATE's Encapsulation community says, where that
    makes the label field a VNI (RFC 8365 section 5.1.3), else ``None``. ``error`` is what withdraws the routes.
    """

    flags: int
    tunnel_type: int
    label_field: int
    identifier: Tlv
    encapsulation: str | None = None
    error: DecodeError | None = None

    @classmethod
    def decode(cls, reader: Reader, attributes: PathAttributes) -> PmsiTunnel:
        """5 octets and a tunnel identifier.

        A shorter value withdraws the routes, and so do a tunnel type that is undefined, and an identifier that cannot
        be parsed as one of its type (RFC 6514 section 5; experimental and composite types: RFC 8317 section 8).
        """
        begin = reader.offset
        bits, kind, label_field = _HEAD.read(reader).values()
        identifier = TUNNELS.one(reader, kind)
        fault = identifier.error
        if kind not in TUNNEL_TYPES and kind not in _EXPERIMENTAL_OR_COMPOSITE:
            fault = DecodeError(f"undefined tunnel type {kind}", begin + 1)
        return cls(bits, kind, label_field, identifier, vni_encapsulation(attributes), _malformed(fault))

    @classmethod
    def field_of(cls, attributes: PathAttributes) -> Field:
        return PmsiTunnelField(attributes)

    @classmethod
    def value_of(cls, form: Any, attributes: PathAttributes | None = None) -> bytes:
        """The octets of a JSON form. ValueError for other forms."""
        return PmsiTunnelField(PathAttributes(b"") if attributes is None else attributes).encode_json(form)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """The JSON Schema of :meth:`json`."""
        return PmsiTunnelField(PathAttributes(b"")).schema()

    @property
    def label(self) -> int:
        """The label field as an MPLS label: its first 20 bits."""
        return self.label_field >> 4

    @property
    def vni(self) -> int:
        """The label field as a VNI: all of its 24 bits."""
        return self.label_field

    @property
    def assisted_replication(self) -> str | None:
        """The role that RFC 9574 section 4 puts into the flags, ``None`` for a node that has none."""
        return AR_TYPES.get(self.flags >> _ROLE_SHIFT & 3)

    def __bytes__(self) -> bytes:
        head = {"flags": self.flags, "tunnel_type": self.tunnel_type, "label": self.label_field}
        return _HEAD.encode(head) + self.identifier.data

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PmsiTunnel):
            return NotImplemented
        return (bytes(self), self.encapsulation) == (bytes(other), other.encapsulation)

    def __hash__(self) -> int:
        return hash((bytes(self), self.encapsulation))

    def __str__(self) -> str:
        label = f"label {self.label}" if self.encapsulation is None else f"vni {self.vni}"
        return f"{self.identifier.name or self.tunnel_type} {label} {to_text(self.identifier.value)}"

    def json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"flags": _names(self.flags)}
        if self.assisted_replication is not None:
            out["assisted_replication"] = self.assisted_replication
        out["tunnel_type"] = self.identifier.name or self.tunnel_type
        out |= {"label": self.label, "vni": self.vni}
        if self.encapsulation is not None:
            out["encapsulation"] = self.encapsulation
        tunnel = TUNNELS.tlv_json(self.identifier)
        out["tunnel"] = tunnel["value"]
        if "raw" in tunnel:
            out["raw"] = bytes(self).hex()
        if self.error is not None:
            out["error"] = self.error.json()
        return out


class PmsiTunnelField(Field):
    """All that is left, a PMSI Tunnel among ``attributes``."""

    __slots__ = ("_attributes",)

    def __init__(self, attributes: PathAttributes) -> None:
        super().__init__(self._read, exact=False)
        self._attributes = attributes

    def _read(self, reader: Reader) -> PmsiTunnel:
        return PmsiTunnel.decode(reader, self._attributes)

    def walk(self, walk: Walk) -> PmsiTunnel:
        at, octets = walk.reader.offset, walk.reader.ahead(len(walk))
        head = walk.spread("head", _HEAD)
        TUNNELS.walk_value(walk, head["tunnel_type"])
        return self._read(Reader(octets, 0, None, at))

    def write(self, writer: Writer, value: Any) -> None:
        writer.octets(bytes(value))

    def from_json(self, form: Any) -> PmsiTunnel:
        found = members_of(form)
        if "raw" in found:
            return self.decode(octets_of(found["raw"]))  # type: ignore[no-any-return]
        kind = found.get("tunnel_type")
        bits = _FLAGS.encode_json(found.get("flags"))[0] | _ROLES.get(found.get("assisted_replication", ""), 0)
        kind = _TYPES[kind] if kind in _TYPES else integer_of(kind)
        head = _HEAD.encode({"flags": bits, "tunnel_type": kind, "label": integer_of(found.get("vni"))})
        tunnel = found.get("tunnel")
        # Of an unknown type, and where it is malformed, the identifier is octets.
        whole = kind not in TUNNEL_TYPES or isinstance(tunnel, str)
        wire = head + (octets_of(tunnel) if whole else TUNNELS.table[kind][1].encode_json(tunnel))
        return self.decode(wire)  # type: ignore[no-any-return]

    @property
    def parts(self) -> tuple[tuple[str, Field], ...]:
        return *_HEAD.parts, ("tunnel", TUNNELS)

    def schema(self) -> dict[str, Any]:
        """The identifier is what the type of the tunnel says, or octets."""
        properties = {
            "flags": _FLAGS.schema(),
            "assisted_replication": {"enum": [*AR_TYPES.values()]},
            "tunnel_type": named({kind: name for kind, (name, _) in TUNNEL_TYPES.items()}).schema(),
            "label": low(3, 20).schema(),
            "vni": u24.schema(),
            "encapsulation": {"enum": [*VNI_TUNNELS.values()]},
            "tunnel": {},
            "raw": HEX,
            "error": {"$ref": "#/$defs/error"},
        }
        kinds = [
            {
                "if": {"properties": {"tunnel_type": {"const": name}}},
                "then": {"properties": {"tunnel": {"anyOf": [TUNNELS.table[kind][1].schema(), HEX]}}},
            }
            for kind, (name, _) in TUNNEL_TYPES.items()
        ]
        unknown = {
            "if": {"properties": {"tunnel_type": {"type": "integer"}}},
            "then": {"properties": {"tunnel": HEX}},
        }
        return {
            "type": "object",
            "properties": properties,
            "required": ["flags", "tunnel_type", "label", "vni", "tunnel"],
            "additionalProperties": False,
            "allOf": [*kinds, unknown],
        }


def _malformed(fault: DecodeError | None) -> DecodeError | None:
    if fault is None:
        return None
    reason = f"PMSI Tunnel: {fault.reason}"
    return UpdateMessageError(reason, fault.offset, None, OPTIONAL_ATTRIBUTE, Action.TREAT_AS_WITHDRAW)
