"""The kernels that read MRT archives, of the implementation that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire._impl import load

if TYPE_CHECKING:
    from bgpwire._python.headers import Headers
    from bgpwire._python.mrt import Record, RecordWalker
    from bgpwire._python.routes import RouteDecoder, iter_routes
    from bgpwire._python.tables import TableDecoder
else:
    Headers, TableDecoder = load("headers").Headers, load("tables").TableDecoder
    _mrt, _routes = load("mrt"), load("routes")
    Record, RecordWalker = _mrt.Record, _mrt.RecordWalker
    RouteDecoder, iter_routes = _routes.RouteDecoder, _routes.iter_routes

__all__ = ["Headers", "Record", "RecordWalker", "RouteDecoder", "TableDecoder", "iter_routes"]
