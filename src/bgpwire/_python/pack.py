"""Values into octets: the NLRI of messages, and the block of path attributes (RFC 4271 section 4.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bgpwire._python.as_path import AsPath
from bgpwire._python.communities import Communities, ExtendedCommunities, LargeCommunities
from bgpwire._python.prefix import Address, Prefix
from bgpwire.errors import EncodeError
from bgpwire.numbers import attribute as codes
from bgpwire.value.attributes import attribute_name
from bgpwire.value.octets import MARKER
from bgpwire.value.prefix import no_path_id, path_id_needed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["announced", "pack_attributes", "pack_updates", "read_values", "unicast"]

NLRI_FIELD: Final = 0
WITHDRAWN_FIELD: Final = 1
_FIXED: Final = 23
"""Octets of an UPDATE without routes and attributes."""

_FLAGS: Final[dict[int, bytes]] = {
    codes.ORIGIN: b"\x40\x01",
    codes.AS_PATH: b"\x40\x02",
    codes.NEXT_HOP: b"\x40\x03",
    codes.MULTI_EXIT_DISC: b"\x80\x04",
    codes.LOCAL_PREF: b"\x40\x05",
    codes.COMMUNITIES: b"\xc0\x08",
    codes.EXTENDED_COMMUNITIES: b"\xc0\x10",
    codes.AS4_PATH: b"\xc0\x11",
    codes.LARGE_COMMUNITY: b"\xc0\x20",
}
"""Flags and code of the attributes whose values the kernel writes; the registry's flags of the same codes."""
_COLLECTIONS: Final = frozenset((Communities, ExtendedCommunities, LargeCommunities))
_VALUES: Final = _COLLECTIONS | {AsPath, Address}


def read_values(
    given: tuple[Any, ...],
    table: tuple[tuple[str, int, type | None, Callable[[Any], Any]], ...],
    unset: object,
    out: dict[int, Any],
) -> None:
    """Put the values ``given`` into ``out`` by code; ``unset`` changes nothing, ``None`` takes a code out.

    ``table`` says for each: name, code, the type of what is taken as it is, and what reads any other. A number that is
    taken has 32 bits, else :class:`bgpwire.EncodeError`.
    """
    for value, (name, code, ready, read) in zip(given, table, strict=True):
        if value is unset:
            continue
        if type(value) is not ready:
            value = None if value is None else read(value)
        elif isinstance(value, int) and not 0 <= value <= 0xFFFFFFFF:
            raise EncodeError(name, value, 0xFFFFFFFF)
        if value is None:
            out.pop(code, None)
        else:
            out[code] = value


def unicast(nlri: Any, families: dict[int, Any]) -> tuple[tuple[Any, tuple[Any, ...]]] | None:
    """``((family, values),)`` where ``nlri`` is a list or a tuple, and each of its values a :class:`bgpwire.Prefix`,
    all of one AFI, which has its family in ``families``; ``None`` for anything else, which is not iterated."""
    if type(nlri) is not list and type(nlri) is not tuple:
        return None
    values = tuple(nlri)
    afi = 0
    for value in values:
        if type(value) is not Prefix or (afi and value._afi != afi):
            return None
        afi = value._afi
    return ((families[afi], values),) if afi else None


def pack_updates(
    place: int,
    front: bytes,
    nlri: tuple[Any, ...],
    add_path: bool,
    path_id: int | None,
    values: dict[int, Any],
    most: int,
) -> list[bytes] | None:
    """The UPDATEs, header included, that carry ``nlri`` in their order, as few as messages of ``most`` octets allow.

    ``nlri`` are prefixes, and octets of whole NLRI. With ``add_path`` each prefix has its path identifier in front (RFC
    7911 section 3), or ``path_id`` if it has none. ``place`` is where they stand: 0 for the NLRI field, 1 for Withdrawn
    Routes, or the code of MP_REACH_NLRI or MP_UNREACH_NLRI, which then is the first attribute (RFC 7606 section 5.1);
    ``front`` is what that has in front of them. ``values`` are the other attributes, see :func:`pack_attributes`.

    ``None`` for the NLRI field where the next hop is none that NEXT_HOP has room for, an address of 4 octets.
    :class:`bgpwire.EncodeError` for an NLRI that does not fit beside them, and for a path identifier that is missing or
    has no place; TypeError for what is neither a prefix nor octets.
    """
    if place == NLRI_FIELD:
        hop = values.get(codes.NEXT_HOP)
        if type(hop) is not Address or len(hop._wire) != 4:
            return None
    block = pack_attributes(values, place == NLRI_FIELD)
    room = most - _FIXED - len(block)
    if place > WITHDRAWN_FIELD:
        room = (room - 4 if room > 0xFF + 4 else min(0xFF, room - 3)) - len(front)
    room = max(room, 0)
    out: list[bytes] = []
    piece: list[bytes] = []
    at = 0
    for value in nlri:
        wire = value if type(value) is bytes else _prefix_octets(value, add_path, path_id)
        size = len(wire)
        if at + size > room:
            if size > room:
                raise EncodeError("nlri", size, room)
            out.append(_update(place, front, b"".join(piece), block))
            piece = []
            at = 0
        at += size
        piece.append(wire)
    if piece:
        out.append(_update(place, front, b"".join(piece), block))
    return out


def announced(
    nlri: tuple[Any, ...],
    path_id: int | None,
    values: dict[int, Any],
    sending: tuple[bool, bool, int, Any] | None,
    make: Callable[[bytes, Any], Any],
) -> list[Any] | None:
    """The messages that announce ``nlri`` of IPv4 unicast; ``make(octets, session)``, by :func:`starter`, makes them.
    ``sending`` is what :meth:`bgpwire.Session.sending` says, ``values`` are the attributes of
    :func:`pack_attributes`.

    ``None`` for what more is to be known of: a session that says so, a next hop that is no address of 4 octets, no
    AS_PATH or one of another width, an AGGREGATOR. Errors are those of :func:`pack_updates`.
    """
    if sending is None or codes.AGGREGATOR in values:
        return None
    asn4, add_path, most, session = sending
    path = values.get(codes.AS_PATH)
    if type(path) is not AsPath or path.asn4 is not asn4:
        return None
    packed = pack_updates(NLRI_FIELD, b"", nlri, add_path, path_id, values, most)
    return None if packed is None else [make(octets, session) for octets in packed]


def _prefix_octets(value: Any, add_path: bool, path_id: int | None) -> bytes:
    if type(value) is not Prefix:
        raise TypeError(f"{value!r} is no prefix")
    own = value._path_id
    if not add_path:
        if own is not None:
            raise no_path_id(value)
        return value._wire
    if own is None:
        if path_id is None:
            raise path_id_needed(value)
        own = path_id
    return own.to_bytes(4) + value._wire


def _update(place: int, front: bytes, piece: bytes, block: bytes) -> bytes:
    withdrawn, behind = b"", b""
    if place == NLRI_FIELD:
        behind = piece
    elif place == WITHDRAWN_FIELD:
        withdrawn = piece
    else:
        size = len(front) + len(piece)
        head = bytes((0x80, place, size)) if size <= 0xFF else bytes((0x90, place)) + size.to_bytes(2)
        block = b"".join((head, front, piece, block))
    size = _FIXED + len(withdrawn) + len(block) + len(behind)
    head = MARKER + size.to_bytes(2) + b"\2"
    return b"".join((head, len(withdrawn).to_bytes(2), withdrawn, len(block).to_bytes(2), block, behind))


def pack_attributes(values: Mapping[int, Any], next_hop: bool) -> bytes:
    """The block of the attributes ``values``, in the order of their codes; NEXT_HOP only with ``next_hop``.

    A value is an int (ORIGIN, MULTI_EXIT_DISC, LOCAL_PREF), an :class:`bgpwire.AsPath`, :class:`bgpwire.Address` or
    collection of communities under the code of its attribute, or the octets of a whole attribute, header included. A
    collection without communities is no attribute (RFC 7606 section 7.8).
    :class:`bgpwire.EncodeError` for one of more than 65,535 octets, TypeError for any other value.
    """
    out: list[bytes] = []
    for code in sorted(values):
        value = values[code]
        if type(value) is bytes:
            out.append(value)
            continue
        if code == codes.NEXT_HOP and not next_hop:
            continue
        kind = type(value)
        if code not in _FLAGS:
            raise TypeError(f"attribute {code}: {kind.__name__} cannot be written")
        if kind is int:
            octets = _number(code, value)
        elif kind in _VALUES:
            octets = bytes(value)
            if not octets and kind in _COLLECTIONS:
                continue
        else:
            raise TypeError(f"attribute {code}: {kind.__name__} cannot be written")
        size = len(octets)
        if size < 256:
            out.append(_FLAGS[code] + bytes((size,)))
        elif size < 65536:
            flags = _FLAGS[code]
            out.append(bytes((flags[0] | 0x10, code)) + size.to_bytes(2))
        else:
            raise EncodeError(attribute_name(code), size, 0xFFFF)
        out.append(octets)
    return b"".join(out)


def _number(code: int, value: int) -> bytes:
    size, most = (1, 0xFF) if code == codes.ORIGIN else (4, 0xFFFFFFFF)
    if not 0 <= value <= most:
        raise EncodeError(attribute_name(code), value, most)
    return value.to_bytes(size)
