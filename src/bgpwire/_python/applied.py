"""Records of an archive, applied to a table of routes."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from bgpwire._python.routes import iter_routes
from bgpwire.errors import DecodeError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from bgpwire._python.event import Event
    from bgpwire._python.mrt import RecordWalker
    from bgpwire._python.rib import Store
    from bgpwire._python.route import Route
    from bgpwire._python.routes import RouteDecoder
    from bgpwire.route.filter import Filter

__all__ = ["iter_applied"]


def iter_applied(
    walker: RecordWalker,
    decoder: RouteDecoder,
    on_fault: Callable[[Event, DecodeError], object],
    on_end: Callable[[], object],
    close: Callable[[], object],
    store: Store,
    other: Callable[[Route], object],
    size: int,
    filter: Filter | None = None,
    source: int = 0,
) -> Iterator[int]:
    """Apply the routes of all records of ``walker`` to ``store``; gives how many, about ``size`` at a time.

    What is no route to a usual prefix, or not sound, goes to ``other(route)``. ``filter`` says which routes to apply,
    ``None``: all. ``source`` is the source of the peers. A record that cannot be read, and one of which ``other``
    raises a DecodeError, goes to ``on_fault(event, error)``; ``on_end()`` is called behind the last; ``close()`` at the
    end, at an exception, and when the iterator is dropped.
    """
    if size < 1:
        raise ValueError(f"{size} routes at a time")
    routes = iter_routes(walker, decoder, on_fault, on_end, close)
    return _applied(routes, store, other, on_fault, size, None if filter is None else filter.predicate)


def _applied(
    routes: Generator[Route, None, None],
    store: Store,
    other: Callable[[Route], object],
    on_fault: Callable[[Event, DecodeError], object],
    size: int,
    wanted: Callable[[Route], bool] | None,
) -> Iterator[int]:
    # Whoever knows more knows what is usual too, which is no slower here.
    with closing(routes):
        count = 0
        for route in routes if wanted is None else filter(wanted, routes):
            try:
                other(route)
            except DecodeError as error:
                on_fault(route.event, error)
            count += 1
            if count == size:
                yield count
                count = 0
        if count:
            yield count
