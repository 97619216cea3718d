"""Captures, pcap and pcapng: :func:`chunks` of TCP streams, whole :func:`streams`, :func:`events` of BGP.

:class:`Reassembly` and :class:`BgpStreams` do the same for packets that come from elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bgpwire.live.capture.bgp import BgpStreams
    from bgpwire.live.capture.connections import Reassembly
    from bgpwire.live.capture.items import Chunk, End, Flow, Gap, Packet, Stream
    from bgpwire.live.capture.reading import Reading, chunks, events, packets, streams
    from bgpwire.live.capture.report import Report
else:
    from bgpwire._lazy import lazy

    __getattr__ = lazy(
        __name__,
        {
            "BgpStreams": "bgpwire.live.capture.bgp",
            "Chunk": "bgpwire.live.capture.items",
            "End": "bgpwire.live.capture.items",
            "Flow": "bgpwire.live.capture.items",
            "Gap": "bgpwire.live.capture.items",
            "Packet": "bgpwire.live.capture.items",
            "Reading": "bgpwire.live.capture.reading",
            "Reassembly": "bgpwire.live.capture.connections",
            "Report": "bgpwire.live.capture.report",
            "Stream": "bgpwire.live.capture.items",
            "chunks": "bgpwire.live.capture.reading",
            "events": "bgpwire.live.capture.reading",
            "packets": "bgpwire.live.capture.reading",
            "streams": "bgpwire.live.capture.reading",
        },
    )

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})


__all__ = [
    "BgpStreams",
    "Chunk",
    "End",
    "Flow",
    "Gap",
    "Packet",
    "Reading",
    "Reassembly",
    "Report",
    "Stream",
    "chunks",
    "events",
    "packets",
    "streams",
]
