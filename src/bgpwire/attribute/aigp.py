"""AIGP: the accumulated IGP metric (RFC 7311 section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.attribute.base import FieldAttribute
from bgpwire.errors import Action, DecodeError
from bgpwire.field import Tlv, find, tlvs, u64
from bgpwire.registry import attribute

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader

TABLE = tlvs({1: ("aigp", u64)}, 1, 2)


@attribute(26, "aigp", 0x80, Action.ATTRIBUTE_DISCARD)
class Aigp(FieldAttribute):
    """TLVs of which the first of type 1 is the metric; others are kept. Malformed: discarded (section 3.1)."""

    __slots__ = ()
    values: tuple[Tlv, ...]

    @classmethod
    def read(cls, reader: Reader, attributes: PathAttributes) -> tuple[Tlv, ...]:
        """Type, length, value; the length counts the 3 octets in front of the value."""
        out: list[Tlv] = []
        told = False
        while len(reader):
            kind = reader.u8()
            size = reader.u16()
            if size < 3:
                raise DecodeError(f"TLV of length {size}, not even its own header", reader.offset - 2)
            tlv = TABLE.one(reader.sub(size - 3), kind)
            if tlv.error is not None and not told:
                raise tlv.error
            told = told or kind == 1
            out.append(tlv)
        if not out:
            raise DecodeError("no TLV", reader.offset)
        return tuple(out)

    @property
    def metric(self) -> int | None:
        """The accumulated metric; ``None`` without a TLV of type 1."""
        metric: int | None = find(self.values, 1)
        return metric

    def __str__(self) -> str:
        return str(self.metric) if len(self.values) == 1 and self.metric is not None else super().__str__()

    def json(self) -> dict[str, Any]:
        return {"tlvs": [tlv.json() for tlv in self.values]}
