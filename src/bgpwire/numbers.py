"""The numbers of the protocol and their names, as IANA registers them.

Names are in lower case with underscores: ``EXTENDED COMMUNITIES`` is ``extended_communities``.
"""

from __future__ import annotations

from typing import Final

ATTRIBUTES: Final[dict[int, str]] = {
    1: "origin",
    2: "as_path",
    3: "next_hop",
    4: "multi_exit_disc",
    5: "local_pref",
    6: "atomic_aggregate",
    7: "aggregator",
    8: "communities",
    9: "originator_id",
    10: "cluster_list",
    11: "dpa",
    12: "advertiser",
    13: "rcid_path",
    14: "mp_reach_nlri",
    15: "mp_unreach_nlri",
    16: "extended_communities",
    17: "as4_path",
    18: "as4_aggregator",
    19: "safi_specific_attribute",
    20: "connector_attribute",
    21: "as_pathlimit",
    22: "pmsi_tunnel",
    23: "tunnel_encapsulation",
    24: "traffic_engineering",
    25: "ipv6_address_specific_extended_communities",
    26: "aigp",
    27: "pe_distinguisher_labels",
    28: "entropy_label_capability",  # RFC 6790, withdrawn by RFC 7447
    29: "bgp_ls_attribute",
    30: "deprecated_30",
    31: "deprecated_31",
    32: "large_community",
    33: "bgpsec_path",
    34: "bgp_community",
    35: "only_to_customer",
    36: "d_path",
    37: "sfp_attribute",
    38: "bfd_discriminator",
    39: "next_hop_dependent_characteristics",
    40: "bgp_prefix_sid",
    41: "bier",
    42: "edge_metadata",  # draft-ietf-idr-5g-edge-service-metadata
    99: "deprecated_99",
    128: "attr_set",
    129: "deprecated_129",
    241: "deprecated_241",
    242: "deprecated_242",
    243: "deprecated_243",
    255: "reserved_for_development",
}
"""IANA "BGP Path Attributes"."""

CAPABILITIES: Final[dict[int, str]] = {
    1: "multiprotocol",
    2: "route_refresh",
    3: "outbound_route_filtering",
    4: "multiple_routes_to_a_destination",
    5: "extended_next_hop",
    6: "extended_message",
    7: "bgpsec",
    8: "multiple_labels",
    9: "bgp_role",
    64: "graceful_restart",
    65: "4_octet_as",
    66: "dynamic_capability_deprecated",
    67: "dynamic_capability",
    68: "multisession",
    69: "add_path",
    70: "enhanced_route_refresh",
    71: "long_lived_graceful_restart",
    72: "routing_policy_distribution",
    73: "fqdn",
    74: "bfd_strict_mode",
    75: "software_version",
    76: "paths_limit",
    77: "link_local_next_hop",
    128: "prestandard_route_refresh",
    129: "prestandard_outbound_route_filtering",
    130: "prestandard_outbound_route_filtering_cisco",
    131: "prestandard_multisession",
    184: "prestandard_fqdn",
    185: "prestandard_operational",
}
"""IANA "Capability Codes"."""


def capability_name(code: int) -> str:
    """The name, ``capability_N`` where there is none."""
    return CAPABILITIES.get(code) or f"capability_{code}"


# RFC 4271 section 8.2.2; Quagga writes the last two into its dumps.
_STATES: Final = ("idle", "connect", "active", "opensent", "openconfirm", "established", "clearing", "deleted")


def state_name(state: int) -> str:
    """``idle`` … ``established``; ``state_N`` for any other number."""
    return _STATES[state - 1] if 1 <= state <= len(_STATES) else f"state_{state}"
