# Addresses and numbers as text, written into a buffer the caller owns.

from libc.stdint cimport uint8_t, uint16_t, uint32_t
from libc.string cimport memcpy

from bgpwire._cython.cursor cimport be32

cdef enum:
    ADDRESS_TEXT = 48

# Numbers below 1,000: their digits and, in the fourth octet, how many there are; and three digits each, zeros in front.
cdef char[1000][4] SHORT
cdef char[1000][4] FULL

cdef char *put_u32(char *out, uint32_t value) noexcept nogil
# Four characters are written, of which up to three count.
cdef char *put_octet(char *out, uint8_t octet) noexcept nogil
cdef char *put_ipv4(char *out, const uint8_t *octets) noexcept nogil
cdef char *put_ipv6(char *out, const uint8_t *octets) noexcept nogil
cdef str ascii(const char *start, const char *end)


cdef inline char *put_short(char *out, uint32_t value) noexcept nogil:
    """A number below 1,000. Four characters are written, of which up to three count."""
    cdef const char *text = &SHORT[value][0]
    memcpy(out, text, 4)
    return out + text[3]


cdef inline char *put_number(char *out, uint32_t value) noexcept nogil:
    """A number in decimal. Up to three characters behind it are written too."""
    cdef uint32_t high
    if value < 1000:
        return put_short(out, value)
    high = value // 1000
    if high < 1000:
        out = put_short(out, high)
    else:
        out = put_number_above(out, high)
    memcpy(out, FULL[value - 1000 * high], 4)
    return out + 3


cdef inline char *put_number_above(char *out, uint32_t value) noexcept nogil:
    """A number of 1,000 to 4,294,967."""
    cdef uint32_t high = value // 1000
    if high < 1000:
        out = put_short(out, high)
    else:
        out = put_short(out, high // 1000)
        memcpy(out, FULL[high % 1000], 4)
        out += 3
    memcpy(out, FULL[value - 1000 * high], 4)
    return out + 3


cdef inline char *put_quad(char *out, const uint8_t *octets) noexcept nogil:
    """4 octets as a dotted quad. Up to three characters behind it are written too."""
    # Both are read before anything is written: characters that are written may be anywhere.
    cdef const char *table = &SHORT[0][0]
    cdef uint32_t address = be32(octets)
    cdef const char *text = table + 4 * (address >> 24)
    memcpy(out, text, 4)
    out += text[3]
    out[0] = c"."
    text = table + 4 * (address >> 16 & 0xFF)
    memcpy(out + 1, text, 4)
    out += text[3] + 1
    out[0] = c"."
    text = table + 4 * (address >> 8 & 0xFF)
    memcpy(out + 1, text, 4)
    out += text[3] + 1
    out[0] = c"."
    text = table + 4 * (address & 0xFF)
    memcpy(out + 1, text, 4)
    return out + text[3] + 1
