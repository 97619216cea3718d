from bgpwire._cython.prefix cimport Prefix, Value


cdef class LabelStack(Value):
    cdef bytes _wire


cdef class LabelledPrefix(Value):
    cdef readonly LabelStack labels
    cdef readonly Prefix prefix
    cdef readonly object path_id
