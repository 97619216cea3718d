# Addresses and numbers as text, written into a buffer the caller owns.

from libc.stdint cimport uint8_t, uint16_t, uint32_t

cdef enum:
    ADDRESS_TEXT = 48

cdef char *put_u32(char *out, uint32_t value) noexcept nogil
# Four characters are written, of which up to three count.
cdef char *put_octet(char *out, uint8_t octet) noexcept nogil
cdef char *put_ipv4(char *out, const uint8_t *octets) noexcept nogil
cdef char *put_ipv6(char *out, const uint8_t *octets) noexcept nogil
cdef str ascii(const char *start, const char *end)
