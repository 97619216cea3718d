"""Numbers, and numbers by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.errors import DecodeError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire._impl import Reader
    from bgpwire.field.base import Field


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


def named(names: Mapping[int, str], size: int = 1) -> Field:
    """An unsigned integer of ``size`` octets by its name; the number itself where it has none."""

    def read(reader: Reader) -> str | int:
        value = reader.uint(size)
        return names.get(value, value)

    return read
