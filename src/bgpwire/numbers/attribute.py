"""IANA "BGP Path Attributes": the type codes (RFC 4271 section 4.3), and their names by code."""

from __future__ import annotations

from typing import Final

ORIGIN: Final = 1
AS_PATH: Final = 2
NEXT_HOP: Final = 3
MULTI_EXIT_DISC: Final = 4
LOCAL_PREF: Final = 5
ATOMIC_AGGREGATE: Final = 6
AGGREGATOR: Final = 7
COMMUNITIES: Final = 8
ORIGINATOR_ID: Final = 9
CLUSTER_LIST: Final = 10
DPA: Final = 11
ADVERTISER: Final = 12
RCID_PATH: Final = 13
MP_REACH_NLRI: Final = 14
MP_UNREACH_NLRI: Final = 15
EXTENDED_COMMUNITIES: Final = 16
AS4_PATH: Final = 17
AS4_AGGREGATOR: Final = 18
SAFI_SPECIFIC_ATTRIBUTE: Final = 19
CONNECTOR_ATTRIBUTE: Final = 20
AS_PATHLIMIT: Final = 21
PMSI_TUNNEL: Final = 22
TUNNEL_ENCAPSULATION: Final = 23
TRAFFIC_ENGINEERING: Final = 24
IPV6_ADDRESS_SPECIFIC_EXTENDED_COMMUNITIES: Final = 25
AIGP: Final = 26
PE_DISTINGUISHER_LABELS: Final = 27
ENTROPY_LABEL_CAPABILITY: Final = 28  # RFC 6790, withdrawn by RFC 7447
BGP_LS_ATTRIBUTE: Final = 29
DEPRECATED_30: Final = 30
DEPRECATED_31: Final = 31
LARGE_COMMUNITY: Final = 32
BGPSEC_PATH: Final = 33
BGP_COMMUNITY: Final = 34
ONLY_TO_CUSTOMER: Final = 35
D_PATH: Final = 36
SFP_ATTRIBUTE: Final = 37
BFD_DISCRIMINATOR: Final = 38
NEXT_HOP_DEPENDENT_CHARACTERISTICS: Final = 39
BGP_PREFIX_SID: Final = 40
BIER: Final = 41
EDGE_METADATA: Final = 42  # draft-ietf-idr-5g-edge-service-metadata
DEPRECATED_99: Final = 99
ATTR_SET: Final = 128
DEPRECATED_129: Final = 129
DEPRECATED_241: Final = 241
DEPRECATED_242: Final = 242
DEPRECATED_243: Final = 243
RESERVED_FOR_DEVELOPMENT: Final = 255

ATTRIBUTES: Final[dict[int, str]] = {
    code: name.lower() for name, code in globals().copy().items() if isinstance(code, int)
}
"""The names, in lower case with underscores."""
