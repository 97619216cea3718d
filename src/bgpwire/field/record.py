"""Fields made of others: one behind the other, again and again, or perhaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.errors import DecodeError

if TYPE_CHECKING:
    from bgpwire._impl import Reader
    from bgpwire.field.base import Field


def optional(field: Field) -> Field:
    """The field if any octets are left, else ``None``, which ``record`` leaves out."""

    def read(reader: Reader) -> Any:
        return field(reader) if len(reader) else None

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
