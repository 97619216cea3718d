"""IANA "Capability Codes", in lower case with underscores: names of those decoded and of those that are not."""

from __future__ import annotations

NAMES: dict[int, str] = {
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


def capability_name(code: int) -> str:
    """The name, ``capability_N`` where there is none."""
    return NAMES.get(code) or f"capability_{code}"
