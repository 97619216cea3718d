"""Families whose NLRI are prefixes of IPv4 and IPv6 and nothing more."""

from __future__ import annotations

from typing import Final

from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6, SAFI_MULTICAST, SAFI_UNICAST

PLAIN: Final = tuple((afi, safi) for afi in (AFI_IPV4, AFI_IPV6) for safi in (SAFI_UNICAST, SAFI_MULTICAST))
