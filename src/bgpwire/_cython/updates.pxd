from bgpwire._cython.event cimport Event


cdef list update_routes(Event event, bint asn4, bint paths, object given)
