"""The address in the next hop of MP_REACH_NLRI (RFC 4760 section 3), without decoding the attribute."""

from cpython.bytes cimport PyBytes_AS_STRING
from libc.stdint cimport uint8_t, uint16_t, uint64_t

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


cdef int locate_hop(
    const uint8_t *data, Py_ssize_t start, Py_ssize_t end, int rib_afi, int rib_safi, MpItem *item
) noexcept nogil:
    """The octets of the first address, 4 or 16, 0 for none; ``item`` has where it stands and the family, which may not
    have such a next hop. ``rib_afi`` is 0 outside RIB entries."""
    cdef Cursor cur = cursor(data, start, end)
    cdef int size
    if rib_afi and next_mp_hop(&cur, item) == Step.ITEM and left(&cur) == 0:
        item.afi = <uint16_t> rib_afi
        item.safi = <uint8_t> rib_safi
    else:
        cur = cursor(data, start, end)
        # The reserved octet behind the next hop may be missing.
        if next_mp_family(&cur, item) != Step.ITEM or next_mp_hop(&cur, item) != Step.ITEM:
            return 0
    size = item.size
    if size == 12 or size == 24 or size == 40 or size == 48:
        item.next_hop += 8
    elif size != 4 and size != 16 and size != 32:
        return 0
    return 4 if size == 4 or size == 12 else 16


cdef int mp_hop(
    const uint8_t *data, Py_ssize_t start, Py_ssize_t end, int rib_afi, int rib_safi, const uint8_t **address
) noexcept nogil:
    """The octets of the first address, 4 or 16; 0 for none, and for one whose length is not the family's. -1 where the
    family is neither IPv4 nor IPv6."""
    cdef MpItem item
    cdef int size = locate_hop(data, start, end, rib_afi, rib_safi, &item)
    if size == 0:
        return 0
    if item.afi != AFI_IPV4 and item.afi != AFI_IPV6:
        return -1
    address[0] = item.next_hop
    return size if LENGTHS[item.afi - AFI_IPV4][item.safi] >> item.size & 1 else 0


cdef object mp_next_hop(const uint8_t *data, Py_ssize_t start, Py_ssize_t end, object rib_family):
    """See ``next_hop_address``; ``data[start:end]`` is there."""
    cdef MpItem item
    cdef int size, afi = 0, safi = 0
    if rib_family is not None:
        afi, safi = rib_family
    size = locate_hop(data, start, end, afi, safi, &item)
    if size == 0:
        return None
    if item.afi == AFI_IPV4 or item.afi == AFI_IPV6:
        if not LENGTHS[item.afi - AFI_IPV4][item.safi] >> item.size & 1:
            return None
    elif not next_hop_fits(item.afi, item.safi, item.size):
        return None
    return address_of(item.next_hop, size)


def next_hop_address(bytes data not None, Py_ssize_t start, Py_ssize_t end, rib_family=None):
    """The first address of the next hop of the MP_REACH_NLRI whose value is ``data[start:end]``.

    ``rib_family`` is the (AFI, SAFI) of a RIB entry, which may have the next hop alone (RFC 6396 section 4.3.4).
    ``None`` where there is no address, or a length that is not the family's (RFC 7606 section 7.11).
    """
    if not 0 <= start <= end <= len(data):
        raise ValueError(f"no octets {start} to {end} in a buffer of {len(data)}")
    return mp_next_hop(<const uint8_t *> PyBytes_AS_STRING(data), start, end, rib_family)
