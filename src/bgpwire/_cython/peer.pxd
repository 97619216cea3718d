from bgpwire._cython.prefix cimport Address, Value


cdef class Peer(Value):
    cdef readonly Address address
    cdef readonly object asn
    cdef readonly Address bgp_id
    cdef readonly Address local_address
    cdef readonly object local_asn
    cdef readonly object interface
