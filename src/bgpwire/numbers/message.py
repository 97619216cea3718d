"""IANA "BGP Message Types" (RFC 4271 section 4.1)."""

from __future__ import annotations

from typing import Final

OPEN: Final = 1
UPDATE: Final = 2
NOTIFICATION: Final = 3
KEEPALIVE: Final = 4
ROUTE_REFRESH: Final = 5
CAPABILITY: Final = 6  # draft-ietf-idr-dynamic-cap
ROUTE_REFRESH_CISCO: Final = 128  # from before RFC 2918; not registered
