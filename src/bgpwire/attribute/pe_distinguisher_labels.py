"""PE_DISTINGUISHER_LABELS (RFC 6514 section 8): a label for each PE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.attribute.base import FieldAttribute
from bgpwire.errors import ATTRIBUTE_LENGTH, Action, UpdateMessageError
from bgpwire.field import checked, chosen, ipv4, ipv6, label, record, repeat
from bgpwire.numbers.attribute import PE_DISTINGUISHER_LABELS
from bgpwire.registry import attribute

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader
    from bgpwire.field import Field

_PAIRS = {width: repeat(record(address=address, label=label)) for width, address in ((4, ipv4), (16, ipv6))}


@attribute(PE_DISTINGUISHER_LABELS, "pe_distinguisher_labels", 0xC0)
class PeDistinguisherLabels(FieldAttribute):
    """Pairs of address and label; all addresses are of one family."""

    __slots__ = ()
    field = checked(
        chosen(
            lambda reader: _PAIRS[16 if len(reader) % 7 else 4],
            lambda pairs: _PAIRS[16 if pairs and ":" in str(pairs[0]["address"]) else 4],
            *_PAIRS.values(),
        ),
        bool,
        "no pair",
    )

    @classmethod
    def read(cls, reader: Reader, attributes: PathAttributes) -> Any:
        """A multiple of 7 octets (IPv4) or of 19 (IPv6), else treated as withdrawn.

        The RFC takes the family from the route; of a length that fits both (133 octets and its multiples),
        the one of the next hop is taken, and IPv4 without one.
        """
        size = len(reader)
        if not size or (size % 7 and size % 19):
            reason = f"PE_DISTINGUISHER_LABELS of {size} octets, a multiple neither of 7 nor of 19"
            raise UpdateMessageError(reason, reader.offset, None, ATTRIBUTE_LENGTH, Action.TREAT_AS_WITHDRAW)
        return cls.field_of(attributes, size).read(reader)

    @classmethod
    def field_of(cls, attributes: PathAttributes, size: int | None = None) -> Field:
        """The pairs in ``size`` octets, by default in those that the attribute has."""
        if size is None:
            size = len(attributes.raw(27) or b"")
        if not size:
            return cls.field
        if size % 7 or size % 19:
            return _PAIRS[16 if size % 7 else 4]
        hop = attributes.next_hop_of(True)
        return _PAIRS[len(bytes(hop)) if hop is not None else 4]
