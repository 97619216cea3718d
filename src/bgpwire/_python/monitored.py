"""Route Monitoring messages of BMP as MRT records, many at a time (RFC 7854 section 4.6, RFC 8050)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bgpwire._python.path_ids import path_ids_kind
from bgpwire._python.reader import as_bytes
from bgpwire.numbers.bmp import ROUTE_MONITORING
from bgpwire.numbers.message import UPDATE
from bgpwire.numbers.mrt import BGP4MP_ET
from bgpwire.value.octets import MARKER

if TYPE_CHECKING:
    from collections.abc import Buffer

__all__ = ["monitored_records"]

_COMMON: Final = 6
"""Octets of the common header: version, length, type."""
_PEER: Final = 34
"""Octets of the per-peer header in front of its time: what is the same in all messages of a table."""
_HEAD: Final = 48
_SHORTEST: Final = _HEAD + 23
"""Octets of a message: the headers, and an UPDATE without routes and attributes."""
_SECOND: Final = 1_000_000
_KINDS: Final = 32
_HEADS: Final = range(2, 47)
_TYPE: Final = BGP4MP_ET.to_bytes(2)


def monitored_records(
    data: Buffer, start: int, heads: dict[bytes, bytes | tuple[bytearray, list[bytes | None]]]
) -> tuple[bytes, int, int]:
    """The UPDATEs of the Route Monitoring messages (version 3) at ``start`` of ``data`` as BGP4MP_ET records: the
    octets of the records, where in ``data`` the messages end, and how many there are.

    ``heads`` has, by the octets of a per-peer header in front of its time, the subtype and the octets that the records
    of its table have in front of the message; of a table with path identifiers what is known of its families, and such
    a head, or ``None``, for each kind of UPDATE (:func:`path_ids_kind`). The first message that is not whole, has no
    head, or is not a header and one UPDATE whose sections fit into it, is not taken, and none behind it.
    """
    view = memoryview(data)
    size = len(view)
    if not 0 <= start <= size:
        raise ValueError(f"octet {start} of {size}")
    at, count = start, 0
    out: list[bytes] = []
    while size - at >= _SHORTEST:
        head = bytes(view[at : at + _SHORTEST])
        length = int.from_bytes(head[1:5])
        if head[0] != 3 or head[5] != ROUTE_MONITORING or not _SHORTEST <= length <= size - at:
            break
        update = head[66] == UPDATE and int.from_bytes(head[64:66]) == length - _HEAD and head[48:64] == MARKER
        if not update or int.from_bytes(head[44:48]) >= _SECOND:
            break
        # The lengths of its sections: one that is wrong is for who reports it.
        withdrawn = int.from_bytes(head[67:69])
        behind = at + 69 + withdrawn
        if _SHORTEST + withdrawn > length or _SHORTEST + withdrawn + (view[behind] << 8 | view[behind + 1]) > length:
            break
        found = heads.get(head[6:40])
        if found is None:
            break
        update_octets = as_bytes(view[at + _HEAD : at + length])
        if not isinstance(found, bytes):
            families, heads_of_kinds = found
            if len(families) != 2 or len(heads_of_kinds) != _KINDS:
                raise ValueError(f"{len(families)} families and {len(heads_of_kinds)} heads")
            kind = path_ids_kind(update_octets, families)
            found = heads_of_kinds[kind] if kind >= 0 else None
            if found is None:
                break
        if len(found) not in _HEADS:
            raise ValueError(f"a head of {len(found)} octets")
        rest = (4 + len(found) - 2 + length - _HEAD).to_bytes(4)
        out += (head[40:44], _TYPE, found[:2], rest, head[44:48], found[2:], update_octets)
        at += length
        count += 1
    return b"".join(out), at, count
