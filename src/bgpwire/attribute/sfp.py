"""SFP attribute: the hops of a service function path (RFC 9015 section 3.2.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire._impl import ExtendedCommunity
from bgpwire.attribute.base import FieldAttribute
from bgpwire.errors import Action, DecodeError, UpdateMessageError
from bgpwire.extended_community.base import extended_community
from bgpwire.field import Tlv, checked, chosen, named, nothing, record, repeat, tlvs, u8, u16, u24
from bgpwire.nlri.parts import rd
from bgpwire.numbers.attribute import SFP_ATTRIBUTE
from bgpwire.registry import attribute

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader

_POOL = 0x0B
_pool = checked(extended_community, lambda value: value.type == _POOL, "{} is no pool of SFIRs")
_rd = checked(rd, lambda value: bytes(value)[0] != _POOL, "{} is read as a pool of SFIRs")
_instance = chosen(
    lambda reader: _pool if reader.peek() == _POOL else _rd,
    lambda value: _pool if isinstance(value, (ExtendedCommunity, dict)) else _rd,
    _rd,
    _pool,
    exact=True,
)
"""An SFIR-RD; an entry whose first octet is 0x0b is the extended community of an SFIR pool."""
_functions = record(service_function_type=u16, instances=repeat(_instance))
HOP_TABLE = tlvs({3: ("service_function_type", _functions), 4: ("mpls_swapping_stacking", nothing)}, 1, 2)
_association = record(association=named({1: "bidirectional"}), rd=rd, spi=u24)
_hop = record(service_index=u8, tlvs=HOP_TABLE)


@attribute(SFP_ATTRIBUTE, "sfp_attribute", 0xC0)
class Sfp(FieldAttribute):
    """TLVs of 1 octet type and 2 octets length; at least one hop, each with a sub-TLV, else treated as withdrawn."""

    __slots__ = ()
    field = tlvs({1: ("association", _association), 2: ("hop", _hop), 5: ("mpls_label_stack_traversal", nothing)}, 1, 2)

    @classmethod
    def read(cls, reader: Reader, attributes: PathAttributes) -> tuple[Tlv, ...]:
        begin = reader.offset
        found = cls.field.read(reader)
        hops = [tlv for tlv in found if tlv.type == 2]
        for tlv in hops:
            if tlv.error is not None:
                raise DecodeError(f"hop: {tlv.error.reason}", tlv.error.offset)
        if not hops or not all(hop.value["tlvs"] for hop in hops):
            reason = "SFP attribute: no hop, or a hop without a sub-TLV"
            raise UpdateMessageError(reason, begin, None, 1, Action.TREAT_AS_WITHDRAW)
        return found
