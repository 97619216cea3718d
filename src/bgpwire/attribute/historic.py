"""Attributes that are deprecated or historic, and that archives still hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.attribute.base import FieldAttribute
from bgpwire.errors import Action
from bgpwire.field import (
    Field,
    chosen,
    depends,
    flag,
    ipv4,
    octets,
    packed,
    raw,
    record,
    repeat,
    tlvs,
    turned,
    u8,
    u16,
    u32,
)
from bgpwire.field.base import items_of, octets_of
from bgpwire.nlri.parts import rd
from bgpwire.numbers.attribute import (
    ADVERTISER,
    AS_PATHLIMIT,
    CONNECTOR_ATTRIBUTE,
    DPA,
    RCID_PATH,
    SAFI_SPECIFIC_ATTRIBUTE,
)
from bgpwire.registry import attribute

if TYPE_CHECKING:
    from bgpwire._impl import Reader, Writer
    from bgpwire.field import Walk

_DISCARD = Action.ATTRIBUTE_DISCARD
_TRANSITIVE = 0x8000


_DPA = record(asn=u16, preference=u32)
_OTHER = record(value=octets)


@attribute(DPA, "dpa", None, _DISCARD)
class Dpa(FieldAttribute):
    """Destination preference (draft-ietf-idr-bgp-dpa): AS number of 2 octets and the preference it gives.

    Of any other length it stays octets.
    """

    __slots__ = ()

    field = chosen(
        lambda reader: _DPA if len(reader) == 6 else _OTHER,
        lambda value: _OTHER if "value" in value else _DPA,
        _DPA,
        _OTHER,
        exact=True,
    )


@attribute(ADVERTISER, "advertiser", None, _DISCARD)
class Advertiser(FieldAttribute):
    """Which client of a route server advertised the route (RFC 1863 section 4.3.1): its address."""

    __slots__ = ()
    field = record(address=ipv4)


@attribute(RCID_PATH, "rcid_path", None, _DISCARD)
class RcidPath(FieldAttribute):
    """Route server clusters the route passed, 2 octets each, the latest first (RFC 1863 section 4.3.4)."""

    __slots__ = ()
    field = repeat(u16)


_CISCO = 0x010C
_ietf_connector = record(type=u16, address=ipv4)
_cisco_connector = record(type=turned(u16, lambda _: 1, lambda _: _CISCO, None, u16.schema()), rd=rd, address=ipv4)
_other_connector = record(type=u16, value=octets)
_CONNECTORS = {(6, b"\0\1"): _ietf_connector, (14, _CISCO.to_bytes(2)): _cisco_connector}
"""By the number of octets and the first two of them."""


def _connector_of(values: Any) -> Field:
    if "rd" in values:
        return _cisco_connector
    return _ietf_connector if "address" in values and values.get("type") == 1 else _other_connector


@attribute(CONNECTOR_ATTRIBUTE, "connector_attribute", None, _DISCARD)
class Connector(FieldAttribute):
    """From which address a PE sends into a multicast tree (RFC 6037 section 5.2.1).

    Type 1 in 2 octets and an IPv4 address; Cisco's routers write type 1 and length 12 in an octet each, a route
    distinguisher and an IPv4 address. Anything else stays octets.
    """

    __slots__ = ()
    field = chosen(
        lambda reader: _CONNECTORS.get((len(reader), reader.ahead(2)), _other_connector),
        _connector_of,
        *_CONNECTORS.values(),
        _other_connector,
        exact=True,
    )


@attribute(AS_PATHLIMIT, "as_pathlimit", None, _DISCARD)
class AsPathLimit(FieldAttribute):
    """draft-ietf-idr-as-pathlimit: how many hops the path may have, and the AS that says so."""

    __slots__ = ()
    field = record(upper_bound=u8, asn=u32)

    def __str__(self) -> str:
        return f"{self['upper_bound']} {self['asn']}"


_L2TPV3 = record(
    preference=u16,
    flags=u8,
    cookie_length=u8,
    session_id=u32,
    cookie=depends(lambda values: raw(values["cookie_length"]), octets, exact=True),
)


def _without_length(values: dict[str, Any]) -> dict[str, Any]:
    """What the record has just read; the octets of the cookie say how long it is."""
    del values["cookie_length"]
    return values


_l2tpv3 = turned(
    _L2TPV3,
    _without_length,
    lambda values: values | {"cookie_length": len(values["cookie"])},
    lambda form: form | {"cookie": octets_of(form["cookie"])},
    {
        "type": "object",
        "properties": {name: part.schema() for name, part in _L2TPV3.members.items() if name != "cookie_length"},
    },
    exact=True,
)
_ipsec = record(preference=u16, flags=u8, ike_id=octets)
SSA_TABLE = tlvs(
    {
        1: ("l2tpv3", _l2tpv3),
        2: ("mgre", record(preference=u16, flags=u8, rest=octets)),
        3: ("ipsec", _ipsec),
        4: ("mpls", record(preference=u16, rest=octets)),
        5: ("l2tpv3_in_ipsec", octets),
        6: ("mgre_in_ipsec", octets),
    }
)


_SSA_TYPE = packed(2, transitive=flag(), type=15)


class SafiSpecificTlvs(Field):
    """TLVs whose type has a transitive bit (0x8000) in front; each value is the JSON form of one."""

    __slots__ = ()

    def __init__(self) -> None:
        def read(reader: Reader) -> tuple[dict[str, Any], ...]:
            out = []
            while len(reader):
                kind = reader.u16()
                tlv = SSA_TABLE.one(reader.sub(reader.u16()), kind & ~_TRANSITIVE)
                out.append({"transitive": bool(kind & _TRANSITIVE), **SSA_TABLE.tlv_json(tlv)})
            return tuple(out)

        super().__init__(read)

    def walk(self, walk: Walk) -> tuple[dict[str, Any], ...]:
        out: list[dict[str, Any]] = []
        while len(walk):
            out.append(walk.part("tlv", self._walk_one))
        return tuple(out)

    def _walk_one(self, walk: Walk) -> dict[str, Any]:
        head = walk.spread("type", _SSA_TYPE)
        tlv = SSA_TABLE.walk_value(walk.sub(walk("length", u16)), head["type"])
        return {"transitive": head["transitive"], **SSA_TABLE.tlv_json(tlv)}

    def write(self, writer: Writer, value: Any) -> None:
        for item in value:
            tlv = SSA_TABLE.tlv_of({name: member for name, member in item.items() if name != "transitive"})
            writer.u16(tlv.type | (_TRANSITIVE if item["transitive"] else 0))
            with writer.sub(2) as body:
                body.octets(tlv.data)

    @property
    def parts(self) -> tuple[tuple[str, Field], ...]:
        return SSA_TABLE.parts

    def from_json(self, form: Any) -> tuple[Any, ...]:
        return tuple(items_of(form))

    def schema(self) -> dict[str, Any]:
        return SSA_TABLE.schema()


@attribute(SAFI_SPECIFIC_ATTRIBUTE, "safi_specific_attribute", None, _DISCARD)
class SafiSpecific(FieldAttribute):
    """draft-kapoor-nalawade-idr-bgp-ssa: TLVs whose type has a transitive bit (0x8000) in front."""

    __slots__ = ()
    field = SafiSpecificTlvs()
