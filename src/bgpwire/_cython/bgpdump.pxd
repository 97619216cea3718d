from libc.stdint cimport uint8_t, uint32_t

from bgpwire._cython.emit cimport Run
from bgpwire._cython.page cimport Page

cdef int render_bgpdump(Page *self, const Run *run) noexcept nogil
cdef char *put_bgpdump_address(char *out, const uint8_t *octets, int size) noexcept nogil
cdef char *put_bgpdump_peer(char *out, const uint8_t *octets, int size, uint32_t asn) noexcept nogil
