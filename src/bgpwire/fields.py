"""The small change of hand-written decoders: one function a kind of field, and tables of TLVs made of them.

A *field* takes a :class:`bgpwire.Reader` that holds exactly its octets (or more, if others follow) and
returns a value. ``record`` joins named fields, ``repeat`` takes one until the octets end, ``flags`` names bits,
and :func:`read_tlvs` walks TLVs whose types a table maps to a name and a field. What no table knows stays as
octets; what is malformed stays as octets with its error beside it, for RFC 9552 and others forbid to drop it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bgpwire._impl import Address, Prefix, Reader
from bgpwire.errors import DecodeError

type Field = Callable[[Reader], Any]
type Table = Mapping[int, tuple[str, Field]]


def u8(reader: Reader) -> int:
    return reader.u8()


def u16(reader: Reader) -> int:
    return reader.u16()


def u24(reader: Reader) -> int:
    return reader.u24()


def u32(reader: Reader) -> int:
    return reader.u32()


def u64(reader: Reader) -> int:
    return reader.u64()


def f32(reader: Reader) -> float:
    return reader.f32()


def uint(reader: Reader) -> int:
    """All that is left, as one unsigned integer: for fields whose width is their length, 8 octets at most."""
    if len(reader) > 8:
        raise DecodeError(f"an integer of {len(reader)} octets", reader.offset)
    return reader.uint(len(reader))


def ipv4(reader: Reader) -> Address:
    return reader.ipv4()


def ipv6(reader: Reader) -> Address:
    return reader.ipv6()


def address(reader: Reader) -> Address:
    """All that is left, an address of 4 or 16 octets."""
    return reader.address(len(reader))


def octets(reader: Reader) -> bytes:
    """All that is left."""
    return reader.rest()


def text(reader: Reader) -> str:
    """All that is left, as UTF-8; what is none comes as U+FFFD."""
    return reader.rest().decode("utf-8", "replace")


def nothing(reader: Reader) -> bool:
    """A field of no octets that says something by being there."""
    return True


def reserved(size: int) -> Field:
    """Octets that mean nothing; ``record`` leaves them out."""

    def read(reader: Reader) -> None:
        reader.skip(size)

    return read


def raw(size: int) -> Field:
    """That many octets."""

    def read(reader: Reader) -> bytes:
        return reader.take(size)

    return read


def flags(*names: str, size: int = 1) -> Field:
    """Bits by name, the most significant first, ``""`` for one without a name; those set come as a list.

    Bits without a name that are set come as ``bit_N``, N counted from the most significant. Size 0: all
    octets that are left.
    """

    def read(reader: Reader) -> list[str]:
        width = size or len(reader)
        value = reader.uint(width).to_bytes(width)
        out = []
        # By octets: shifting an integer of thousands of octets once for each of its bits is quadratic.
        for first, octet in enumerate(value):
            for bit in range(8) if octet else ():
                if octet & 0x80 >> bit:
                    index = 8 * first + bit
                    name = names[index] if index < len(names) else ""
                    out.append(name or f"bit_{index}")
        return out

    return read


def named(names: Mapping[int, str], size: int = 1) -> Field:
    """An unsigned integer of ``size`` octets by its name; the number itself where it has none."""

    def read(reader: Reader) -> str | int:
        value = reader.uint(size)
        return names.get(value, value)

    return read


def optional(field: Field) -> Field:
    """The field if any octets are left, else ``None``, which ``record`` leaves out."""

    def read(reader: Reader) -> Any:
        return field(reader) if len(reader) else None

    return read


def tlvs(table: Table, type_size: int = 2, length_size: int = 2) -> Field:
    """TLVs until the octets end, as a field inside others."""

    def read(reader: Reader) -> tuple[Tlv, ...]:
        return read_tlvs(reader, table, type_size, length_size)

    return read


def record(**members: Field) -> Field:
    """Fields one behind the other, by name; those that read ``None`` are left out."""

    def read(reader: Reader) -> dict[str, Any]:
        out = {}
        for name, field in members.items():
            value = field(reader)
            if value is not None:
                out[name] = value
        return out

    return read


def repeat(field: Field) -> Field:
    """The same field until the octets end, as a tuple."""

    def read(reader: Reader) -> tuple[Any, ...]:
        out = []
        while len(reader):
            left = len(reader)
            out.append(field(reader))
            if len(reader) == left:
                raise DecodeError("a repeated field without octets", reader.offset)
        return tuple(out)

    return read


def prefix(reader: Reader, afi: int, bits: int | None = None) -> Prefix:
    """A prefix of ``bits`` bits (``None``: an octet in front tells), its octets only as many as they need."""
    at = reader.offset
    length = reader.u8() if bits is None else bits
    if length > (32 if afi == 1 else 128):
        raise DecodeError(f"prefix length {length}", at)
    return Prefix._restore(bytes((length,)) + reader.take((length + 7) >> 3), afi, None)


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


def to_json(value: Any) -> Any:
    """Any field's value as JSON values: octets as hex, integers from 2^53 as text, floats that are no number too.

    Bits of more than 128 octets are text in hex.
    """
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int):
        if value.bit_length() > 1024:  # in decimal that takes quadratic time, and Python refuses it at last
            return hex(value)
        return int(value) if -(1 << 53) < value < 1 << 53 else str(int(value))
    if isinstance(value, float):
        return value if value - value == 0 else str(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {name: to_json(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(member) for member in value]
    if hasattr(value, "json"):
        return value.json()
    return str(value)


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
