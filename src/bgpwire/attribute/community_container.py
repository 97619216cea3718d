"""BGP Community Container: wide communities (draft-ietf-idr-wide-bgp-communities)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from bgpwire._impl import Reader
from bgpwire.attribute.base import FieldAttribute
from bgpwire.field import (
    Field,
    f32,
    flags,
    nonzero,
    prefix,
    record,
    repeat,
    text,
    tlvs,
    u8,
    u16,
    u32,
)
from bgpwire.field.base import items_of
from bgpwire.numbers.attribute import BGP_COMMUNITY
from bgpwire.registry import attribute

if TYPE_CHECKING:
    from bgpwire._impl import Writer
    from bgpwire.field import Walk


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
_header = record(flags=flags("transitive", "confederation"), hop_count=nonzero(u8))
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


class Containers(Field):
    """Containers until the octets end, written with lengths that count the header; unknown types are kept whole."""

    __slots__ = ()

    def __init__(self) -> None:
        def read(reader: Reader) -> tuple[dict[str, Any], ...]:
            out = []
            extra = _extra(reader)
            while len(reader):
                kind = reader.u16()
                head = _header.read(reader)
                out.append(head | {"container": CONTAINERS.one(reader.sub(reader.u16() - extra), kind)})
            return tuple(out)

        super().__init__(read, exact=False)

    def walk(self, walk: Walk) -> tuple[dict[str, Any], ...]:
        out: list[dict[str, Any]] = []
        extra = _extra(walk.reader)
        while len(walk):
            out.append(walk.part(str(len(out)), partial(self._walk_one, extra=extra)))
        return tuple(out)

    def _walk_one(self, walk: Walk, extra: int) -> dict[str, Any]:
        kind = walk("type", u16)
        head: dict[str, Any] = walk.spread("header", _header)
        return head | {"container": CONTAINERS.walk_value(walk.sub(walk("length", u16) - extra), kind)}

    def write(self, writer: Writer, value: Any) -> None:
        for item in value:
            tlv = item["container"]
            writer.u16(tlv.type)
            _header.write(writer, {name: member for name, member in item.items() if name != "container"})
            with writer.sub(2, _HEADER_SIZE) as body:
                body.octets(tlv.data)

    def restores(self, value: Any, data: bytes) -> bool:
        return _extra(Reader(data)) == _HEADER_SIZE

    @property
    def parts(self) -> tuple[tuple[str, Field], ...]:
        return (*_header.parts, ("container", CONTAINERS))

    def to_json(self, value: Any) -> list[Any]:
        return [item | {"container": CONTAINERS.tlv_json(item["container"])} for item in value]

    def from_json(self, form: Any) -> tuple[dict[str, Any], ...]:
        return tuple(item | {"container": CONTAINERS.tlv_of(item["container"])} for item in items_of(form))

    def schema(self) -> dict[str, Any]:
        properties = _header.schema()["properties"] | {"container": CONTAINERS.schema()["items"]}
        return {"type": "array", "items": {"type": "object", "properties": properties}}


def _extra(reader: Reader) -> int:
    """How many octets the lengths in front of ``reader``, which takes none, count besides the value."""
    return _HEADER_SIZE if _whole(Reader(reader.ahead(len(reader)))) else 0


@attribute(BGP_COMMUNITY, "bgp_community", 0xC0)
class CommunityContainer(FieldAttribute):
    """Containers (section 3.1): type (2 octets), flags, a reserved octet (once a hop count), length (2), value.

    The length counts the value alone in drafts 04 to 11, the header too in 12: read as 12 says where containers of
    those lengths end with the attribute, as before where they do not.
    """

    __slots__ = ()
    field = Containers()
