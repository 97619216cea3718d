"""TLVs whose types a table maps to a name and a field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bgpwire.errors import DecodeError
from bgpwire.field.base import Field
from bgpwire.field.form import to_json

if TYPE_CHECKING:
    from bgpwire._impl import Reader

type Table = Mapping[int, tuple[str, Field]]


def tlvs(table: Table, type_size: int = 2, length_size: int = 2) -> Field:
    """TLVs until the octets end, as a field inside others."""

    def read(reader: Reader) -> tuple[Tlv, ...]:
        return read_tlvs(reader, table, type_size, length_size)

    return read


@dataclass(frozen=True, slots=True)
class Tlv:
    """One TLV: ``value`` is what its field read, or its octets where no table knows it or ``error`` says why."""

    type: int
    name: str | None
    value: Any
    data: bytes
    error: DecodeError | None = None

    def json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"type": self.type}
        if self.name is not None:
            out["name"] = self.name
        out["value"] = to_json(self.value)
        if self.error is not None:
            # What a malformed TLV means for the session is for the attribute or NLRI around it to say.
            out["error"] = {"reason": self.error.reason, "offset": self.error.offset}
        return out


def read_tlvs(reader: Reader, table: Table, type_size: int = 2, length_size: int = 2) -> tuple[Tlv, ...]:
    """TLVs until the octets end. :class:`bgpwire.DecodeError` only if one runs over the end."""
    out, error = salvage_tlvs(reader, table, type_size, length_size)
    if error is not None:
        raise error.fresh()
    return out


def salvage_tlvs(
    reader: Reader, table: Table, type_size: int = 2, length_size: int = 2
) -> tuple[tuple[Tlv, ...], DecodeError | None]:
    """TLVs until the octets end or one runs over it: those before that one, and the error. Leaves no octets."""
    out = []
    try:
        while len(reader):
            kind = reader.uint(type_size)
            out.append(read_tlv(reader.sub(reader.uint(length_size)), kind, table))
    except DecodeError as error:
        reader.skip(len(reader))
        return tuple(out), error.fresh()
    return tuple(out), None


def read_tlv(reader: Reader, kind: int, table: Table) -> Tlv:
    """The value of one TLV of type ``kind``: all that ``reader`` holds."""
    begin = reader.offset
    known = table.get(kind)
    if known is None:
        data = reader.rest()
        return Tlv(kind, None, data, data)
    name, field = known
    try:
        value = field(reader)
        if len(reader):
            raise DecodeError(f"{name}: {len(reader)} octets too many", reader.offset)
    except DecodeError as error:
        reader.skip(len(reader))
        data = reader.since(begin)
        return Tlv(kind, name, data, data, error.fresh())
    return Tlv(kind, name, value, reader.since(begin))


def find(tlvs: tuple[Tlv, ...], kind: int) -> Any:
    """The value of the first sound TLV of type ``kind``, ``None`` if there is none."""
    return next((tlv.value for tlv in tlvs if tlv.type == kind and tlv.error is None), None)


def to_text(value: Any) -> str:
    """Any field's value in one line: names before values, records and TLVs in braces, octets as hex."""
    if isinstance(value, dict):
        return "{" + " ".join(f"{name} {to_text(member)}" for name, member in value.items()) + "}"
    if isinstance(value, tuple) and value and isinstance(value[0], Tlv):
        return "{" + tlvs_text(value) + "}"
    if isinstance(value, (list, tuple)):
        return ",".join(map(to_text, value)) or "-"
    return f"0x{value.hex()}" if isinstance(value, bytes) else str(value)


def tlvs_text(found: tuple[Tlv, ...]) -> str:
    """TLVs in one line, those nobody knows by their type."""
    return " ".join(f"{tlv.name or tlv.type} {to_text(tlv.value)}" for tlv in found)
