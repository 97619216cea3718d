"""AGGREGATOR and AS4_AGGREGATOR (RFC 4271 section 5.1.7, RFC 6793)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bgpwire._impl import Address, maker
from bgpwire.errors import ATTRIBUTE_LENGTH, Action, UpdateMessageError
from bgpwire.field import Field, ipv4, u16, u32
from bgpwire.field.base import integer_of, members_of
from bgpwire.numbers.attribute import AGGREGATOR, AS4_AGGREGATOR
from bgpwire.registry import attribute
from bgpwire.value.frozen import Frozen

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader, Writer
    from bgpwire.field import Walk


@attribute(AGGREGATOR, "aggregator", 0xC0, Action.ATTRIBUTE_DISCARD)
@dataclass(frozen=True, slots=True, order=True)
class Aggregator(Frozen):
    """Who aggregated: AS number and BGP identifier; ``asn4`` says whether the AS number had 4 octets on the wire."""

    asn: int
    address: Address
    asn4: bool = True

    @classmethod
    def decode(cls, reader: Reader, attributes: PathAttributes) -> Aggregator:
        """8 octets on a session with 4-octet AS numbers, else 6; others are discarded (RFC 7606 section 7.7)."""
        return _read("AGGREGATOR", reader, attributes.session.asn4)

    @classmethod
    def field_of(cls, attributes: PathAttributes) -> Field:
        return FIELDS[attributes.session.asn4]

    def __bytes__(self) -> bytes:
        return FIELDS[self.asn4].encode(self)

    def __str__(self) -> str:
        return f"{self.asn} {self.address}"

    def json(self) -> dict[str, Any]:
        return {"asn": self.asn, "address": str(self.address)}


@attribute(AS4_AGGREGATOR, "as4_aggregator", 0xC0, Action.ATTRIBUTE_DISCARD)
class As4Aggregator:
    """The value of AS4_AGGREGATOR is an :class:`Aggregator` with a 4-octet AS number."""

    @classmethod
    def decode(cls, reader: Reader, attributes: PathAttributes) -> Aggregator:
        """8 octets; others are discarded (RFC 6793 section 6)."""
        return _read("AS4_AGGREGATOR", reader, True)

    @classmethod
    def field_of(cls, attributes: PathAttributes) -> Field:
        return FIELDS[True]


_make = maker(Aggregator, "asn", "address", "asn4")


class AggregatorField(Field):
    """An AS number, of 4 octets or of 2, and a BGP identifier."""

    __slots__ = ("_asn4", "parts")
    parts: tuple[tuple[str, Field], ...]

    def __init__(self, asn4: bool) -> None:
        number = u32 if asn4 else u16
        asn = number.read

        def read(reader: Reader) -> Aggregator:
            return _make(Aggregator, asn(reader), reader.ipv4(), asn4)  # type: ignore[no-any-return]

        super().__init__(read)
        self._asn4 = asn4
        self.parts = ("asn", number), ("address", ipv4)

    def walk(self, walk: Walk) -> Aggregator:
        asn, address = (walk(name, part) for name, part in self.parts)
        return Aggregator(asn, address, self._asn4)

    def write(self, writer: Writer, value: Any) -> None:
        writer.uint(value.asn, 4 if self._asn4 else 2)
        writer.ipv4(value.address)

    def from_json(self, form: Any) -> Aggregator:
        found = members_of(form)
        return Aggregator(integer_of(found["asn"]), Address(found["address"]), self._asn4)

    def schema(self) -> dict[str, Any]:
        shown = {name: part.schema() for name, part in self.parts}
        return {"type": "object", "properties": shown, "required": [*shown], "additionalProperties": False}


FIELDS: Final = {True: AggregatorField(True), False: AggregatorField(False)}
"""By whether the session has AS numbers of 4 octets; AS4_AGGREGATOR has them always."""


def _read(name: str, reader: Reader, asn4: bool) -> Aggregator:
    size = 8 if asn4 else 6
    if len(reader) != size:
        reason = f"{name} of {len(reader)} octets, not {size}"
        raise UpdateMessageError(reason, reader.offset, None, ATTRIBUTE_LENGTH, Action.ATTRIBUTE_DISCARD)
    value: Aggregator = FIELDS[asn4].read(reader)
    return value
