"""Columns into files, batch by batch: Parquet and Arrow by pyarrow, CSV by the standard library."""

from __future__ import annotations

import csv
import io
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, BinaryIO

from bgpwire.columns.kinds import LAYOUTS, Kind
from bgpwire.columns.profiles import pyarrow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bgpwire.columns.reader import Columns, RouteBatch

    type Write = Callable[[RouteBatch], None]
    """Takes the batches of a file, in order."""

__all__ = ["arrow", "csv_text", "parquet"]

_TIMES = 1024
"""How many are kept as text; routes of one record have one, and its neighbours few."""
_EPOCH = datetime(1970, 1, 1)


@contextmanager
def parquet(out: Any, columns: Columns) -> Iterator[Write]:
    """A Parquet file, compressed by zstd, with a row group for each batch; ``out`` is a path or a binary file.

    Gives what writes a batch of ``columns``, or of others of the same names.
    """
    pa = pyarrow()
    from pyarrow import parquet as files

    with files.ParquetWriter(out, pa.schema(columns), compression="zstd") as writer:
        yield lambda batch: writer.write_batch(pa.record_batch(batch))


@contextmanager
def arrow(out: BinaryIO, columns: Columns) -> Iterator[Write]:
    """An Arrow file (the IPC format with random access), its buffers compressed by zstd.

    Text that repeats is plain text there: a file has one dictionary for all of its batches, and these have each
    their own.
    """
    pa = pyarrow()
    schema = pa.schema(
        [
            field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field
            for field in pa.schema(columns)
        ]
    )
    with pa.ipc.new_file(out, schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        yield lambda batch: writer.write_batch(pa.record_batch(batch).cast(schema))


@contextmanager
def csv_text(out: BinaryIO, columns: Columns) -> Iterator[Write]:
    """CSV (RFC 4180) in UTF-8 with a line of names; ``out`` stays open.

    Text is quoted, so that an empty one (an empty AS path) is not null, which is nothing at all; in a single column
    null is an empty text, for an empty line is no row. Times are ISO 8601 in UTC; lists are their items with blanks
    between them, whose parts have colons (``64500:1:2``); octets are hex.
    """
    text = io.TextIOWrapper(out, "utf-8", newline="", write_through=False)
    try:
        writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_STRINGS)
        writer.writerow(columns.column_names)
        forms = [(column.name, _form(column.kind)) for column in columns._columns]

        def write(batch: RouteBatch) -> None:
            rows: Iterable[tuple[Any, ...]] = zip(*(form(batch[name]) for name, form in forms), strict=True)
            writer.writerows(rows if len(forms) > 1 else (("",) if row == (None,) else row for row in rows))

        yield write
        text.flush()
    finally:
        text.detach()


def _form(kind: Kind) -> Callable[[Iterable[Any]], Iterable[Any]]:
    """What makes cells of the values of a column; None stays None."""
    match kind:
        case Kind.TIME:
            return _each(lru_cache(_TIMES)(_time))
        case Kind.BOOL:
            return _each(("false", "true").__getitem__)
        case Kind.OCTETS | Kind.ADDRESS:
            return _each(bytes.hex)
        case Kind.TRIPLES | Kind.SEGMENTS:
            return _each(lambda items: " ".join(":".join(map(str, item)) for item in items))
    return _each(lambda items: " ".join(map(str, items))) if LAYOUTS[kind].format == b"+l" else iter


def _each(form: Callable[[Any], str]) -> Callable[[Iterable[Any]], Iterator[str | None]]:
    return lambda values: (None if value is None else form(value) for value in values)


def _time(microseconds: int) -> str:
    return (_EPOCH + timedelta(microseconds=microseconds)).isoformat(timespec="microseconds") + "Z"
