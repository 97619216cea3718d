"""Multicast VPN: MCAST-VPN (SAFI 5: RFC 6514 section 4), MCAST-VPLS (25/8: RFC 7117 section 9.2) and MCAST-TREE.

Sources and groups may be wildcards (RFC 6625 section 3.1); as text in brackets, as IOS XR writes them.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from bgpwire import field as fields
from bgpwire.afi_safi import IP, Afi, Safi, families
from bgpwire.nlri import parts
from bgpwire.nlri.base import NlriContext
from bgpwire.nlri.declared import ReadBack
from bgpwire.nlri.route_key import RouteKey
from bgpwire.nlri.route_type import RouteType
from bgpwire.registry import nlri

if TYPE_CHECKING:
    from bgpwire._impl import Address, RouteDistinguisher
    from bgpwire.nlri.base import OfFamily

_GROUP = fields.Layout(rd=parts.rd, source=parts.multicast, group=parts.multicast)
_S_PMSI = fields.Layout(**_GROUP, originator=fields.address)
_C_MULTICAST = fields.Layout(rd=parts.rd, source_as=fields.u32, source=parts.multicast, group=parts.multicast)


class Multicast(RouteType):
    """What the routes of all three families may have."""

    rd: RouteDistinguisher
    source: Address | str
    group: Address | str
    originator: Address


class LeafRoute(ReadBack, Multicast):
    """A Leaf A-D route: ``route_key`` is the route it answers, whole with type and length."""

    route_key: Any

    layouts: ClassVar[dict[tuple[int, int], fields.Layout]]

    @classmethod
    def layout_of(cls, context: OfFamily) -> fields.Layout:
        return cls.layouts[context.afi, context.safi]


def _leaf(family: type[RouteType], *families: tuple[int, int]) -> dict[tuple[int, int], fields.Layout]:
    """By AFI and SAFI: what is left behind the key's own length is the originator; a key that is no route stays octets.

    RFC 7524 section 6 has such keys; the AFI then says how long the originator's address is.
    """
    return {
        (afi, safi): fields.Layout(
            route_key=RouteKey(family, NlriContext(afi, safi), partial(_key_size, afi)), originator=fields.address
        )
        for afi, safi in families
    }


def _key_size(afi: int, data: bytes) -> int:
    """How many octets ``data`` of a Leaf A-D route are its route key; less than 0 where there is no originator."""
    cut = 2 + data[1] if len(data) > 1 else 0
    if len(data) - cut not in (4, 16):
        cut = len(data) - (16 if afi == Afi.IPV6 else 4)
    return cut


@nlri(*families(IP, Safi.MCAST_VPN))
class McastVpn(Multicast):
    """Route types 1 to 7 of RFC 6514 section 4."""


class IntraAsIPmsi(McastVpn, type=1, name="intra_as_i_pmsi_auto_discovery"):
    layout = fields.Layout(rd=parts.rd, originator=fields.address)


class InterAsIPmsi(McastVpn, type=2, name="inter_as_i_pmsi_auto_discovery"):
    layout = fields.Layout(rd=parts.rd, source_as=fields.u32)


class SPmsi(McastVpn, type=3, name="s_pmsi_auto_discovery"):
    layout = _S_PMSI


class Leaf(McastVpn, LeafRoute, type=4, name="leaf_auto_discovery"):
    layouts = _leaf(McastVpn, (1, 5), (2, 5))


class SourceActive(McastVpn, type=5, name="source_active_auto_discovery"):
    layout = _GROUP


class SharedTreeJoin(McastVpn, type=6, name="shared_tree_join"):
    """``source`` is the address of the rendezvous point (RFC 6514 section 11.1.1.2)."""

    layout = _C_MULTICAST


class SourceTreeJoin(McastVpn, type=7, name="source_tree_join"):
    layout = _C_MULTICAST


@nlri((Afi.L2VPN, Safi.MCAST_VPLS))
class McastVpls(Multicast):
    """RFC 7117 section 9.2 defines types 3 and 4; any other is kept whole."""


class VplsSPmsi(McastVpls, type=3, name="s_pmsi_auto_discovery"):
    layout = _S_PMSI


class VplsLeaf(McastVpls, LeafRoute, type=4, name="leaf_auto_discovery"):
    layouts = _leaf(McastVpls, (25, 8))


@nlri(*families(IP, Safi.MCAST_TREE))
class McastTree(Multicast):
    """draft-ietf-bess-bgp-multicast section 3.1: the routes that build trees without a VPN."""


class TreeSPmsi(McastTree, type=3, name="s_pmsi_auto_discovery"):
    layout = fields.Layout(**_GROUP, upstream=fields.address)


class TreeLeaf(McastTree, LeafRoute, type=4, name="leaf_auto_discovery"):
    layouts = _leaf(McastTree, (1, 78), (2, 78))


class TreeSourceActive(McastTree, type=5, name="source_active_auto_discovery"):
    layout = _GROUP
