"""Attributes that are deprecated or historic, and that archives still hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import RouteDistinguisher
from bgpwire.attribute.base import FieldAttribute
from bgpwire.errors import Action
from bgpwire.field import chosen, ipv4, octets, record, repeat, tlvs, u8, u16, u32
from bgpwire.registry import attribute

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader

_DISCARD = Action.ATTRIBUTE_DISCARD


_DPA = record(asn=u16, preference=u32)
_OTHER = record(value=octets)


@attribute(11, "dpa", None, _DISCARD)
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
    )


@attribute(12, "advertiser", None, _DISCARD)
class Advertiser(FieldAttribute):
    """Which client of a route server advertised the route (RFC 1863 section 4.3.1): its address."""

    __slots__ = ()
    field = record(address=ipv4)


@attribute(13, "rcid_path", None, _DISCARD)
class RcidPath(FieldAttribute):
    """Route server clusters the route passed, 2 octets each, the latest first (RFC 1863 section 4.3.4)."""

    __slots__ = ()
    field = repeat(u16)


@attribute(20, "connector_attribute", None, _DISCARD)
class Connector(FieldAttribute):
    """From which address a PE sends into a multicast tree (RFC 6037 section 5.2.1)."""

    __slots__ = ()

    @classmethod
    def read(cls, reader: Reader, attributes: PathAttributes) -> Any:
        """Type 1 in 2 octets and an IPv4 address; Cisco's routers write type 1 and length 12 in an octet each,
        a route distinguisher and an IPv4 address. Anything else stays octets."""
        size = len(reader)
        kind = reader.u16()
        if kind == 0x0001 and size == 6:
            return {"type": kind, "address": reader.ipv4()}
        if kind == 0x010C and size == 14:
            return {"type": 1, "rd": RouteDistinguisher.from_bytes(reader.take(8)), "address": reader.ipv4()}
        return {"type": kind, "value": octets(reader)}


@attribute(21, "as_pathlimit", None, _DISCARD)
class AsPathLimit(FieldAttribute):
    """draft-ietf-idr-as-pathlimit: how many hops the path may have, and the AS that says so."""

    __slots__ = ()
    field = record(upper_bound=u8, asn=u32)

    def __str__(self) -> str:
        return f"{self['upper_bound']} {self['asn']}"


def _l2tpv3(reader: Reader) -> dict[str, Any]:
    out: dict[str, Any] = {"preference": reader.u16(), "flags": reader.u8()}
    cookie = reader.u8()
    return out | {"session_id": reader.u32(), "cookie": reader.take(cookie)}


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


@attribute(19, "safi_specific_attribute", None, _DISCARD)
class SafiSpecific(FieldAttribute):
    """draft-kapoor-nalawade-idr-bgp-ssa: TLVs whose type has a transitive bit (0x8000) in front."""

    __slots__ = ()

    @classmethod
    def read(cls, reader: Reader, attributes: PathAttributes) -> tuple[dict[str, Any], ...]:
        out = []
        while len(reader):
            kind = reader.u16()
            tlv = SSA_TABLE.one(reader.sub(reader.u16()), kind & 0x7FFF)
            out.append({"transitive": bool(kind & 0x8000), **tlv.json()})
        return tuple(out)
