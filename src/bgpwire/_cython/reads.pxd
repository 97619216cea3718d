# What reads a field: one inside another is read without a call of Python.

from bgpwire._cython.reader cimport Reader


cdef class Reads:
    # The value where ``reader`` stands.
    cdef object of(self, Reader reader)


# What ``read`` reads, itself or a function of Python.
cdef Reads reads_of(object read)

# ``size``; ValueError where it is more than ``most`` octets, or less than none.
cdef Py_ssize_t fitting(Py_ssize_t size, Py_ssize_t most, str what) except -1
