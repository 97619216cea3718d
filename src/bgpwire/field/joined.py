"""Records in several pieces: joined, chosen by what stands in front, or with the lengths of all members in front."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.field.base import Field, members_of
from bgpwire.field.form_error import member as member_of
from bgpwire.field.number import u8
from bgpwire.field.octets import reserved
from bgpwire.field.row import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bgpwire._impl import Reader, Writer
    from bgpwire.field.walk import Walk


class Joined(Row):
    """Records one behind the other whose members are one record."""

    __slots__ = ("_fields",)

    def __init__(self, fields: tuple[Field, ...]) -> None:
        super().__init__([(None, field) for field in fields])
        self._fields = tuple((field, _names(field)) for field in fields)

    def walk(self, walk: Walk) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for field, names in self._fields:
            out |= walk.spread("_".join(names), field)
        return out

    def write(self, writer: Writer, value: Any) -> None:
        for field, part in self._split(value):
            field.write(writer, part)

    def _split(self, value: Mapping[str, Any]) -> list[tuple[Field, dict[str, Any]]]:
        out = [(field, {name: value[name] for name in names if name in value}) for field, names in self._fields]
        if sum(len(part) for _, part in out) != len(value):
            raise ValueError(f"no such fields among {', '.join(value)}")
        return out

    @property
    def parts(self) -> tuple[tuple[str, Field], ...]:
        return tuple(part for field, _ in self._fields for part in field.parts)

    @property
    def members(self) -> dict[str, Field]:
        """The named parts."""
        return {name: part for name, part in self.parts if name}

    def to_json(self, value: Any) -> dict[str, Any]:
        return {name: form for field, part in self._split(value) for name, form in field.to_json(part).items()}

    def from_json(self, form: Any) -> dict[str, Any]:
        return {
            name: found
            for field, part in self._split(members_of(form))
            for name, found in field.from_json(part).items()
        }

    def schema(self) -> dict[str, Any]:
        shown = {name: part for field, _ in self._fields for name, part in field.schema()["properties"].items()}
        return {"type": "object", "properties": shown}


def _names(field: Field) -> tuple[str, ...]:
    return tuple(field.schema()["properties"])


def joined(*fields: Field) -> Field:
    """Records and packed bits one behind the other, read as one record."""
    return Joined(fields)


class Cases(Field):
    """A record whose first members say what the others are; see :func:`cases`."""

    __slots__ = ("_choose", "_head", "kinds")

    def __init__(self, head: Field, choose: Callable[[Mapping[str, Any]], Field], kinds: tuple[Field, ...]) -> None:
        first = head.read

        def read(reader: Reader) -> dict[str, Any]:
            out: dict[str, Any] = first(reader)
            out |= choose(out).read(reader)
            return out

        super().__init__(read, exact=False)
        self._head = (head, _names(head))
        self._choose = choose
        self.kinds = kinds

    def walk(self, walk: Walk) -> dict[str, Any]:
        head, names = self._head
        out: dict[str, Any] = walk.spread("_".join(names), head)
        out |= self._choose(out).walk(walk)
        return out

    def _split(self, value: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        names = self._head[1]
        return {n: value[n] for n in names if n in value}, {n: value[n] for n in value if n not in names}

    def write(self, writer: Writer, value: Any) -> None:
        first, rest = self._split(value)
        self._head[0].write(writer, first)
        self._choose(first).write(writer, rest)

    def restores(self, value: Any, data: bytes) -> bool:
        head, width = self._head[0], self._head[0].width
        if width is None:
            return self.writes_again(value, data)
        first, rest = self._split(value)
        return head.restores(first, data[:width]) and self._choose(first).restores(rest, data[width:])

    @property
    def parts(self) -> tuple[tuple[str, Field], ...]:
        return (*self._head[0].parts, *(("", kind) for kind in self.kinds))

    def to_json(self, value: Any) -> dict[str, Any]:
        first, rest = self._split(value)
        out: dict[str, Any] = self._head[0].to_json(first)
        return out | self._choose(first).to_json(rest)  # type: ignore[no-any-return]

    def from_json(self, form: Any) -> dict[str, Any]:
        first, rest = self._split(members_of(form))
        out: dict[str, Any] = self._head[0].from_json(first)
        return out | self._choose(out).from_json(rest)  # type: ignore[no-any-return]

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "anyOf": [kind.schema() for kind in self.kinds]} | self._head[0].schema()


def cases(head: Field, choose: Callable[[Mapping[str, Any]], Field], *kinds: Field) -> Field:
    """A record that begins with ``head``: ``choose`` takes its members and says which of ``kinds`` the rest is."""
    return Cases(head, choose, kinds)


class LengthsFirst(Field):
    """Members behind the lengths of all of them; see :func:`lengths_first`."""

    __slots__ = ("_gap", "_unit", "members")

    def __init__(self, unit: int, gap: int, members: Mapping[str, Field]) -> None:
        rows = tuple((name, member.read) for name, member in members.items())

        def read(reader: Reader) -> dict[str, Any]:
            sizes = [unit * reader.u8() for _ in rows]
            reader.skip(gap)
            return {name: field(reader.sub(size)) for (name, field), size in zip(rows, sizes, strict=True)}

        super().__init__(read, exact=False)
        self.members = dict(members)
        self._unit = unit
        self._gap = gap

    def walk(self, walk: Walk) -> dict[str, Any]:
        sizes = [self._unit * walk(f"{name}_length", u8) for name in self.members]
        walk("reserved", reserved(self._gap))
        return {
            name: walk.sub(size)(name, member) for (name, member), size in zip(self.members.items(), sizes, strict=True)
        }

    def write(self, writer: Writer, value: Any) -> None:
        if value.keys() != self.members.keys():
            raise ValueError(f"members {', '.join(value)} in place of {', '.join(self.members)}")
        octets = {name: member.encode(value[name]) for name, member in self.members.items()}
        for name, data in octets.items():
            if len(data) % self._unit:
                raise ValueError(f"{name}: {len(data)} octets are no multiple of {self._unit}")
            writer.u8(len(data) // self._unit)
        writer.skip(self._gap)
        for data in octets.values():
            writer.octets(data)

    def restores(self, value: Any, data: bytes) -> bool:
        at = len(self.members) + self._gap
        if any(data[len(self.members) : at]):
            return False
        for size, (name, member) in zip(data, self.members.items(), strict=False):
            behind = at + self._unit * size
            if not member.restores(value[name], data[at:behind]):
                return False
            at = behind
        return True

    @property
    def parts(self) -> tuple[tuple[str, Field], ...]:
        return tuple(self.members.items())

    def to_json(self, value: Any) -> dict[str, Any]:
        return {name: member.to_json(value[name]) for name, member in self.members.items()}

    def from_json(self, form: Any) -> dict[str, Any]:
        if members_of(form).keys() != self.members.keys():
            raise ValueError(f"members {', '.join(form)} in place of {', '.join(self.members)}")
        return {name: member_of(kind.from_json, form, name) for name, kind in self.members.items()}

    def schema(self) -> dict[str, Any]:
        shown = {name: member.schema() for name, member in self.members.items()}
        return {"type": "object", "properties": shown, "required": [*shown]}


def lengths_first(unit: int, gap: int, **members: Field) -> Field:
    """An octet for each member with its length in ``unit`` octets, ``gap`` reserved octets, and the members."""
    return LengthsFirst(unit, gap, members)
