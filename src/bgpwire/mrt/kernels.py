"""The kernels that read MRT archives, of the implementation that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire._impl import load

if TYPE_CHECKING:
    from bgpwire._python.headers import Headers, step_over
    from bgpwire._python.mrt import Record, RecordWalker
    from bgpwire._python.mrt_grammar import (
        BGP4MP_FORMS,
        RIB_FORMS,
        bgp4mp_as_numbers,
        dump_entry,
        generic_head,
        message_at,
        peer_table,
        rib_entries,
        rib_head,
    )
    from bgpwire._python.routes import RouteDecoder, iter_routes
    from bgpwire._python.tables import TableDecoder
else:
    _headers, _mrt, _routes, _grammar = load("headers"), load("mrt"), load("routes"), load("mrt_grammar")
    Headers, step_over = _headers.Headers, _headers.step_over
    TableDecoder = load("tables").TableDecoder
    BGP4MP_FORMS, RIB_FORMS = _grammar.BGP4MP_FORMS, _grammar.RIB_FORMS
    bgp4mp_as_numbers, message_at = _grammar.bgp4mp_as_numbers, _grammar.message_at
    peer_table, dump_entry = _grammar.peer_table, _grammar.dump_entry
    rib_head, generic_head, rib_entries = _grammar.rib_head, _grammar.generic_head, _grammar.rib_entries
    Record, RecordWalker = _mrt.Record, _mrt.RecordWalker
    RouteDecoder, iter_routes = _routes.RouteDecoder, _routes.iter_routes

__all__ = [
    "BGP4MP_FORMS",
    "RIB_FORMS",
    "Headers",
    "Record",
    "RecordWalker",
    "RouteDecoder",
    "TableDecoder",
    "bgp4mp_as_numbers",
    "dump_entry",
    "generic_head",
    "iter_routes",
    "message_at",
    "peer_table",
    "rib_entries",
    "rib_head",
    "step_over",
]
