"""The same field a number of times: always as many, or as many as a count in front says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import reads_counted, reads_times
from bgpwire.field.number import number
from bgpwire.field.several import Several

if TYPE_CHECKING:
    from bgpwire._impl import Writer
    from bgpwire.field.base import Field
    from bgpwire.field.walk import Walk


class Times(Several):
    """The same field so many times; see :func:`times`."""

    __slots__ = ("count",)

    def __init__(self, count: int, item: Field) -> None:
        super().__init__(reads_times(item.read, count), item, None if item.width is None else count * item.width)
        self.count = count

    def walk(self, walk: Walk) -> tuple[Any, ...]:
        return self.walk_times(walk, self.count)

    def write(self, writer: Writer, value: Any) -> None:
        if len(value) != self.count:
            raise ValueError(f"{len(value)} values in place of {self.count}")
        super().write(writer, value)

    def schema(self) -> dict[str, Any]:
        return super().schema() | {"minItems": self.count, "maxItems": self.count}


def times(count: int, field: Field) -> Field:
    """``field``, ``count`` times, as a tuple."""
    return Times(count, field)


class Counted(Several):
    """The same field behind the number of times; see :func:`counted`."""

    __slots__ = ("size",)

    def __init__(self, item: Field, size: int) -> None:
        super().__init__(reads_counted(item.read, size), item, front=size)
        self.size = size

    def walk(self, walk: Walk) -> tuple[Any, ...]:
        return self.walk_times(walk, walk("count", number(self.size)))

    def write(self, writer: Writer, value: Any) -> None:
        writer.uint(len(value), self.size)
        super().write(writer, value)


def counted(field: Field, size: int) -> Field:
    """How often ``field`` comes, in ``size`` octets, and it so many times, as a tuple. ``field`` takes octets."""
    return Counted(field, size)
