"""BGP Prefix-SID (RFC 8669) and the SRv6 services in it (RFC 9252)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bgpwire._impl import Address
from bgpwire.attribute.tlv_block import TlvBlock, block_fault, first_fault
from bgpwire.bgp_ls.behavior import endpoint_behavior
from bgpwire.errors import Action, DecodeError
from bgpwire.field import Tlv, Tlvs, checked, flags, ipv6, optional, record, repeat, reserved, tlvs, u8, u24, u32
from bgpwire.numbers.attribute import BGP_PREFIX_SID
from bgpwire.registry import attribute

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader
    from bgpwire.field import Table

_STRUCTURE = record(
    locator_block_length=u8,
    locator_node_length=u8,
    function_length=u8,
    argument_length=u8,
    transposition_length=u8,
    transposition_offset=u8,
)
_SUB_SUB_TLVS: Table = {1: ("srv6_sid_structure", _STRUCTURE)}
_SUB_TLVS: Table = {
    1: (
        "srv6_sid_information",
        record(
            reserved=reserved(1),
            sid=ipv6,
            flags=flags(),
            endpoint_behavior=endpoint_behavior,
            padding=reserved(1),
            sub_sub_tlvs=optional(tlvs(_SUB_SUB_TLVS, 1)),
        ),
    ),
}
_SERVICE = record(reserved=reserved(1), sub_tlvs=tlvs(_SUB_TLVS, 1))
_SERVICES = (5, 6)
_RANGES = repeat(record(base=u24, range=u24))


_srgb = checked(_RANGES, bool, "no SRGB range")
"""RFC 8669 section 3.2: one range or more, 6 octets each."""


PREFIX_SID_TLVS: Final[Table] = {
    1: ("label_index", record(reserved=reserved(1), flags=flags(size=2), label_index=u32)),
    2: ("ipv6_sid", record(reserved=reserved(1), flags=flags(size=2), sid=ipv6)),
    3: ("originator_srgb", record(flags=flags(size=2), srgb=_srgb)),
    4: ("srv6_vpn_sid", record(reserved=reserved(1), sids=repeat(record(type=u8, flags=flags(), sid=ipv6)))),
    5: ("srv6_l3_service", _SERVICE),
    6: ("srv6_l2_service", _SERVICE),
}
"""Types of 1 octet, lengths of 2. 2 and 4 are deprecated: drafts before RFC 8669 and RFC 9252 had them."""
_TLVS = tlvs(PREFIX_SID_TLVS, 1)


@attribute(BGP_PREFIX_SID, "bgp_prefix_sid", 0xC0, Action.ATTRIBUTE_DISCARD)
@dataclass(frozen=True, slots=True, eq=False)
class PrefixSid(TlvBlock):
    """The SID of a prefix: a label index for MPLS, or the SRv6 SIDs of a service."""

    @property
    def field(self) -> Tlvs:
        return _TLVS

    @classmethod
    def field_of(cls, attributes: PathAttributes) -> Tlvs:
        return _TLVS

    @classmethod
    def decode(cls, reader: Reader, attributes: PathAttributes) -> PrefixSid:
        """TLVs until the octets end.

        An attribute without a TLV, a TLV over the end, and a Label-Index or Originator SRGB of a wrong length discard
        the attribute (RFC 8669 section 6). With SRv6 services a TLV over the end, and one malformed inside them,
        withdraw the routes (RFC 9252 section 7). A type that is not known, and the two deprecated ones, are no fault.
        """
        begin = reader.offset
        found, error = _TLVS.salvage(reader)
        data = reader.since(begin)
        services = tuple(tlv for tlv in found if tlv.type in _SERVICES)
        torn = data[sum(3 + len(tlv.data) for tlv in found) :]
        inside = first_fault(services)
        if inside is not None or (error is not None and (services or torn[0] in _SERVICES)):
            fault, action = inside or error, Action.TREAT_AS_WITHDRAW
        else:
            labels = next((tlv.error for tlv in found if tlv.type in (1, 3) and tlv.error is not None), None)
            fault, action = labels or error, Action.ATTRIBUTE_DISCARD
            if not data:
                fault = DecodeError("no TLV", begin)
        return cls(found, data, block_fault("BGP Prefix-SID", fault, action, data))

    @property
    def sid_information(self) -> tuple[dict[str, Any], ...]:
        """Every sound SRv6 SID Information of the L3 and L2 services, in wire order."""
        return tuple(
            sub.value
            for tlv in self.tlvs
            if tlv.type in (5, 6) and tlv.error is None
            for sub in tlv.value["sub_tlvs"]
            if sub.type == 1 and sub.error is None
        )

    def sids(self, label: int | None = None, bits: int = 20) -> tuple[Address, ...]:
        """The SRv6 SIDs, whole again: RFC 9252 section 4 moves bits of them to the NLRI's label.

        ``label`` is that label; ``bits`` how wide it is: 20, or 24 where EVPN uses the whole field. The moved
        bits are the most significant ones. Without a label, or where nothing moved, the SIDs as they are.
        """
        return tuple(_recombine(sid, label, bits) for sid in self.sid_information)


def _recombine(information: dict[str, Any], label: int | None, bits: int) -> Address:
    sid: Address = information["sid"]
    subs: tuple[Tlv, ...] = information.get("sub_sub_tlvs", ())
    structure = next((sub.value for sub in subs if sub.type == 1 and sub.error is None), None)
    if label is None or structure is None:
        return sid
    length, offset = structure["transposition_length"], structure["transposition_offset"]
    if not 0 < length <= bits or offset + length > 128:
        return sid
    shift = 128 - offset - length
    mask = ((1 << length) - 1) << shift
    moved = (label & ((1 << bits) - 1)) >> (bits - length)
    return Address.from_bytes((int.from_bytes(bytes(sid)) & ~mask | moved << shift).to_bytes(16))
