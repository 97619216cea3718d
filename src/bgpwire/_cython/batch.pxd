# See batch.pyx.

cimport cython

from bgpwire._cython.rows cimport Pool, Rows


@cython.final
cdef class Builder:
    cdef Pool *_pool
    cdef Rows *_rows

    cdef Rows *begun(self) except NULL
    cpdef Batch take(self)
    cdef bint full(self) noexcept


@cython.final
cdef class Batch:
    cdef Rows *_rows
