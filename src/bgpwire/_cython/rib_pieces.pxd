# Octets that many routes have, kept once, with a number that tells where: how often each is used is counted, and the
# memory of one that is used no more is taken by the next of its size.

from libc.stdint cimport int64_t, uint8_t, uint32_t

from bgpwire._cython.rib_hash cimport Secret
from bgpwire._cython.rib_index cimport Index

cdef enum:
    UNIT = 8  # octets: what sizes and places are counted in
    UNITS = 1 << 15  # of a chunk
    SHIFT = 15
    CLASSES = 136  # of sizes


cdef struct Piece:
    uint32_t uses  # of one that is free: the next that is
    uint32_t size
    # Its octets stand behind.


cdef struct Pieces:
    Index index
    uint8_t **chunks
    uint32_t chunk_count
    uint32_t room  # in chunks, for pointers
    uint32_t top  # units that are taken in the last chunk
    uint32_t[CLASSES] free
    int64_t count
    int64_t octets


cdef inline Piece *piece_of(const Pieces *self, uint32_t number) noexcept nogil:
    return <Piece *> (self.chunks[number >> SHIFT] + <Py_ssize_t> (number & (UNITS - 1)) * UNIT)


cdef inline uint8_t *octets_of(Piece *piece) noexcept nogil:
    return <uint8_t *> piece + sizeof(Piece)


cdef inline void share(const Pieces *self, uint32_t number) noexcept nogil:
    """Use it once more."""
    piece_of(self, number).uses += 1


cdef uint32_t keep_piece(Pieces *self, const Secret *secret, const uint8_t *octets, Py_ssize_t size) noexcept nogil
cdef void leave_piece(Pieces *self, const Secret *secret, uint32_t number) noexcept nogil
cdef void free_pieces(Pieces *self) noexcept nogil
