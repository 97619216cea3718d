"""Next Hop Dependent Characteristics (draft-ietf-idr-nhc section 2; before: BGP Router Capabilities)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.afi_safi import afi_name, safi_name
from bgpwire.attribute.base import FieldAttribute
from bgpwire.attribute.next_hop import NextHop
from bgpwire.errors import Action
from bgpwire.field import ipv4, octets, record, tlvs, u32
from bgpwire.registry import attribute

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader

TABLE = tlvs(
    {
        1: ("entropy_label", octets),  # ELCv3
        3: ("bgp_id", record(bgp_id=ipv4, asn=u32)),
    }
)


@attribute(39, "next_hop_dependent_characteristics", 0xC0, Action.ATTRIBUTE_DISCARD)
class NextHopCharacteristics(FieldAttribute):
    """The next hop they hold for, and characteristics (2 octets code, 2 octets length). Malformed: discarded."""

    __slots__ = ()

    @classmethod
    def read(cls, reader: Reader, attributes: PathAttributes) -> dict[str, Any]:
        afi, safi = reader.u16(), reader.u8()
        hop = NextHop(reader.take(reader.u8()))
        return {"afi": afi_name(afi), "safi": safi_name(safi), "next_hop": hop, "tlvs": TABLE.read(reader)}
