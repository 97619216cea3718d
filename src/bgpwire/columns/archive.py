"""Columns out of several archives, one after the other, side by side, or merged by time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.columns.kernels import Builder
from bgpwire.columns.reader import BATCH_SIZE, Columns
from bgpwire.columns.schema import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from bgpwire.columns.kernels import Batch
    from bgpwire.mrt.archive import Archive
    from bgpwire.mrt.file import MrtFile
    from bgpwire.route.filter import Filter
    from bgpwire.route.kernels import Route

__all__ = ["ArchiveColumns"]

_ROWS = 1 << 20
"""So many rows of each file that is read in a thread wait at most, but for a batch or two."""


class ArchiveColumns(Columns):
    """The routes of an :class:`bgpwire.mrt.Archive` as columns."""

    def __init__(
        self,
        archive: Archive,
        fields: Iterable[str] | None = None,
        filter: Filter | None = None,
        batch_size: int = BATCH_SIZE,
        profile: str | None = None,
    ) -> None:
        super().__init__(tuple, fields, filter, batch_size, profile)
        self._archive = archive

    def _batches(self) -> Iterator[Batch]:
        if self._archive.merge:
            return self._rows()
        return self._archive._side_by_side(self._in_file, max(2, _ROWS // self._batch_size))

    def _in_file(self, file: MrtFile) -> Iterator[Batch]:
        return self._of_file(Source(file._origin.name), file._through)

    def _rows(self) -> Iterator[Batch]:
        """Of routes in order of time, which are objects."""
        kinds = [column.kind for column in self._columns]
        wanted = None if self._filter is None else self._filter.predicate
        reads: dict[str, list[Callable[[Route], Any]]] = {}
        rows = Builder(kinds)
        count = 0
        for name, route in self._archive._merged(lambda file: file.routes()):
            if wanted is not None and not wanted(route):
                continue
            if name not in reads:
                reads[name] = [column.of_source(Source(name)).read for column in self._columns]
            rows.add([read(route) for read in reads[name]])
            count += 1
            if count == self._batch_size:
                yield rows.take()
                count = 0
        if count:
            yield rows.take()
