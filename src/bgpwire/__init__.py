"""bgpwire decodes BGP off the wire: messages, MRT archives, routes.

>>> import bgpwire
>>> for route in bgpwire.mrt.open("updates.20160811.1600.gz").routes():
...     print(route.type, route.prefix, route.as_path)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire import _start  # noqa: F401 - comes first, before what takes time
from bgpwire._impl import (
    IMPLEMENTATION,
    Address,
    AsPath,
    Communities,
    Community,
    ExtendedCommunities,
    ExtendedCommunity,
    LabelledPrefix,
    LabelStack,
    LargeCommunities,
    LargeCommunity,
    PathAttributes,
    Prefix,
    Reader,
    RouteDistinguisher,
    VpnPrefix,
    Writer,
    split,
)
from bgpwire.afi_safi import Afi, Family, Safi
from bgpwire.errors import (
    Action,
    BgpwireError,
    BmpError,
    BmpWarning,
    CaptureError,
    CaptureWarning,
    DecodeError,
    EncodeError,
    MessageHeaderError,
    MrtError,
    MrtWarning,
    OpenBmpError,
    OpenMessageError,
    RisError,
    RouteRefreshError,
    TruncatedError,
    UpdateMessageError,
)
from bgpwire.session import Provenance, Session
from bgpwire.value.as_path import Segment, SegmentType
from bgpwire.value.attributes import Attribute, UnknownAttribute
from bgpwire.value.compare import ComparisonWarning
from bgpwire.value.origin import Origin

if TYPE_CHECKING:
    from bgpwire import bmp, kernels, live, mrt, peer, rib
    from bgpwire._preload import preload
    from bgpwire.attribute.aggregator import Aggregator
    from bgpwire.attribute.mp_reach import MpReach
    from bgpwire.attribute.mp_unreach import MpUnreach
    from bgpwire.attribute.next_hop import NextHop
    from bgpwire.message import Keepalive, Message, Notification, Open, RouteRefresh, UnknownMessage, Update
    from bgpwire.mrt.archive import open
    from bgpwire.mrt.kernels import Record
    from bgpwire.nlri import MpNlriCollection, Nlri, NlriCollection, UnknownNlri
    from bgpwire.prefix_set import PrefixSet
    from bgpwire.route.filter import Filter
    from bgpwire.route.kernels import Event, Peer, Route, routes_of
    from bgpwire.route.updates import updates_of
    from bgpwire.schema import json_schema
    from bgpwire.sql.answer import query
else:
    from bgpwire._lazy import lazy

    # Names that not every program needs are imported on first access.
    __getattr__ = lazy(
        __name__,
        {
            "Aggregator": "bgpwire.attribute.aggregator",
            "Event": "bgpwire.route.kernels",
            "Filter": "bgpwire.route.filter",
            "Keepalive": "bgpwire.message",
            "Message": "bgpwire.message",
            "MpNlriCollection": "bgpwire.nlri",
            "MpReach": "bgpwire.attribute.mp_reach",
            "MpUnreach": "bgpwire.attribute.mp_unreach",
            "NextHop": "bgpwire.attribute.next_hop",
            "Nlri": "bgpwire.nlri",
            "NlriCollection": "bgpwire.nlri",
            "Notification": "bgpwire.message",
            "Open": "bgpwire.message",
            "Peer": "bgpwire.route.kernels",
            "PrefixSet": "bgpwire.prefix_set",
            "Record": "bgpwire.mrt.kernels",
            "Route": "bgpwire.route.kernels",
            "RouteRefresh": "bgpwire.message",
            "UnknownMessage": "bgpwire.message",
            "UnknownNlri": "bgpwire.nlri",
            "Update": "bgpwire.message",
            "json_schema": "bgpwire.schema",
            "open": "bgpwire.mrt.archive",
            "preload": "bgpwire._preload",
            "query": "bgpwire.sql.answer",
            "routes_of": "bgpwire.route.kernels",
            "updates_of": "bgpwire.route.updates",
        },
    )

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})


__version__ = "0.2.0"

__all__ = [
    "IMPLEMENTATION",
    "Action",
    "Address",
    "Afi",
    "Aggregator",
    "AsPath",
    "Attribute",
    "BgpwireError",
    "BmpError",
    "BmpWarning",
    "CaptureError",
    "CaptureWarning",
    "Communities",
    "Community",
    "ComparisonWarning",
    "DecodeError",
    "EncodeError",
    "Event",
    "ExtendedCommunities",
    "ExtendedCommunity",
    "Family",
    "Filter",
    "Keepalive",
    "LabelStack",
    "LabelledPrefix",
    "LargeCommunities",
    "LargeCommunity",
    "Message",
    "MessageHeaderError",
    "MpNlriCollection",
    "MpReach",
    "MpUnreach",
    "MrtError",
    "MrtWarning",
    "NextHop",
    "Nlri",
    "NlriCollection",
    "Notification",
    "Open",
    "OpenBmpError",
    "OpenMessageError",
    "Origin",
    "PathAttributes",
    "Peer",
    "Prefix",
    "PrefixSet",
    "Provenance",
    "Reader",
    "Record",
    "RisError",
    "Route",
    "RouteDistinguisher",
    "RouteRefresh",
    "RouteRefreshError",
    "Safi",
    "Segment",
    "SegmentType",
    "Session",
    "TruncatedError",
    "UnknownAttribute",
    "UnknownMessage",
    "UnknownNlri",
    "Update",
    "UpdateMessageError",
    "VpnPrefix",
    "Writer",
    "__version__",
    "bmp",
    "json_schema",
    "kernels",
    "live",
    "mrt",
    "open",
    "peer",
    "preload",
    "query",
    "rib",
    "routes_of",
    "split",
    "updates_of",
]
