"""MPLS labels: 20 bits, in front of other bits."""

from __future__ import annotations

from typing import Any, Final

from bgpwire.field.bits import flag, packed
from bgpwire.field.made import Turned
from bgpwire.field.number import high, u24
from bgpwire.field.record import repeat

label: Final = high(3, 20)
"""3 octets, a label in the high 20 bits, whose lower 4 bits are not looked at."""


def labels_alone(stack: bytes, bottom: bool = True) -> bool:
    """Whether a stack is no more than its labels say: its traffic classes are 0, and the last label has the
    bottom-of-stack bit if ``bottom``, no other has."""
    last = len(stack) - 1 if bottom else -1
    return not any(stack[at] & 0x0F != (at == last) for at in range(2, len(stack), 3))


class Labels(Turned):
    """A field of labels alone, made of one that has all of their octets."""

    __slots__ = ()

    def restores(self, value: Any, data: bytes) -> bool:
        return labels_alone(data)


labels: Final = Labels(
    repeat(u24),
    lambda entries: tuple(entry >> 4 for entry in entries),
    lambda labels: [label << 4 | (at == len(labels)) for at, label in enumerate(labels, 1)],
    tuple,
)
"""As many as there are octets for; the last one is written with the bottom-of-stack bit (RFC 8277 section 2.3)."""
label_entry: Final = packed(4, label=20, traffic_class=3, bottom_of_stack=flag(), ttl=8)
"""An entry of a label stack, 4 octets (RFC 3032 section 2.1)."""
