"""BGP-LS NLRI: nodes, links, prefixes, SIDs and paths (RFC 9552 section 5.2, RFC 9514, RFC 9815, RFC 9857)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bgpwire._impl import Reader, RouteDistinguisher, Writer
from bgpwire.afi_safi import Afi, Safi, families
from bgpwire.bgp_ls.descriptors import BY_NLRI_TYPE, DESCRIPTORS
from bgpwire.bgp_ls.protocol import PROTOCOLS
from bgpwire.capability.fields import Code
from bgpwire.errors import OPTIONAL_ATTRIBUTE, Action, DecodeError, UpdateMessageError
from bgpwire.field import (
    Field,
    Layout,
    Tlv,
    Walk,
    find,
    octets,
    to_text,
    u16,
    u64,
)
from bgpwire.field.base import integer_of, octets_of
from bgpwire.nlri.declared import Declared
from bgpwire.nlri.parts import rd
from bgpwire.registry import nlri

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire.nlri.base import NlriContext

SAFI_VPN = 72
_TYPES = {name: kind for kind, (name, _) in BY_NLRI_TYPE.items()}
_PROTOCOLS = {name: number for number, name in PROTOCOLS.items()}
_PROTOCOL = Code(1, lambda number: PROTOCOLS.get(number, number), _PROTOCOLS.__getitem__)
_FRONTS: dict[bool, dict[str, Field]] = {False: {}, True: {"rd": rd}}
"""What stands in front of an NLRI, by whether it is one of a VPN."""
_HEADS = {vpn: Layout(**front, protocol_id=_PROTOCOL, identifier=u64) for vpn, front in _FRONTS.items()}
_LAYOUTS = {
    vpn: {kind: Layout(**head, tlvs=field) for kind, field in DESCRIPTORS.items()} for vpn, head in _HEADS.items()
}
_UNKNOWN = {vpn: Layout(**front, value=octets) for vpn, front in _FRONTS.items()}


def _layout(kind: int, safi: int) -> Layout:
    """What the length of an NLRI of that type covers."""
    vpn = safi == SAFI_VPN
    return _LAYOUTS[vpn].get(kind, _UNKNOWN[vpn])


@nlri(*families([Afi.BGP_LS], Safi.BGP_LS, Safi.BGP_LS_VPN, Safi.BGP_LS_SPF))
class BgpLsNlri(Declared):
    """One object of a link-state topology: who says it (protocol, instance), and the descriptors that name it.

    ``type`` is the NLRI type, ``rd`` ``None`` but in SAFI 72, ``tlvs`` the descriptors in wire order. The length
    in front keeps one bad NLRI from harming the next: ``error`` says what is wrong with this one, whose ``tlvs``
    are those before the fault. Its offsets count from the first octet of the NLRI, so that equal octets make equal
    values. A type that is not registered has no more than its octets (``value``).
    """

    type: int
    rd: RouteDistinguisher | None = None
    protocol_id: int | None = None
    identifier: int | None = None
    tlvs: tuple[Tlv, ...] = ()
    value: bytes | None = None
    error: DecodeError | None = None

    @classmethod
    def decode(cls, reader: Reader, context: NlriContext) -> BgpLsNlri:
        """Type, length, then what the length covers; only a length over the end is fatal."""
        kind = reader.u16()
        body = Reader(reader.take(reader.u16()), base=4)
        begin = body.offset
        fields: dict[str, Any] = {"type": kind}
        vpn = context.safi == SAFI_VPN
        try:
            if kind not in BY_NLRI_TYPE:
                return cls.of(fields | _UNKNOWN[vpn].read(body))
            fields |= _HEADS[vpn].read(body)
        except DecodeError as error:
            body.skip(len(body))
            fault = _fault(error.reason, error.offset)
            return cls.of({"type": kind, "value": body.since(begin), "error": fault})
        at = body.offset
        fields["tlvs"], torn = DESCRIPTORS[kind].salvage(body)
        malformed = _check(fields["tlvs"], at) if torn is None else _fault(torn.reason, torn.offset)
        if malformed is not None:
            fields["error"] = malformed
        return cls.of(fields)

    @classmethod
    def walk(cls, walk: Walk, context: NlriContext) -> None:
        layout = _layout(walk("type", u16), context.safi)
        walk.sub(walk("length", u16)).whole(layout.walk)

    @classmethod
    def write(cls, writer: Writer, values: Mapping[str, Any], context: NlriContext) -> None:
        """What the length covers: fields, or the octets (``value``) of a type without any."""
        rest = {name: value for name, value in values.items() if name != "type"}
        if "value" in rest and "rd" not in rest:
            octets.write(writer, rest["value"])
        else:
            _layout(values["type"], context.safi).write(writer, rest)

    @classmethod
    def pack(cls, values: Mapping[str, Any], context: NlriContext) -> bytes:
        writer = Writer()
        writer.u16(values["type"])
        with writer.sub(2) as body:
            cls.write(body, values, context)
        return bytes(writer)

    @classmethod
    def values_of(cls, form: Mapping[str, Any], context: NlriContext) -> dict[str, Any]:
        kind = form["type"]
        out: dict[str, Any] = {"type": _TYPES[kind] if kind in _TYPES else integer_of(kind)}
        if "error" in form and "value" in form:
            return out | {"value": octets_of(form["value"])}
        layout = _layout(out["type"], context.safi)
        members = {_SHOWN.get(name, name): name for name in layout.members}
        found = layout.from_json({members[name]: member for name, member in form.items() if name in members})
        return out | {name: value for name, value in found.items() if value is not None}

    @classmethod
    def kinds_of(cls, context: NlriContext) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        out: list[tuple[dict[str, Any], dict[str, Any]]] = []
        for name, kind in _TYPES.items():
            members = _layout(kind, context.safi).members
            out.append(({"type": name}, {_SHOWN.get(n, n): part.schema() for n, part in members.items()}))
        return out

    @classmethod
    def octets_in(cls, form: Mapping[str, Any], context: NlriContext) -> bytes | None:
        """``value`` is no more than what the length covers."""
        return octets_of(form["raw"]) if "raw" in form else None

    def restores(self, form: Mapping[str, Any]) -> bool:
        """TLVs have their own ``raw``; so only what is malformed needs a look."""
        return self.error is None or super().restores(form)

    @property
    def name(self) -> str | int:
        """``node``, ``link`` … or the number of a type that is not registered."""
        return BY_NLRI_TYPE[self.type][0] if self.type in BY_NLRI_TYPE else self.type

    @property
    def protocol(self) -> str | int | None:
        """``isis_level_2``, ``ospfv2`` … or a number that is not registered."""
        return self.protocol_id if self.protocol_id is None else PROTOCOLS.get(self.protocol_id, self.protocol_id)

    def find(self, kind: int) -> Any:
        """The value of the first sound descriptor of that TLV type, ``None`` without one."""
        return find(self.tlvs, kind)

    @property
    def local_node(self) -> tuple[Tlv, ...] | None:
        """The local node descriptors (TLV 256)."""
        return self.find(256)  # type: ignore[no-any-return]

    @property
    def remote_node(self) -> tuple[Tlv, ...] | None:
        """The remote node descriptors of a link (TLV 257)."""
        return self.find(257)  # type: ignore[no-any-return]

    def __str__(self) -> str:
        """Type, route distinguisher, protocol, instance, descriptors: ``node ospfv2:0 local_node_descriptors {…}``."""
        if self.protocol_id is None:
            return f"{self.name} 0x{(self.value or b'').hex()}"
        front = "" if self.rd is None else f"{self.rd} "
        return f"{self.name} {front}{self.protocol}:{self.identifier} {to_text(self.tlvs, braces=False)}"

    def fields(self) -> dict[str, Any]:
        members = _layout(self.type, self.safi).members
        out: dict[str, Any] = {"type": self.name}
        for name, value in self._values.items():
            if name in members:
                out[_SHOWN.get(name, name)] = members[name].to_json(value)
            elif name == "value":
                out[name] = value.hex()
        if self.error is not None:
            out["error"] = self.error.json()
        return out


_SHOWN = {"protocol_id": "protocol"}
"""Members that JSON calls otherwise: it has the name of the protocol."""


def _fault(reason: str, offset: int) -> DecodeError:
    """RFC 9552 section 8.2.2: with its length known, one malformed NLRI is skipped, not the family."""
    return UpdateMessageError(f"BGP-LS NLRI: {reason}", offset, None, OPTIONAL_ATTRIBUTE, Action.TREAT_AS_WITHDRAW)


def _check(tlvs: tuple[Tlv, ...], offset: int) -> DecodeError | None:
    """TLVs ascend by type, those of one type by length and then value, in the node descriptors too (section 5.1)."""
    for before, after in pairwise(tlvs):
        if after.type <= before.type and _rank(after) < _rank(before):
            return _fault(f"TLV {after.type} stands behind {before.type}", offset)
    for tlv in tlvs:
        if tlv.type in (256, 257) and isinstance(tlv.value, tuple):  # one inside another is octets
            fault = _check(tlv.value, offset)
            if fault is not None:
                return fault
    return None


def _rank(tlv: Tlv) -> tuple[int, int, bytes]:
    return tlv.type, len(tlv.data), tlv.data
