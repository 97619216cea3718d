from bgpwire._cython.event cimport Event
from bgpwire._cython.gathered cimport Gathered
from bgpwire._cython.pool cimport Pool


cdef int update_routes(Event event, bint asn4, bint paths, object given, Pool pool, Gathered *out) except -1
