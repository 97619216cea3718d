"""MRT as a data frame of Dask."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from bgpwire.columns.files import read as read_files
from bgpwire.spread.planning import plan
from bgpwire.spread.reading import read as read_piece

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from bgpwire.columns.reader import Columns
    from bgpwire.mrt.piece import Piece

__all__ = ["read"]


def read(
    files: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    fields: Iterable[str] | None = None,
    *,
    size: int | None = None,
    pieces: int | None = None,
    **options: Any,
) -> Any:
    """The routes of MRT files as a ``dask.dataframe.DataFrame``, a partition for each piece, in their order.

    ``size`` and ``pieces`` are those of :func:`bgpwire.spread.plan`, other arguments those of
    :func:`bgpwire.spread.read`. Columns have Arrow's types of 64-bit integers and plain text, so that null stays null.
    """
    try:
        from dask.dataframe import from_map
    except ImportError as error:
        raise ImportError("this takes dask and pandas: pip install 'bgpwire[dask]'") from error
    names = None if fields is None else list(fields)
    make = partial(_of_piece, names, options)
    return from_map(make, plan(files, size=size, pieces=pieces), meta=_frame(read_files((), names, profile="spark")))


def _of_piece(fields: list[str] | None, options: dict[str, Any], piece: Piece) -> Any:
    return _frame(read_piece(piece, fields, profile="spark", **options))


def _frame(columns: Columns) -> Any:
    import pandas as pd

    return columns.to_arrow().to_pandas(types_mapper=pd.ArrowDtype)
