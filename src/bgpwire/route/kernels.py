"""The kernel classes of routes, of the implementation that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire._impl import load

if TYPE_CHECKING:
    from bgpwire._python.event import Event
    from bgpwire._python.peer import Peer
    from bgpwire._python.route import Route
    from bgpwire._python.updates import routes_of
else:
    Event, Peer, Route = load("event").Event, load("peer").Peer, load("route").Route
    routes_of = load("updates").routes_of

__all__ = ["Event", "Peer", "Route", "routes_of"]
