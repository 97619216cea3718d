"""The peer that a collector or a speaker heard from."""

cimport cython

from bgpwire._cython.prefix cimport Address, Value
from bgpwire._cython.slots cimport PyMemberDef, show

from bgpwire.route.peer import PeerMixin
from bgpwire.value.restore import restore

__all__ = ["Peer"]


cdef PyMemberDef[8] MEMBERS


# Out of the collector's sight: addresses and numbers lead nowhere.
@cython.final
@cython.no_gc
cdef class Peer(Value, PeerMixin):
    """The router that sent to the collector; one object for all records of a file that name the same peer."""

    def __init__(
        self,
        Address address,
        asn,
        Address bgp_id=None,
        Address local_address=None,
        local_asn=None,
        interface=None,
        rib=None,
        distinguisher=None,
    ):
        self.address = address
        self.asn = asn
        self.bgp_id = bgp_id
        self.local_address = local_address
        self.local_asn = local_asn
        self.interface = interface
        self.rib = rib
        self.distinguisher = distinguisher

    @classmethod
    def _restore(cls, *args):
        return cls(*args)

    def __reduce__(self):
        return restore, (
            "Peer", self.address, self.asn, self.bgp_id, self.local_address, self.local_asn, self.interface, self.rib,
            self.distinguisher
        )


cdef int show_fields() except -1:
    cdef Peer none = None
    cdef Py_ssize_t at = <char *> PEER_FIELDS(none) - <char *> <void *> none, step = sizeof(void *)
    show(Peer, &MEMBERS[0], b"address", at, b"Its address; None where the source has none.")
    show(Peer, &MEMBERS[1], b"asn", at + step, b"Its AS number.")
    show(Peer, &MEMBERS[2], b"bgp_id", at + 2 * step, b"Its BGP identifier, as peer index tables have it.")
    show(Peer, &MEMBERS[3], b"local_address", at + 3 * step, b"The collector's own address in the session.")
    show(Peer, &MEMBERS[4], b"local_asn", at + 4 * step, b"The collector's own AS number in the session.")
    show(Peer, &MEMBERS[5], b"interface", at + 5 * step, b"The number of the interface (RFC 6396 section 4.4).")
    show(Peer, &MEMBERS[6], b"rib", at + 6 * step, b"Which table of a monitored router its routes are in.")
    show(Peer, &MEMBERS[7], b"distinguisher", at + 7 * step, b"The instance of that router (RFC 7854 section 4.2).")
    return 0


show_fields()
