"""Capabilities without a value: to announce them is all there is."""

from __future__ import annotations

from bgpwire.capability.base import FieldCapability
from bgpwire.field import octets, optional, record
from bgpwire.registry import capability

CODES = (
    2,  # RFC 2918
    6,  # RFC 8654
    70,  # RFC 7313
    128,  # RFC 8810, as the one below
    185,
)
LENIENT = (
    4,  # RFC 3107, obsoleted by RFC 8277
    74,  # draft-ietf-idr-bgp-bfd-strict-mode
    77,  # draft-ietf-idr-linklocal-capability
)


@capability(*CODES)
class Flag(FieldCapability):
    """A capability of 0 octets."""

    field = record()


@capability(*LENIENT)
class LenientFlag(FieldCapability):
    """A capability of 0 octets as its specification stands today; octets that it may yet get are shown."""

    field = record(value=optional(octets))
