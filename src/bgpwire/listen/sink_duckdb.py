"""What is heard as rows of a table of a DuckDB database."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from bgpwire.columns.reader import Columns
from bgpwire.columns.schema import columns_of
from bgpwire.listen.gathered import Gathered
from bgpwire.listen.sink import FIELDS, SinkBase, SinkError, failing
from bgpwire.sql.answer import duckdb
from bgpwire.sql.source import Watched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bgpwire.errors import DecodeError
    from bgpwire.listen.records import Records
    from bgpwire.route.filter import Filter
    from bgpwire.route.kernels import Event

__all__ = ["DuckDbSink"]

_WAITING: Final = 4 << 20
"""Octets of records that wait to be decoded."""
_BATCH: Final = "_bgpwire_batch"


class DuckDbSink(SinkBase):
    """Appends the routes that ``filter`` admits to ``table`` in the database file ``path``, both made if they are not
    there, with the columns ``fields`` (docs/columns.md).

    A table that is there needs columns of these names; it may have others, which are null. Records wait until there are
    4 MiB of them, for ``flush`` seconds at most, and each time are appended in one transaction. The database is open as
    long as the sink is, and DuckDB lets no other process into it meanwhile. ``on_fault`` hears of messages whose routes
    cannot be read. ImportError without duckdb, ValueError for unknown columns, SinkError.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        table: str = "routes",
        fields: Iterable[str] | None = None,
        filter: Filter | None = None,
        on_fault: Callable[[Event, DecodeError], object] | None = None,
        flush: float = 10,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__("duckdb")
        self._module = duckdb()
        self._fields = [column.name for column in columns_of(FIELDS if fields is None else fields)]
        self._table = '"' + table.replace('"', '""') + '"'
        self._filter = filter
        self._on_fault = on_fault
        self._every = flush
        self._clock = clock
        self._waiting = Gathered()
        self._closed = False
        with failing(self.name, self._module.Error):
            self._connection = self._module.connect(os.fspath(path))
        try:
            with failing(self.name, self._module.Error):
                self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def write(self, records: Records) -> None:
        if self._waiting and self._waiting.size + len(records.octets) > _WAITING:
            self.flush()
        self._waiting.add(records, self._clock())

    def tick(self, now: float) -> None:
        if self._waiting and not 0 <= now - self._waiting.since < self._every:
            self.flush()

    def flush(self) -> None:
        """Append what waits. SinkError, and it still waits."""
        waiting = self._waiting
        if not waiting:
            return
        rows = 0
        with failing(self.name, self._module.Error):
            self._connection.execute("begin")
            try:
                for records in waiting.joined():
                    rows += self._append(records)
                self._connection.execute("commit")
            except BaseException:
                with suppress(self._module.Error):  # what failed may have ended the transaction
                    self._connection.execute("rollback")
                raise
            finally:
                # Behind the transaction: in one that failed nothing is done any more.
                with suppress(self._module.Error):
                    self._connection.unregister(_BATCH)
        self.routes += rows
        self.messages += waiting.messages
        self.octets += waiting.size
        waiting.clear()

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        try:
            self.flush()
        except SinkError:
            self.lost["not written"] += self._waiting.messages
            raise
        finally:
            with failing(self.name, self._module.Error):
                self._connection.close()

    def _prepare(self) -> None:
        self._register(Watched(Columns(tuple, self._fields)))
        self._connection.execute(f"create table if not exists {self._table} as from {_BATCH} limit 0")
        self._connection.unregister(_BATCH)
        there = {
            name for (name,) in self._connection.execute(f"select column_name from (describe {self._table})").fetchall()
        }
        missing = [name for name in self._fields if name not in there]
        if missing:
            raise SinkError(self.name, f"the table {self._table} is there, and has no column {', '.join(missing)}")

    def _append(self, records: Records) -> int:
        source = Watched(records.columns(self._fields, self._filter, on_fault=self._on_fault))
        self._register(source)
        try:
            found = self._connection.execute(f"insert into {self._table} by name from {_BATCH}").fetchone()
        except self._module.Error as error:
            # What came out of a reading is the reason of what DuckDB says.
            raise source.error or error from None
        return int(found[0])

    def _register(self, source: Any) -> None:
        self._connection.register(_BATCH, source)
