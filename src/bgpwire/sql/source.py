"""What DuckDB reads: columns that remember what ended their reading, for DuckDB knows no exceptions of Python."""

from __future__ import annotations

from io import UnsupportedOperation
from typing import TYPE_CHECKING, Any

from bgpwire.columns.kernels import stream_capsule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bgpwire.columns.kernels import Batch
    from bgpwire.columns.reader import Columns

__all__ = ["Watched"]


class Watched:
    """Columns for Arrow's consumers. ``error`` is the first exception that came out of a reading, if one did.

    Readings may run in threads of the consumer, several at a time. ``once`` names a file that can be read only once: a
    second reading, which would find it empty, fails with ``io.UnsupportedOperation``.
    """

    def __init__(self, columns: Columns, once: str = "") -> None:
        self._columns = columns
        self._once = once
        self._begun = False
        self.error: BaseException | None = None

    def __arrow_c_schema__(self) -> Any:
        return self._columns.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        """A new reading in a capsule; ``requested_schema`` is not followed, as the protocol allows."""
        columns = self._columns._columns
        return stream_capsule([column.name for column in columns], [column.kind for column in columns], self._batches())

    def _batches(self) -> Iterator[Batch]:
        try:
            if self._begun and self._once:
                raise UnsupportedOperation(f"{self._once} can be read once, and routes are read a second time")
            self._begun = True
            yield from self._columns._batches()
        except GeneratorExit:
            raise
        except BaseException as error:
            if self.error is None:
                self.error = error
            raise
