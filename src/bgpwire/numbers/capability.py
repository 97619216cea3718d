"""IANA "Capability Codes" (RFC 5492 section 4), and their names by code."""

from __future__ import annotations

from typing import Final

MULTIPROTOCOL: Final = 1
ROUTE_REFRESH: Final = 2
OUTBOUND_ROUTE_FILTERING: Final = 3
MULTIPLE_ROUTES_TO_A_DESTINATION: Final = 4
EXTENDED_NEXT_HOP: Final = 5
EXTENDED_MESSAGE: Final = 6
BGPSEC: Final = 7
MULTIPLE_LABELS: Final = 8
BGP_ROLE: Final = 9
GRACEFUL_RESTART: Final = 64
FOUR_OCTET_AS: Final = 65
DYNAMIC_CAPABILITY_DEPRECATED: Final = 66
DYNAMIC_CAPABILITY: Final = 67
MULTISESSION: Final = 68
ADD_PATH: Final = 69
ENHANCED_ROUTE_REFRESH: Final = 70
LONG_LIVED_GRACEFUL_RESTART: Final = 71
ROUTING_POLICY_DISTRIBUTION: Final = 72
FQDN: Final = 73
BFD_STRICT_MODE: Final = 74
SOFTWARE_VERSION: Final = 75
PATHS_LIMIT: Final = 76
LINK_LOCAL_NEXT_HOP: Final = 77
PRESTANDARD_ROUTE_REFRESH: Final = 128
PRESTANDARD_OUTBOUND_ROUTE_FILTERING: Final = 129
PRESTANDARD_OUTBOUND_ROUTE_FILTERING_CISCO: Final = 130
PRESTANDARD_MULTISESSION: Final = 131
PRESTANDARD_FQDN: Final = 184
PRESTANDARD_OPERATIONAL: Final = 185

CAPABILITIES: Final[dict[int, str]] = {
    code: name.lower() for name, code in globals().copy().items() if isinstance(code, int)
} | {FOUR_OCTET_AS: "4_octet_as"}
"""The names, in lower case with underscores."""


def capability_name(code: int) -> str:
    """The name, ``capability_N`` for a code that is not registered."""
    return CAPABILITIES.get(code) or f"capability_{code}"
