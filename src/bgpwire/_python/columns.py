"""Columns out of MRT records."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from bgpwire._python.batch import Batch
from bgpwire._python.routes import iter_routes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bgpwire._python.attributes import PathAttributes
    from bgpwire._python.event import Event
    from bgpwire._python.mrt import RecordWalker
    from bgpwire._python.route import Route
    from bgpwire._python.routes import RouteDecoder
    from bgpwire.columns.schema import Column
    from bgpwire.errors import DecodeError
    from bgpwire.route.filter import Filter

__all__ = ["iter_batches"]

_MOST_OCTETS = 1 << 28
"""About so many octets a batch may have in its lists: one UPDATE can have a long path and very many prefixes."""


def iter_batches(
    walker: RecordWalker,
    decoder: RouteDecoder,
    on_fault: Callable[[Event, DecodeError], object],
    on_end: Callable[[], object],
    close: Callable[[], object],
    columns: Sequence[Column],
    size: int,
    filter: Filter | None = None,
) -> Iterator[Batch]:
    """The routes of all records of ``walker`` as batches of ``size`` rows; the last may be smaller.

    A record that cannot be read goes to ``on_fault(event, error)``; ``filter`` says which routes become rows, ``None``:
    all. ``on_end()`` is called behind the last; ``close()`` at the end, at an exception, and when the iterator is
    dropped.
    """
    rows = _Rows(columns)
    wanted = None if filter is None else filter.predicate
    add = rows.add
    with closing(iter_routes(walker, decoder, on_fault, on_end, close)) as routes:
        for route in routes:
            if wanted is None or wanted(route):
                add(route)
                if len(rows) == size or rows.octets > _MOST_OCTETS:
                    yield rows.take()
    if len(rows):
        yield rows.take()


class _Rows:
    """Rows that become a batch."""

    __slots__ = ("_columns", "_given", "_kinds", "_own", "_seen", "_shared", "_size", "octets")

    def __init__(self, columns: Sequence[Column]) -> None:
        self._kinds = [column.kind for column in columns]
        self._columns: list[list[Any]] = [[] for _ in columns]
        self._own = [(index, column.read) for index, column in enumerate(columns) if not column.of_attributes]
        self._shared = [(index, column.read) for index, column in enumerate(columns) if column.of_attributes]
        self._seen: PathAttributes | None = None
        """The attributes that :attr:`_given` has the values of."""
        self._given: list[tuple[int, Any]] = []
        self._size = 0
        self.octets = 0
        """About how many there are in the lists."""

    def __len__(self) -> int:
        return len(self._columns[0])

    def add(self, route: Route) -> None:
        columns = self._columns
        for index, read in self._own:
            columns[index].append(read(route))
        attributes = None if route.type == "W" else route.attributes
        if attributes is None:
            for index, _ in self._shared:
                columns[index].append(None)
            return
        if attributes is not self._seen:
            self._seen = attributes
            self._given = [(index, read(route)) for index, read in self._shared]
            self._size = 2 * len(bytes(attributes))
        self.octets += self._size
        for index, value in self._given:
            columns[index].append(value)

    def take(self) -> Batch:
        batch = Batch(self._kinds, self._columns)
        self._columns = [[] for _ in self._kinds]
        self.octets = 0
        return batch
