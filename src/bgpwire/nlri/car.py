"""BGP CAR (SAFI 83) and VPN CAR (SAFI 84): RFC 9871 sections 2.9 and 9.1."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Self

from bgpwire import field as fields
from bgpwire._impl import Prefix, Reader, Writer
from bgpwire.afi_safi import IP, Safi, families
from bgpwire.errors import DecodeError
from bgpwire.nlri import parts
from bgpwire.nlri.base import Nlri
from bgpwire.nlri.declared import MalformedNlri, RouteType
from bgpwire.registry import nlri

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire._impl import RouteDistinguisher
    from bgpwire.nlri.base import NlriContext, OfFamily

TRANSITIVE = 0x40
_LABEL_INDEX = fields.record(_reserved=fields.reserved(1), flags=fields.u16, label_index=fields.u32)
_WHOLE_SIDS = fields.repeat(fields.ipv6)
_sids = fields.chosen(
    lambda reader: fields.octets if len(reader) % 16 else _WHOLE_SIDS,
    lambda value: fields.octets if isinstance(value, (bytes, str)) else _WHOLE_SIDS,
    _WHOLE_SIDS,
    fields.octets,
    exact=True,
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

_TYPE = fields.packed(1, reserved=fields.Bits(1, spare=True), transitive=fields.flag(), type=6)


@nlri(*families(IP, Safi.CAR, Safi.VPN_CAR))
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
    def walk(cls, walk: fields.Walk, context: NlriContext) -> None:
        body = walk.sub(walk("length", fields.u8))
        size = body("key_length", fields.u8)
        cls.walk_type(body("type", fields.u8), body.sub(size), context)
        body.part("tlvs", _walk_tlvs)

    @classmethod
    def read(cls, reader: Reader, context: NlriContext) -> Self:
        values = cls.layout_of(context).read(reader)
        del values["prefix_length"]
        return cls.of(values)

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
        key = {name: values[name] for name in ("rd", "prefix", "color") if values.get(name) is not None}
        cls.layout_of(context).write(writer, key | {"prefix_length": values["prefix"].length})

    @classmethod
    def values_of(cls, form: Mapping[str, Any], context: NlriContext) -> dict[str, Any]:
        key = {name: form[name] for name in ("rd", "prefix", "color") if name in form}
        out = cls.layout_of(context).from_json(key | {"prefix_length": Prefix(form["prefix"]).length})
        return out | {"tlvs": TLVS.from_json(form.get("tlvs", ())), "transitive": tuple(form.get("transitive", ()))}

    @classmethod
    def schema_of(cls, context: NlriContext) -> dict[str, Any]:
        out = super().schema_of(context)
        del out["prefix_length"]
        return out | {"tlvs": TLVS.schema(), "transitive": fields.repeat(fields.u8).schema()}

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


def _walk_tlvs(walk: fields.Walk) -> None:
    def one(inner: fields.Walk) -> None:
        kind = int.from_bytes(inner.reader.ahead(1)) & 0x3F
        inner("type", _TYPE)
        TLVS.walk_value(inner.sub(inner("length", fields.u8)), kind)

    while len(walk):
        walk.part("tlv", one)


def _write_tlvs(writer: Writer, values: Mapping[str, Any]) -> None:
    for tlv in values.get("tlvs", ()):
        writer.u8(tlv.type | (TRANSITIVE if tlv.type in values.get("transitive", ()) else 0))
        with writer.sub(1) as body:
            body.octets(tlv.data)


def _layouts(**behind: fields.Field) -> dict[tuple[int, int], fields.Layout]:
    """By AFI and SAFI: a prefix, in a VPN its route distinguisher behind the length of it, and what is ``behind``."""
    out = {}
    for afi in (1, 2):
        prefix = fields.depends(partial(_prefix, afi), fields.prefix(afi))
        out[afi, 83] = fields.Layout(prefix_length=fields.u8, prefix=prefix, **behind)
        out[afi, 84] = fields.Layout(prefix_length=fields.u8, rd=parts.rd, prefix=prefix, **behind)
    return out


def _prefix(afi: int, values: Mapping[str, Any]) -> fields.Field:
    kind: fields.Field = _PREFIXES[afi][values["prefix_length"]]
    return kind


_PREFIXES = {afi: [parts.PrefixOfBits(afi, bits) for bits in range(256)] for afi in (1, 2)}
_COLORED, _PLAIN = _layouts(color=fields.u32), _layouts()


class ColorAware(Car, type=1, name="color_aware"):
    """RFC 9871 section 2.9.3: a prefix and the color its intent has there."""

    @classmethod
    def layout_of(cls, context: OfFamily) -> fields.Layout:
        return _COLORED[context.afi, context.safi]


class IpPrefix(Car, type=2, name="ip_prefix"):
    """RFC 9871 section 2.9.4: a prefix that stands for an intent by itself."""

    @classmethod
    def layout_of(cls, context: OfFamily) -> fields.Layout:
        return _PLAIN[context.afi, context.safi]
