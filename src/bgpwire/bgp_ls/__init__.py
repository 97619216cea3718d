"""BGP-LS (RFC 9552 and those that extend it): the tables of its TLVs, one file a kind.

IANA "BGP-LS NLRI and Attribute TLVs". A row is ``type: (name, field)``; the NLRI are in
:mod:`bgpwire.nlri.bgp_ls`, the attribute in :mod:`bgpwire.attribute.bgp_ls`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if not TYPE_CHECKING:
    from bgpwire._lazy import lazy

    __getattr__ = lazy(__name__)
