"""What fields have in common that are the same field several times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.field.base import Field, each_restores, items_of
from bgpwire.field.form_error import each

if TYPE_CHECKING:
    from bgpwire._impl import Writer
    from bgpwire.field.base import Reads
    from bgpwire.field.walk import Walk


class Several(Field):
    """Values of one field, as a tuple."""

    __slots__ = ("_front", "item")

    def __init__(self, read: Reads, item: Field, width: int | None = None, front: int = 0) -> None:
        """``front`` octets stand in front of the first value."""
        super().__init__(read, item.exact, width)
        self.item = item
        self._front = front

    def walk_times(self, walk: Walk, count: int) -> tuple[Any, ...]:
        """``count`` values, each a part that is called by its place."""
        return tuple([walk(str(place), self.item) for place in range(count)])

    def write(self, writer: Writer, value: Any) -> None:
        write = self.item.write
        each(lambda item: write(writer, item), value)

    def restores(self, value: Any, data: bytes) -> bool:
        item, width = self.item, self.item.width
        if item.exact:
            return True
        if width is None:
            return each_restores([item] * len(value), data[self._front :])
        places = range(self._front, len(data), width)
        return all(item.restores(found, data[at : at + width]) for at, found in zip(places, value, strict=True))

    @property
    def parts(self) -> tuple[tuple[str, Field], ...]:
        return (("", self.item),)

    def to_json(self, value: Any) -> list[Any]:
        return [self.item.to_json(item) for item in value]

    def from_json(self, form: Any) -> tuple[Any, ...]:
        return tuple(each(self.item.from_json, items_of(form)))

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.item.schema()}
