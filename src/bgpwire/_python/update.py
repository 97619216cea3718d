"""The three sections of an UPDATE (RFC 4271 section 4.3), and what stands in front of the NLRI of its MP attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire._python.door import indexed, view_of
from bgpwire.errors import MALFORMED_ATTRIBUTE_LIST, UpdateMessageError

if TYPE_CHECKING:
    from collections.abc import Buffer

__all__ = ["section_ends", "split"]


def mp_head(data: bytes, start: int, end: int, reach: bool) -> tuple[int, int, int, int] | None:
    """AFI, SAFI, and where the next hop begins, behind its length, and ends, in the value ``data[start:end]`` of
    MP_REACH_NLRI or MP_UNREACH_NLRI (RFC 4760 sections 3 and 4).

    Behind the next hop of MP_REACH_NLRI (``reach``) stand a reserved octet, which is not looked at, and the NLRI;
    MP_UNREACH_NLRI has none, and both places are where its NLRI begin. ``None`` where a field runs over the end.
    """
    if end - start < 3:
        return None
    afi = data[start] << 8 | data[start + 1]
    at = start + 3
    if not reach:
        return afi, data[start + 2], at, at
    if at == end:
        return None
    after = at + 1 + data[at]
    return None if after > end else (afi, data[start + 2], at + 1, after)


def section_ends(data: bytes, start: int, end: int) -> tuple[int, int]:
    """Where, in the UPDATE body ``data[start:end]``, the withdrawn routes and the attributes end.

    The withdrawn routes begin at ``start + 2``, the attributes 2 octets behind the first figure, the NLRI
    at the second. :class:`bgpwire.UpdateMessageError` 3/1 if a length runs over the end.
    """
    if not 0 <= start <= end <= len(data):
        raise ValueError(f"no octets {start} to {end} in a buffer of {len(data)}")
    if end - start < 4:
        raise _overrun(f"UPDATE of {end - start} octets, at least 4 needed", start)
    withdrawn = start + 2 + (data[start] << 8 | data[start + 1])
    if withdrawn + 2 > end:
        raise _overrun("Withdrawn Routes Length runs over the end", start)
    attributes = withdrawn + 2 + (data[withdrawn] << 8 | data[withdrawn + 1])
    if attributes > end:
        raise _overrun("Total Path Attribute Length runs over the end", withdrawn)
    return withdrawn, attributes


def split(data: Buffer) -> tuple[memoryview, memoryview, memoryview]:
    """Withdrawn routes, path attributes and NLRI of an UPDATE body (the message without its header).

    Nothing is copied: the three views share ``data``. :class:`bgpwire.UpdateMessageError` 3/1 if a
    length runs over the end; TypeError for what has no buffer, ValueError for one that is not one dimension of
    unsigned octets.
    """
    view = view_of(data)
    octets = indexed(view)
    size = len(view)
    if size < 4:
        raise _overrun(f"UPDATE of {size} octets, at least 4 needed", 0)
    withdrawn = 2 + (octets[0] << 8 | octets[1])
    if withdrawn + 2 > size:
        raise _overrun("Withdrawn Routes Length runs over the end", 0)
    attributes = withdrawn + 2 + (octets[withdrawn] << 8 | octets[withdrawn + 1])
    if attributes > size:
        raise _overrun("Total Path Attribute Length runs over the end", withdrawn)
    return view[2:withdrawn], view[withdrawn + 2 : attributes], view[attributes:]


def _overrun(reason: str, offset: int) -> UpdateMessageError:
    return UpdateMessageError(reason, offset, None, MALFORMED_ATTRIBUTE_LIST)
