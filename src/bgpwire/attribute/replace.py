"""A block of path attributes with other values: each attribute that does not change keeps its octets and its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bgpwire._impl import Address, PathAttributes
from bgpwire.attribute.as_width import of_width
from bgpwire.attribute.block import attribute_wire
from bgpwire.attribute.build import CODES, values_of
from bgpwire.attribute.kernels import pack_attributes
from bgpwire.attribute.send_hop import hop_of_family
from bgpwire.errors import EncodeError
from bgpwire.numbers import attribute as codes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire.attribute.mp_reach import MpReach

_MP: Final = frozenset((codes.MP_REACH_NLRI, codes.MP_UNREACH_NLRI))
_AS4: Final = {codes.AS_PATH: codes.AS4_PATH, codes.AGGREGATOR: codes.AS4_AGGREGATOR}
"""What goes with an attribute whose AS numbers may have 2 octets (RFC 6793): it is written anew when that is."""


def replaced(block: PathAttributes, fields: Mapping[str, Any], mp: bool | None = None) -> PathAttributes:
    """See :meth:`bgpwire.PathAttributes.replace`. ``mp``: whether a next hop is that of MP_REACH_NLRI; ``None``: it is
    if there is one."""
    if block.structure_error is not None:
        raise EncodeError("attributes", None, None, str(block.structure_error))
    changed = _changed(block, fields, mp)
    out: list[tuple[int, bytes]] = []
    for attribute in block.walk():
        if attribute.code not in changed:
            out.append((attribute.code, bytes(attribute)))
        elif not attribute.duplicate and (octets := changed[attribute.code]) is not None:
            out.append((attribute.code, octets))
    there = {code for code, _ in out}
    for code, octets in sorted(changed.items()):
        if octets is not None and code not in there:
            # In front of the first that is higher; MP_REACH_NLRI and MP_UNREACH_NLRI may stand first (RFC 7606 5.1).
            at = next((at for at, (other, _) in enumerate(out) if other > code and other not in _MP), len(out))
            out.insert(at, (code, octets))
    wire = b"".join(octets for _, octets in out)
    return PathAttributes(wire, 0, None, block.session, 0, block.rib_family)


def _changed(block: PathAttributes, fields: Mapping[str, Any], mp: bool | None) -> dict[int, bytes | None]:
    """The whole attributes that change, by code; ``None`` for one that is taken out."""
    values = values_of(fields, fields.get("attributes"))
    hop = values.pop(codes.NEXT_HOP, None)
    out: dict[int, bytes | None] = {CODES[name]: None for name, value in fields.items() if value is None}
    for code, other in _AS4.items():
        if code in values or code in out:
            out[other] = None
    asn4 = block.session.asn4 or block.rib_family is not None
    for code, value in of_width(values, asn4).items():
        out[code] = pack_attributes({code: value}, True) or None  # communities, and none of them: no attribute
    if hop is not None:
        reach = block.mp_reach
        if reach is not None and mp is not False:
            out[codes.MP_REACH_NLRI] = _reach(reach, hop)
        elif isinstance(hop, Address) and len(bytes(hop)) == 4:
            out[codes.NEXT_HOP] = pack_attributes({codes.NEXT_HOP: hop}, True)
        else:
            raise EncodeError("next_hop", str(hop), None, f"{hop} has no place in NEXT_HOP, which has 4 octets")
    return out


def _reach(reach: MpReach, hop: Any) -> bytes:
    """MP_REACH_NLRI of the same routes with another next hop."""
    octets = hop_of_family(hop, reach.family)
    wire = bytes((len(octets),)) + octets
    if not reach.abbreviated:
        family = reach.afi.to_bytes(2) + bytes((reach.safi,))
        wire = family + wire + bytes((reach.reserved,)) + bytes(reach.nlri)
    return attribute_wire(0x80, codes.MP_REACH_NLRI, wire)
