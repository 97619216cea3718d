"""BIER attribute (RFC 9793 section 3): what a router may receive as multicast without state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.attribute.base import FieldAttribute
from bgpwire.errors import Action
from bgpwire.field import Table, Tlv, address, record, reserved, tlvs, u8, u16
from bgpwire.registry import attribute

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader

# RFC 8296 section 2.1.2: 1 stands for 64 bits, each further one for twice as many.
_LENGTHS = {number: 32 << number for number in range(1, 8)}


def _encapsulation(reader: Reader) -> dict[str, Any]:
    """Maximum set identifier, bit string length in 4 bits, first label (or BIFT-id) in 20, then sub-TLVs."""
    out: dict[str, Any] = {"max_si": reader.u8()}
    value = reader.u24()
    length = value >> 20
    out |= {"bit_string_length": _LENGTHS.get(length, length), "label": value & 0xFFFFF}
    return out | {"tlvs": NEXT_HOPS.read(reader)} if len(reader) else out


# Sub-TLVs of all levels share one space of types, in which the BIER TLV has 1.
NEXT_HOP: Table = {4: ("nexthop", address)}
NEXT_HOPS = tlvs(NEXT_HOP)
SUB_TABLE = tlvs(
    {
        2: ("mpls_encapsulation", _encapsulation),
        3: ("non_mpls_encapsulation", _encapsulation),
        **NEXT_HOP,
    }
)


def _bier(reader: Reader) -> dict[str, Any]:
    out: dict[str, Any] = record(sub_domain=u8, bfr_id=u16, reserved=reserved(1))(reader)
    return out | {"tlvs": SUB_TABLE.read(reader)}


TABLE = tlvs({1: ("bier", _bier)})


@attribute(41, "bier", 0xC0, Action.ATTRIBUTE_DISCARD)
class Bier(FieldAttribute):
    """TLVs of 2 octets type and 2 octets length, one a sub-domain."""

    __slots__ = ()
    values: tuple[Tlv, ...]

    @classmethod
    def read(cls, reader: Reader, attributes: PathAttributes) -> tuple[Tlv, ...]:
        return TABLE.read(reader)
