from bgpwire._cython.event cimport Event
from bgpwire._cython.pool cimport Pool


cdef list update_routes(Event event, bint asn4, bint paths, object given, Pool pool)
