"""A monitoring station that a daemon reports to, and the tables that come of what it says, in the words of
:mod:`routes`."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sessions import SECONDS, key, values
from speakers import base
from speakers.frr import Frr
from speakers.gobgp import GoBgp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable


class MonitoredFrr(Frr):
    """FRR with its BMP module, which has no view of what was chosen before FRR 9."""

    families = ("ipv4-unicast", "ipv6-unicast", "ipv4-mpls-vpn")
    others = ()
    monitoring = ("ipv4 unicast", "ipv6 unicast", "ipv4 vpn")
    views = ("adj-rib-in-pre", "adj-rib-in-post")
    identified = ()
    """The views that have path identifiers where they were negotiated."""
    withdraws = views
    """The views that tell what is withdrawn."""
    labelled = False
    """Whether the labels of VPN routes are there: FRR 8.4 writes 0 in their place."""


class MonitoredGoBgp(GoBgp):
    families = ("ipv4-unicast", "ipv6-unicast", "ipv4-mpls-vpn")
    monitoring = "all"
    views = ("adj-rib-in-pre", "adj-rib-in-post", "loc-rib")
    identified = ("adj-rib-in-pre",)
    withdraws = ("adj-rib-in-pre", "loc-rib")
    labelled = True


class Views:
    """By table, what stands in it: (family, key) to values, with path identifiers (family, key, path_id)."""

    def __init__(self, station: Any) -> None:
        self.station = station
        self.tables: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {}
        self.names: list[str] = []
        """The messages, in order; ``end`` for the end of a connection."""
        self.downs: list[Any] = []
        self.events: list[Any] = []
        self.ended: list[Any] = []
        """The connections that are over."""
        self.errors: list[Any] = []
        self.reading: asyncio.Task[None] | None = None

    async def run(self) -> None:
        async for heard in self.station:
            if heard.message is None:
                self.ended.append(heard.connection)
            self.names.append("end" if heard.message is None else heard.message.name)
            if heard.message is not None and heard.message.name == "peer_down":
                self.downs.append(heard.message)
            for event in heard.events:
                self.take(event)

    def take(self, event: Any) -> None:
        bgpwire = import_module("bgpwire")
        self.events.append(event)
        self.errors += [(event.peer.rib, error.reason) for error in event.message.errors]
        table = self.tables.setdefault(event.peer.rib, {})
        for route in bgpwire.routes_of(event):
            name: tuple[Any, ...] = (str(route.family), key(route.family, route.nlri))
            if route.path_id is not None:
                name += (route.path_id,)
            if route.type == "A":
                table[name] = values(route.family, route.nlri, event.message.attributes)[1]
            else:
                table.pop(name, None)

    def router(self) -> Any:
        """The router of the connection that is open, ``None`` without one."""
        return next((connection.monitor.router for connection in self.station.connections), None)

    async def until(self, done: Callable[[], bool], seconds: float = SECONDS) -> None:
        """Wait for it; what is missing after so many seconds the caller sees."""
        end = asyncio.get_running_loop().time() + seconds
        assert self.reading is not None
        while not done() and not self.reading.done() and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(0.05)
        if self.reading.done():
            self.reading.result()


@asynccontextmanager
async def station(port: int) -> AsyncIterator[Views]:
    async with await import_module("bgpwire.bmp").serve(base.HOST, port, withdraw=True) as found:
        views = Views(found)
        views.reading = asyncio.create_task(views.run())
        try:
            yield views
        finally:
            views.reading.cancel()
            await asyncio.gather(views.reading, return_exceptions=True)
