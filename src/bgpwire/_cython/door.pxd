# The door for other people's buffers: one dimension of unsigned octets, read where they lie.
#
# A function behind it takes `const uint8_t[:] data not None` (Cython acquires the buffer and refuses whatever else
# there is), copies octets that are strided, and returns for empty ones before it takes a pointer. The pointer is
# good until the function returns; what another thread writes meanwhile may give wrong values, but each length is
# read once, so nothing outside the buffer is touched.

from cpython.bytes cimport PyBytes_FromStringAndSize
from libc.stdint cimport uint8_t

from bgpwire._cython.numbers cimport AFI_IPV4, AFI_IPV6


cdef inline bint scattered(const uint8_t[:] data) noexcept nogil:
    return data.shape[0] > 1 and data.strides[0] != 1


cdef inline int version(object afi) except -1:
    if afi == AFI_IPV4:
        return 1
    if afi == AFI_IPV6:
        return 2
    raise ValueError(f"afi is 1 (IPv4) or 2 (IPv6), not {afi!r}")


cdef inline bytes octets_of(const uint8_t[:] data):
    """A copy of octets that are not empty."""
    return bytes(data) if scattered(data) else PyBytes_FromStringAndSize(<const char *> &data[0], data.shape[0])
