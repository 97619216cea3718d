"""What to do with the packets of a flow: types 0x80 to 0x82, 0x07, 0x47, 0x08, 0x09 (RFC 8955 section 7)."""

from __future__ import annotations

from bgpwire.extended_community.base import enter, hexadecimal
from bgpwire.extended_community.specific import SHAPES
from bgpwire.extended_community.text import Listed, Shown, Values
from bgpwire.field import Bits, f32, flag, flags, joined, packed, record, spare, turned, u8, u16, u24, u32
from bgpwire.field.number import number_schema

enter(0x8006, "traffic_rate_bytes", "rate-bytes", record(asn=u16, rate=f32))
enter(0x800C, "traffic_rate_packets", "rate-packets", record(asn=u16, rate=f32))
enter(
    0x8007,
    "traffic_action",
    "traffic-action",
    record(flags=flags(*[""] * 46, "sample", "terminal", size=6)),
    Shown("flags"),
)
for _index, _shape in SHAPES.items():
    enter(0x8008 | _index << 8, "rt_redirect", "redirect", _shape)


_marking = joined(record(reserved=spare(5)), packed(1, reserved_bits=Bits(2, spare=True), dscp=6))
"""RFC 8955 section 7.5: the DSCP is the low 6 bits of the last octet."""


def _directions(found: Values) -> Values:
    bits = found["bits"]
    return {
        "asn": found["asn"],
        "directions": [name for name in ("output", "input") if bits[name]],
        "group": bits["group"],
    }


_interface_set = turned(
    record(asn=u32, bits=packed(2, output=flag(), input=flag(), group=14)),
    _directions,
    lambda shown: {
        "asn": shown["asn"],
        "bits": {name: name in shown["directions"] for name in ("output", "input")} | {"group": shown["group"]},
    },
    schema={
        "type": "object",
        "properties": {
            "asn": u32.schema(),
            "directions": {"type": "array", "items": {"enum": ["output", "input"]}},
            "group": number_schema(14),
        },
    },
    exact=True,
)
"""draft-ietf-idr-flowspec-interfaceset section 3: AS number, outbound and inbound bits, group in 14 bits."""

enter(0x8009, "traffic_marking", "mark", _marking, Shown("dscp"))
enter(
    0x800D, "sfc_classifier", "sfc-classifier", record(spi=u24, si=u8, sft=u16)
)  # RFC 9015 section 7.4: service path, service index, function type
enter(0x0702, "flowspec_interface_set", "interface-set", _interface_set)
enter(0x4702, "flowspec_interface_set", "interface-set", _interface_set)
enter(
    0x0800,
    "flowspec_redirect_next_hop",
    "redirect-to-next-hop",
    record(flags=flags(*[""] * 47, "copy", size=6)),
    Shown(Listed("flags", "")),
)  # draft-simpson-idr-flowspec-redirect: to the next hop of the UPDATE
# draft-ietf-idr-flowspec-path-redirect section 3: the sub-type is the ID's type.
for _index, _name in enumerate(("localized_id", "node_id", "agg_sid", "sid", "binding_sid", "tunnel_id")):
    enter(
        0x0900 | _index,
        f"redirect_indirection_{_name}",
        f"redirect-{_name.replace('_', '-')}",
        record(flags=hexadecimal(2), id=u32),
    )
