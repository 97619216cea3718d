"""Addresses as text: dotted quads and RFC 5952."""

from cpython.unicode cimport PyUnicode_DecodeASCII
from libc.stdint cimport uint8_t, uint16_t, uint32_t
from libc.string cimport memcmp, memcpy

from bgpwire._cython.cursor cimport be16

__all__ = ["address_text", "ipv4_text", "ipv6_text"]

cdef const char *DIGITS = b"0123456789abcdef"
cdef const uint8_t *MAPPED = b"\0\0\0\0\0\0\0\0\0\0\xff\xff"


cdef char *put_u32(char *out, uint32_t value) noexcept nogil:
    cdef char[10] digits
    cdef int count = 0
    while True:
        digits[count] = <char> (48 + value % 10)
        count += 1
        value //= 10
        if value == 0:
            break
    while count:
        count -= 1
        out[0] = digits[count]
        out += 1
    return out


cdef int _fill_numbers() except -1:
    cdef int number, size
    for number in range(1000):
        size = put_u32(SHORT[number], number) - SHORT[number]
        SHORT[number][3] = size
        FULL[number][0] = 48 + number // 100
        FULL[number][1] = 48 + number // 10 % 10
        FULL[number][2] = 48 + number % 10
    return 0


_fill_numbers()


cdef char *put_octet(char *out, uint8_t octet) noexcept nogil:
    return put_short(out, octet)


cdef char *put_ipv4(char *out, const uint8_t *octets) noexcept nogil:
    return put_quad(out, octets)


cdef char *_put_group(char *out, uint16_t group) noexcept nogil:
    cdef int shift = 12
    while shift and not group >> shift:
        shift -= 4
    while shift >= 0:
        out[0] = DIGITS[group >> shift & 15]
        out += 1
        shift -= 4
    return out


cdef char *put_ipv6(char *out, const uint8_t *octets) noexcept nogil:
    cdef uint16_t[8] groups
    cdef int index, run = 0, longest = 1, best = -1
    if memcmp(octets, MAPPED, 12) == 0:
        memcpy(out, b"::ffff:", 7)
        return put_ipv4(out + 7, octets + 12)
    for index in range(8):
        groups[index] = be16(octets + 2 * index)
        if groups[index]:
            run = 0
            continue
        run += 1
        if run > longest:
            longest = run
            best = index - run + 1
    index = 0
    while index < 8:
        if index == best:
            out[0] = 58
            out[1] = 58
            out += 2
            index += longest
            continue
        if index and (best < 0 or index != best + longest):
            out[0] = 58
            out += 1
        out = _put_group(out, groups[index])
        index += 1
    return out


cdef str ascii(const char *start, const char *end):
    return PyUnicode_DecodeASCII(start, end - start, NULL)


def ipv4_text(bytes data not None):
    """4 octets in network order as a dotted quad."""
    cdef char[ADDRESS_TEXT] out
    if len(data) != 4:
        raise ValueError(f"an IPv4 address has 4 octets, not {len(data)}")
    return ascii(out, put_ipv4(out, data))


def ipv6_text(bytes data not None):
    """16 octets in network order as RFC 5952 writes them; ``::ffff:0:0/96`` keeps its dotted quad."""
    cdef char[ADDRESS_TEXT] out
    if len(data) != 16:
        raise ValueError(f"an IPv6 address has 16 octets, not {len(data)}")
    return ascii(out, put_ipv6(out, data))


def address_text(bytes data not None):
    """4 or 16 octets as text."""
    return ipv4_text(data) if len(data) == 4 else ipv6_text(data)
