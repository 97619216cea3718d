"""The components of one flow specification as a field: in their order, those that are unknown or malformed too."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from bgpwire._impl import Prefix, Reader
from bgpwire.errors import DecodeError
from bgpwire.field import UNKNOWN, Field, octets, u8
from bgpwire.field.address import bits_behind
from bgpwire.field.base import integer_of, items_of, members_of, octets_of
from bgpwire.nlri.flowspec_component import Component, OffsetPrefix, component_of, read_components

if TYPE_CHECKING:
    from bgpwire._impl import Writer
    from bgpwire.field import Walk
    from bgpwire.nlri.flowspec_component import Row


class Components(Field):
    """Components until the octets end; ``read`` raises the first thing wrong with them, :meth:`salvage` returns it."""

    __slots__ = ("table",)

    def __init__(self, table: dict[int, Row]) -> None:
        def read(reader: Reader) -> tuple[Component, ...]:
            found, error = read_components(reader, table)
            if error is not None:
                raise error.fresh()
            return found

        super().__init__(read, exact=False)
        self.table = table

    def salvage(self, reader: Reader) -> tuple[tuple[Component, ...], DecodeError | None]:
        """The components, and the first fault. Leaves no octets."""
        return read_components(reader, self.table)

    def walk(self, walk: Walk) -> tuple[Component, ...]:
        begin, data = walk.reader.offset, walk.reader.ahead(len(walk))
        found, error = self.salvage(Reader(data, base=begin))
        with suppress(DecodeError):  # one that is malformed is the first fault, or the last
            for component in found:
                walk.part(component.name or f"component_{component.type}", self._walk_one)
        if error is not None:
            raise error.fresh()
        return found

    def _walk_one(self, walk: Walk) -> None:
        row = self.table.get(walk("type", u8))
        if row is None:
            walk(UNKNOWN, octets)
        else:
            walk.spread("value", row.field)

    def write(self, writer: Writer, value: Any) -> None:
        for component in value:
            writer.u8(component.type)
            if isinstance(component.value, bytes):
                writer.octets(component.value)
            else:
                self.table[component.type].field.write(writer, component.value)

    def restores(self, value: Any, data: bytes) -> bool:
        """Whether each component does. All values but that of a pattern keep all of their octets."""
        patterns = False
        for component in value:
            found = component.value
            if isinstance(found, tuple):
                if not self.table[component.type].field.restores(found, data):
                    return False
            elif isinstance(found, Prefix):
                if bits_behind(bytes(found)):
                    return False
            elif isinstance(found, bytes):
                if self._component(component.json()).value != found:
                    return False
            else:
                patterns = patterns or isinstance(found, OffsetPrefix)
        return not patterns or self.encode(value) == data

    @property
    def parts(self) -> tuple[tuple[str, Field], ...]:
        return tuple((row.name, row.field) for row in self.table.values())

    def from_json(self, form: Any) -> tuple[Component, ...]:
        return tuple(self._component(members_of(item)) for item in items_of(form))

    def _component(self, form: dict[str, Any]) -> Component:
        kind, value = integer_of(form.get("type")), form.get("value")
        row = self.table.get(kind)
        if row is None:
            return component_of(kind, row, octets_of(value))
        try:
            return component_of(kind, row, row.field.from_json(value))
        except ValueError:
            # The octets of one that is malformed.
            return component_of(kind, row, octets_of(value))

    def schema(self) -> dict[str, Any]:
        rows = [
            {"properties": {"type": {"const": kind}, "name": {"const": row.name}, "value": row.field.schema()}}
            for kind, row in self.table.items()
        ]
        return {"type": "array", "items": {"type": "object", "required": ["type", "value"], "anyOf": [*rows, {}]}}
