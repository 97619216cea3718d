"""MRT records that are not what RFC 6396 says: what their writers did, and how to read them all the same.

None of this is hot, so it is written once for both implementations of the kernels.
"""

from __future__ import annotations

import struct

from bgpwire.numbers import mrt
from bgpwire.value.octets import MARKER

_HEADER = struct.Struct(">IHHI").unpack_from
_SHORT_BY = 4
"""How many octets less than they wrote the writers of RIS rrc00's tables of 2000 declared."""
EVIDENCE = _SHORT_BY + 16
"""Octets that are looked at behind the end that such a record declares."""


def end_of_short_table_dump(data: bytes, pos: int, at_eof: bool, goes_on: bool) -> int:
    """Where a TABLE_DUMP record at ``pos`` ends that is 4 octets longer than its header says; else 0.

    The evidence is the record behind it: of the same type, not an hour later, and numbered one higher in the field that
    is the sequence number (RFC 6396 section 4.2) or, as those writers had it, the view. The last of a file has none
    behind it: there it is that ``goes_on``, which says that it follows another such record.
    It takes a few octets to say so, however long the record is.
    """
    time, kind, subtype, length = _HEADER(data, pos)
    end = pos + 12 + length + _SHORT_BY
    if kind != mrt.TABLE_DUMP or length < 4 or len(data) < end:
        return 0
    if len(data) - end < 16:
        return end if at_eof and goes_on and len(data) == end else 0
    later, *same, _ = _HEADER(data, end)
    step = int.from_bytes(data[end + 12 : end + 16]) - int.from_bytes(data[pos + 12 : pos + 16])
    return end if same == [kind, subtype] and 0 <= later - time < 3600 and step in (1, 0x10000) else 0


def locate_message(data: bytes, start: int) -> int:
    """Where, from ``start``, the marker of a message stands that ends where ``data`` do; -1 if nowhere.

    A message has at most 65,535 octets, so no more than those are looked at.
    """
    at = data.find(MARKER, max(start, len(data) - 0xFFFF))
    while at >= 0 and at + 19 <= len(data):
        if at + (data[at + 16] << 8 | data[at + 17]) == len(data):
            return at
        at = data.find(MARKER, at + 1)
    return -1
