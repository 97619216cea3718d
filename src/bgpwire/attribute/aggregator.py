"""AGGREGATOR and AS4_AGGREGATOR (RFC 4271 section 5.1.7, RFC 6793)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bgpwire._impl import Address
from bgpwire.errors import ATTRIBUTE_LENGTH, Action, UpdateMessageError
from bgpwire.registry import attribute

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader


@attribute(7, "aggregator", 0xC0, Action.ATTRIBUTE_DISCARD)
@dataclass(frozen=True, slots=True, order=True)
class Aggregator:
    """Who aggregated: AS number and BGP identifier; ``asn4`` tells how wide the AS number stood on the wire."""

    asn: int
    address: Address
    asn4: bool = True

    @classmethod
    def decode(cls, reader: Reader, attributes: PathAttributes) -> Aggregator:
        """8 octets on a session with 4-octet AS numbers, else 6; others are discarded (RFC 7606 section 7.7)."""
        return _read(cls, "AGGREGATOR", reader, attributes.session.asn4)

    def __bytes__(self) -> bytes:
        return self.asn.to_bytes(4 if self.asn4 else 2) + bytes(self.address)

    def __str__(self) -> str:
        return f"{self.asn} {self.address}"

    def json(self) -> dict[str, Any]:
        return {"asn": self.asn, "address": str(self.address)}


@attribute(18, "as4_aggregator", 0xC0, Action.ATTRIBUTE_DISCARD)
class As4Aggregator:
    """The value of AS4_AGGREGATOR is an :class:`Aggregator` with a 4-octet AS number."""

    @classmethod
    def decode(cls, reader: Reader, attributes: PathAttributes) -> Aggregator:
        """8 octets; others are discarded (RFC 6793 section 6)."""
        return _read(Aggregator, "AS4_AGGREGATOR", reader, True)


def _read(cls: type[Aggregator], name: str, reader: Reader, asn4: bool) -> Aggregator:
    size = 8 if asn4 else 6
    if len(reader) != size:
        reason = f"{name} of {len(reader)} octets, not {size}"
        raise UpdateMessageError(reason, reader.offset, None, ATTRIBUTE_LENGTH, Action.ATTRIBUTE_DISCARD)
    return cls(reader.uint(size - 4), reader.ipv4(), asn4)
