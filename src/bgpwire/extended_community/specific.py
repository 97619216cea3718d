"""An administrator and a number: types 0x00 to 0x02, and 0x40 to 0x42 non-transitive (RFC 4360, RFC 5668)."""

from __future__ import annotations

from bgpwire.extended_community.base import enter
from bgpwire.extended_community.text import Listed, Shown, Values
from bgpwire.field import Field, f32, flags, ipv4, record, turned, u16, u32
from bgpwire.field.number import number_schema

SHAPES = {0: record(asn=u16, value=u32), 1: record(address=ipv4, value=u16), 2: record(asn=u32, value=u16)}

# (sub-type, types, JSON name, label), IANA "… Extended Community Sub-Types" of each type.
_KINDS = (
    (0x02, (0, 1, 2), "route_target", "rt"),
    (0x03, (0, 1, 2), "route_origin", "soo"),
    (0x04, (2, 0x42), "generic", "generic"),  # draft-ietf-idr-as4octet-extcomm-generic-subtype, deprecated
    (0x05, (0, 1, 2), "ospf_domain_id", "ospf-domain-id"),  # RFC 4577
    (0x07, (1,), "ospf_router_id", "ospf-router-id"),  # RFC 4577
    (0x09, (0, 2), "source_as", "source-as"),  # RFC 6514
    (0x09, (1, 0x41), "node_target", "node-target"),  # draft-ietf-idr-node-target-ext-comm
    (0x0A, (0, 1, 2), "l2vpn_id", "l2vpn-id"),  # RFC 6074
    (0x0B, (1,), "vrf_route_import", "vrf-route-import"),  # RFC 6514
    (0x10, (0, 1, 2), "cisco_vpn_distinguisher", "vpn-distinguisher"),
    (0x12, (1,), "inter_area_p2mp_segmented_next_hop", "segmented-next-hop"),  # RFC 7524
    (0x13, (0, 1, 2), "route_target_record", "rt-record"),  # draft-ietf-bess-service-chaining
    (0x14, (1,), "vrf_recursive_next_hop", "vrf-recursive-next-hop"),
    (0x15, (0, 1, 2), "rt_derived_ec", "rt-derived"),  # draft-zzhang-idr-rt-derived-community
    (0x20, (1,), "mvpn_sa_rp_address", "mvpn-sa-rp"),  # RFC 9081
    (0x80, (0, 0x40), "virtual_network_identifier", "vni"),
)
for _subtype, _types, _name, _label in _KINDS:
    for _type in _types:
        enter(_type << 8 | _subtype, _name, _label, SHAPES[_type & 3])

_bandwidth = record(asn=u16, bandwidth=f32)
for _type in (0x00, 0x40):
    # draft-ietf-idr-link-bandwidth: octets per second, IEEE 754 single.
    enter(_type << 8 | 0x04, "link_bandwidth", "bandwidth", _bandwidth)


def _collected(found: Values) -> Values:
    """RFC 4384 section 3: region (5 bits), satellite (1 bit), ISO 3166-1 country (10 bits) in the low 16."""
    value = found["value"]
    return found | {"region": value >> 11 & 0x1F, "satellite": bool(value >> 10 & 1), "country": value & 0x3FF}


def _collection(shape: Field) -> Field:
    parts = {"region": number_schema(5), "satellite": {"type": "boolean"}, "country": number_schema(10)}
    return turned(
        shape,
        _collected,
        lambda shown: {name: shown[name] for name in ("asn", "value")},
        schema={"type": "object", "properties": shape.schema()["properties"] | parts},
        exact=True,
    )


for _type in (0, 2):
    enter(
        _type << 8 | 0x08,
        "bgp_data_collection",
        "data-collection",
        _collection(SHAPES[_type]),
        Shown("asn", "value"),
    )

# draft-ietf-idr-flowspec-redirect-ip section 3: the lowest bit says "a copy of the packet".
_copy = flags(*[""] * 15, "copy", size=2)
enter(
    0x010C,
    "flowspec_redirect_ip",
    "redirect-to-ip",
    record(address=ipv4, flags=_copy),
    Shown("address", Listed("flags", "")),
)
