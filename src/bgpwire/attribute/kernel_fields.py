"""The attributes that the kernels decode, AS paths and communities among them, as fields: octets, parts and JSON."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from bgpwire._impl import Community, LargeCommunity
from bgpwire.extended_community.base import extended_community
from bgpwire.field import Field, checked, ipv4, named, record, repeat, turned, u8, u16, u32
from bgpwire.field.base import members_of
from bgpwire.field.form_error import member
from bgpwire.numbers import attribute as codes
from bgpwire.value.as_path import SegmentType
from bgpwire.value.origin import Origin

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader, Writer
    from bgpwire.field import Walk

_TYPE: Final = checked(
    named({kind: kind.name.lower() for kind in SegmentType}), lambda kind: isinstance(kind, str), "segment of type {}"
)
_MOST: Final = 255
"""How many AS numbers a segment has room for."""


class _Segment(Field):
    """A path segment (RFC 4271 section 4.3 b): type, how many AS numbers, and these."""

    __slots__ = ("_asn", "_size")

    def __init__(self, asn: Field, size: int) -> None:
        super().__init__(self._read)
        self._asn = repeat(asn)
        self._size = size

    def _read(self, reader: Reader) -> dict[str, Any]:
        kind, count = _TYPE.read(reader), reader.u8()
        return {"type": kind, "asns": self._asn.read(reader.sub(self._size * count))}

    def walk(self, walk: Walk) -> dict[str, Any]:
        kind = walk("type", _TYPE)
        return {"type": kind, "asns": walk.bounded("asns", self._size * walk("count", u8), self._asn.walk)}

    def write(self, writer: Writer, value: Any) -> None:
        _TYPE.write(writer, value["type"])
        asns = value["asns"]
        if not 0 < len(asns) <= _MOST:
            raise ValueError(f"segment of {len(asns)} AS numbers")
        writer.u8(len(asns))
        member(partial(self._asn.write, writer), value, "asns")

    @property
    def parts(self) -> tuple[tuple[str, Field], ...]:
        return ("type", _TYPE), ("asns", self._asn)

    def from_json(self, form: Any) -> dict[str, Any]:
        found = members_of(form)
        return {"type": member(_TYPE.from_json, found, "type"), "asns": member(self._asn.from_json, found, "asns")}

    def schema(self) -> dict[str, Any]:
        return {"$ref": "#/$defs/segment"}


_AS_PATHS: Final = {True: repeat(_Segment(u32, 4)), False: repeat(_Segment(u16, 2))}


def as_path(asn4: bool) -> Field:
    """Segments until the octets end, their AS numbers of 4 octets or of 2."""
    return _AS_PATHS[asn4]


_community: Final = turned(
    record(asn=u16, value=u16),
    lambda parts: Community.from_int(parts["asn"] << 16 | parts["value"]),
    lambda community: {"asn": community.asn, "value": community.value},
    Community,
    {"$ref": "#/$defs/community"},
)  # RFC 1997
_LARGE: Final = ("global_administrator", "local_data_1", "local_data_2")
_large_community: Final = turned(
    record(**dict.fromkeys(_LARGE, u32)),
    lambda parts: LargeCommunity(":".join(map(str, parts.values()))),
    lambda community: dict(zip(_LARGE, community.parts, strict=True)),
    LargeCommunity,
    {"$ref": "#/$defs/large_community"},
)  # RFC 8092 section 3
_FIELDS: Final[dict[int, Field]] = {
    codes.ORIGIN: checked(
        named({origin: origin.json() for origin in Origin}), lambda value: isinstance(value, str), "ORIGIN {}"
    ),
    codes.NEXT_HOP: ipv4,
    codes.MULTI_EXIT_DISC: u32,
    codes.LOCAL_PREF: u32,
    codes.COMMUNITIES: repeat(_community),
    codes.EXTENDED_COMMUNITIES: repeat(extended_community),
    codes.LARGE_COMMUNITY: repeat(_large_community),
}


def kernel_field(code: int, block: PathAttributes) -> Field | None:
    """The field of attribute ``code`` among those of ``block``; ``None`` for one that no kernel decodes."""
    if code in (codes.AS_PATH, codes.AS4_PATH):
        return as_path(block.session.asn4 or code == codes.AS4_PATH)
    return _FIELDS.get(code)
