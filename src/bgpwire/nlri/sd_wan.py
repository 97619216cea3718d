"""SD-WAN edge discovery (SAFI 74): draft-ietf-idr-sdwan-edge-discovery section 6."""

from __future__ import annotations

from bgpwire import field as fields
from bgpwire._impl import Address
from bgpwire.afi_safi import IP, Safi, families
from bgpwire.nlri.route_type import RouteType
from bgpwire.registry import nlri


@nlri(*families(IP, Safi.SD_WAN))
class SdWan(RouteType):
    """A route type and a length of two octets each."""

    type_size = 2
    length_size = 2


class UnderlayTunnel(SdWan, type=1, name="underlay_tunnel"):
    """A port of a node, or with 0 all of its ports; the color groups the tunnels of a site."""

    port_local_id: int
    color: int
    node_id: Address
    layout = fields.Layout(port_local_id=fields.u32, color=fields.u32, node_id=fields.address)
