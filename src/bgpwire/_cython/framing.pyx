"""Messages in a stream of octets (RFC 4271 section 4.1)."""

from cpython.bytes cimport PyBytes_FromStringAndSize
from libc.stdint cimport uint8_t, uint16_t
from libc.string cimport memcmp, memcpy

from bgpwire._cython.cursor cimport message_header
from bgpwire._cython.numbers cimport KEEPALIVE, NOTIFICATION, OPEN, ROUTE_REFRESH, UPDATE

from bgpwire.errors import MessageHeaderError
from bgpwire.numbers.error_code import BAD_MESSAGE_LENGTH, BAD_MESSAGE_TYPE, CONNECTION_NOT_SYNCHRONIZED

__all__ = ["check_header", "find_marker"]

cdef const uint8_t *ONES = b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"


cdef inline bint length_fits(int kind, int length) noexcept nogil:
    """The limits of RFC 4271 section 6.1 for each type; OPEN and KEEPALIVE never grow (RFC 8654 section 4)."""
    if kind == OPEN:
        return 29 <= length <= 4096
    if kind == UPDATE or kind == ROUTE_REFRESH:
        return length >= 23
    if kind == NOTIFICATION:
        return length >= 21
    if kind == KEEPALIVE:
        return length == 19
    return True


cdef int header_at(const uint8_t *octets, Py_ssize_t start, int max_message, bint strict_type) except -1:
    """See ``check_header``; 19 octets are there."""
    cdef uint8_t[19] header
    cdef uint16_t length
    cdef uint8_t kind
    memcpy(header, octets + start, 19)
    if memcmp(header, ONES, 16):
        raise MessageHeaderError("marker is not all ones", start, None, CONNECTION_NOT_SYNCHRONIZED)
    message_header(header, &length, &kind)
    if length < 19 or length > max_message or not length_fits(kind, length):
        wrong = PyBytes_FromStringAndSize(<const char *> header + 16, 2)
        reason = f"message of {length} octets, type {kind}"
        raise MessageHeaderError(reason, start + 16, None, BAD_MESSAGE_LENGTH, data=wrong)
    if strict_type and not OPEN <= kind <= ROUTE_REFRESH:
        raise MessageHeaderError(f"message type {kind}", start + 18, None, BAD_MESSAGE_TYPE, data=bytes((kind,)))
    return length


def check_header(
    const uint8_t[::1] data not None, Py_ssize_t start, Py_ssize_t end, int max_message, bint strict_type=False
):
    """The length of the message whose header stands at ``start``, 0 while its 19 octets are not all there.

    Raises :class:`bgpwire.MessageHeaderError`: 1/1 for a marker that is not all ones, 1/2 for a length
    outside 19 to ``max_message`` or wrong for the type, 1/3 (``strict_type``) for a type that RFC 4271
    and RFC 2918 do not know. ValueError for a start and an end that are not in ``data``.
    """
    if not 0 <= start <= end <= data.shape[0]:
        raise ValueError(f"no octets {start} to {end} in a buffer of {data.shape[0]}")
    if end - start < 19:
        return 0
    return header_at(&data[0], start, max_message, strict_type)


def find_marker(const uint8_t[::1] data not None, Py_ssize_t start, Py_ssize_t end):
    """Where the next 16 octets of ones begin, or where they may yet begin (at most 15 octets before the end)."""
    cdef Py_ssize_t at, run = 0
    if not 0 <= start <= end <= data.shape[0]:
        raise ValueError(f"no octets {start} to {end} in a buffer of {data.shape[0]}")
    for at in range(start, end):
        run = run + 1 if data[at] == 0xFF else 0
        if run == 16:
            return at - 15
    return end - run
