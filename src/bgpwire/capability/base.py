"""One capability of an OPEN (RFC 5492): code, octets, and what they mean."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Self

from bgpwire._impl import filler, maker, reader_of
from bgpwire.errors import DecodeError
from bgpwire.field.base import integer_of, octets_of
from bgpwire.immutable import fill
from bgpwire.numbers import capability_name
from bgpwire.registry import CAPABILITIES
from bgpwire.value.frozen import Frozen, Slotted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire._impl import Reader
    from bgpwire.field import Field, Reads


class Capability(Frozen, metaclass=Slotted):
    """Decodes its own value; :func:`decode_capability` fills in ``code`` and ``data``, the octets of the value."""

    __slots__ = ("_content", "code", "data", "length_size")
    _content: Any
    code: int
    data: bytes
    """The octets of the value."""
    length_size: int
    """How many octets the length in front of the value has: 1 in an OPEN, 2 in a CAPABILITY message."""
    _read: ClassVar[Reads | None] = None
    """What :func:`decode_capability` reads the content with; ``None`` in a class that has a ``decode`` of its own."""

    @property
    def name(self) -> str:
        """The IANA name, in lower case with underscores; ``capability_N`` for a code that is not registered."""
        return capability_name(self.code)

    @classmethod
    def decode(cls, reader: Reader, code: int) -> Capability:
        """Read the value; raise :class:`bgpwire.DecodeError` where it is not one."""
        raise NotImplementedError

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
        raise NotImplementedError

    def json(self) -> dict[str, Any]:
        return {"code": self.code, "name": capability_name(self.code)} | self.fields()


_listed = CAPABILITIES.listed
_make = maker(Capability, "_content", "code", "data", "length_size")
_make_bare = maker(Capability, "_content")
_fill_place = filler(Capability, "code", "data", "length_size")
_fill_all = filler(Capability, "_content", "code", "data", "length_size")


class FieldCapability(Capability):
    """A capability of named fields: ``values`` is what ``field`` reads of its octets."""

    field: ClassVar[Field]
    codes: ClassVar[tuple[int, ...]] = ()
    """Of capabilities of this kind: that of the specification first, then those that were used before."""

    def __init__(self, code: int | None = None, /, **values: Any) -> None:
        """A capability to send, of the values of its fields by name (docs/fields.md): ``Multiprotocol(afi=1, safi=1)``.

        ``code`` where there are several, unless it is the first of :attr:`codes`. ValueError or TypeError for values
        that are none of it.
        """
        if code is not None and not isinstance(code, int):
            raise TypeError(f"the code of a capability is a number, not {code!r}")
        found = self.of_values(self.codes[0] if code is None else code, **values)
        if type(found) is not type(self):
            reason = getattr(found, "error", None) or f"its code is none of {', '.join(map(str, self.codes))}"
            raise ValueError(f"{type(self).__name__}: {reason}")
        _fill_all(self, found._content, found.code, found.data, found.length_size)

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        declared = hasattr(cls, "field") and cls.decode.__func__ is FieldCapability.decode.__func__  # type: ignore[attr-defined]
        cls._read = staticmethod(cls.field.read) if declared else None

    @property
    def values(self) -> Mapping[str, Any]:
        """The fields by name, to be read."""
        return MappingProxyType(self._content)

    @classmethod
    def decode(cls, reader: Reader, code: int) -> Self:
        return _make_bare(cls, cls.field.read(reader))  # type: ignore[no-any-return]

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

    def replace(self, **changes: Any) -> Any:
        """The same capability with other values. ValueError or TypeError where they are none."""
        return decode_capability(self.code, self.field.encode(self._content | changes), 0, self.length_size)

    def __getitem__(self, name: str) -> Any:
        """The value of one field. KeyError if it has none of that name."""
        return self._content[name]

    def fields(self) -> dict[str, Any]:
        out: dict[str, Any] = self.field.to_json(self._content)
        return out if self.field.restores(self._content, self.data) else out | {"raw": self.data.hex()}


class UnknownCapability(Capability):
    """A capability that is not registered, or one whose value is malformed (``error``): kept whole."""

    def __init__(self, error: DecodeError | None = None) -> None:
        fill(self, "_content", error)

    @property
    def error(self) -> DecodeError | None:
        """What is malformed, ``None`` for a code that is not registered."""
        found: DecodeError | None = self._content
        return found

    def fields(self) -> dict[str, Any]:
        out: dict[str, Any] = {"value": self.data.hex()}
        return out if self.error is None else out | {"error": self.error.json()}


def decode_capability(code: int, data: bytes, base: int, length_size: int = 1) -> Capability:
    """The capability ``code`` with the value ``data`` at offset ``base``, behind a length of ``length_size`` octets.

    RFC 5492 lets a speaker ignore a capability it cannot use, so a malformed value is kept as unknown.
    """
    if code not in _listed or (cls := CAPABILITIES[code]) is None:
        return _make(UnknownCapability, None, code, data, length_size)  # type: ignore[no-any-return]
    read = cls._read
    reader = reader_of(data, base)
    try:
        value = cls.decode(reader, code) if read is None else read(reader)
        if len(reader):
            raise DecodeError(f"{capability_name(code)}: {len(reader)} octets too many", reader.offset, 2)
    except DecodeError as error:
        return _make(UnknownCapability, error.fresh(), code, data, length_size)  # type: ignore[no-any-return]
    if read is None:
        return _fill_place(value, code, data, length_size)  # type: ignore[no-any-return]
    return _make(cls, value, code, data, length_size)  # type: ignore[no-any-return]
