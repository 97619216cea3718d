"""EVPN communities: type 0x06 (RFC 7432 section 7 and those that add to it)."""

from __future__ import annotations

from bgpwire.extended_community.base import enter, hexadecimal, mac
from bgpwire.extended_community.specific import SHAPES
from bgpwire.extended_community.text import Listed, Plain, Shown
from bgpwire.field import Bits, flags, joined, label, named, packed, record, spare, turned, u16, u24, u32
from bgpwire.field.number import number_schema

DF_ALGORITHMS = {0: "default", 1: "hrw", 2: "highest_preference", 3: "lowest_preference"}
REDUNDANCY_MODES = {0: "all_active", 1: "single_active"}
SPLIT_HORIZON = {0: "default", 1: "local_bias", 2: "label_based"}
BANDWIDTH_UNITS = {0: "mbps", 1: "generalized_weight"}


_esi_bits = packed(
    1,
    split_horizon=Bits(2, SPLIT_HORIZON, spare=True),
    flags=Bits(4, {bits: bits << 2 for bits in range(16)}, spare=True),
    redundancy_mode=Bits(2, REDUNDANCY_MODES),
)
"""The flags that have no name are shown as they stand in the octet."""
_esi_label_octets = joined(_esi_bits, record(reserved=spare(2), vni=u24))
_esi_label = turned(
    _esi_label_octets,
    lambda found: found | {"label": found["vni"] >> 4},
    lambda shown: {name: value for name, value in shown.items() if name != "label"},
    lambda form: form | {"reserved": bytes.fromhex(form["reserved"])} if "reserved" in form else form,
    {"type": "object", "properties": _esi_label_octets.schema()["properties"] | {"label": number_schema(20)}},
    exact=True,
)
"""RFC 7432 section 7.5, RFC 9746 section 2: flags, 2 octets, and an MPLS label or a VNI."""

_df_election = joined(
    packed(1, reserved_bits=Bits(3, spare=True), algorithm=Bits(5, DF_ALGORITHMS)),
    record(
        capabilities=flags("dont_preempt", "ac_df", "", "time_synchronization", size=2),
        reserved=spare(1),
        preference=u16,
    ),
)
"""RFC 8584 section 2.2, RFC 9785 section 3: algorithm, capabilities, preference."""


enter(
    0x0600,
    "mac_mobility",
    "mac-mobility",
    record(flags=flags(*[""] * 7, "sticky"), reserved=spare(1), sequence=u32),
    Shown("sequence", Listed("flags", "")),
)
enter(
    0x0601,
    "esi_label",
    "esi-label",
    _esi_label,
    Shown(
        *("label", "redundancy_mode", Plain("split_horizon", optional=True)),
        whole=lambda form: (
            {name: value for name, value in form.items() if name != "label"} | {"vni": form["label"] << 4}
        ),
    ),
)
enter(0x0602, "es_import_route_target", "es-import", record(mac=mac))
enter(0x0603, "routers_mac", "router-mac", record(mac=mac))  # RFC 9135 section 8.1
enter(
    0x0604,
    "layer_2_attributes",
    "l2-attributes",
    record(flags=flags(*[""] * 13, "c", "p", "b", size=2), mtu=u16, reserved=spare(2)),
    Shown("flags", "mtu"),
)  # RFC 8214 section 3.1
enter(
    0x0605,
    "e_tree",
    "e-tree",
    record(flags=flags(*[""] * 7, "leaf"), reserved=spare(2), label=label),
    Shown(Listed("flags", "root"), "label"),
)  # RFC 8317 section 6.1
enter(
    0x0606,
    "df_election",
    "df-election",
    _df_election,
    Shown("algorithm", "preference", Listed("capabilities", "")),
)
enter(0x0607, "i_sid", "i-sid", record(base=u24, bit_map=hexadecimal(3)))  # draft-sajassi-bess-evpn-virtual-eth-segment
enter(
    0x0608,
    "arp_nd",
    "arp-nd",
    record(flags=flags("", "", "", "", "immutable", "", "override", "router"), reserved=spare(5)),
    Shown("flags"),
)  # RFC 9047 section 2
enter(
    0x0609,
    "multicast_flags",
    "multicast-flags",
    record(flags=flags(*[""] * 14, "mld_proxy", "igmp_proxy", size=2), reserved=spare(4)),
    Shown("flags"),
)  # RFC 9251 section 9.4
for _index, _shape in SHAPES.items():
    enter(0x060A + _index, f"evi_rt_type_{_index}", "evi-rt", _shape)  # RFC 9251 section 9.5
enter(0x060D, "evi_rt_type_3", "evi-rt", record(value=hexadecimal(6)))
enter(0x060E, "attachment_circuit", "attachment-circuit", record(value=hexadecimal(6)))
enter(0x060F, "service_carving_timestamp", "carving-time", record(seconds=u32, fraction=u16))  # RFC 9722 section 2.1
enter(
    0x0610,
    "evpn_link_bandwidth",
    "evpn-bandwidth",
    record(units=named(BANDWIDTH_UNITS), reserved=spare(1), weight=u32),
    Shown("units", "weight"),
)  # draft-ietf-bess-evpn-unequal-lb
