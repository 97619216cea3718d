from libc.stdint cimport uint8_t

from bgpwire._cython.label cimport LabelStack
from bgpwire._cython.prefix cimport Prefix, Value


cdef class RouteDistinguisher(Value):
    cdef uint8_t[8] _octets


cdef class VpnPrefix(Value):
    cdef readonly LabelStack labels
    cdef readonly RouteDistinguisher rd
    cdef readonly Prefix prefix
    cdef readonly object path_id
