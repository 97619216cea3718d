"""The address in the next hop of MP_REACH_NLRI (RFC 4760 section 3), without decoding the attribute."""

from cpython.bytes cimport PyBytes_AS_STRING
from libc.stdint cimport uint8_t, uint64_t

from bgpwire._cython.cursor cimport Cursor, MpItem, Step, cursor, left, next_mp_family, next_mp_hop
from bgpwire._cython.numbers cimport AFI_IPV4, AFI_IPV6
from bgpwire._cython.prefix cimport address_of

from bgpwire.next_hop_length import KNOWN, NEXT_HOP_LENGTHS, next_hop_fits

__all__ = ["next_hop_address"]

# The table of next_hop_length for IPv4 and IPv6, one bit a length: no call for the families of every archive.
cdef uint64_t[2][256] LENGTHS


def _bits(lengths):
    return sum(1 << size for size in lengths)


def _fill():
    known = _bits(KNOWN)
    for afi in (AFI_IPV4, AFI_IPV6):
        for safi in range(256):
            LENGTHS[afi - AFI_IPV4][safi] = known
    for (afi, safi), lengths in NEXT_HOP_LENGTHS.items():
        if afi in (AFI_IPV4, AFI_IPV6):
            LENGTHS[<int> afi - AFI_IPV4][<int> safi] = _bits(lengths)


_fill()


cdef object mp_next_hop(const uint8_t *data, Py_ssize_t start, Py_ssize_t end, object rib_family):
    """See ``next_hop_address``; ``data[start:end]`` is there."""
    cdef Cursor cur = cursor(data, start, end)
    cdef MpItem item
    cdef int size, skip
    cdef long long afi, safi
    if rib_family is not None and next_mp_hop(&cur, &item) == Step.ITEM and left(&cur) == 0:
        afi, safi = rib_family
    else:
        cur = cursor(data, start, end)
        # The reserved octet behind the next hop may be missing.
        if next_mp_family(&cur, &item) != Step.ITEM or next_mp_hop(&cur, &item) != Step.ITEM:
            return None
        afi = item.afi
        safi = item.safi
    size = item.size
    if size == 4 or size == 16 or size == 32:
        skip = 0
    elif size == 12 or size == 24 or size == 40 or size == 48:
        skip = 8
    else:
        return None
    if AFI_IPV4 <= afi <= AFI_IPV6 and 0 <= safi < 256:
        if not LENGTHS[afi - AFI_IPV4][safi] >> size & 1:
            return None
    elif not next_hop_fits(afi, safi, size):
        return None
    return address_of(item.next_hop + skip, 4 if size == 4 or size == 12 else 16)


def next_hop_address(bytes data not None, Py_ssize_t start, Py_ssize_t end, rib_family=None):
    """The first address of the next hop of the MP_REACH_NLRI whose value is ``data[start:end]``.

    ``rib_family`` is the (AFI, SAFI) of a RIB entry, which may have the next hop alone (RFC 6396 section 4.3.4).
    ``None`` where there is no address, or a length that is not the family's (RFC 7606 section 7.11).
    """
    if not 0 <= start <= end <= len(data):
        raise ValueError(f"no octets {start} to {end} in a buffer of {len(data)}")
    return mp_next_hop(<const uint8_t *> PyBytes_AS_STRING(data), start, end, rib_family)
