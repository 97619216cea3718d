"""Which address family a route belongs to: a prefix alone does not tell unicast from multicast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.afi_safi import Family

if TYPE_CHECKING:
    from bgpwire.route.kernels import Route

_IPV4_UNICAST = Family(1, 1)


def family_of(route: Route) -> Family | None:
    """The (AFI, SAFI) of a route; ``None`` for a state change."""
    attributes = route.attributes
    if attributes is None:
        return None
    if attributes.rib_family is not None:
        return Family(*attributes.rib_family)
    if not route._mp:
        return _IPV4_UNICAST
    offset = attributes.value_offset(15 if route.type == "W" else 14)
    assert offset is not None
    data, at = route.record.data, offset - attributes.base
    return Family(data[at] << 8 | data[at + 1], data[at + 2])
