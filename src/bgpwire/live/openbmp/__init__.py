"""OpenBMP's message bus: BMP of many routers over Kafka, as RouteViews offers it.

>>> async with bgpwire.live.openbmp.connect("kafka.example.net", "routeviews.amsix.bmp_raw") as events:
...     async for event in events:
...         for route in bgpwire.routes_of(event):
...             print(event.timestamp, event.file, route.peer, route.type, route.prefix)

:func:`decode` reads one message of the bus and :func:`build` makes one, :class:`Decoder` takes one after the other and
gives events; none of them needs Kafka. :func:`connect` consumes topics, :func:`producer` writes to one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bgpwire.errors import OpenBmpError
    from bgpwire.live.kafka.sending import Producer, producer
    from bgpwire.live.openbmp.connection import Connection, connect
    from bgpwire.live.openbmp.decoder import Decoder, MonitoredRouter
    from bgpwire.live.openbmp.header import OpenBmp, decode
    from bgpwire.live.openbmp.made import build
    from bgpwire.live.openbmp.report import Kind, Report, Reports
    from bgpwire.live.openbmp.strip import stripped_asn
else:
    from bgpwire._lazy import lazy

    __getattr__ = lazy(
        __name__,
        {
            "Connection": "bgpwire.live.openbmp.connection",
            "Decoder": "bgpwire.live.openbmp.decoder",
            "Kind": "bgpwire.live.openbmp.report",
            "MonitoredRouter": "bgpwire.live.openbmp.decoder",
            "OpenBmp": "bgpwire.live.openbmp.header",
            "OpenBmpError": "bgpwire.errors",
            "Producer": "bgpwire.live.kafka.sending",
            "Report": "bgpwire.live.openbmp.report",
            "Reports": "bgpwire.live.openbmp.report",
            "build": "bgpwire.live.openbmp.made",
            "connect": "bgpwire.live.openbmp.connection",
            "decode": "bgpwire.live.openbmp.header",
            "producer": "bgpwire.live.kafka.sending",
            "stripped_asn": "bgpwire.live.openbmp.strip",
        },
    )

__all__ = [
    "Connection",
    "Decoder",
    "Kind",
    "MonitoredRouter",
    "OpenBmp",
    "OpenBmpError",
    "Producer",
    "Report",
    "Reports",
    "build",
    "connect",
    "decode",
    "producer",
    "stripped_asn",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
