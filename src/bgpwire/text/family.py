"""Which address family a route belongs to: a prefix alone does not tell unicast from multicast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import LabelledPrefix, Prefix, VpnPrefix
from bgpwire.afi_safi import Family

if TYPE_CHECKING:
    from bgpwire._impl import Route

_UNICAST = {1: Family(1, 1), 2: Family(2, 1)}


def family_of(route: Route) -> Family | None:
    """The (AFI, SAFI) of a route; ``None`` for a state change."""
    nlri: Any = route.nlri
    if nlri is None:
        return None
    kind = type(nlri)
    if kind is Prefix:
        return _of_prefix(route, nlri.afi)
    if kind is LabelledPrefix:
        return Family(nlri.afi, 4)
    if kind is VpnPrefix:
        return Family(nlri.afi, 128)
    return Family(nlri.afi, nlri.safi)


def _of_prefix(route: Route, afi: int) -> Family:
    attributes = route.attributes
    assert attributes is not None
    if attributes.rib_family is not None:
        return Family(*attributes.rib_family)
    mp = attributes.raw(14 if route.type == "A" else 15)
    if mp is None or len(mp) < 3 or mp[2] != 2 or mp[0] or mp[1] != afi:
        return _UNICAST[afi]
    if afi == 1:
        update = route.update
        assert update is not None
        body = update.nlri if route.type == "A" else update.withdrawn
        if route.nlri in body.values:
            return _UNICAST[1]
    return Family(afi, 2)
