"""IANA "BGP Monitoring Protocol (BMP) Parameters" (RFC 7854, RFC 8671, RFC 9069, RFC 9736, RFC 9972), and the TLVs of
version 4 (draft-ietf-grow-bmp-tlv), which are not registered yet."""

from __future__ import annotations

from typing import Final

ROUTE_MONITORING: Final = 0
STATISTICS_REPORT: Final = 1
PEER_DOWN: Final = 2
PEER_UP: Final = 3
INITIATION: Final = 4
TERMINATION: Final = 5
ROUTE_MIRRORING: Final = 6
# draft-xu-grow-bmp-route-policy-attr-trace; not registered
ROUTE_POLICY_TRACE: Final = 100

MESSAGES: Final[dict[int, str]] = {
    code: name.lower() for name, code in globals().copy().items() if isinstance(code, int)
}
"""The names, in lower case with underscores."""

PEER_TYPES: Final = {0: "global_instance", 1: "rd_instance", 2: "local_instance", 3: "loc_rib_instance"}
RD_INSTANCE: Final = 1
LOC_RIB: Final = 3

INFORMATION: Final = {0: "string", 1: "sys_descr", 2: "sys_name", 3: "vrf_table_name", 4: "admin_label"}
"""Of Initiation (RFC 7854 section 4.4) and Peer Up (RFC 9736 section 3), whose numbers do not collide."""
TERMINATION_INFORMATION: Final = {0: "string", 1: "reason"}
TERMINATION_REASONS: Final = {
    0: "administratively_closed",
    1: "unspecified",
    2: "out_of_resources",
    3: "redundant_connection",
    4: "permanently_administratively_closed",
}
LOCAL_NOTIFICATION: Final = 1
LOCAL_EVENT: Final = 2
REMOTE_NOTIFICATION: Final = 3
LOCAL_TLV: Final = 6
PEER_DOWN_REASONS: Final = {
    LOCAL_NOTIFICATION: "local_notification",
    LOCAL_EVENT: "local_fsm_event",
    REMOTE_NOTIFICATION: "remote_notification",
    4: "remote_no_notification",
    5: "peer_deconfigured",
    LOCAL_TLV: "local_tlv",
}
MIRRORED_MESSAGE: Final = 0
MIRRORING_INFORMATION: Final = 1
MIRRORING: Final = {MIRRORED_MESSAGE: "bgp_message", MIRRORING_INFORMATION: "information"}
MIRRORING_CODES: Final = {0: "errored_pdu", 1: "messages_lost"}

STATISTICS: Final[dict[int, str]] = {
    # RFC 7854 section 4.8
    0: "prefixes_rejected_by_inbound_policy",
    1: "duplicate_prefix_advertisements",
    2: "duplicate_withdraws",
    3: "updates_invalidated_by_cluster_list_loop",
    4: "updates_invalidated_by_as_path_loop",
    5: "updates_invalidated_by_originator_id",
    6: "updates_invalidated_by_as_confed_loop",
    7: "routes_in_adj_rib_in",
    8: "routes_in_loc_rib",
    9: "routes_in_adj_rib_in_of_family",
    10: "routes_in_loc_rib_of_family",
    11: "updates_treated_as_withdraw",
    12: "prefixes_treated_as_withdraw",
    13: "duplicate_updates",
    # RFC 8671 section 6.2
    14: "routes_in_adj_rib_out_pre_policy",
    15: "routes_in_adj_rib_out_post_policy",
    16: "routes_in_adj_rib_out_pre_policy_of_family",
    17: "routes_in_adj_rib_out_post_policy_of_family",
    # RFC 9972 section 3; 24 and 25 are not assigned
    18: "routes_in_adj_rib_in_pre_policy",
    19: "routes_in_adj_rib_in_pre_policy_of_family",
    20: "routes_in_adj_rib_in_post_policy",
    21: "routes_in_adj_rib_in_post_policy_of_family",
    22: "routes_rejected_by_inbound_policy_of_family",
    23: "routes_accepted_by_inbound_policy_of_family",
    26: "routes_suppressed_by_damping_of_family",
    27: "routes_stale_by_graceful_restart_of_family",
    28: "routes_stale_by_long_lived_graceful_restart_of_family",
    29: "routes_left_before_threshold",
    30: "routes_left_before_threshold_of_family",
    31: "routes_left_before_license_threshold",
    32: "routes_left_before_license_threshold_of_family",
    33: "routes_rejected_by_as_path_length",
    34: "routes_rejected_by_as_path_length_of_family",
    35: "routes_in_invalid_by_roa_of_family",
    36: "routes_in_valid_by_roa_of_family",
    37: "routes_in_not_found_by_roa_of_family",
    38: "routes_rejected_by_outbound_policy_of_family",
    39: "routes_out_filtered_by_as_path_length",
    40: "routes_out_filtered_by_as_path_length_of_family",
    41: "routes_out_invalid_by_roa_of_family",
    42: "routes_out_valid_by_roa_of_family",
    43: "routes_out_not_found_by_roa_of_family",
}
"""Those ``of_family`` begin with an AFI and a SAFI."""

STATS_TLV: Final = 1
"""What holds the statistics of a Statistics Report of version 4 (draft-ietf-grow-bmp-tlv-20 section 5.4)."""

GROUP: Final = "group"
PATH_MARKING: Final = "path_marking"
STATELESS_PARSING: Final = "stateless_parsing"
VRF_TABLE_NAME: Final = "vrf_table_name"
BGP_MESSAGE: Final = "bgp_message"
MONITORING: Final[dict[int, dict[int, str]]] = {
    # draft-ietf-grow-bmp-tlv-20 section 9
    7: {
        1: "sequence_number",
        2: "extended_flags",
        3: "timestamp",
        4: GROUP,
        5: VRF_TABLE_NAME,
        6: STATELESS_PARSING,
        7: BGP_MESSAGE,
    },
    # earlier revisions, as routers send them
    1: {1: BGP_MESSAGE, 2: GROUP, 3: VRF_TABLE_NAME, 4: STATELESS_PARSING, 5: PATH_MARKING},
    4: {1: STATELESS_PARSING, 2: GROUP, 3: VRF_TABLE_NAME, 4: BGP_MESSAGE, 5: PATH_MARKING},
}
"""The TLVs of Route Monitoring of version 4, by the type of the one with the BGP message: the revisions of the draft
number them anew."""
MARKING: Final = 5
"""The type that draft-ietf-grow-bmp-path-marking-tlv-05 gives itself, whichever the revision of the other draft."""

PATH_STATUS: Final = {
    0x0001: "invalid",
    0x0002: "best",
    0x0004: "nonselected",
    0x0008: "primary",
    0x0010: "backup",
    0x0020: "non_installed",
    0x0040: "best_external",
    0x0080: "add_path",
    0x0100: "filtered_in_inbound_policy",
    0x0200: "filtered_in_outbound_policy",
    0x0400: "stale",
    0x0800: "suppressed",
}
"""draft-ietf-grow-bmp-path-marking-tlv-05 section 3.1."""
PATH_REASONS: Final = {
    0x0001: "invalid_for_as_loop",
    0x0002: "invalid_for_unresolvable_next_hop",
    0x0003: "not_preferred_for_local_preference",
    0x0004: "not_preferred_for_as_path_length",
    0x0005: "not_preferred_for_origin",
    0x0006: "not_preferred_for_med",
    0x0007: "not_preferred_for_peer_type",
    0x0008: "not_preferred_for_igp_cost",
    0x0009: "not_preferred_for_router_id",
    0x000A: "not_preferred_for_peer_address",
    0x000B: "not_preferred_for_aigp",
}
"""The same, section 3.2."""


def bmp_name(names: dict[int, str], code: int, kind: str) -> str:
    """The name of a code; ``kind_N`` for one that has none."""
    return names.get(code) or f"{kind}_{code}"
