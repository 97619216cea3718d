"""Capabilities: one file each, imported when its code is first looked up in :data:`bgpwire.registry.CAPABILITIES`.

Those that have values to give are made by name: ``Multiprotocol(afi=1, safi=1)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.capability.base import Capability, UnknownCapability, decode_capability

if TYPE_CHECKING:
    from bgpwire.capability.add_path import AddPath
    from bgpwire.capability.asn4 import Asn4
    from bgpwire.capability.extended_next_hop import ExtendedNextHop
    from bgpwire.capability.graceful_restart import GracefulRestart, LongLivedGracefulRestart
    from bgpwire.capability.multiprotocol import Multiprotocol
    from bgpwire.capability.outbound_route_filtering import OutboundRouteFiltering
    from bgpwire.capability.session_options import (
        BgpRole,
        BgpSec,
        Fqdn,
        MultipleLabels,
        Multisession,
        PathsLimit,
        SoftwareVersion,
    )
else:
    from bgpwire._lazy import lazy

    __getattr__ = lazy(
        __name__,
        {
            "AddPath": "bgpwire.capability.add_path",
            "Asn4": "bgpwire.capability.asn4",
            "BgpRole": "bgpwire.capability.session_options",
            "BgpSec": "bgpwire.capability.session_options",
            "ExtendedNextHop": "bgpwire.capability.extended_next_hop",
            "Fqdn": "bgpwire.capability.session_options",
            "GracefulRestart": "bgpwire.capability.graceful_restart",
            "LongLivedGracefulRestart": "bgpwire.capability.graceful_restart",
            "MultipleLabels": "bgpwire.capability.session_options",
            "Multiprotocol": "bgpwire.capability.multiprotocol",
            "Multisession": "bgpwire.capability.session_options",
            "OutboundRouteFiltering": "bgpwire.capability.outbound_route_filtering",
            "PathsLimit": "bgpwire.capability.session_options",
            "SoftwareVersion": "bgpwire.capability.session_options",
        },
    )

__all__ = [
    "AddPath",
    "Asn4",
    "BgpRole",
    "BgpSec",
    "Capability",
    "ExtendedNextHop",
    "Fqdn",
    "GracefulRestart",
    "LongLivedGracefulRestart",
    "MultipleLabels",
    "Multiprotocol",
    "Multisession",
    "OutboundRouteFiltering",
    "PathsLimit",
    "SoftwareVersion",
    "UnknownCapability",
    "decode_capability",
]
