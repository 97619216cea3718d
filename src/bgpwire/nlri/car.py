"""BGP CAR (SAFI 83) and VPN CAR (SAFI 84): RFC 9871 sections 2.9 and 9.1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from bgpwire import field as fields
from bgpwire._impl import Prefix, Reader, RouteDistinguisher, Writer
from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6, IP, Safi, families
from bgpwire.errors import DecodeError
from bgpwire.field.address import bits_behind
from bgpwire.field.base import members_of
from bgpwire.field.joined import Joined
from bgpwire.nlri import parts
from bgpwire.nlri.route_type import RouteType
from bgpwire.registry import nlri

if TYPE_CHECKING:
    from bgpwire.nlri.base import Nlri, NlriContext, OfFamily

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
TLVS = fields.tlvs({1: ("label", fields.labels), 2: ("label_index", _LABEL_INDEX), 3: ("srv6_sid", _sids)}, 1, 1)

_TYPE = fields.packed(1, reserved=fields.Bits(1, spare=True), transitive=fields.flag(), type=6)
_KIND, _TRANSITIVE = 0x3F, 0x40
_TYPES = fields.repeat(fields.u8)


class CarTlvs(fields.Field):
    """TLVs until the octets end, of a type with two flags and a length, an octet each (RFC 9871 section 2.9.2).

    ``tlvs`` are they, and ``transitive`` the types of those whose T bit is set; either is absent where there are none.
    """

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(self._read, exact=False)

    def _read(self, reader: Reader) -> dict[str, Any]:
        out: list[tuple[int, fields.Tlv]] = []
        while len(reader):
            octet = reader.u8()
            out.append((octet, TLVS.one(reader.sub(reader.u8()), octet & _KIND)))
        return _found(out)

    def walk(self, walk: fields.Walk) -> dict[str, Any]:
        out: list[tuple[int, fields.Tlv]] = []
        while len(walk):
            out.append(walk.part("tlv", self._walk_one))
        return _found(out)

    def _walk_one(self, walk: fields.Walk) -> tuple[int, fields.Tlv]:
        octet = walk.reader.peek()
        walk("type", _TYPE)
        return octet, TLVS.walk_value(walk.sub(walk("length", fields.u8)), octet & _KIND)

    def write(self, writer: Writer, value: Any) -> None:
        transitive = value.get("transitive") or ()
        for tlv in value.get("tlvs") or ():
            writer.u8(tlv.type | (_TRANSITIVE if tlv.type in transitive else 0))
            with writer.sub(1) as body:
                body.octets(tlv.data)

    def restores(self, value: Any, data: bytes) -> bool:
        """Whether the flags of each TLV are those that are written: TLVs have their own ``raw``."""
        at, transitive = 0, value.get("transitive") or ()
        for tlv in value.get("tlvs") or ():
            if data[at] != (tlv.type | _TRANSITIVE if tlv.type in transitive else tlv.type):
                return False
            at += 2 + len(tlv.data)
        return True

    @property
    def parts(self) -> tuple[tuple[str, fields.Field], ...]:
        return ("tlvs", TLVS), ("transitive", _TYPES)

    def from_json(self, form: Any) -> dict[str, Any]:
        found = members_of(form)
        return {name: part.from_json(found[name]) for name, part in self.parts if name in found}

    def to_json(self, value: Any) -> dict[str, Any]:
        return {name: part.to_json(value[name]) for name, part in self.parts if name in value}

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "properties": {name: part.schema() for name, part in self.parts}}


def _found(tlvs: list[tuple[int, fields.Tlv]]) -> dict[str, Any]:
    if not tlvs:
        return {}
    out: dict[str, Any] = {"tlvs": tuple([tlv for _, tlv in tlvs])}
    transitive = tuple([tlv.type for octet, tlv in tlvs if octet & _TRANSITIVE])
    return out | {"transitive": transitive} if transitive else out


class DistinguishedPrefix(fields.Field):
    """The length of a prefix, a route distinguisher that it does not count, and the prefix."""

    __slots__ = ("_prefix",)

    def __init__(self, afi: int) -> None:
        def read(reader: Reader) -> dict[str, Any]:
            bits = reader.u8()
            return {"rd": parts.rd.read(reader), "prefix": fields.read_prefix(reader, afi, bits)}

        super().__init__(read, exact=False)
        self._prefix = fields.prefix(afi)

    def walk(self, walk: fields.Walk) -> dict[str, Any]:
        begin = walk.reader.offset
        size = (walk("prefix_length", fields.u8) + 7) >> 3
        walk("rd", parts.rd)
        value: dict[str, Any] = {}

        def read(inner: fields.Walk) -> None:
            inner.reader.take(size)
            value.update(self.decode(inner.reader.since(begin)))

        walk.part("prefix", read, lambda _: str(value["prefix"]))
        return value

    def write(self, writer: Writer, value: Any) -> None:
        octets = self._prefix.encode(value["prefix"])
        writer.octets(octets[:1])
        parts.rd.write(writer, value["rd"])
        writer.octets(octets[1:])

    def restores(self, value: Any, data: bytes) -> bool:
        return not bits_behind(data)

    @property
    def parts(self) -> tuple[tuple[str, fields.Field], ...]:
        return ("rd", parts.rd), ("prefix", self._prefix)

    def from_json(self, form: Any) -> dict[str, Any]:
        found = members_of(form)
        return {name: part.from_json(found[name]) for name, part in self.parts}

    def to_json(self, value: Any) -> dict[str, Any]:
        return {name: part.to_json(value[name]) for name, part in self.parts}

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "properties": {name: part.schema() for name, part in self.parts}}


class Key(fields.Field):
    """How many octets the key of a route has, the type of the route, and the key."""

    __slots__ = ("_key", "_type")

    def __init__(self, type: int, key: fields.Field) -> None:
        inside = key.read

        def read(reader: Reader) -> dict[str, Any]:
            size = reader.u8()
            reader.skip(1)
            body = reader.sub(size)
            out: dict[str, Any] = inside(body)
            if len(body):
                raise DecodeError(f"{len(body)} octets too many", body.offset)
            return out

        super().__init__(read, exact=False)
        self._key = key
        self._type = type

    def walk(self, walk: fields.Walk) -> dict[str, Any]:
        size = walk("key_length", fields.u8)
        walk("type", fields.u8)
        body = walk.sub(size)
        out: dict[str, Any] = body.spread("key", self._key)
        if len(body):
            raise DecodeError(f"{len(body)} octets too many", body.reader.offset)
        return out

    def write(self, writer: Writer, value: Any) -> None:
        key = self._key.encode(value)
        writer.u8(len(key))
        writer.u8(self._type)
        writer.octets(key)

    def restores(self, value: Any, data: bytes) -> bool:
        return data[1] == self._type and self._key.restores(value, data[2:])

    @property
    def parts(self) -> tuple[tuple[str, fields.Field], ...]:
        return self._key.parts

    def from_json(self, form: Any) -> dict[str, Any]:
        found: dict[str, Any] = self._key.from_json(form)
        return found

    def to_json(self, value: Any) -> dict[str, Any]:
        found: dict[str, Any] = self._key.to_json(value)
        return found

    def schema(self) -> dict[str, Any]:
        return self._key.schema()


_TLV_LIST = CarTlvs()


def _layouts(type: int, **behind: fields.Field) -> dict[tuple[int, int], Joined]:
    """By AFI and SAFI: the key, which begins with a prefix, in a VPN with its route distinguisher; and the TLVs."""
    out: dict[tuple[int, int], Joined] = {}
    for afi in (AFI_IPV4, AFI_IPV6):
        plain = fields.record(prefix=fields.prefix(afi), **behind)
        vpn = fields.joined(DistinguishedPrefix(afi), fields.record(**behind))
        out[afi, Safi.CAR] = Joined((Key(type, plain), _TLV_LIST))
        out[afi, Safi.VPN_CAR] = Joined((Key(type, vpn), _TLV_LIST))
    return out


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

    layouts: ClassVar[Mapping[tuple[int, int], Joined]]

    @classmethod
    def layout_of(cls, context: OfFamily) -> Joined:
        return cls.layouts[context.afi, context.safi]

    @classmethod
    def decode(cls, reader: Reader, context: NlriContext) -> Nlri:
        body = reader.sub(reader.u8())
        return cls.decode_type(_type_in(body), body, context)

    @classmethod
    def walk(cls, walk: fields.Walk, context: NlriContext) -> None:
        body = walk.sub(walk("length", fields.u8))
        known = cls.types.get(int.from_bytes(body.reader.ahead(2)[1:]))
        if known is None:
            body("key_length", fields.u8)
            body("type", fields.u8)
            body(fields.UNKNOWN, fields.octets)
        else:
            body.whole(lambda inner: known.walk_fields(inner, context))

    @classmethod
    def pack(cls, values: Mapping[str, Any], context: NlriContext) -> bytes:
        writer = Writer()
        with writer.sub(1) as body:
            cls.write(body, {name: value for name, value in values.items() if value is not None}, context)
        return bytes(writer)

    def laid_out(self) -> bytes:
        return self.wire[1:]

    def __str__(self) -> str:
        """The pair (E, C) of RFC 9871 section 1.3: ``10.0.0.1/32,100``."""
        color = "" if self.color is None else f",{self.color}"
        return f"{'' if self.rd is None else f'{self.rd}:'}{self.prefix}{color}"


def _type_in(reader: Reader) -> int:
    """The type of the route that all octets of ``reader`` are. DecodeError where its key is not all there: then nothing
    says which route is malformed."""
    octets = reader.ahead(len(reader))
    if len(octets) < 2 or len(octets) - 2 < octets[0]:
        size = reader.u8()
        reader.u8()
        reader.sub(size)
    return octets[1]


class ColorAware(Car, type=1, name="color_aware"):
    """RFC 9871 section 2.9.3: a prefix and the color its intent has there."""

    layouts = _layouts(1, color=fields.u32)


class IpPrefix(Car, type=2, name="ip_prefix"):
    """RFC 9871 section 2.9.4: a prefix that stands for an intent by itself."""

    layouts = _layouts(2)
