"""The address in the next hop of MP_REACH_NLRI (RFC 4760 section 3), without decoding the attribute."""

from __future__ import annotations

from bgpwire._python.prefix import Address
from bgpwire._python.update import mp_head
from bgpwire.next_hop_length import next_hop_fits

__all__ = ["next_hop_address"]

# Length of the next hop to where its first address stands in it. What is in front is a route distinguisher.
_PLACES = {4: (0, 4), 16: (0, 16), 32: (0, 16), 12: (8, 12), 24: (8, 24), 40: (8, 24), 48: (8, 24)}


def next_hop_address(data: bytes, start: int, end: int, rib_family: tuple[int, int] | None = None) -> Address | None:
    """The first address of the next hop of the MP_REACH_NLRI whose value is ``data[start:end]``.

    ``rib_family`` is the (AFI, SAFI) of a RIB entry, which may have the next hop alone (RFC 6396 section 4.3.4).
    ``None`` where there is no address, or a length that is not the family's (RFC 7606 section 7.11).
    """
    if not 0 <= start <= end <= len(data):
        raise ValueError(f"no octets {start} to {end} in a buffer of {len(data)}")
    if rib_family is not None and start < end and data[start] == end - start - 1:
        afi, safi = rib_family
        at, after = start + 1, end
    else:
        # The reserved octet behind the next hop may be missing.
        head = mp_head(data, start, end, True)
        if head is None:
            return None
        afi, safi, at, after = head
    size = after - at
    if size not in _PLACES or not next_hop_fits(afi, safi, size):
        return None
    first, last = _PLACES[size]
    return Address._of(data[at + first : at + last])
