# Arrow's C data and stream interfaces: https://arrow.apache.org/docs/format/CDataInterface.html

from libc.stdint cimport int64_t

from bgpwire._cython.rows cimport Rows


cdef struct ArrowSchema:
    const char *format
    const char *name
    const char *metadata
    int64_t flags
    int64_t n_children
    ArrowSchema **children
    ArrowSchema *dictionary
    void (*release)(ArrowSchema *) noexcept nogil
    void *private_data


cdef struct ArrowArray:
    int64_t length
    int64_t null_count
    int64_t offset
    int64_t n_buffers
    int64_t n_children
    const void **buffers
    ArrowArray **children
    ArrowArray *dictionary
    void (*release)(ArrowArray *) noexcept nogil
    void *private_data


cdef struct ArrowStream:
    int (*get_schema)(ArrowStream *, ArrowSchema *) noexcept
    int (*get_next)(ArrowStream *, ArrowArray *) noexcept
    const char *(*get_last_error)(ArrowStream *) noexcept
    void (*release)(ArrowStream *) noexcept
    void *private_data


cdef object array_capsule(Rows *rows)
