"""The rows of a piece."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from bgpwire.columns.files import read as read_files
from bgpwire.columns.reader import BATCH_SIZE, Columns
from bgpwire.columns.schema import Source
from bgpwire.every_family import families_of
from bgpwire.mrt.piece_file import PieceFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bgpwire.columns.kernels import Batch
    from bgpwire.mrt.piece import Piece
    from bgpwire.mrt.resync import Skip
    from bgpwire.route.filter import Filter

__all__ = ["read"]


def read(
    piece: Piece,
    fields: Iterable[str] | None = None,
    *,
    filter: Filter | None = None,
    batch_size: int = BATCH_SIZE,
    add_path: Iterable[tuple[int, int]] = (),
    multiple_labels: Iterable[tuple[int, int]] = (),
    strict: bool = False,
    on_skip: Callable[[Skip], object] | None = None,
    profile: str | None = None,
) -> Columns:
    """The routes of a piece as columns; arguments are those of :func:`bgpwire.columns.read`.

    Rows are those that a reading of the whole file has there, the columns ``file`` and ``offset`` among them; what is
    stepped over is told once, by the piece that it stands in. :class:`bgpwire.MrtError`, when it is read, where the
    file has changed since it was cut.
    """
    if piece.whole:
        return read_files(
            piece.file,
            fields,
            filter=filter,
            batch_size=batch_size,
            add_path=add_path,
            multiple_labels=multiple_labels,
            strict=strict,
            on_skip=on_skip,
            profile=profile,
        )
    how = {
        "add_path": families_of(add_path),
        "multiple_labels": families_of(multiple_labels),
        "strict": strict,
        "on_skip": on_skip,
    }
    return Columns(partial(_readings, piece, how), fields, filter, batch_size, profile)


def _readings(piece: Piece, how: dict[str, Any]) -> Iterator[tuple[Source, Callable[..., Iterator[Batch]]]]:
    with PieceFile(piece, **how) as file:
        yield Source(piece.file), file._through
