"""What ``bgpwire convert`` makes: kinds of files, by their names, and what writes one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bgpwire.columns import Columns
    from bgpwire.columns.writers import Write

__all__ = ["KINDS", "PIECE", "Kind", "kind_of", "writing"]

PIECE = 4096
"""Records between two looks at the progress bar."""


class Kind(NamedTuple):
    """What is made: ``parquet``, ``arrow``, ``csv`` or ``mrt``, and how it is packed."""

    form: str
    packed: str = ""


KINDS = {
    ".parquet": Kind("parquet"),
    ".arrow": Kind("arrow"),
    ".csv": Kind("csv"),
    ".csv.gz": Kind("csv", ".gz"),
    ".csv.zst": Kind("csv", ".zst"),
    ".mrt": Kind("mrt"),
    ".mrt.gz": Kind("mrt", ".gz"),
    ".mrt.zst": Kind("mrt", ".zst"),
}


def kind_of(name: str) -> Kind | None:
    """What the name of a file, without its folder, asks for."""
    return next((kind for suffix, kind in KINDS.items() if name.endswith(suffix) and name != suffix), None)


@contextmanager
def writing(out: BinaryIO, kind: Kind, columns: Columns) -> Iterator[Write]:
    """What writes batches of ``columns`` into ``out``. ImportError where that takes what is not installed."""
    from bgpwire.columns import writers

    make: Any = {"parquet": writers.parquet, "arrow": writers.arrow, "csv": writers.csv_text}[kind.form]
    with make(out, columns) as write:
        yield write
