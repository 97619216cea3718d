"""Capabilities without a value: to announce them is all there is."""

from __future__ import annotations

from bgpwire.capability.base import FieldCapability
from bgpwire.field import octets, optional, record
from bgpwire.numbers import capability as codes
from bgpwire.registry import capability

CODES = (
    codes.ROUTE_REFRESH,  # RFC 2918
    codes.EXTENDED_MESSAGE,  # RFC 8654
    codes.ENHANCED_ROUTE_REFRESH,  # RFC 7313
    codes.PRESTANDARD_ROUTE_REFRESH,  # RFC 8810, as the one below
    codes.PRESTANDARD_OPERATIONAL,
)
LENIENT = (
    codes.MULTIPLE_ROUTES_TO_A_DESTINATION,  # RFC 3107, obsoleted by RFC 8277
    codes.BFD_STRICT_MODE,  # draft-ietf-idr-bgp-bfd-strict-mode
    codes.LINK_LOCAL_NEXT_HOP,  # draft-ietf-idr-linklocal-capability
)


@capability(*CODES)
class Flag(FieldCapability):
    """A capability of 0 octets."""

    field = record()


@capability(*LENIENT)
class LenientFlag(FieldCapability):
    """A capability of 0 octets as its specification stands today; octets that it may yet get are shown."""

    field = record(value=optional(octets))
