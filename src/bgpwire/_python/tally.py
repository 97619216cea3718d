"""Routes of MRT records, counted."""

from __future__ import annotations

from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING

from bgpwire._python.routes import iter_routes

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from bgpwire._python.event import Event
    from bgpwire._python.mrt import RecordWalker
    from bgpwire._python.route import Route
    from bgpwire._python.routes import RouteDecoder
    from bgpwire.errors import DecodeError
    from bgpwire.mrt.statistics import Statistics
    from bgpwire.route.filter import Filter

__all__ = ["iter_counts"]


def iter_counts(
    walker: RecordWalker,
    decoder: RouteDecoder,
    on_fault: Callable[[Event, DecodeError], object],
    on_end: Callable[[], object],
    close: Callable[[], object],
    statistics: Statistics,
    size: int,
    filter: Filter | None = None,
) -> Iterator[int]:
    """Count the routes of all records of ``walker`` into ``statistics``; gives how many, about ``size`` at a time.

    ``filter`` says which routes to count, ``None``: all. A record that cannot be read goes to
    ``on_fault(event, error)``; ``on_end()`` is called behind the last; ``close()`` at the end, at an exception, and
    when the iterator is dropped.
    """
    if size < 1:
        raise ValueError(f"counts of {size} routes")
    routes = iter_routes(walker, decoder, on_fault, on_end, close)
    return _counts(routes, statistics, size, None if filter is None else filter.predicate)


def _counts(
    routes: Generator[Route, None, None], statistics: Statistics, size: int, wanted: Callable[[Route], bool] | None
) -> Iterator[int]:
    with closing(routes):
        chosen = routes if wanted is None else filter(wanted, routes)
        while number := statistics.add(islice(chosen, size)):
            yield number
