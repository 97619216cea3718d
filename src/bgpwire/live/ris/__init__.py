"""RIS Live: what the route collectors of RIPE NCC hear, the moment they hear it (https://ris-live.ripe.net/manual/).

>>> for event in bgpwire.live.ris.events(open("ris.jsonl")):
...     for route in bgpwire.live.ris.routes_of(event):
...         print(event.timestamp, event.file, route.type, route.prefix)

:func:`events` reads lines that are there, :func:`connect` the websocket and :func:`stream` the HTTP stream;
:class:`Decoder` takes lines from anywhere else. All give :class:`bgpwire.Event`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bgpwire.errors import RisError
    from bgpwire.live.ris.decoder import Decoder
    from bgpwire.live.ris.http_stream import HttpStream, stream
    from bgpwire.live.ris.lines import Events, events
    from bgpwire.live.ris.making import is_built
    from bgpwire.live.ris.report import Kind, Report, Reports, RisWarning
    from bgpwire.live.ris.state import routes_of
    from bgpwire.live.ris.subscription import subscribe
    from bgpwire.live.ris.websocket import Connection, connect
else:
    from bgpwire._lazy import lazy

    __getattr__ = lazy(
        __name__,
        {
            "Connection": "bgpwire.live.ris.websocket",
            "Decoder": "bgpwire.live.ris.decoder",
            "Events": "bgpwire.live.ris.lines",
            "HttpStream": "bgpwire.live.ris.http_stream",
            "Kind": "bgpwire.live.ris.report",
            "Report": "bgpwire.live.ris.report",
            "Reports": "bgpwire.live.ris.report",
            "RisError": "bgpwire.errors",
            "RisWarning": "bgpwire.live.ris.report",
            "connect": "bgpwire.live.ris.websocket",
            "events": "bgpwire.live.ris.lines",
            "is_built": "bgpwire.live.ris.making",
            "routes_of": "bgpwire.live.ris.state",
            "stream": "bgpwire.live.ris.http_stream",
            "subscribe": "bgpwire.live.ris.subscription",
        },
    )

__all__ = [
    "Connection",
    "Decoder",
    "Events",
    "HttpStream",
    "Kind",
    "Report",
    "Reports",
    "RisError",
    "RisWarning",
    "connect",
    "events",
    "is_built",
    "routes_of",
    "stream",
    "subscribe",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
