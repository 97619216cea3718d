"""A batch of columns: values in, buffers of Arrow out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

from bgpwire._python.arrow import array_capsule
from bgpwire._python.rows import values_of
from bgpwire.columns.kinds import LAYOUTS, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Batch", "Builder"]


@final
class Builder:
    """Takes rows, gives a :class:`Batch` of those taken so far. ``kinds`` says what each column holds."""

    __slots__ = ("_columns", "_kinds")

    def __init__(self, kinds: Sequence[int]) -> None:
        self._kinds = tuple(Kind(kind) for kind in kinds)
        self._columns: list[list[Any]] = [[] for _ in self._kinds]

    def add(self, row: Sequence[Any]) -> None:
        """Append a row: one value for each column, ``None`` for null."""
        for column, value in zip(self._columns, row, strict=True):
            column.append(value)

    def take(self) -> Batch:
        """The rows so far, and an empty builder."""
        batch = Batch(self._kinds, self._columns)
        self._columns = [[] for _ in self._kinds]
        return batch


@final
class Batch:
    """Rows of columns, each as Python values and as buffers of Arrow."""

    __slots__ = ("_columns", "_kinds", "num_rows")
    num_rows: int

    def __init__(self, kinds: Sequence[int], columns: Sequence[list[Any]]) -> None:
        self._kinds = tuple(Kind(kind) for kind in kinds)
        self._columns = columns
        self.num_rows = len(columns[0]) if columns else 0

    def column(self, index: int) -> list[Any]:
        """The values of a column, as they were added; lists are the caller's own."""
        values = self._columns[index]
        if LAYOUTS[self._kinds[index]].format == b"+l":
            # They may be shared by several rows, and be tuples.
            return [None if value is None else list(value) for value in values]
        return list(values)

    def capsule(self) -> Any:
        """A capsule ``arrow_array``: a structure whose children are the columns."""
        columns = zip(self._kinds, self._columns, strict=True)
        return array_capsule(self.num_rows, [values_of(LAYOUTS[kind], column) for kind, column in columns])
