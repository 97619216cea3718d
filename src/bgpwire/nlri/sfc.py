"""Service function chaining (AFI 31, SAFI 9): RFC 9015 section 3."""

from __future__ import annotations

from bgpwire import field as fields
from bgpwire._impl import RouteDistinguisher
from bgpwire.afi_safi import Afi, Safi
from bgpwire.nlri import parts
from bgpwire.nlri.route_type import RouteType
from bgpwire.registry import nlri


@nlri((Afi.SFC, Safi.SFC))
class Sfc(RouteType):
    """A route type and a length of two octets each."""

    type_size = 2
    length_size = 2
    rd: RouteDistinguisher


class ServiceFunctionInstance(Sfc, type=1, name="service_function_instance"):
    """RFC 9015 section 3.1."""

    service_function_type: int
    layout = fields.Layout(rd=parts.rd, service_function_type=fields.u16)


class ServiceFunctionPath(Sfc, type=2, name="service_function_path"):
    """RFC 9015 section 3.2."""

    service_path_id: int
    layout = fields.Layout(rd=parts.rd, service_path_id=fields.u24)
