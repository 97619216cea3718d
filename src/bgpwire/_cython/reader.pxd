cpdef bytes as_bytes(object data)

cdef class Reader:
    cdef bytes _data
    cdef Py_ssize_t _pos
    cdef Py_ssize_t _end
    cdef public Py_ssize_t base

    cdef Py_ssize_t _take(self, Py_ssize_t size) except -1
    cdef object _number(self, Py_ssize_t size)

cdef Reader reader_over(bytes data, Py_ssize_t start, Py_ssize_t end, Py_ssize_t base)
