"""The kernel classes of routes, of the implementation that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire._impl import load

if TYPE_CHECKING:
    from bgpwire._python.peer import Peer
    from bgpwire._python.route import Route
else:
    Peer, Route = load("peer").Peer, load("route").Route

__all__ = ["Peer", "Route"]
