"""Fields one behind the other: which of them may not tell all of their octets, and where these stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import reads_record
from bgpwire.field.base import Field, Reads, each_restores
from bgpwire.field.choice import Depends
from bgpwire.field.number import Number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

type Step = tuple[str | None, int, Reads]
"""One of the fields that ``reads_record`` takes: its name, its size if it is a number, what reads it."""
type Place = slice | None
"""Where the octets of a field stand among those of all; ``None`` where fields on both sides of it vary in width."""


class Row(Field):
    """Fields one behind the other, whose values are one record.

    They come in the order of the wire with the name of each in the record; ``None``: its value is part of the record.
    """

    __slots__ = ("_inexact", "_row", "steps")

    def __init__(self, row: Sequence[tuple[str | None, Field]]) -> None:
        steps = tuple(step for name, field in row for step in _steps(name, field))
        fields = [field for _, field in row]
        self.steps: tuple[Step, ...] | None = steps
        super().__init__(reads_record(steps), all(field.exact for field in fields), _added(fields))
        self._row = fields
        self._inexact = tuple(
            (name, field, place) for (name, field), place in zip(row, _places(fields), strict=True) if not field.exact
        )

    def restores(self, value: Any, data: bytes) -> bool:
        """Whether each field that is not exact restores its octets. Those of the others are not looked at."""
        for name, field, place in self._inexact:
            if isinstance(field, Depends):
                field = field.choose(value)
                if field.exact:
                    continue
            if place is None:
                return each_restores(
                    (one.choose(value) if isinstance(one, Depends) else one for one in self._row), data
                )
            if not field.restores(value if name is None else value.get(name), data[place]):
                return False
        return True


def _steps(name: str | None, field: Field) -> tuple[Step, ...]:
    if name is None and isinstance(field, Row) and field.steps is not None:
        return field.steps
    return ((name, field.size if isinstance(field, Number) else 0, field.read),)


def _added(fields: Iterable[Field]) -> int | None:
    """The widths of ``fields`` one behind the other; ``None`` where one varies."""
    total = 0
    for field in fields:
        if field.width is None:
            return None
        total += field.width
    return total


def _places(fields: Sequence[Field]) -> list[Place]:
    """Where each of ``fields`` stands: counted from the first octet of all, or from the last."""
    out: list[Place] = []
    for at, field in enumerate(fields):
        before, behind = _added(fields[:at]), _added(fields[at + 1 :])
        if before is not None and field.width is not None:
            out.append(slice(before, before + field.width))
        elif behind is not None and field.width is not None:
            out.append(slice(-behind - field.width, -behind or None))
        elif before is not None and behind is not None:
            out.append(slice(before, -behind or None))
        else:
            out.append(None)
    return out
