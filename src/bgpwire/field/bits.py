"""Bits by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bgpwire._impl import Reader
    from bgpwire.field.base import Field


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
