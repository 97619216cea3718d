"""What the attributes share that are TLVs from end to end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bgpwire._impl import PathAttributes
from bgpwire.errors import ATTRIBUTE_LENGTH, Action, DecodeError, UpdateMessageError
from bgpwire.field import Tlv, Tlvs, find, to_text
from bgpwire.field.base import members_of, octets_of
from bgpwire.field.octets import HEX
from bgpwire.value.frozen import Frozen


@dataclass(frozen=True, slots=True, eq=False)
class TlvBlock(Frozen):
    """TLVs in wire order, the unknown too.

    Where a TLV runs over the end, ``tlvs`` are those before it, and ``error`` says what the specification asks.
    """

    tlvs: tuple[Tlv, ...]
    data: bytes
    error: DecodeError | None = None

    @property
    def field(self) -> Tlvs:
        """What reads and writes the TLVs."""
        raise NotImplementedError

    @classmethod
    def field_of(cls, attributes: PathAttributes) -> Tlvs:
        """What reads the TLVs of a value among these attributes."""
        raise NotImplementedError

    @classmethod
    def value_of(cls, form: Any, attributes: PathAttributes | None = None) -> bytes:
        """The octets of a JSON form among ``attributes``. ValueError for other forms."""
        found = members_of(form)
        if "raw" in found:
            return octets_of(found["raw"])
        field = cls.field_of(PathAttributes(b"") if attributes is None else attributes)
        return field.encode_json(found.get("tlvs"))

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """The JSON Schema of :meth:`json`."""
        return cls.schema_of(cls.field_of(PathAttributes(b"")).schema())

    @classmethod
    def schema_of(cls, tlvs: dict[str, Any]) -> dict[str, Any]:
        """The same, where that of the TLVs is known."""
        properties = {"tlvs": tlvs, "raw": HEX, "error": {"$ref": "#/$defs/error"}}
        return {"type": "object", "properties": properties, "required": ["tlvs"], "additionalProperties": False}

    def find(self, kind: int) -> Any:
        """The value of the first sound TLV of that type, ``None`` without one."""
        return find(self.tlvs, kind)

    def __bytes__(self) -> bytes:
        return self.data

    def _key(self) -> tuple[Any, ...]:
        """What makes two of one class equal: the octets, and what else their meaning hangs on."""
        return (self.data,)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __str__(self) -> str:
        return to_text(self.tlvs, braces=False)

    def json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"tlvs": self.field.to_json(self.tlvs)}
        if self.error is not None:
            out["error"] = self.error.json()
            if self.field.encode(self.tlvs) != self.data:  # a TLV over the end is not among them
                out["raw"] = self.data.hex()
        return out


def block_fault(name: str, error: DecodeError | None, action: Action, data: bytes) -> DecodeError | None:
    """The fault of a whole attribute, made of that of the TLV which runs over its end."""
    if error is None:
        return None
    return UpdateMessageError(f"{name}: {error.reason}", error.offset, None, ATTRIBUTE_LENGTH, action, data)


def first_fault(value: Any) -> DecodeError | None:
    """The first fault of TLVs and of those inside them."""
    if isinstance(value, Tlv):
        return value.error or first_fault(value.value)
    members = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ()
    return next((fault for member in members if (fault := first_fault(member)) is not None), None)
