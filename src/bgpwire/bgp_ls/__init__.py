"""BGP-LS (RFC 9552 and those that extend it): the tables of its TLVs, one file a kind.

IANA "BGP-LS NLRI and Attribute TLVs". A row is ``type: (name, field)``; the NLRI are in
:mod:`bgpwire.nlri.bgp_ls`, the attribute in :mod:`bgpwire.attribute.bgp_ls`.
"""
