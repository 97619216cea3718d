"""ONLY_TO_CUSTOMER (RFC 9234 section 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.errors import ATTRIBUTE_LENGTH, Action, UpdateMessageError
from bgpwire.field import u32
from bgpwire.numbers.attribute import ONLY_TO_CUSTOMER
from bgpwire.registry import attribute

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader


@attribute(ONLY_TO_CUSTOMER, "only_to_customer", 0xC0)
class OnlyToCustomer:
    """The value is the AS number behind which the route goes to customers only."""

    field = u32

    @classmethod
    def decode(cls, reader: Reader, attributes: PathAttributes) -> int:
        """4 octets; any other length is treated as withdrawn."""
        if len(reader) != 4:
            reason = f"ONLY_TO_CUSTOMER of {len(reader)} octets"
            raise UpdateMessageError(reason, reader.offset, None, ATTRIBUTE_LENGTH, Action.TREAT_AS_WITHDRAW)
        return reader.u32()
