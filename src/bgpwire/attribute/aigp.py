"""AIGP: the accumulated IGP metric (RFC 7311 section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.attribute.base import FieldAttribute
from bgpwire.errors import Action, DecodeError
from bgpwire.field import Tlv, counting, find, tlvs, u64
from bgpwire.field.base import members_of, octets_of
from bgpwire.numbers.attribute import AIGP
from bgpwire.registry import attribute

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader

_HEADER = 3


# The length counts type and length too.
_TLVS = tlvs({1: ("aigp", u64)}, 1, counting(2, _HEADER, "TLV of length {}, not even its own header"))


@attribute(AIGP, "aigp", 0x80, Action.ATTRIBUTE_DISCARD)
class Aigp(FieldAttribute):
    """TLVs of which the first of type 1 is the metric; others are kept. Malformed: discarded (section 3.1)."""

    __slots__ = ()
    field = _TLVS

    @classmethod
    def read(cls, reader: Reader, attributes: PathAttributes) -> tuple[Tlv, ...]:
        """One TLV or more. The first of type 1 must be sound, of the others any value is kept."""
        found: list[Tlv] = []
        try:
            cls.field.into(reader, found)
        except DecodeError:
            if _fault(found) is None:
                raise
        fault = _fault(found)
        if fault is not None:
            raise fault.fresh()
        if not found:
            raise DecodeError("no TLV", reader.offset)
        return tuple(found)

    @classmethod
    def value_of(cls, form: Any, attributes: PathAttributes | None = None) -> bytes:
        members = members_of(form)
        return octets_of(members["raw"]) if "raw" in members else cls.field.encode_json(members.get("tlvs"))

    @classmethod
    def schema(cls) -> dict[str, Any]:
        return {"type": "object", "properties": {"tlvs": cls.field.schema()}, "required": ["tlvs"]}

    @property
    def metric(self) -> int | None:
        """The accumulated metric; ``None`` without a TLV of type 1."""
        metric: int | None = find(self.values, 1)
        return metric

    def __str__(self) -> str:
        return str(self.metric) if len(self.values) == 1 and self.metric is not None else super().__str__()

    def json(self) -> dict[str, Any]:
        return {"tlvs": self.field.to_json(self.values)}


def _fault(found: list[Tlv]) -> DecodeError | None:
    """What is wrong with the first TLV of type 1."""
    for tlv in found:
        if tlv.type == 1:
            return tlv.error
    return None
