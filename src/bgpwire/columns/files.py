"""Columns out of several archives."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from bgpwire.columns.reader import BATCH_SIZE, Columns
from bgpwire.columns.threads import side_by_side
from bgpwire.mrt.file import open as open_mrt
from bgpwire.mrt.file import warn

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
    threads: int = 1,
    ordered: bool = True,
    profile: str | None = None,
) -> Columns:
    """The routes of MRT files, one file after the other, as columns (docs/columns.md); the column ``file`` names each.

    Nothing is opened before it is read. Arguments are those of :func:`bgpwire.mrt.open` and
    :meth:`bgpwire.mrt.MrtFile.columns`; a batch has rows of one file. OSError, when it is read, for a file that cannot
    be opened.

    ``threads`` are as many files as are decoded side by side; if there are fewer, the rest of the threads decompress
    beside them. Rows, their order, what ``on_skip`` hears and when, warnings and exceptions are those of one thread; a
    few batches of each file wait in memory, so that a thread waits too while an earlier file is read. Where order does
    not matter, ``ordered=False`` gives batches as they are made, those of one file in their order. A reading that is
    dropped ends its threads.
    """
    if threads < 1:
        raise ValueError(f"{threads} threads")
    names = [os.fspath(path) for path in ((paths,) if isinstance(paths, (str, os.PathLike)) else paths)]
    how = partial(
        open_mrt,
        add_path=tuple(add_path),
        multiple_labels=tuple(multiple_labels),
        strict=strict,
        threads=max(1, threads // max(1, len(names))),
    )
    if min(threads, len(names)) > 1:
        return _Threaded(names, how, threads, ordered, on_skip, fields, filter, batch_size, profile)
    return Columns(partial(_readings, names, partial(how, on_skip=on_skip)), fields, filter, batch_size, profile)


def _readings(names: list[str], how: Callable[[str], MrtFile]) -> Iterator[tuple[str, Callable[..., Iterator[Batch]]]]:
    for name in names:
        with how(name) as file:
            yield name, file._through


class _Threaded(Columns):
    """Columns of several files that are read in threads."""

    def __init__(
        self,
        names: list[str],
        how: Callable[..., MrtFile],
        threads: int,
        ordered: bool,
        on_skip: Callable[[Skip], object] | None,
        fields: Iterable[str] | None,
        filter: Filter | None,
        batch_size: int,
        profile: str | None,
    ) -> None:
        super().__init__(tuple, fields, filter, batch_size, profile)
        self._names = names
        self._how = how
        self._threads = threads
        self._ordered = ordered
        self._on_skip = on_skip

    def _batches(self) -> Iterator[Batch]:
        return side_by_side(
            self._names,
            lambda name, on_skip: self._how(name, on_skip=on_skip),
            lambda name, file: self._of_file(name, file._through),
            self._threads,
            self._ordered,
            self._on_skip,
            warn,
        )
