"""The kernel classes of routes, of the implementation that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire._impl import load

if TYPE_CHECKING:
    from bgpwire._python.route import Peer, Route
else:
    _route = load("route")
    Peer, Route = _route.Peer, _route.Route

__all__ = ["Peer", "Route"]
