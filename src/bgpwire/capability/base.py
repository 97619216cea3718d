"""One capability of an OPEN (RFC 5492): code, octets, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from bgpwire._impl import Reader
from bgpwire.errors import DecodeError
from bgpwire.field.base import integer_of, octets_of
from bgpwire.numbers import capability_name
from bgpwire.registry import CAPABILITIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire._impl import Reader as ReaderType
    from bgpwire.field import Field


class Capability:
    """Decodes its own value; :func:`decode_capability` fills in ``code`` and ``data``, the octets of the value."""

    code: int
    data: bytes
    length_size: int = 1
    """How many octets the length in front of the value has: 1 in an OPEN, 2 in a CAPABILITY message."""

    @property
    def name(self) -> str:
        """The IANA name, in lower case with underscores; ``capability_N`` for a code that is not registered."""
        return capability_name(self.code)

    @classmethod
    def decode(cls, reader: ReaderType, code: int) -> Capability:
        """Read the value; raise :class:`bgpwire.DecodeError` where it is not one."""
        raise NotImplementedError

    def _filled(self, code: int, data: bytes, length_size: int) -> Self:
        self.code = code
        self.data = data
        if length_size != 1:
            self.length_size = length_size
        return self

    def __bytes__(self) -> bytes:
        """Code, length and value, as they came."""
        return bytes((self.code,)) + len(self.data).to_bytes(self.length_size) + self.data

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and (self.code, self.data) == (other.code, other.data)

    def __hash__(self) -> int:
        return hash((self.code, self.data))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.json()}>"

    def fields(self) -> dict[str, Any]:
        """The capability's own fields as JSON values."""
        return {}

    def json(self) -> dict[str, Any]:
        return {"code": self.code, "name": capability_name(self.code)} | self.fields()


class FieldCapability(Capability):
    """A capability of named fields: ``values`` is what ``field`` reads of its octets."""

    field: ClassVar[Field]

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values

    @classmethod
    def decode(cls, reader: ReaderType, code: int) -> Self:
        return cls(cls.field.read(reader))

    @classmethod
    def of_values(cls, code: int, /, **values: Any) -> Capability:
        """The capability ``code`` with these values. ValueError or TypeError for others."""
        return decode_capability(code, cls.field.encode(values), 0)

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> Capability:
        """The capability of a JSON form. ValueError for other forms."""
        code = integer_of(form.get("code"))
        if "raw" in form:
            return decode_capability(code, octets_of(form["raw"]), 0)
        rest = {name: member for name, member in form.items() if name not in ("code", "name")}
        return decode_capability(code, cls.field.encode_json(rest), 0)

    def __getitem__(self, name: str) -> Any:
        """The value of one field. KeyError if it has none of that name."""
        return self.values[name]

    def fields(self) -> dict[str, Any]:
        out: dict[str, Any] = self.field.to_json(self.values)
        return out if self.field.restores(out, self.data) else out | {"raw": self.data.hex()}


class UnknownCapability(Capability):
    """A capability that is not registered, or one whose value is malformed (``error``): kept whole."""

    error: DecodeError | None = None

    def fields(self) -> dict[str, Any]:
        out: dict[str, Any] = {"value": self.data.hex()}
        return out if self.error is None else out | {"error": self.error.json()}


def decode_capability(code: int, data: bytes, base: int, length_size: int = 1) -> Capability:
    """The capability ``code`` with the value ``data`` at offset ``base``, behind a length of ``length_size`` octets.

    RFC 5492 lets a speaker ignore a capability it cannot use, so a malformed value is kept as unknown.
    """
    cls = CAPABILITIES[code]
    if cls is None:
        return UnknownCapability()._filled(code, data, length_size)
    reader = Reader(data, 0, len(data), base)
    try:
        value: Capability = cls.decode(reader, code)
        if len(reader):
            raise DecodeError(f"{capability_name(code)}: {len(reader)} octets too many", reader.offset, 2)
    except DecodeError as error:
        unknown = UnknownCapability()
        unknown.error = error.fresh()
        return unknown._filled(code, data, length_size)
    return value._filled(code, data, length_size)
