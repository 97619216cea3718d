"""IPv6 address specific communities: the types of attribute 25 (RFC 5701), two octets each, a table of their own."""

from __future__ import annotations

REDIRECT_IP = 0x000C
# IANA "Transitive IPv6-Address-Specific Extended Community Types": name and label.
IPV6_TYPES: dict[int, tuple[str, str]] = {
    0x0002: ("route_target", "rt"),
    0x0003: ("route_origin", "soo"),
    0x0004: ("ospfv3_route_attributes", "ospfv3-route-attributes"),  # RFC 6565, deprecated
    0x000B: ("vrf_route_import", "vrf-route-import"),  # RFC 6515
    REDIRECT_IP: ("flowspec_redirect_ip", "redirect-to-ip"),  # draft-ietf-idr-flowspec-redirect-ip
    0x000D: ("rt_redirect", "redirect"),  # RFC 8956 section 6.1
    0x0010: ("cisco_vpn_distinguisher", "vpn-distinguisher"),
    0x0011: ("uuid_route_target", "rt-uuid"),
    0x0012: ("inter_area_p2mp_segmented_next_hop", "segmented-next-hop"),  # RFC 7524
    0x0013: ("route_target_record", "rt-record"),
    0x0014: ("vrf_recursive_next_hop", "vrf-recursive-next-hop"),
    0x0015: ("rt_derived_ec", "rt-derived"),
    0x800B: ("rt_redirect", "redirect"),  # before RFC 8956
}
