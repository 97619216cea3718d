"""Tables of routes, held against each other and against a dictionary."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def content(table: Any) -> dict[Any, Any]:
    """All routes of a table of :mod:`bgpwire.rib`: by family, NLRI, peer: since when, and the octets of attributes."""
    out: dict[Any, Any] = {}
    for family in table.families:
        for nlri in table.nlri(family):
            for route in table.routes_to(nlri, family):
                out[place(route)] = route.originated, bytes(route.attributes)
    return out


def place(route: Any) -> tuple[Any, ...]:
    """Which route it is, as text."""
    keys = import_module("bgpwire.rib.keys")
    return tuple(route.family), keys.key_of(route.nlri), route.path_id, str(route.peer)


def replayed(package: Any, routes: Any) -> Any:
    """A table to which each route was applied as an object."""
    table = package.rib.Table()
    for route in routes:
        try:
            table.apply(route)
        except package.DecodeError:
            continue
    return table


def counts(table: Any) -> tuple[Any, ...]:
    """What a table counts."""
    store = table._store
    peers = [(str(peer), table.count(peer)) for peer in table.peers]
    return table.routes, len(table), sorted(peers), store.outcomes, store.shared, table.unsound
