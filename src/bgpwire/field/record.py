"""Fields made of others: one behind the other, again and again, or perhaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import reads_again, reads_optional
from bgpwire.errors import DecodeError
from bgpwire.field.base import AnyField, Field, as_field, members_of
from bgpwire.field.choice import Depends
from bgpwire.field.form import to_json
from bgpwire.field.form_error import WRONG, inside
from bgpwire.field.octets import Reserved
from bgpwire.field.row import Row
from bgpwire.field.several import Several

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire._impl import Writer
    from bgpwire.field.walk import Walk


class Record(Row):
    """Fields one behind the other, by name; those that read ``None`` are left out."""

    __slots__ = ("members",)

    def __init__(self, members: Mapping[str, AnyField]) -> None:
        self.members = {name: as_field(member) for name, member in members.items()}
        super().__init__(tuple(self.members.items()))

    def walk(self, walk: Walk) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for name, member in self.members.items():
            value = walk(name.lstrip("_"), member.choose(out) if isinstance(member, Depends) else member)
            if value is not None:
                out[name] = value
        return out

    def write(self, writer: Writer, value: Any) -> None:
        known = 0
        for name, member in self.members.items():
            found = value.get(name)
            known += found is not None
            if isinstance(member, Depends):
                member = member.choose(value)
            try:
                member.write(writer, found)
            except WRONG as error:
                raise inside(ValueError("missing") if found is None else error, name) from None
        if known != sum(found is not None for found in value.values()):
            raise ValueError(f"no such fields: {', '.join(name for name in value if name not in self.members)}")

    @property
    def parts(self) -> tuple[tuple[str, Field], ...]:
        return tuple(self.members.items())

    def to_json(self, value: Any) -> dict[str, Any]:
        out = {}
        for name, found in value.items():
            member = self.members.get(name)
            if isinstance(member, Depends):
                member = member.choose(value)
            out[name] = to_json(found) if member is None else member.to_json(found)
        return out

    def from_json(self, form: Any) -> dict[str, Any]:
        out: dict[str, Any] = {}
        rest = dict(members_of(form))
        for name, member in self.members.items():
            if name in rest:
                if isinstance(member, Depends):
                    member = member.choose(out)
                try:
                    out[name] = member.from_json(rest.pop(name))
                except WRONG as error:
                    raise inside(error, name) from None
        if rest:
            raise ValueError(f"no such fields: {', '.join(rest)}")
        return out

    def schema(self) -> dict[str, Any]:
        shown = {
            name: member.schema()
            for name, member in self.members.items()
            if not name.startswith("_") and not isinstance(member, Reserved)
        }
        return {"type": "object", "properties": shown}


def record(**members: AnyField) -> Record:
    """Fields one behind the other, by name; those that read ``None`` are left out."""
    return Record(members)


class Repeat(Several):
    """The same field until the octets end, as a tuple."""

    __slots__ = ()

    def __init__(self, item: Field) -> None:
        super().__init__(reads_again(item.read), item)

    def walk(self, walk: Walk) -> tuple[Any, ...]:
        out: list[Any] = []
        while len(walk):
            left = len(walk)
            out.append(walk(str(len(out)), self.item))
            if len(walk) == left:
                raise DecodeError("a repeated field without octets", walk.reader.offset)
        return tuple(out)


def repeat(field: AnyField) -> Field:
    """The same field until the octets end, as a tuple."""
    return Repeat(as_field(field))


class Optional(Field):
    """The field if any octets are left, else ``None``, which ``record`` leaves out."""

    __slots__ = ("item",)

    def __init__(self, item: Field) -> None:
        super().__init__(reads_optional(item.read), item.exact)
        self.item = item

    def walk(self, walk: Walk) -> Any:
        return self.item.walk(walk) if len(walk) else None

    def write(self, writer: Writer, value: Any) -> None:
        if value is not None:
            self.item.write(writer, value)

    def restores(self, value: Any, data: bytes) -> bool:
        return value is None or self.item.restores(value, data)

    @property
    def parts(self) -> tuple[tuple[str, Field], ...]:
        return (("", self.item),)

    def to_json(self, value: Any) -> Any:
        return None if value is None else self.item.to_json(value)

    def from_json(self, form: Any) -> Any:
        return None if form is None else self.item.from_json(form)

    def schema(self) -> dict[str, Any]:
        return self.item.schema()


def optional(field: AnyField) -> Field:
    """The field if any octets are left, else ``None``, which ``record`` leaves out."""
    return Optional(as_field(field))
