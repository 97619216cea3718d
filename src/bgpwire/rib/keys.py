"""What tells routes of a family apart: an announcement replaces the route with the same key."""

from __future__ import annotations

from typing import Any

from bgpwire._impl import LabelledPrefix, Prefix, VpnPrefix
from bgpwire.nlri.car import Car
from bgpwire.nlri.evpn import Evpn


def without_path_id(nlri: Any) -> Any:
    """The same NLRI, of any family, as it is in a session without path identifiers."""
    if nlri.path_id is None:
        return nlri
    if isinstance(nlri, Prefix):
        return nlri.prefix
    if isinstance(nlri, LabelledPrefix):
        return LabelledPrefix(nlri.labels, nlri.prefix)
    if isinstance(nlri, VpnPrefix):
        return VpnPrefix(nlri.labels, nlri.rd, nlri.prefix)
    return nlri.replace(path_id=None)


def key_of(nlri: Any) -> Any:
    """The key of an NLRI, path identifier left out.

    Labels are no part of it (RFC 8277 section 2.4), nor is what RFC 7432 section 7 and RFC 9136 section 3.1 leave out
    of that of EVPN, nor the TLVs of RFC 9871 section 2.9.
    """
    if isinstance(nlri, (LabelledPrefix, Prefix)):
        return nlri.prefix
    if isinstance(nlri, VpnPrefix):
        return nlri.rd, nlri.prefix
    if isinstance(nlri, Evpn) and nlri.key is not None:
        return type(nlri), nlri.rd, *(getattr(nlri, name) for name in nlri.key)
    if isinstance(nlri, Car):
        return type(nlri), nlri.rd, nlri.prefix, nlri.color
    return without_path_id(nlri)
