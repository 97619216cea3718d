"""What the attributes made of named fields or of TLVs share: their octets, equality, text and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from bgpwire.field import Field
from bgpwire.field.base import octets_of
from bgpwire.value.frozen import Frozen

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader


class FieldAttribute(Frozen):
    """``values`` is what ``field`` reads of the attribute's octets: mostly a dict of named values.

    ``bytes()`` is the octets as they came; equality and hash look at type and octets.
    """

    __slots__ = ("_wire", "values")
    _wire: bytes
    values: Any
    field: ClassVar[Field]

    def __init__(self, wire: bytes, values: Any) -> None:
        _set_wire(self, wire)
        _set_values(self, values)

    @classmethod
    def decode(cls, reader: Reader, attributes: PathAttributes) -> Self:
        """The whole value. :class:`bgpwire.DecodeError` where it is malformed."""
        begin = reader.offset
        values = cls.read(reader, attributes)
        return cls(reader.since(begin), values)

    @classmethod
    def read(cls, reader: Reader, attributes: PathAttributes) -> Any:
        """The values; ``cls.field`` unless a class needs more than the octets."""
        return cls.field.read(reader)

    @classmethod
    def field_of(cls, attributes: PathAttributes) -> Field | None:
        """The field that declares the whole value, ``None`` without one."""
        return getattr(cls, "field", None)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """The JSON Schema of :meth:`json`."""
        return cls.field.schema() if hasattr(cls, "field") else {"$ref": "#/$defs/value"}

    @classmethod
    def value_of(cls, form: Any) -> bytes:
        """The octets of a JSON form, where ``field`` declares them. ValueError for other forms."""
        if isinstance(form, dict) and "raw" in form:
            return octets_of(form["raw"])
        return cls.field.encode_json(form)

    def __bytes__(self) -> bytes:
        return self._wire

    def __getitem__(self, name: str) -> Any:
        """The value of one field. KeyError if it has none of that name."""
        return self.values[name]

    def get(self, name: str) -> Any:
        """The value of one field, ``None`` if it is absent."""
        return self.values.get(name)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._wire == other._wire

    def __hash__(self) -> int:
        return hash((type(self), self._wire))

    def replace(self, **changes: Any) -> Self:
        """The same attribute with other values, written anew. TypeError where they have no names, or no such name;
        ValueError for a value that has no room."""
        if not isinstance(self.values, dict):
            raise TypeError(f"the values of {type(self).__name__} have no names")
        octets = self.field.encode(self.values | changes)
        return type(self)(octets, self.field.decode(octets))

    def __str__(self) -> str:
        return _text(self.json())

    def json(self) -> Any:
        """The values; where they are named, ``raw`` among them if they do not say all octets."""
        form = self.field.to_json(self.values)
        if isinstance(form, dict) and not self.field.restores(form, self._wire):
            form["raw"] = self._wire.hex()
        return form

    def restores(self, form: Any) -> bool:
        """Whether the form of :meth:`json` says all octets; if a list does not, ``raw`` stands beside it."""
        return isinstance(form, dict) or self.field.restores(form, self._wire)


_set_wire = FieldAttribute.__dict__["_wire"].__set__
_set_values = FieldAttribute.__dict__["values"].__set__


def _text(value: dict[str, Any] | list[Any]) -> str:
    """JSON values in one line: ``asn=65000 value=5``, brackets around what is nested."""
    if isinstance(value, dict):
        return " ".join(f"{name}={_nested(member)}" for name, member in value.items())
    return " ".join(map(_nested, value))


def _nested(value: Any) -> str:
    return f"[{_text(value)}]" if isinstance(value, (dict, list)) else str(value)
