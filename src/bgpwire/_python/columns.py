"""Columns out of MRT records."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from bgpwire._python.batch import Batch
from bgpwire._python.route import Route
from bgpwire._python.routes import iter_runs
from bgpwire._python.run_values import RunValues

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bgpwire._python.attributes import PathAttributes
    from bgpwire._python.event import Event
    from bgpwire._python.mrt import RecordWalker
    from bgpwire._python.routes import RouteDecoder
    from bgpwire._python.runs import Run
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
    rows = _Rows(columns, size)
    wanted = None if filter is None else filter.predicate
    with closing(iter_runs(walker, decoder, on_fault, on_end, close)) as runs:
        for run in runs:
            if type(run) is Route:
                if wanted is None or wanted(run):
                    rows.add(run)
                    if rows.are_enough():
                        yield rows.take()
                continue
            if wanted is not None:
                run.keep(wanted)
            done, count = 0, len(run)
            while done < count:
                done += rows.add_run(run, done, count - done)
                if rows.are_enough():
                    yield rows.take()
    if len(rows):
        yield rows.take()


class _Rows:
    """Rows that become a batch."""

    __slots__ = (
        "_appends",
        "_columns",
        "_given",
        "_kinds",
        "_octets",
        "_own",
        "_seen",
        "_shared",
        "_size",
        "_values",
        "_width",
    )

    def __init__(self, columns: Sequence[Column], size: int) -> None:
        self._kinds = [column.kind for column in columns]
        self._values = RunValues(columns)
        self._own = [(index, column.read) for index, column in enumerate(columns) if not column.of_attributes]
        self._shared = [(index, column.read) for index, column in enumerate(columns) if column.of_attributes]
        self._seen: PathAttributes | None = None
        """The attributes that :attr:`_given` has the values of."""
        self._given: list[tuple[int, Any]] = []
        self._size = size
        self._width = 0
        """About how many octets a row with these attributes has in lists."""
        self._empty()

    def __len__(self) -> int:
        return len(self._columns[0])

    def are_enough(self) -> bool:
        return len(self._columns[0]) >= self._size or self._octets > _MOST_OCTETS

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
            self._width = 2 * len(bytes(attributes))
        self._octets += self._width
        for index, value in self._given:
            columns[index].append(value)

    def add_run(self, run: Run, begin: int, most: int) -> int:
        """Add the routes of a run from ``begin`` on, as many as there is room for; how many."""
        width = 0 if run.kind == "W" else 2 * len(run.block)
        if len(run.octets) == 1:
            self._octets += width
            for append, value in zip(self._appends, self._values.row(run), strict=True):
                append(value)
            return 1
        count = min(most, self._size - len(self))
        if width:
            count = min(count, (_MOST_OCTETS - self._octets) // width + 1)
            self._octets += width * count
        for index, several in zip(self._values.order, self._values.rows(run, begin, begin + count), strict=True):
            self._columns[index] += several
        return count

    def take(self) -> Batch:
        """The rows so far; there are none then."""
        columns = self._columns
        self._empty()
        return Batch(self._kinds, columns)

    def _empty(self) -> None:
        self._columns: list[list[Any]] = [[] for _ in self._kinds]
        self._appends = [self._columns[index].append for index in self._values.order]
        """Of each column, in the order in which a run gives its values."""
        self._octets = 0
        """About how many there are in the lists."""
