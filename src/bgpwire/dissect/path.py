"""The values of the attributes that the kernels decode, AS paths and communities among them, as fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bgpwire.field import UNKNOWN, Field, checked, ipv4, named, raw, record, repeat, u8, u16, u32
from bgpwire.numbers import attribute as codes
from bgpwire.registry import EXTENDED_COMMUNITIES as KINDS
from bgpwire.value.as_path import SegmentType
from bgpwire.value.origin import Origin

if TYPE_CHECKING:
    from bgpwire._impl import Reader
    from bgpwire.field import Walk

_TYPE: Final = checked(
    named({kind: kind.name.lower() for kind in SegmentType}), lambda kind: isinstance(kind, str), "segment of type {}"
)


class _Segment(Field):
    """A path segment (RFC 4271 section 4.3 b): type, how many AS numbers, and these."""

    __slots__ = ("_asn", "_size")

    def __init__(self, asn: Field, size: int) -> None:
        super().__init__(self._read, exact=False)
        self._asn = repeat(asn)
        self._size = size

    def _read(self, reader: Reader) -> dict[str, Any]:
        kind, count = _TYPE.read(reader), reader.u8()
        return {"type": kind, "asns": self._asn.read(reader.sub(self._size * count))}

    def walk(self, walk: Walk) -> Any:
        walk("type", _TYPE)
        walk.bounded("asns", self._size * walk("count", u8), self._asn.walk)


_AS_PATHS: Final = {True: repeat(_Segment(u32, 4)), False: repeat(_Segment(u16, 2))}


def as_path(asn4: bool) -> Field:
    """Segments until the octets end, their AS numbers of 4 octets or of 2."""
    return _AS_PATHS[asn4]


class _ExtendedCommunity(Field):
    """RFC 4360 section 2: two octets of type and what they say of the other six."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(raw(8).read)

    def walk(self, walk: Walk) -> None:
        kind = KINDS[walk("type", u8) << 8 | walk("subtype", u8)]
        if kind is None:
            walk(UNKNOWN, raw(6))
        else:
            walk.sub(6).whole(kind.field.walk)


KERNEL_FIELDS: Final[dict[int, Field]] = {
    codes.ORIGIN: checked(
        named({origin: origin.json() for origin in Origin}), lambda value: isinstance(value, str), "ORIGIN {}"
    ),
    codes.NEXT_HOP: ipv4,
    codes.MULTI_EXIT_DISC: u32,
    codes.LOCAL_PREF: u32,
    codes.COMMUNITIES: repeat(record(asn=u16, value=u16)),  # RFC 1997
    codes.EXTENDED_COMMUNITIES: repeat(_ExtendedCommunity()),
    codes.LARGE_COMMUNITY: repeat(
        record(global_administrator=u32, local_data_1=u32, local_data_2=u32)
    ),  # RFC 8092 section 3
}
"""The values of the attributes that the kernels decode, but for AS paths."""
