"""What the attributes made of named fields or of TLVs share: their octets, equality, text and JSON."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Self

from bgpwire._impl import maker
from bgpwire.field import Field, to_text
from bgpwire.field.base import octets_of
from bgpwire.immutable import fill
from bgpwire.value.frozen import Frozen

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader
    from bgpwire.field import Reads


class FieldAttribute(Frozen):
    """``values`` is what ``field`` reads of the attribute's octets: mostly a mapping of named values.

    ``bytes()`` is the octets as they came; equality and hash look at type and octets.
    """

    __slots__ = ("_values", "_wire")
    _values: Any
    _wire: bytes
    field: ClassVar[Field]
    _read: ClassVar[Reads | None] = None
    """What :meth:`decode` reads the values with; ``None`` in a class that has a ``read`` of its own."""

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        declared = hasattr(cls, "field") and cls.read.__func__ is FieldAttribute.read.__func__  # type: ignore[attr-defined]
        cls._read = staticmethod(cls.field.read) if declared else None

    def __init__(self, wire: bytes, values: Any) -> None:
        fill(self, "_wire", wire)
        fill(self, "_values", values)

    @classmethod
    def decode(cls, reader: Reader, attributes: PathAttributes) -> Self:
        """The whole value. :class:`bgpwire.DecodeError` where it is malformed."""
        begin = reader.offset
        read = cls._read
        values = cls.read(reader, attributes) if read is None else read(reader)
        return _make(cls, reader.since(begin), values)  # type: ignore[no-any-return]

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
    def value_of(cls, form: Any, attributes: PathAttributes | None = None) -> bytes:
        """The octets of a JSON form among ``attributes``, where ``field`` declares them. ValueError for other forms."""
        if isinstance(form, dict) and "raw" in form:
            return octets_of(form["raw"])
        return cls.field.encode_json(form)

    def __bytes__(self) -> bytes:
        return self._wire

    @property
    def values(self) -> Any:
        """The value; named ones as a mapping, to be read."""
        found = self._values
        return MappingProxyType(found) if isinstance(found, dict) else found

    def __getitem__(self, name: str) -> Any:
        """The value of one field. KeyError if it has none of that name."""
        return self._values[name]

    def get(self, name: str) -> Any:
        """The value of one field, ``None`` if it is absent."""
        return self._values.get(name)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._wire == other._wire

    def __hash__(self) -> int:
        return hash((type(self), self._wire))

    def replace(self, **changes: Any) -> Self:
        """The same attribute with other values, written anew. TypeError where they have no names, or no such name;
        ValueError for a value that has no room."""
        if not isinstance(self._values, dict):
            raise TypeError(f"the values of {type(self).__name__} have no names")
        octets = self.field.encode(self._values | changes)
        return type(self)(octets, self.field.decode(octets))

    def __str__(self) -> str:
        return to_text(self._values, braces=False)

    def json(self) -> Any:
        """The values; where they are named, ``raw`` among them if they do not say all octets."""
        form = self.field.to_json(self._values)
        if isinstance(form, dict) and not self.field.restores(self._values, self._wire):
            form["raw"] = self._wire.hex()
        return form

    def restores(self, form: Any) -> bool:
        """Whether the form of :meth:`json` says all octets; if a list does not, ``raw`` stands beside it."""
        return isinstance(form, dict) or self.field.restores(self._values, self._wire)


_make = maker(FieldAttribute, "_wire", "_values")
