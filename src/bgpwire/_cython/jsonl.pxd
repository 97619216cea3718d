from libc.stdint cimport uint8_t, uint32_t

from bgpwire._cython.emit cimport Run
from bgpwire._cython.page cimport Page

cdef int render_json(Page *self, const Run *run) noexcept nogil
cdef char *put_json_peer(char *out, const uint8_t *octets, int size, uint32_t asn) noexcept nogil
# The name of a well-known community, or NULL.
cdef const char *known_name(uint32_t value) noexcept nogil
