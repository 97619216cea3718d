"""What stands in front of the NLRI of MP_REACH_NLRI and MP_UNREACH_NLRI (RFC 4760 sections 3 and 4)."""

from __future__ import annotations

__all__ = ["mp_head"]


def mp_head(data: bytes, start: int, end: int, reach: bool) -> tuple[int, int, int, int] | None:
    """AFI, SAFI, and where the next hop begins, behind its length, and ends, in the value ``data[start:end]``.

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
