"""What is heard as Parquet: files of some minutes each."""

from __future__ import annotations

import io
import os
import time
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from bgpwire.columns.profiles import pyarrow
from bgpwire.listen.periods import Periods
from bgpwire.listen.rotation import Rotation
from bgpwire.listen.sink_gathering import GatheringSink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bgpwire.errors import DecodeError
    from bgpwire.listen.gathered import Gathered
    from bgpwire.route.filter import Filter
    from bgpwire.route.kernels import Event

__all__ = ["ParquetSink"]

_ROWS: Final = 1 << 17
_SIZE: Final = 64 << 20
"""Rows, or octets of columns, of a row group: what is held at a time where a file is made, beside what pyarrow makes of
it."""


class ParquetSink(GatheringSink):
    """Writes files of ``rotate`` seconds each into ``folder``, with the columns ``fields`` (docs/columns.md) of the
    routes that ``filter`` admits; ``on_fault`` hears of messages whose routes cannot be read.

    Records wait until there are 4 MiB of them, for ``flush`` seconds at most, and then are decoded into the spool of
    the period (:mod:`bgpwire.listen.rotation`), where they are safe from the end of the process, as Arrow. A file has
    row groups of 131,072 rows or 64 MiB. Rows of one source and table are in the order in which they came; several
    sources stand in it by turns. ImportError without pyarrow, ValueError for unknown columns, SinkError.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        rotate: int = 300,
        name: str = "routes.{time}.parquet",
        fields: Iterable[str] | None = None,
        filter: Filter | None = None,
        on_fault: Callable[[Event, DecodeError], object] | None = None,
        flush: float = 10,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__("parquet", fields, filter, on_fault, flush, clock)
        pyarrow()
        self._rotation = Rotation(os.fspath(folder), Periods(name, rotate), _make, self.name)

    @property
    def files(self) -> int:
        """How many there are by now."""
        return self._rotation.files

    @property
    def recovered(self) -> tuple[str, ...]:
        """Names of files that an earlier process left, and that this one completes."""
        return self._rotation.recovered

    def tick(self, now: float) -> None:
        super().tick(now)
        self._rotation.tick(now)

    def _put(self, waiting: Gathered) -> int:
        made = _Pieces()
        self._rotation.append(made.of(chain.from_iterable(self._batches_of(waiting))), waiting.since)
        return made.rows

    def _end(self) -> None:
        self._rotation.close()

    def _is_over(self, now: float) -> bool:
        """Whether what waits is of another period."""
        begin = self._rotation.periods.begin
        return begin(now) != begin(self._waiting.since)

    def _batches_of(self, waiting: Gathered) -> Iterator[Iterable[Any]]:
        """The record batches of what waits."""
        return (map(pyarrow().record_batch, columns) for columns in self._columns(waiting, _ROWS))


class _Pieces:
    """A stream of Arrow of each batch: dictionaries are those of a stream, and what is behind a torn one can be
    told apart."""

    def __init__(self) -> None:
        self.rows = 0

    def of(self, batches: Iterable[Any]) -> Iterator[bytes]:
        pa = pyarrow()
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        for batch in batches:
            self.rows += batch.num_rows
            out = io.BytesIO()
            with pa.ipc.new_stream(out, batch.schema, options=options) as stream:
                stream.write_batch(batch)
            yield out.getvalue()


def _batches(spool: BinaryIO) -> Iterator[Any]:
    """The batches of a spool, as far as they are whole."""
    pa = pyarrow()
    size = os.fstat(spool.fileno()).st_size
    while spool.tell() < size:
        try:
            with pa.ipc.open_stream(spool) as stream:
                yield from list(stream)
        except pa.ArrowInvalid:
            return
        except OSError as error:
            if error.errno is not None:  # the disk, and not what stands on it
                raise
            return


def _make(spool: BinaryIO, out: BinaryIO) -> bool:
    """A Parquet file of a spool."""
    pa = pyarrow()
    from pyarrow import parquet as files

    writer: Any = None
    waiting: list[Any] = []
    size = rows = 0

    def group() -> None:
        table = pa.Table.from_batches(waiting).unify_dictionaries()
        writer.write_table(table, row_group_size=max(rows, 1))
        waiting.clear()

    try:
        for batch in _batches(spool):
            if writer is None:
                writer = files.ParquetWriter(out, batch.schema, compression="zstd")
            if waiting and (rows + batch.num_rows > _ROWS or size + batch.nbytes > _SIZE):
                group()
                size = rows = 0
            waiting.append(batch)
            rows += batch.num_rows
            size += batch.nbytes
        if writer is None:
            return False
        group()
        writer.close()
    except BaseException:
        if writer is not None:
            # Or it would write its end when it is let go, where there is no file any more.
            writer.is_open = False
        raise
    return True
