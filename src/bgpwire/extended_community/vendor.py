"""Layer 2 VPN, OSPF before RFC 7153, EIGRP, quality of service, transport classes, mobile: the rest."""

from __future__ import annotations

from bgpwire.extended_community.base import enter, hexadecimal
from bgpwire.extended_community.opaque import ospf_route_type
from bgpwire.extended_community.specific import SHAPES
from bgpwire.extended_community.text import Fixed, Listed, Shown
from bgpwire.field import flags, ipv4, label, named, record, spare, u8, u16, u32

# IANA "MPLS Pseudowire Types", those that VPLS and L2VPN use.
ENCAPSULATIONS = {
    0: "reserved",
    1: "frame_relay",
    2: "atm_aal5",
    3: "atm_transparent",
    4: "ethernet_tagged",
    5: "ethernet",
    6: "hdlc",
    7: "ppp",
    8: "circuit_emulation",
    9: "atm_vcc",
    10: "atm_vpc",
    11: "ip_layer_2",
    19: "vpls",
}
enter(
    0x800A,
    "layer2_info",
    "layer2-info",
    record(
        encapsulation=named(ENCAPSULATIONS), flags=flags("d", "a", "f", "t", "r", "", "c", "s"), mtu=u16, preference=u16
    ),
    Shown("encapsulation", "flags", "mtu", "preference"),
)  # RFC 4761 section 3.2.4, RFC 8395; the preference was reserved
enter(
    0x800B,
    "vpls_e_tree",
    "vpls-e-tree",
    record(root_vlan=u16, leaf_vlan=u16, flags=flags(*[""] * 14, "p", "v", size=2)),
    Shown("root_vlan", "leaf_vlan", Listed("flags", "")),
)  # RFC 7796 section 6.2: 4 bits that must be zero before the 12 of each VLAN
enter(0x8000, "ospf_route_type", "ospf-route-type", ospf_route_type)
enter(0x8001, "ospf_router_id", "ospf-router-id", SHAPES[1])
enter(0x8005, "ospf_domain_id", "ospf-domain-id", SHAPES[0])

# RFC 7868 section 6.4 and the communities of Cisco: vector metrics of an EIGRP route.
enter(0x8800, "eigrp_route", "eigrp-route", record(flags=u16, tag=u32))
enter(0x8801, "eigrp_as_delay", "eigrp-as-delay", record(asn=u16, delay=u32))
enter(0x8802, "eigrp_bandwidth", "eigrp-bandwidth", record(reliability=u8, hop_count=u8, bandwidth=u32))
enter(0x8803, "eigrp_load_mtu", "eigrp-load-mtu", record(reserved=spare(1), load=u8, mtu=u32))
enter(0x8804, "eigrp_external", "eigrp-external", record(asn=u16, router_id=ipv4))
enter(0x8805, "eigrp_external_metric", "eigrp-external-metric", record(protocol=u16, metric=u32))
enter(0x8806, "eigrp_router_id", "eigrp-router-id", record(reserved=spare(2), router_id=ipv4))

_qos = record(set_number=u8, technology=u8, marking=u16, alternative_marking=u8, processing_count=u8)
_cos = record(value=hexadecimal(6))
for _subtype in range(256):
    # draft-knoll-idr-qos-attribute, draft-knoll-idr-cos-interconnect: one octet of type, then one of flags.
    for _type in (0x04, 0x44):
        enter(_type << 8 | _subtype, "qos_marking", f"qos:{_subtype}", _qos)
    for _type in (0x05, 0x45):
        enter(_type << 8 | _subtype, "cos_capability", f"cos:{_subtype}", _cos)

for _type in (0x0A, 0x4A):
    enter(
        _type << 8 | 0x02,
        "transport_class_route_target",
        "transport-target",
        record(reserved=spare(2), transport_class=u32),
        Shown(Fixed("0"), "transport_class"),
    )  # RFC 9832 section 4
enter(0x0B01, "sfir_pool_id", "sfir-pool", record(pool=hexadecimal(6)))  # RFC 9015 section 3.1.1
enter(0x0B02, "sfc_mixed_labels", "sfc-labels", record(context_label=label, sf_label=label))
for _subtype in range(6):
    # draft-ietf-bess-mup-safi section 3.2: two kinds of segment, each with the three kinds of administrator.
    _kind = "direct" if _subtype < 3 else "interwork"
    enter(0x0C00 | _subtype, f"mup_{_kind}_segment", f"mup-{_kind}", SHAPES[_subtype % 3])
