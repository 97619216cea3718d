"""A lazy frame of Polars over archives: what its query does not ask for is not decoded."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from bgpwire.columns.files import read
from bgpwire.columns.predicates import filter_of
from bgpwire.columns.reader import BATCH_SIZE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["scan"]


def scan(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    fields: Iterable[str] | None = None,
    **options: Any,
) -> Any:
    """The routes of MRT files as a ``polars.LazyFrame``. Options are those of :func:`bgpwire.columns.read`.

    Nothing is opened before it is collected, and each collection begins anew. Of ``fields`` (the usual ones without)
    those that the query uses are decoded. What its predicates ask that a :class:`bgpwire.Filter` can say is asked
    before there are rows (docs/columns.md says what that is); all of them are applied to each batch, so that other rows
    are not kept. A limit ends the reading. An error in the reading is an exception of Polars.
    """
    try:
        import polars as pl
        from polars.io.plugins import register_io_source
    except ImportError as error:
        raise ImportError("scan takes polars: pip install 'bgpwire[polars]'") from error
    files = (paths,) if isinstance(paths, (str, os.PathLike)) else tuple(paths)
    nothing = read((), fields, **options)
    ordered = nothing.column_names
    size: int = options.pop("batch_size", BATCH_SIZE)

    def batches(
        with_columns: list[str] | None, predicate: Any, n_rows: int | None, batch_size: int | None
    ) -> Iterator[Any]:
        wanted = set(ordered if with_columns is None else with_columns)
        if predicate is not None:
            wanted.update(predicate.meta.root_names())
        # Of a query that counts rows any column is as good.
        taken = [name for name in ordered if name in wanted] or ordered[:1]
        most = min(filter(None, (size, batch_size, n_rows)))
        left = n_rows
        how = options
        if predicate is not None and n_rows is None:  # which counts rows before the predicate
            how = options | {"filter": filter_of(predicate, options.get("filter"))}
        for batch in read(files, taken, batch_size=most, **how) if n_rows != 0 else ():
            frame = pl.DataFrame(batch if left is None else batch.head(left))
            if left is not None:
                left -= len(frame)
            if predicate is not None:
                frame = frame.filter(predicate)
            yield frame.select(with_columns) if with_columns else frame
            if left == 0:
                return

    return register_io_source(batches, schema=pl.DataFrame(nothing).schema)
