"""One capability as a field: code, length and value (RFC 5492 section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bgpwire.capability.base import Capability, FieldCapability, decode_capability
from bgpwire.field import UNKNOWN, Field, octets, u8, u16
from bgpwire.field.base import integer_of, members_of, octets_of
from bgpwire.field.record import Repeat
from bgpwire.numbers import capability_name
from bgpwire.registry import CAPABILITIES

if TYPE_CHECKING:
    from bgpwire._impl import Reader, Writer
    from bgpwire.field import Walk


class CapabilityField(Field):
    """A capability whose length has ``size`` octets: 1 in an OPEN, 2 in a CAPABILITY message."""

    __slots__ = ("_length", "_size")

    def __init__(self, size: int) -> None:
        super().__init__(self._read)
        self._length = u8 if size == 1 else u16
        self._size = size

    def _read(self, reader: Reader) -> Capability:
        code, size = reader.u8(), reader.uint(self._size)
        at = reader.offset
        return decode_capability(code, reader.take(size), at, self._size)

    def walk(self, walk: Walk) -> Capability:
        code, size = walk("code", u8), walk("length", self._length)
        at, data = walk.reader.offset, walk.reader.ahead(min(size, len(walk)))
        known = CAPABILITIES[code]
        # A class of another package may have no more than decode().
        field = octets if known is None else getattr(known, "field", octets)
        walk.bounded(UNKNOWN if known is None else "value", size, field.walk, field.to_json)
        return decode_capability(code, data, at, self._size)

    def write(self, writer: Writer, value: Any) -> None:
        writer.u8(value.code)
        writer.uint(len(value.data), self._size)
        writer.octets(value.data)

    def from_json(self, form: Any) -> Capability:
        found = members_of(form)
        code = integer_of(found["code"])
        known = CAPABILITIES[code]
        if known is None or "error" in found or not issubclass(known, FieldCapability):
            return decode_capability(code, octets_of(found["value"]), 0, self._size)
        return decode_capability(code, known.from_json(found).data, 0, self._size)

    def schema(self) -> dict[str, Any]:
        return {"$ref": "#/$defs/capability"}


capability: Final = {size: CapabilityField(size) for size in (1, 2)}
"""By how many octets its length has."""


class Capabilities(Repeat):
    """Capabilities until the octets end; in a walk each has its name."""

    __slots__ = ()

    def walk(self, walk: Walk) -> tuple[Capability, ...]:
        out: list[Capability] = []
        while len(walk):
            out.append(walk(capability_name(walk.reader.peek()), self.item))
        return tuple(out)


capabilities: Final = Capabilities(capability[1])
"""Those of an OPEN."""
