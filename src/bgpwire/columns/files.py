"""Columns out of several archives."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from bgpwire.columns.reader import BATCH_SIZE, Columns
from bgpwire.mrt.file import open as open_mrt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bgpwire.columns.kernels import Batch
    from bgpwire.mrt.file import MrtFile
    from bgpwire.mrt.resync import Skip
    from bgpwire.route.filter import Filter

__all__ = ["read"]


def read(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    fields: Iterable[str] | None = None,
    *,
    filter: Filter | None = None,
    batch_size: int = BATCH_SIZE,
    add_path: Iterable[tuple[int, int]] = (),
    multiple_labels: Iterable[tuple[int, int]] = (),
    strict: bool = False,
    on_skip: Callable[[Skip], object] | None = None,
) -> Columns:
    """The routes of MRT files, one file after the other, as columns (docs/columns.md); the column ``file`` names each.

    Nothing is opened before it is read. Arguments are those of :func:`bgpwire.mrt.open` and
    :meth:`bgpwire.mrt.MrtFile.columns`; a batch has rows of one file. OSError, when it is read, for a file that cannot
    be opened.
    """
    names = [os.fspath(path) for path in ((paths,) if isinstance(paths, (str, os.PathLike)) else paths)]
    how = partial(
        open_mrt, add_path=tuple(add_path), multiple_labels=tuple(multiple_labels), strict=strict, on_skip=on_skip
    )
    return Columns(partial(_readings, names, how), fields, filter, batch_size)


def _readings(names: list[str], how: Callable[[str], MrtFile]) -> Iterator[tuple[str, Callable[..., Iterator[Batch]]]]:
    for name in names:
        with how(name) as file:
            yield name, file._through
