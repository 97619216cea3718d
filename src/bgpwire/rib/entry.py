"""Path attributes as a table keeps them: as in the entries of TABLE_DUMP_V2 (RFC 6396 section 4.3.4), AS_PATH apart.

Paths and the rest are shared by more routes apart than together. ``_cython/rib_entry.pyx`` says the same of octets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bgpwire.afi_safi import AFI_IPV4, SAFI_UNICAST
from bgpwire.attribute.aggregator import FIELDS
from bgpwire.attribute.block import attribute_wire
from bgpwire.errors import MrtError
from bgpwire.numbers.attribute import (
    AGGREGATOR,
    AS4_AGGREGATOR,
    AS4_PATH,
    AS_PATH,
    MP_REACH_NLRI,
    MP_UNREACH_NLRI,
    NEXT_HOP,
)
from bgpwire.value.as_path import pack_segments

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes
    from bgpwire.value.attributes import Attribute

NO_PATH: Final = b"\xff\xff"
_LONGEST: Final = 0xFFFF
_TRANSITIVE, _OPTIONAL, _EXTENDED = 0x40, 0x80, 0x10


def entry_of(attributes: PathAttributes, family: tuple[int, int], mp: bool | None) -> tuple[bytes | None, bytes]:
    """The value of AS_PATH, AS numbers of 4 octets, or ``None``; and the rest.

    In front of the rest 2 octets say where among its attributes AS_PATH stood, or that there is none. ``mp`` is whether
    a route of ``family`` stands in MP_REACH_NLRI, ``None`` for an entry of a RIB. Attributes that are left out: those
    that are there twice, what RFC 6793 has for old speakers, which is merged, and the NLRI and the next hops of other
    routes. What is malformed stays as it is.

    :class:`bgpwire.MrtError` where an entry has no room for them.
    """
    path: bytes | None = None
    place = NO_PATH
    rest = b""
    for attribute in attributes.walk():
        if attribute.duplicate:
            continue
        if attribute.code == AS_PATH:
            path, place = _path(attributes, attribute), len(rest).to_bytes(2)
        else:
            rest += _rewritten(attributes, attribute, family, mp)
    if len(rest) + len(path or b"") + 4 > _LONGEST:
        raise MrtError(f"attributes of {len(rest) + len(path or b'') + 4} octets, {_LONGEST} are the most")
    return path, place + rest


def joined(path: bytes | None, rest: bytes) -> bytes:
    """The octets of the attributes of an entry."""
    if path is None:
        return rest[2:]
    place = 2 + int.from_bytes(rest[:2])
    return rest[2:place] + attribute_wire(_TRANSITIVE, AS_PATH, path) + rest[place:]


def _path(attributes: PathAttributes, attribute: Attribute) -> bytes:
    path = attributes.as_path
    if path is None:
        return attribute.data
    return bytes(path) if path.asn4 else pack_segments(path.segments)


def _rewritten(attributes: PathAttributes, attribute: Attribute, family: tuple[int, int], mp: bool | None) -> bytes:
    """The octets of one attribute, header included; none of one that is left out."""
    code = attribute.code
    if code in (AS4_PATH, AS4_AGGREGATOR):
        return b""
    if code == AGGREGATOR and not attributes.session.asn4:
        aggregator: Any = attributes.aggregator
        if aggregator is not None:
            return attribute_wire(attribute.flags & ~_EXTENDED, code, FIELDS[True].encode(aggregator))
    if code == MP_REACH_NLRI:
        return b"" if mp is False else _hop(attributes, attribute, family, mp is None)
    if mp is not None and (code == MP_UNREACH_NLRI or (mp and code == NEXT_HOP)):
        return b""
    return bytes(attribute)


def _hop(attributes: PathAttributes, attribute: Attribute, family: tuple[int, int], entry: bool) -> bytes:
    """MP_REACH_NLRI with the next hop alone; of unicast of IPv4 that is NEXT_HOP in an UPDATE, if it has 4 octets."""
    value = attribute.data
    if entry and value and len(value) == 1 + value[0]:
        return bytes(attribute)
    if len(value) < 4 or len(value) < 4 + value[3] or value[3] == 0xFF:
        return bytes(attribute)
    hop = value[4 : 4 + value[3]]
    if not entry and family == (AFI_IPV4, SAFI_UNICAST) and len(hop) == 4:
        return attribute_wire(_TRANSITIVE, NEXT_HOP, hop)
    return attribute_wire(_OPTIONAL, MP_REACH_NLRI, value[3 : 4 + value[3]])
