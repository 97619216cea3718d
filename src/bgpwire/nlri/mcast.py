"""Multicast VPN: MCAST-VPN (SAFI 5: RFC 6514 section 4), MCAST-VPLS (25/8: RFC 7117 section 9.2) and MCAST-TREE.

Sources and groups may be wildcards (RFC 6625 section 3.1); as text in brackets, as IOS XR writes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from bgpwire import field as fields
from bgpwire._impl import Address, Reader, RouteDistinguisher, Writer
from bgpwire.afi_safi import IP, Afi, Safi, families
from bgpwire.errors import DecodeError
from bgpwire.nlri import parts
from bgpwire.nlri.declared import RouteType, key_of, route_key, walk_key
from bgpwire.registry import nlri

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire.nlri.base import NlriContext

_GROUP = fields.Layout(rd=parts.rd, source=parts.multicast, group=parts.multicast)
_S_PMSI = fields.Layout(**_GROUP, originator=fields.address)
_C_MULTICAST = fields.Layout(rd=parts.rd, source_as=fields.u32, source=parts.multicast, group=parts.multicast)


class Multicast(RouteType):
    """What the routes of all three families may have."""

    rd: RouteDistinguisher
    source: Address | str
    group: Address | str
    originator: Address


class LeafRoute(Multicast):
    """A Leaf A-D route: ``route_key`` is the route it answers, whole with type and length."""

    route_key: Any

    @classmethod
    def walk_fields(cls, walk: fields.Walk, context: NlriContext) -> None:
        cut = _key_size(walk.reader.ahead(len(walk)), context, walk.reader.offset)
        walk_key(cls.family, walk, cut, context)
        walk("originator", fields.address)

    @classmethod
    def read(cls, reader: Reader, context: NlriContext) -> Self:
        """What is left behind the key's own length is the originator; a key that is no route is kept as octets.

        RFC 7524 section 6 has such keys; the AFI then says how long the originator's address is.
        """
        at, data = reader.offset, reader.rest()
        cut = _key_size(data, context, at)
        key = route_key(cls.family, data[:cut], context, at)
        return cls.of({"route_key": key, "originator": Address.from_bytes(data[cut:])})

    @classmethod
    def write(cls, writer: Writer, values: Mapping[str, Any], context: NlriContext) -> None:
        writer.octets(bytes(values["route_key"]))
        writer.address(values["originator"])

    @classmethod
    def values_of(cls, form: Mapping[str, Any], context: NlriContext) -> dict[str, Any]:
        key = key_of(cls.family, form["route_key"], context)
        return {"route_key": key, "originator": Address(form["originator"])}

    family: ClassVar[type[RouteType]]


def _key_size(data: bytes, context: NlriContext, offset: int) -> int:
    """How many octets of a Leaf A-D route, which stands at ``offset``, are its route key."""
    cut = 2 + data[1] if len(data) > 1 else 0
    if len(data) - cut not in (4, 16):
        cut = len(data) - (16 if context.afi == Afi.IPV6 else 4)
    if cut < 0:
        raise DecodeError("a Leaf A-D route without an originator", offset)
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
    family = McastVpn


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
    family = McastVpls


@nlri(*families(IP, Safi.MCAST_TREE))
class McastTree(Multicast):
    """draft-ietf-bess-bgp-multicast section 3.1: the routes that build trees without a VPN."""


class TreeSPmsi(McastTree, type=3, name="s_pmsi_auto_discovery"):
    layout = fields.Layout(**_GROUP, upstream=fields.address)


class TreeLeaf(McastTree, LeafRoute, type=4, name="leaf_auto_discovery"):
    family = McastTree


class TreeSourceActive(McastTree, type=5, name="source_active_auto_discovery"):
    layout = _GROUP
