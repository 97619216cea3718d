"""Octets that routes share: see rib_pieces.pxd. Nothing here is for Python."""

from libc.stdint cimport uint8_t, uint32_t
from libc.stdlib cimport free, malloc, realloc
from libc.string cimport memcmp, memcpy

from bgpwire._cython.rib_hash cimport Secret, hash_octets
from bgpwire._cython.rib_index cimport Probe, add_number, drop_number, free_index, next_number, probe

__all__ = []

cdef enum:
    EXACT = 64  # up to so many units each size has its class; behind it eight sizes for each power of two


cdef uint32_t keep_piece(Pieces *self, const Secret *secret, const uint8_t *octets, Py_ssize_t size) noexcept nogil:
    """The number of these octets, which are used once more; at most 65,537. 0 without memory."""
    cdef uint32_t tag = hash_octets(secret, octets, size)
    cdef Probe found = probe(&self.index, tag)
    cdef uint32_t number = next_number(&found)
    cdef Piece *piece
    while number:
        piece = piece_of(self, number)
        if piece.size == <uint32_t> size and memcmp(octets_of(piece), octets, size) == 0:
            piece.uses += 1
            return number
        number = next_number(&found)
    return new_piece(self, tag, octets, size)


cdef uint32_t new_piece(Pieces *self, uint32_t tag, const uint8_t *octets, Py_ssize_t size) noexcept nogil:
    cdef uint32_t units, which = class_of(size, &units), number = self.free[which]
    cdef Piece *piece
    if number:
        self.free[which] = piece_of(self, number).uses
    else:
        if (self.chunk_count == 0 or self.top + units > UNITS) and add_chunk(self) < 0:
            return 0
        number = (self.chunk_count - 1) << SHIFT | self.top
        self.top += units
    piece = piece_of(self, number)
    if add_number(&self.index, tag, number) < 0:
        piece.uses = self.free[which]
        self.free[which] = number
        return 0
    piece.uses = 1
    piece.size = <uint32_t> size
    memcpy(octets_of(piece), octets, size)
    self.count += 1
    self.octets += size
    return number


cdef inline uint32_t class_of(Py_ssize_t size, uint32_t *units) noexcept nogil:
    """The class of pieces of so many octets, and how many units they have."""
    cdef uint32_t count = <uint32_t> ((size + sizeof(Piece) + UNIT - 1) // UNIT), step = 8, which = EXACT
    if count <= EXACT:
        units[0] = count
        return count
    while count > 16 * step:
        step *= 2
        which += 8
    count = (count + step - 1) // step
    units[0] = count * step
    return which + count - 8


cdef int add_chunk(Pieces *self) noexcept nogil:
    cdef void *pointers
    cdef uint8_t *chunk
    if self.chunk_count == self.room:
        if self.room >= 1 << 32 - SHIFT - 1:
            return -1
        pointers = realloc(self.chunks, (2 * self.room + 8) * sizeof(uint8_t *))
        if pointers == NULL:
            return -1
        self.chunks = <uint8_t **> pointers
        self.room = 2 * self.room + 8
    chunk = <uint8_t *> malloc(<size_t> UNITS * UNIT)
    if chunk == NULL:
        return -1
    self.chunks[self.chunk_count] = chunk
    # Number 0 is none.
    self.top = 1 if self.chunk_count == 0 else 0
    self.chunk_count += 1
    return 0


cdef void leave_piece(Pieces *self, const Secret *secret, uint32_t number) noexcept nogil:
    """Use it once less; number 0 is none."""
    cdef Piece *piece
    cdef uint32_t units, which
    if number == 0:
        return
    piece = piece_of(self, number)
    piece.uses -= 1
    if piece.uses:
        return
    drop_number(&self.index, hash_octets(secret, octets_of(piece), piece.size), number)
    self.count -= 1
    self.octets -= piece.size
    which = class_of(piece.size, &units)
    piece.uses = self.free[which]
    self.free[which] = number


cdef void free_pieces(Pieces *self) noexcept nogil:
    cdef uint32_t at
    free_index(&self.index)
    for at in range(self.chunk_count):
        free(self.chunks[at])
    free(self.chunks)
    self.chunks = NULL
    self.chunk_count = self.room = self.top = 0
