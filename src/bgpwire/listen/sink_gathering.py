"""What sinks have in common that take columns: records wait until there are enough, or for so long."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from bgpwire.columns.schema import columns_of
from bgpwire.listen.gathered import Gathered
from bgpwire.listen.sink import FIELDS, SinkBase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bgpwire.columns import Columns
    from bgpwire.errors import DecodeError
    from bgpwire.listen.records import Records
    from bgpwire.route.filter import Filter
    from bgpwire.route.kernels import Event

__all__ = ["GatheringSink"]

_WAITING: Final = 4 << 20
"""Octets that wait at most, but for what one call brings."""


class GatheringSink(SinkBase):
    """The columns ``fields`` of the routes that ``filter`` admits, of 4 MiB of records at a time, or of ``flush``
    seconds. ``on_fault`` hears of messages whose routes cannot be read. ValueError for unknown columns."""

    def __init__(
        self,
        name: str,
        fields: Iterable[str] | None = None,
        filter: Filter | None = None,
        on_fault: Callable[[Event, DecodeError], object] | None = None,
        flush: float = 10,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(name)
        self._fields = [column.name for column in columns_of(FIELDS if fields is None else fields)]
        self._filter = filter
        self._on_fault = on_fault
        self._every = flush
        self._clock = clock
        self._waiting = Gathered()
        self._closed = False

    def write(self, records: Records) -> None:
        now = self._clock()
        waiting = self._waiting
        if waiting and (self._is_over(now) or waiting.size + len(records.octets) > _WAITING):
            self.flush()
        waiting.add(records, now)

    def tick(self, now: float) -> None:
        if self._waiting and (self._is_over(now) or not 0 <= now - self._waiting.since < self._every):
            self.flush()

    def flush(self) -> None:
        """Write what waits. SinkError, and it still waits."""
        waiting = self._waiting
        if waiting:
            self.routes += self._put(waiting)
            self.messages += waiting.messages
            self.octets += waiting.size
            waiting.clear()

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        try:
            self.flush()
        except OSError:
            self.lost["not written"] += self._waiting.messages
            raise
        finally:
            self._end()

    def _columns(self, waiting: Gathered, batch_size: int) -> Iterator[Columns]:
        """What is to be written."""
        for records in waiting.joined():
            yield records.columns(self._fields, self._filter, batch_size, self._on_fault)

    def _is_over(self, now: float) -> bool:
        """Whether what waits does not belong to what comes ``now``."""
        return False

    def _put(self, waiting: Gathered) -> int:
        """Write all that waits, or nothing; how many rows. SinkError."""
        raise NotImplementedError

    def _end(self) -> None:
        """Close what was opened. SinkError."""
        raise NotImplementedError
