"""What is heard as rows of a table of a DuckDB database."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from bgpwire.columns.reader import BATCH_SIZE, Columns
from bgpwire.listen.sink import SinkError, failing
from bgpwire.listen.sink_gathering import GatheringSink
from bgpwire.sql.answer import duckdb
from bgpwire.sql.source import Watched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bgpwire.errors import DecodeError
    from bgpwire.listen.gathered import Gathered
    from bgpwire.route.filter import Filter
    from bgpwire.route.kernels import Event

__all__ = ["DuckDbSink"]

_BATCH: Final = "_bgpwire_batch"


class DuckDbSink(GatheringSink):
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
        super().__init__("duckdb", fields, filter, on_fault, flush, clock)
        self._module = duckdb()
        self._table = '"' + table.replace('"', '""') + '"'
        with failing(self.name, self._module.Error):
            self._connection = self._module.connect(os.fspath(path))
        try:
            with failing(self.name, self._module.Error):
                self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def _put(self, waiting: Gathered) -> int:
        rows = 0
        with failing(self.name, self._module.Error):
            self._connection.execute("begin")
            try:
                for columns in self._columns(waiting, BATCH_SIZE):
                    rows += self._append(columns)
                self._connection.execute("commit")
            except BaseException:
                with suppress(self._module.Error):  # what failed may have ended the transaction
                    self._connection.execute("rollback")
                raise
            finally:
                # Behind the transaction: in one that failed nothing is done any more.
                with suppress(self._module.Error):
                    self._connection.unregister(_BATCH)
        return rows

    def _end(self) -> None:
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

    def _append(self, columns: Columns) -> int:
        source = Watched(columns)
        self._register(source)
        try:
            found = self._connection.execute(f"insert into {self._table} by name from {_BATCH}").fetchone()
        except self._module.Error as error:
            # What came out of a reading is the reason of what DuckDB says.
            raise source.error or error from None
        return int(found[0])

    def _register(self, source: Any) -> None:
        self._connection.register(_BATCH, source)
