"""MRT as a data source of Ray Data: ``ray.data.read_datasource(MrtDatasource(files))``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from bgpwire.columns.profiles import pyarrow
from bgpwire.spread.planning import plan
from bgpwire.spread.reading import read

try:
    from ray.data import Datasource, ReadTask
    from ray.data.block import BlockMetadata
except ModuleNotFoundError as error:
    raise ModuleNotFoundError("this takes ray: pip install 'bgpwire[ray]'", name=error.name) from None

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator

    from bgpwire.mrt.piece import Piece

__all__ = ["MrtDatasource"]


class MrtDatasource(Datasource):
    """The routes of MRT files, a task for each piece.

    ``size`` and ``pieces`` are those of :func:`bgpwire.spread.plan`, other arguments those of
    :func:`bgpwire.spread.read`.
    """

    def __init__(
        self,
        files: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
        fields: Iterable[str] | None = None,
        *,
        size: int | None = None,
        pieces: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__()
        self._pieces = plan(files, size=size, pieces=pieces)
        self._make = partial(_blocks, None if fields is None else list(fields), options)

    def estimate_inmemory_data_size(self) -> int | None:
        return None

    def get_read_tasks(self, parallelism: int, *limits: Any, **more: Any) -> list[Any]:
        """A task for each piece, whatever ``parallelism`` asks for: how files are cut is planned already."""
        return [ReadTask(partial(self._make, piece), _metadata(piece)) for piece in self._pieces]


def _metadata(piece: Piece) -> Any:
    return BlockMetadata(num_rows=None, size_bytes=None, input_files=[piece.file], exec_stats=None)


def _blocks(fields: list[str] | None, options: dict[str, Any], piece: Piece) -> Iterator[Any]:
    """Tables of pyarrow; one without rows where the piece has none."""
    pa = pyarrow()
    columns = read(piece, fields, profile="spark", **options)
    schema = pa.schema(columns)
    found = False
    for batch in columns:
        found = True
        yield pa.Table.from_batches([pa.record_batch(batch)], schema)
    if not found:
        yield schema.empty_table()
