"""TLVs whose types a table maps to a name and a field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bgpwire._impl import maker
from bgpwire.errors import DecodeError
from bgpwire.field.base import AnyField, Field, as_field, integer_of, items_of, members_of, octets_of, text_of
from bgpwire.field.form import to_json
from bgpwire.field.form_error import each, member
from bgpwire.field.number import number, number_schema
from bgpwire.field.octets import HEX, octets
from bgpwire.immutable import Immutable

if TYPE_CHECKING:
    from bgpwire._impl import Reader, Writer
    from bgpwire.field.walk import Walk

type Table = Mapping[int, tuple[str, AnyField]]

UNKNOWN: Final = "unknown"
"""What the octets of a type that the table does not have are called in a walk."""


@dataclass(frozen=True, slots=True)
class Tlv(Immutable):
    """One TLV: ``value`` is what its field read, or its octets where no table knows it or ``error`` says why."""

    type: int
    name: str | None
    value: Any
    data: bytes
    error: DecodeError | None = None

    def __str__(self) -> str:
        """Name and value; the type where it has no name."""
        return f"{self.name or self.type} {to_text(self.value)}"

    def json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"type": self.type}
        if self.name is not None:
            out["name"] = self.name
        out["value"] = to_json(self.value)
        if self.error is not None:
            # What a malformed TLV means for the session is for the attribute or NLRI around it to say.
            out["error"] = {"reason": self.error.reason, "offset": self.error.offset}
        return out


_made = maker(Tlv, "type", "name", "value", "data", "error")


class Tlvs(Field):
    """TLVs until the octets end: types and lengths of so many octets, values as ``table`` has them.

    A type that the table does not know keeps its octets, a value that is malformed too, with its ``error``.
    DecodeError only where a TLV runs over the end. In JSON ``raw`` stands beside a value that does not say all octets.
    """

    __slots__ = ("_length", "_rows", "length", "table", "type_size")
    read: Callable[[Reader], tuple[Tlv, ...]]

    def __init__(self, table: Table, type_size: int = 2, length: int | Field = 2) -> None:
        self.length = number(length) if isinstance(length, int) else length
        super().__init__(self._read, self.length.exact)
        self._length = self.length.read
        self.table = {kind: (name, as_field(field)) for kind, (name, field) in table.items()}
        self._rows = {kind: (name, field.read) for kind, (name, field) in self.table.items()}
        self.type_size = type_size

    def _read(self, reader: Reader) -> tuple[Tlv, ...]:
        out: list[Tlv] = []
        self.into(reader, out)
        return tuple(out)

    def into(self, reader: Reader, out: list[Tlv]) -> None:
        """Add the TLVs until the octets end to ``out``; DecodeError where one runs over it, behind those before it."""
        one, type_size, length = self.one, self.type_size, self._length
        while len(reader):
            kind = reader.uint(type_size)
            out.append(one(reader.sub(length(reader)), kind))

    def salvage(self, reader: Reader) -> tuple[tuple[Tlv, ...], DecodeError | None]:
        """TLVs until the octets end or one runs over it: those before that one, and the error. Leaves no octets."""
        out: list[Tlv] = []
        try:
            self.into(reader, out)
        except DecodeError as error:
            reader.skip(len(reader))
            return tuple(out), error.fresh()
        return tuple(out), None

    def one(self, reader: Reader, kind: int) -> Tlv:
        """The TLV of type ``kind`` whose value is all that ``reader`` holds."""
        begin = reader.offset
        known = self._rows.get(kind)
        if known is None:
            data = reader.rest()
            return _made(Tlv, kind, None, data, data, None)  # type: ignore[no-any-return]
        name, field = known
        try:
            value = field(reader)
            if len(reader):
                raise DecodeError(f"{name}: {len(reader)} octets too many", reader.offset)
        except DecodeError as error:
            reader.skip(len(reader))
            data = reader.since(begin)
            return _made(Tlv, kind, name, data, data, error.fresh())  # type: ignore[no-any-return]
        return _made(Tlv, kind, name, value, reader.since(begin), None)  # type: ignore[no-any-return]

    def walk(self, walk: Walk) -> tuple[Tlv, ...]:
        out: list[Tlv] = []
        while len(walk):
            out.append(walk.part("tlv", self._walk_one))
        return tuple(out)

    def _walk_one(self, walk: Walk) -> Tlv:
        kind: int = walk("type", number(self.type_size))
        return self.walk_value(walk.sub(walk.length(self.length_of(kind))), kind)

    def walk_value(self, walk: Walk, kind: int) -> Tlv:
        """As :meth:`one`: the TLV of type ``kind`` whose value is all that ``walk`` has."""
        begin = walk.reader.offset
        name, field = self.table.get(kind, (None, octets))
        value, error = walk.whole(lambda walk: walk(name or UNKNOWN, field), f"{name}: ")
        data = walk.reader.since(begin)
        return Tlv(kind, name, value if error is None else data, data, error)

    def length_of(self, kind: int) -> Field:
        """The field of the length of a TLV of type ``kind``."""
        return self.length

    def make(self, kind: int, value: Any) -> Tlv:
        """The TLV of type ``kind`` with that value; of octets where the table does not know the type."""
        if kind not in self.table:
            return Tlv(kind, None, bytes(value), bytes(value))
        name, field = self.table[kind]
        return Tlv(kind, name, value, field.encode(value))

    def write(self, writer: Writer, value: Any) -> None:
        for tlv in value:
            writer.uint(tlv.type, self.type_size)
            self.length_of(tlv.type).write(writer, len(tlv.data))
            writer.octets(tlv.data)

    @property
    def parts(self) -> tuple[tuple[str, Field], ...]:
        return tuple(self.table.values())

    def to_json(self, value: Any) -> list[Any]:
        return [self.tlv_json(tlv) for tlv in value]

    def tlv_json(self, tlv: Tlv) -> dict[str, Any]:
        """The JSON form of one."""
        if tlv.error is not None or tlv.type not in self.table:
            return tlv.json()
        field = self.table[tlv.type][1]
        out = {"type": tlv.type, "name": tlv.name, "value": field.to_json(tlv.value)}
        if not (field.exact or field.restores(tlv.value, tlv.data)):
            out["raw"] = tlv.data.hex()
        return out

    def from_json(self, form: Any) -> tuple[Tlv, ...]:
        return tuple(each(self.tlv_of, items_of(form)))

    def tlv_of(self, form: Any) -> Tlv:
        """The TLV of a JSON form."""
        found = members_of(form)
        kind = integer_of(found.get("type"))
        row = self.table.get(kind)
        if row is None or "error" in found:
            data = octets_of(found.get("value"))
            return Tlv(kind, None if row is None else row[0], data, data, _error_of(found))
        name, field = row
        if "raw" in found:
            data = octets_of(found["raw"])
            return Tlv(kind, name, field.decode(data), data)
        value, data = member(lambda form: _both(field, form), found, "value", None)
        return Tlv(kind, name, value, data)

    def schema(self) -> dict[str, Any]:
        return schema_of_rows((kind, name, field.schema()) for kind, (name, field) in self.table.items())


_TLV: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "type": number_schema(32),
        "name": {"type": "string"},
        "raw": HEX,
        "error": {"type": "object", "properties": {"reason": {"type": "string"}, "offset": number_schema(53)}},
    },
    "required": ["type", "value"],
}


def schema_of_rows(rows: Iterable[tuple[int, str, dict[str, Any]]]) -> dict[str, Any]:
    """The JSON Schema of TLVs of these types, with their names and the schemas of their values.

    A type that is not among them, and a TLV that has an error, have octets as value.
    """
    known = [
        {
            "if": {"properties": {"type": {"const": kind}}},
            "then": {"properties": {"name": {"const": name}, "value": value}},
        }
        for kind, name, value in rows
    ]
    octets = {"properties": {"value": HEX}}
    if not known:
        return {"type": "array", "items": _TLV | {"allOf": [octets]}}
    sound = {"properties": {"type": {"enum": [row["if"]["properties"]["type"]["const"] for row in known]}}}
    condition = sound | {"not": {"required": ["error"]}}
    return {"type": "array", "items": _TLV | {"if": condition, "then": {"allOf": known}, "else": octets}}


def _error_of(form: dict[str, Any]) -> DecodeError | None:
    if "error" not in form:
        return None
    error = members_of(form["error"])
    return DecodeError(text_of(error.get("reason")), integer_of(error.get("offset")))


def tlvs(table: Table, type_size: int = 2, length: int | Field = 2) -> Tlvs:
    """TLVs until the octets end, as a field inside others or by themselves.

    ``length`` is how many octets the length of a value stands in; or, where it counts otherwise, a field that reads how
    many octets the value has.
    """
    return Tlvs(table, type_size, length)


def find(found: tuple[Tlv, ...], kind: int) -> Any:
    """The value of the first sound TLV of type ``kind``, ``None`` without one."""
    return next((tlv.value for tlv in found if tlv.type == kind and tlv.error is None), None)


def to_text(value: Any, braces: bool = True) -> str:
    """Any field's value in one line: names before values, records and TLVs in braces, octets as hex.

    Without ``braces`` none stand around the whole, and nothing at all where it is an empty list.
    """
    if isinstance(value, dict):
        line = " ".join(f"{name} {to_text(member)}" for name, member in value.items())
    elif isinstance(value, tuple) and value and isinstance(value[0], Tlv):
        line = " ".join(map(str, value))
    elif isinstance(value, (list, tuple)):
        return ",".join(map(to_text, value)) or "-" * braces
    else:
        return f"0x{value.hex()}" if isinstance(value, bytes) else str(value)
    return "{" + line + "}" if braces else line


def _both(field: Field, form: Any) -> tuple[Any, bytes]:
    """Value and octets of a form."""
    value = field.from_json(form)
    return value, field.encode(value)
