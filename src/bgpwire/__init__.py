"""bgpwire decodes BGP off the wire: messages, MRT archives, routes.

>>> import bgpwire
>>> for route in bgpwire.mrt.open("updates.20160811.1600.gz").routes():
...     print(route.type, route.prefix, route.as_path)
"""

from __future__ import annotations

from bgpwire import _start, mrt  # noqa: F401 - _start comes first, before what takes time
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
    Peer,
    Prefix,
    Reader,
    Record,
    Route,
    RouteDistinguisher,
    VpnPrefix,
    Writer,
    split,
)
from bgpwire.afi_safi import Afi, Family, Safi
from bgpwire.attribute.aggregator import Aggregator
from bgpwire.attribute.mp_reach import MpReach
from bgpwire.attribute.mp_unreach import MpUnreach
from bgpwire.attribute.next_hop import NextHop
from bgpwire.errors import (
    Action,
    BgpwireError,
    DecodeError,
    MessageHeaderError,
    MrtError,
    MrtWarning,
    OpenMessageError,
    RouteRefreshError,
    TruncatedError,
    UpdateMessageError,
)
from bgpwire.message import Keepalive, Message, Notification, Open, RouteRefresh, UnknownMessage, Update
from bgpwire.nlri import MpNlriCollection, Nlri, NlriCollection, UnknownNlri
from bgpwire.prefix_set import PrefixSet
from bgpwire.session import Provenance, Session
from bgpwire.value.as_path import Segment, SegmentType
from bgpwire.value.attributes import Attribute, UnknownAttribute
from bgpwire.value.compare import ComparisonWarning
from bgpwire.value.origin import Origin

__version__ = "0.1.0"

__all__ = [
    "IMPLEMENTATION",
    "Action",
    "Address",
    "Afi",
    "Aggregator",
    "AsPath",
    "Attribute",
    "BgpwireError",
    "Communities",
    "Community",
    "ComparisonWarning",
    "DecodeError",
    "ExtendedCommunities",
    "ExtendedCommunity",
    "Family",
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
    "OpenMessageError",
    "Origin",
    "PathAttributes",
    "Peer",
    "Prefix",
    "PrefixSet",
    "Provenance",
    "Reader",
    "Record",
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
    "mrt",
    "split",
]
