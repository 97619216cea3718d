"""Columns out of several archives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.columns.archive import ArchiveColumns
from bgpwire.columns.reader import BATCH_SIZE
from bgpwire.mrt.archive import Archive
from bgpwire.mrt.places import names_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable

    from bgpwire.columns.reader import Columns
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
    merge: bool = False,
) -> Columns:
    """The routes of MRT files, one file after the other, as columns (docs/columns.md); the column ``file`` names each.

    ``paths`` are files, folders, patterns and URLs, as :func:`bgpwire.open` takes them; other than there, a file that
    cannot be opened is an OSError when it is read, for a table without it would be a wrong answer. Nothing is opened
    before. Arguments are those of :func:`bgpwire.open` and :meth:`bgpwire.mrt.MrtFile.columns`; a batch has rows of one
    file, merged ones of many.

    ``threads`` are as many files as are decoded side by side, or pieces of plain files of more than 32 MiB, with which
    batches end; if there are fewer, the rest of the threads decompress beside them. Rows, their order, what ``on_skip``
    hears and when, warnings and exceptions are those of one thread; a million rows of each file wait in memory at most,
    and of as many files more as there are threads, so that a thread waits too while an earlier file is read. Where
    order does not matter, ``ordered=False`` gives batches as they are made, those of one file in their order. A reading
    that is dropped ends its threads.
    """
    archive = Archive(
        names_of(paths),
        merge=merge,
        add_path=add_path,
        multiple_labels=multiple_labels,
        strict=strict,
        on_skip=None if on_skip is None else lambda _, skip: on_skip(skip),
        threads=threads,
        ordered=ordered,
        lenient=False,
    )
    return ArchiveColumns(archive, fields, filter, batch_size, profile)
