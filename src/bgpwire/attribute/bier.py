"""BIER attribute (RFC 9793 section 3): what a router may receive as multicast without state."""

from __future__ import annotations

from bgpwire.attribute.base import FieldAttribute
from bgpwire.errors import Action
from bgpwire.field import Bits, Table, address, joined, optional, packed, record, reserved, tlvs, u8, u16
from bgpwire.numbers.attribute import BIER
from bgpwire.registry import attribute

# RFC 8296 section 2.1.2: 1 stands for 64 bits, each further one for twice as many.
_LENGTHS = {number: 32 << number for number in range(1, 8)}


# Sub-TLVs of all levels share one space of types, in which the BIER TLV has 1.
NEXT_HOP: Table = {4: ("nexthop", address)}
_encapsulation = joined(
    record(max_si=u8),
    packed(3, bit_string_length=Bits(4, _LENGTHS), label=20),
    record(tlvs=optional(tlvs(NEXT_HOP))),
)
"""Maximum set identifier, bit string length in 4 bits, first label (or BIFT-id) in 20, then sub-TLVs."""
SUB_TABLE = tlvs(
    {
        2: ("mpls_encapsulation", _encapsulation),
        3: ("non_mpls_encapsulation", _encapsulation),
        **NEXT_HOP,
    }
)


_bier = record(sub_domain=u8, bfr_id=u16, reserved=reserved(1), tlvs=SUB_TABLE)
TABLE = tlvs({1: ("bier", _bier)})


@attribute(BIER, "bier", 0xC0, Action.ATTRIBUTE_DISCARD)
class Bier(FieldAttribute):
    """TLVs of 2 octets type and 2 octets length, one a sub-domain."""

    __slots__ = ()
    field = TABLE
