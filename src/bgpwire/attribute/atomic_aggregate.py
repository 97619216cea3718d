"""ATOMIC_AGGREGATE (RFC 4271 section 5.1.6): there or not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from bgpwire.errors import ATTRIBUTE_LENGTH, Action, UpdateMessageError
from bgpwire.field import nothing, turned
from bgpwire.numbers.attribute import ATOMIC_AGGREGATE
from bgpwire.registry import attribute
from bgpwire.value.frozen import Frozen

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader
    from bgpwire.field import Field


@attribute(ATOMIC_AGGREGATE, "atomic_aggregate", 0x40, Action.ATTRIBUTE_DISCARD)
class AtomicAggregate(Frozen):
    """No value: 0 octets, else the attribute is discarded (RFC 7606 section 7.6)."""

    __slots__ = ()
    field: ClassVar[Field] = turned(
        nothing,
        lambda _: AtomicAggregate(),
        lambda _: True,
        lambda form: AtomicAggregate(),
        nothing.schema(),
        exact=True,
    )

    @classmethod
    def decode(cls, reader: Reader, attributes: PathAttributes) -> AtomicAggregate:
        if len(reader):
            reason = f"ATOMIC_AGGREGATE of {len(reader)} octets"
            raise UpdateMessageError(reason, reader.offset, None, ATTRIBUTE_LENGTH, Action.ATTRIBUTE_DISCARD)
        return cls()

    def __bytes__(self) -> bytes:
        return b""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AtomicAggregate)

    def __hash__(self) -> int:
        return hash(AtomicAggregate)

    def __repr__(self) -> str:
        return "AtomicAggregate()"

    def __str__(self) -> str:
        return "atomic-aggregate"

    def json(self) -> bool:
        return True
