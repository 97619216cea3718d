"""BMP, the BGP Monitoring Protocol: versions 3 (RFC 7854, RFC 8671, RFC 9069, RFC 9736, RFC 9972) and 4
(draft-ietf-grow-bmp-tlv), and 1 and 2 that were drafts.

:class:`Framer` cuts a stream into messages, :func:`decode_bmp` decodes one, :class:`Router` keeps what the messages of
a router say of its peers and gives events, and :class:`Monitor` does all of it: octets in, events out. :func:`open`
reads a file, :func:`serve` listens for routers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.bmp.about import Initiation, RoutePolicyTrace, Statistic, StatisticsReport, Termination
from bgpwire.bmp.file import BmpFile, open
from bgpwire.bmp.framer import BmpGap, Framer
from bgpwire.bmp.header import PeerHeader
from bgpwire.bmp.message import BmpMessage, UnknownBmp, decode_bmp
from bgpwire.bmp.monitoring import RouteMirroring, RouteMonitoring
from bgpwire.bmp.peers import PeerDown, PeerUp
from bgpwire.bmp.router import Monitor, MonitoredPeer, Router
from bgpwire.bmp.tlv import BmpTlv

if TYPE_CHECKING:
    from bgpwire.bmp.server import Connection, Heard, Station, serve
else:
    from bgpwire._lazy import lazy

    # asyncio comes with it.
    __getattr__ = lazy(__name__, dict.fromkeys(("Connection", "Heard", "Station", "serve"), "bgpwire.bmp.server"))

__all__ = [
    "BmpFile",
    "BmpGap",
    "BmpMessage",
    "BmpTlv",
    "Connection",
    "Framer",
    "Heard",
    "Initiation",
    "Monitor",
    "MonitoredPeer",
    "PeerDown",
    "PeerHeader",
    "PeerUp",
    "RouteMirroring",
    "RouteMonitoring",
    "RoutePolicyTrace",
    "Router",
    "Station",
    "Statistic",
    "StatisticsReport",
    "Termination",
    "UnknownBmp",
    "decode_bmp",
    "open",
    "serve",
]
