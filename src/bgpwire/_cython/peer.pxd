from bgpwire._cython.prefix cimport Address, Value


cdef class Peer(Value):
    # Eight objects, one behind the other, all of which are shown (slots.pxd).
    cdef Address address
    cdef object asn
    cdef Address bgp_id
    cdef Address local_address
    cdef object local_asn
    cdef object interface
    cdef object rib
    cdef object distinguisher


cdef extern from *:
    """
    #define PEER_FIELDS(peer) ((void *) &(peer)->address)
    """
    void *PEER_FIELDS(Peer peer) noexcept
