"""The peer that a collector or a speaker heard from."""

cimport cython

from bgpwire._cython.prefix cimport Address, Value

from bgpwire.route.peer import PeerMixin
from bgpwire.value.restore import restore

__all__ = ["Peer"]


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
    ):
        self.address = address
        self.asn = asn
        self.bgp_id = bgp_id
        self.local_address = local_address
        self.local_asn = local_asn
        self.interface = interface

    @classmethod
    def _restore(cls, *args):
        return cls(*args)

    def __reduce__(self):
        return restore, (
            "Peer", self.address, self.asn, self.bgp_id, self.local_address, self.local_asn, self.interface
        )
