# Path attributes as a table keeps them: as in the entries of TABLE_DUMP_V2 (RFC 6396 section 4.3.4), AS_PATH apart from
# the rest.

from libc.stdint cimport uint8_t, uint32_t

from bgpwire._cython.emit cimport Run
from bgpwire._cython.rib_hash cimport Secret
from bgpwire._cython.rib_held cimport Pair
from bgpwire._cython.rib_pieces cimport Pieces

cdef enum:
    PLACE = 2  # octets in front of the rest: where among its attributes AS_PATH stood
    NO_PATH = 0xFFFF
    LONGEST = 0xFFFF  # octets of the attributes of an entry
    ROOM = 3 * LONGEST  # octets that the pieces of one may need before their sizes are looked at


cdef struct Entry:
    uint8_t *octets  # ROOM of them
    bint has_path
    const uint8_t *path  # where they stood, or among ``octets``
    Py_ssize_t path_size
    const uint8_t *rest
    Py_ssize_t rest_size


cdef bint read_entry(Entry *self, const Run *run) noexcept nogil
cdef Py_ssize_t entry_size(const Pieces *paths, const Pieces *rests, Pair pair) noexcept nogil
cdef uint8_t *write_entry(uint8_t *out, const Pieces *paths, const Pieces *rests, Pair pair) noexcept nogil
