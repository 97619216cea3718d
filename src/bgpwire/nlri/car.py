"""BGP CAR (SAFI 83) and VPN CAR (SAFI 84): RFC 9871 sections 2.9 and 9.1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from bgpwire import field as fields
from bgpwire._impl import Prefix, Reader, Writer
from bgpwire.errors import DecodeError
from bgpwire.nlri import parts
from bgpwire.nlri.base import Nlri
from bgpwire.nlri.declared import MalformedNlri, RouteType
from bgpwire.registry import nlri

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire._impl import RouteDistinguisher
    from bgpwire.nlri.base import NlriContext

TRANSITIVE = 0x40
_LABEL_INDEX = fields.record(_reserved=fields.reserved(1), flags=fields.u16, label_index=fields.u32)
_WHOLE_SIDS = fields.repeat(fields.ipv6)
_sids = fields.chosen(
    lambda reader: fields.octets if len(reader) % 16 else _WHOLE_SIDS,
    lambda value: fields.octets if isinstance(value, (bytes, str)) else _WHOLE_SIDS,
    _WHOLE_SIDS,
    fields.octets,
)
"""Whole SIDs, or fewer than 16 octets: the part of one that RFC 9252 section 4 transposes."""
_labels = fields.turned(
    fields.repeat(fields.u24),
    lambda entries: tuple(entry >> 4 for entry in entries),
    lambda labels: [label << 4 | (at == len(labels)) for at, label in enumerate(labels, 1)],
    tuple,
)
"""Labels of 20 bits; the last one is written with the bottom-of-stack bit (RFC 8277 section 2.3)."""
TLVS = fields.tlvs({1: ("label", _labels), 2: ("label_index", _LABEL_INDEX), 3: ("srv6_sid", _sids)}, 1, 1)


@nlri((1, 83), (2, 83), (1, 84), (2, 84))
class Car(RouteType):
    """Length, length of the key, type, key, and TLVs of a type with two flags and a length, of an octet each.

    VPN CAR has a route distinguisher between a prefix's length and the prefix. A withdrawal has no TLVs.
    """

    rd: RouteDistinguisher | None = None
    prefix: Prefix
    color: int | None = None
    tlvs: tuple[fields.Tlv, ...] = ()
    transitive: tuple[int, ...] = ()
    """The types of the TLVs whose T bit is set."""

    @classmethod
    def decode(cls, reader: Reader, context: NlriContext) -> Nlri:
        body = reader.sub(reader.u8())
        size = body.u8()
        kind = body.u8()
        route = cls.decode_type(kind, body.sub(size), context)
        if isinstance(route, Car):
            try:
                return route.of(route._values | _tlvs(body))
            except DecodeError as error:
                return MalformedNlri(kind, error)
        return route

    @classmethod
    def key_fields(cls, reader: Reader, context: NlriContext) -> dict[str, Any]:
        """The prefix of both types, with its route distinguisher in the middle (RFC 9871 section 9.1)."""
        length = reader.u8()
        out: dict[str, Any] = {}
        if context.safi == 84:
            out["rd"] = parts.rd(reader)
        return out | {"prefix": fields.read_prefix(reader, context.afi, length)}

    @classmethod
    def pack(cls, values: Mapping[str, Any], context: NlriContext) -> bytes:
        key, whole = Writer(), Writer()
        cls.write(key, values, context)
        with whole.sub(1) as body:
            body.u8(len(key))
            body.u8(cls.type)
            body.octets(bytes(key))
            _write_tlvs(body, values)
        return bytes(whole)

    @classmethod
    def write(cls, writer: Writer, values: Mapping[str, Any], context: NlriContext) -> None:
        prefix = fields.prefix(context.afi).encode(values["prefix"])
        writer.octets(prefix[:1])
        if context.safi == 84:
            parts.rd.write(writer, values["rd"])
        writer.octets(prefix[1:])

    @classmethod
    def values_of(cls, form: Mapping[str, Any], context: NlriContext) -> dict[str, Any]:
        out = {"prefix": Prefix(form["prefix"]), "color": form.get("color")}
        if "rd" in form:
            out["rd"] = parts.rd.from_json(form["rd"])
        return out | {"tlvs": TLVS.from_json(form.get("tlvs", ())), "transitive": tuple(form.get("transitive", ()))}

    def __str__(self) -> str:
        """The pair (E, C) of RFC 9871 section 1.3: ``10.0.0.1/32,100``."""
        color = "" if self.color is None else f",{self.color}"
        return f"{'' if self.rd is None else f'{self.rd}:'}{self.prefix}{color}"


def _tlvs(reader: Reader) -> dict[str, Any]:
    out: list[fields.Tlv] = []
    transitive: list[int] = []
    while len(reader):
        kind = reader.u8()
        out.append(TLVS.one(reader.sub(reader.u8()), kind & 0x3F))
        if kind & TRANSITIVE:
            transitive.append(kind & 0x3F)
    found = {"tlvs": tuple(out), "transitive": tuple(transitive)}
    return {name: values for name, values in found.items() if values}


def _write_tlvs(writer: Writer, values: Mapping[str, Any]) -> None:
    for tlv in values.get("tlvs", ()):
        writer.u8(tlv.type | (TRANSITIVE if tlv.type in values.get("transitive", ()) else 0))
        with writer.sub(1) as body:
            body.octets(tlv.data)


class ColorAware(Car, type=1, name="color_aware"):
    """RFC 9871 section 2.9.3: a prefix and the color its intent has there."""

    @classmethod
    def read(cls, reader: Reader, context: NlriContext) -> Self:
        return cls.of(cls.key_fields(reader, context) | {"color": reader.u32()})

    @classmethod
    def write(cls, writer: Writer, values: Mapping[str, Any], context: NlriContext) -> None:
        super().write(writer, values, context)
        writer.u32(values["color"])


class IpPrefix(Car, type=2, name="ip_prefix"):
    """RFC 9871 section 2.9.4: a prefix that stands for an intent by itself."""

    @classmethod
    def read(cls, reader: Reader, context: NlriContext) -> Self:
        return cls.of(cls.key_fields(reader, context))
