"""BGP Community Container: wide communities (draft-ietf-idr-wide-bgp-communities)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import Reader
from bgpwire.attribute.base import FieldAttribute
from bgpwire.field import (
    f32,
    flags,
    prefix,
    record,
    repeat,
    text,
    tlvs,
    u8,
    u16,
    u32,
)
from bgpwire.registry import attribute

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes


# Section 5: atoms, 1 octet of type and 2 of length.
ATOMS = tlvs(
    {
        1: ("autonomous_system_number", repeat(u32)),
        2: ("ipv4_prefix", repeat(prefix(1))),
        3: ("ipv6_prefix", repeat(prefix(2))),
        4: ("integer", repeat(u32)),
        5: ("ieee_float", repeat(f32)),
        6: ("neighbor_class", repeat(u32)),
        7: ("user_defined_class", repeat(u32)),
        8: ("utf8_string", text),
    },
    1,
    2,
)


PARTS = tlvs({1: ("target", ATOMS), 2: ("exclude_target", ATOMS), 3: ("parameters", ATOMS)}, 1, 2)
# Section 4: community, source AS and context AS, 4 octets each, then TLVs.
_wide = record(community=u32, source_asn=u32, context_asn=u32, tlvs=PARTS)
CONTAINERS = tlvs({1: ("bgp_wide_community", _wide)})
_header = record(flags=flags("transitive", "confederation"), hop_count=u8)
_HEADER_SIZE = 6


def _whole(reader: Reader) -> bool:
    """Whether lengths that count the header too lead to the last octet."""
    while len(reader) >= _HEADER_SIZE:
        reader.skip(4)
        length = reader.u16() - _HEADER_SIZE
        if not 0 <= length <= len(reader):
            return False
        reader.skip(length)
    return not len(reader)


@attribute(34, "bgp_community", 0xC0)
class CommunityContainer(FieldAttribute):
    """Containers (section 3.1): type (2 octets), flags, a reserved octet (once a hop count), length (2), value.

    The length counts the value alone in drafts 04 to 11, the header too in 12: read as 12 says where containers of
    those lengths end with the attribute, as before where they do not.
    """

    __slots__ = ()

    @classmethod
    def read(cls, reader: Reader, attributes: PathAttributes) -> tuple[dict[str, Any], ...]:
        """Containers until the octets end; one of an unknown type is kept whole."""
        out = []
        begin = reader.offset
        data = reader.rest()
        counted = _HEADER_SIZE if _whole(Reader(data)) else 0
        reader = Reader(data, base=begin)
        while len(reader):
            kind = u16(reader)
            head = _header(reader)
            if not head["hop_count"]:
                del head["hop_count"]
            out.append(head | {"container": CONTAINERS.one(reader.sub(reader.u16() - counted), kind)})
        return tuple(out)
