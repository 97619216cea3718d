# Routes of a table as RIB records of TABLE_DUMP_V2 (RFC 6396 section 4.3.2, RFC 8050 section 4): what every consumer of
# archives reads.

from libc.stdint cimport uint8_t, uint32_t

from bgpwire._cython.rib_table cimport Rib


cdef struct Octets:
    uint8_t *data
    Py_ssize_t size
    Py_ssize_t room


cdef struct Dump:
    const Rib *rib
    int family
    uint32_t seconds  # of the records
    uint32_t sequence
    Octets octets
    # Of the record with path identifiers that is being written:
    int entries
    Py_ssize_t begin
    Py_ssize_t count_at


cdef int put_prefix(Dump *self, uint32_t number) noexcept nogil
