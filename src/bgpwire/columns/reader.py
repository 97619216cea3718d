"""Columns out of an archive: batches for Arrow's consumers, decoded as they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.columns.kernels import Builder, iter_batches, schema_capsule, stream_capsule
from bgpwire.columns.profiles import cast_batch, cast_schema, check, pyarrow
from bgpwire.columns.schema import columns_of
from bgpwire.columns.writers import parquet

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    from bgpwire.columns.kernels import Batch
    from bgpwire.columns.schema import Column, Source
    from bgpwire.route.filter import Filter

__all__ = ["Columns", "RouteBatch"]

BATCH_SIZE = 65536


class RouteBatch:
    """Rows of columns: ``batch["prefix"]`` is a list of Python values; Arrow's consumers take it as it is."""

    __slots__ = ("_batch", "_columns", "_profile")

    def __init__(self, columns: Sequence[Column], batch: Batch, profile: str | None = None) -> None:
        self._columns = tuple(columns)
        self._batch = batch
        self._profile = profile

    def __len__(self) -> int:
        return self._batch.num_rows

    @property
    def num_rows(self) -> int:
        return self._batch.num_rows

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self._columns]

    def __getitem__(self, name: str) -> list[Any]:
        """The values of a column, ``None`` for null; docs/columns.md says of what types. KeyError for another name."""
        for index, column in enumerate(self._columns):
            if column.name == name:
                return self._batch.column(index)
        raise KeyError(name)

    def to_pydict(self) -> dict[str, list[Any]]:
        """All columns as lists, by name."""
        return {name: self[name] for name in self.column_names}

    def head(self, rows: int) -> RouteBatch:
        """The first ``rows`` rows, all there are if there are no more."""
        if rows >= len(self):
            return self
        made = Builder([column.kind for column in self._columns])
        for row in zip(*(self[name][: max(rows, 0)] for name in self.column_names), strict=True):
            made.add(row)
        return RouteBatch(self._columns, made.take(), self._profile)

    def __arrow_c_schema__(self) -> Any:
        return _schema(self._columns, self._profile)

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[Any, Any]:
        """The schema and the columns, in capsules; ``requested_schema`` is not followed, as the protocol allows."""
        if self._profile is not None:
            batch = pyarrow().record_batch(RouteBatch(self._columns, self._batch))
            capsules: tuple[Any, Any] = cast_batch(batch, cast_schema(batch.schema)).__arrow_c_array__()
            return capsules
        return _schema(self._columns), self._batch.capsule()

    def __repr__(self) -> str:
        return f"<RouteBatch of {len(self)} rows: {', '.join(self.column_names)}>"


class Columns:
    """The routes of an archive as columns. Nothing is read before it is asked for, and each reading begins anew.

    Iterating gives :class:`RouteBatch` objects. Whatever takes ``__arrow_c_stream__`` reads it as it is: DuckDB,
    Polars, pandas, pyarrow. Each call of that opens a reading of its own, so that the same object answers any number of
    queries; of what can be read only once (a pipe) the second reading fails with ``io.UnsupportedOperation``.
    """

    def __init__(
        self,
        readings: Callable[[], Iterable[tuple[Source, Callable[..., Iterator[Batch]]]]],
        fields: Iterable[str] | None = None,
        filter: Filter | None = None,
        batch_size: int = BATCH_SIZE,
        profile: str | None = None,
    ) -> None:
        """``readings()`` gives a source, and what begins a reading of it by ``make(*arguments)``, for each in turn.

        See :meth:`bgpwire.mrt.MrtFile.columns` for the rest.
        """
        if batch_size < 1:
            raise ValueError(f"batches of {batch_size} rows")
        self._readings = readings
        self._columns = columns_of(fields)
        self._filter = filter
        self._batch_size = batch_size
        self._profile = check(profile)

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self._columns]

    def _batches(self) -> Iterator[Batch]:
        for source, begin in self._readings():
            yield from self._of_file(source, begin)

    def _of_file(self, source: Source, begin: Callable[..., Iterator[Batch]]) -> Iterator[Batch]:
        columns = [column.of_source(source) for column in self._columns]
        return begin(iter_batches, columns, self._batch_size, self._filter)

    def __iter__(self) -> Generator[RouteBatch]:
        for batch in self._batches():
            yield RouteBatch(self._columns, batch, self._profile)

    def __arrow_c_schema__(self) -> Any:
        """The schema in a capsule; the archive is not touched."""
        return _schema(self._columns, self._profile)

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        """A new reading in a capsule; ``requested_schema`` is not followed, as the protocol allows."""
        if self._profile is not None:
            pa = pyarrow()
            reader = pa.RecordBatchReader.from_batches(pa.schema(self), map(pa.record_batch, self))
            return reader.__arrow_c_stream__()
        return stream_capsule(*_names_and_kinds(self._columns), self._batches())

    def to_arrow(self) -> Any:
        """A ``pyarrow.Table``."""
        pa = pyarrow()
        return pa.Table.from_batches(map(pa.record_batch, self), pa.schema(self))

    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame``; pandas needs pyarrow for it."""
        return self.to_arrow().to_pandas()

    def to_polars(self) -> Any:
        """A ``polars.DataFrame``."""
        try:
            import polars as pl
        except ImportError as error:
            raise ImportError("this takes polars: pip install 'bgpwire[polars]'") from error
        return pl.DataFrame(self)

    def to_parquet(self, path: str | os.PathLike[str]) -> int:
        """Write a Parquet file by pyarrow, compressed by zstd, batch by batch; how many rows it has."""
        rows = 0
        with parquet(path, self) as write:
            for batch in self:
                write(batch)
                rows += len(batch)
        return rows

    def __repr__(self) -> str:
        return f"<Columns {', '.join(self.column_names)}>"


class _Plain:
    """The schema of columns as they are decoded."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns

    def __arrow_c_schema__(self) -> Any:
        return _schema(self._columns)


def _names_and_kinds(columns: Sequence[Column]) -> tuple[list[str], list[int]]:
    return [column.name for column in columns], [column.kind for column in columns]


def _schema(columns: Sequence[Column], profile: str | None = None) -> Any:
    if profile is not None:
        return cast_schema(pyarrow().schema(_Plain(columns))).__arrow_c_schema__()
    return schema_capsule(*_names_and_kinds(columns))
