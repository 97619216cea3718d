"""Next Hop Dependent Characteristics (draft-ietf-idr-nhc section 2; before: BGP Router Capabilities)."""

from __future__ import annotations

from bgpwire.attribute.base import FieldAttribute
from bgpwire.attribute.next_hop import next_hop
from bgpwire.capability.fields import afi, safi
from bgpwire.errors import Action
from bgpwire.field import ipv4, octets, record, sized, tlvs, u32
from bgpwire.numbers.attribute import NEXT_HOP_DEPENDENT_CHARACTERISTICS
from bgpwire.registry import attribute

TABLE = tlvs(
    {
        1: ("entropy_label", octets),  # ELCv3
        3: ("bgp_id", record(bgp_id=ipv4, asn=u32)),
    }
)


@attribute(NEXT_HOP_DEPENDENT_CHARACTERISTICS, "next_hop_dependent_characteristics", 0xC0, Action.ATTRIBUTE_DISCARD)
class NextHopCharacteristics(FieldAttribute):
    """The next hop they hold for, and characteristics (2 octets code, 2 octets length). Malformed: discarded."""

    __slots__ = ()
    field = record(afi=afi, safi=safi, next_hop=sized(next_hop, 1), tlvs=TABLE)
