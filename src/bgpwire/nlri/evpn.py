"""EVPN (AFI 25, SAFI 70): RFC 7432 section 7, RFC 9136 section 3.1, RFC 9251 section 9, RFC 9572 section 3.

The text is FRR's (``show bgp l2vpn evpn``: "[2]:[EthTag]:[MAClen]:[MAC]:[IPlen]:[IP]", and so on for each
type) with the brackets side by side, as IOS XR prints them. Neither shows the route distinguisher in it.
"""

from __future__ import annotations

from bgpwire import field as fields
from bgpwire._impl import Address, Prefix, Reader, RouteDistinguisher
from bgpwire.afi_safi import Afi, Safi
from bgpwire.errors import DecodeError
from bgpwire.nlri import parts
from bgpwire.nlri.base import NlriContext
from bgpwire.nlri.declared import ReadBack
from bgpwire.nlri.esi import Esi, esi
from bgpwire.nlri.label import EvpnLabel, evpn_label
from bgpwire.nlri.route_key import RouteKey
from bgpwire.nlri.route_type import RouteType
from bgpwire.registry import nlri


@nlri((Afi.L2VPN, Safi.EVPN))
class Evpn(RouteType):
    """A route type, a length in octets, and the route; an Ethernet tag of 0xffffffff stands for the whole segment."""

    rd: RouteDistinguisher
    esi: Esi
    ethernet_tag: int


class EthernetAutoDiscovery(Evpn, type=1, name="ethernet_auto_discovery"):
    """RFC 7432 section 7.1."""

    label: EvpnLabel
    layout = fields.Layout(rd=parts.rd, esi=esi, ethernet_tag=fields.u32, label=evpn_label)
    key = ("ethernet_tag", "esi")


_LABELS = fields.repeat(evpn_label)


def _some_labels(reader: Reader) -> fields.Field:
    if len(reader) not in (3, 6):
        raise DecodeError(f"{len(reader)} octets of labels", reader.offset)
    return _LABELS


_labels = fields.checked(
    fields.chosen(_some_labels, lambda value: _LABELS, _LABELS, exact=True),
    lambda labels: len(labels) in (1, 2),
    "labels {}: one or two are needed",
)
"""One label, or two: the second is that of the IP-VRF (RFC 9135 section 4.1)."""


class MacIp(Evpn, type=2, name="mac_ip_advertisement"):
    """RFC 7432 section 7.2; ``ip`` is ``None`` where only the MAC address is advertised."""

    mac: parts.Mac
    ip: Address | None
    labels: tuple[EvpnLabel, ...]
    layout = fields.Layout(
        rd=parts.rd,
        esi=esi,
        ethernet_tag=fields.u32,
        mac=parts.sized_mac,
        ip=parts.optional_address,
        labels=_labels,
    )
    key = ("ethernet_tag", "mac", "ip")


class InclusiveMulticast(Evpn, type=3, name="inclusive_multicast_ethernet_tag"):
    """RFC 7432 section 7.3."""

    originator: Address
    layout = fields.Layout(rd=parts.rd, ethernet_tag=fields.u32, originator=parts.sized_address)
    key = ("ethernet_tag", "originator")


class EthernetSegment(Evpn, type=4, name="ethernet_segment"):
    """RFC 7432 section 7.4."""

    originator: Address
    layout = fields.Layout(rd=parts.rd, esi=esi, originator=parts.sized_address)
    key = ("esi", "originator")


def _prefix_of(reader: Reader) -> fields.Field:
    """The length of the whole route is 34 octets for IPv4 and 58 for IPv6; no other is valid (RFC 9136 3.1)."""
    size = {12: 4, 36: 16}.get(len(reader))
    if size is None:
        raise DecodeError(f"an IP Prefix route of {len(reader) + 22} octets", reader.offset)
    return parts.FULL_PREFIXES[size]


_prefix = fields.chosen(
    _prefix_of,
    lambda value: parts.FULL_PREFIXES[16 if ":" in str(value) else 4],
    *parts.FULL_PREFIXES.values(),
    exact=True,
)
_gateway = fields.chosen(
    lambda reader: fields.ipv4 if len(reader) == 7 else fields.ipv6,
    lambda value: fields.ipv6 if ":" in str(value) else fields.ipv4,
    fields.ipv4,
    fields.ipv6,
    exact=True,
)
"""An address, and a label behind it."""


class IpPrefix(Evpn, type=5, name="ip_prefix"):
    """RFC 9136 section 3.1; a gateway of zero is absent."""

    prefix: Prefix
    gateway: Address
    label: EvpnLabel
    layout = fields.Layout(
        rd=parts.rd,
        esi=esi,
        ethernet_tag=fields.u32,
        prefix=_prefix,
        gateway=_gateway,
        label=evpn_label,
    )
    key = ("ethernet_tag", "prefix")


_GROUP = fields.Layout(source=parts.multicast, group=parts.multicast, originator=parts.sized_address)
_IGMP = fields.flags("", "", "", "", "exclude", "v3", "v2", "v1")


class SelectiveMulticast(Evpn, type=6, name="selective_multicast_ethernet_tag"):
    """RFC 9251 section 9.1. For IPv6, ``v1`` and ``v2`` are versions of MLD."""

    source: Address | str
    group: Address | str
    originator: Address
    flags: list[str]
    layout = fields.Layout(rd=parts.rd, ethernet_tag=fields.u32, **_GROUP, flags=_IGMP)
    key = ("ethernet_tag", "source", "group", "originator")


class MembershipReportSynch(Evpn, type=7, name="multicast_membership_report_synch"):
    """RFC 9251 section 9.2."""

    source: Address | str
    group: Address | str
    originator: Address
    flags: list[str]
    layout = fields.Layout(rd=parts.rd, esi=esi, ethernet_tag=fields.u32, **_GROUP, flags=_IGMP)
    key = ("ethernet_tag", "esi", "source", "group", "originator")


class LeaveSynch(Evpn, type=8, name="multicast_leave_synch"):
    """RFC 9251 section 9.3; ``maximum_response_time`` as IGMP codes it."""

    source: Address | str
    group: Address | str
    originator: Address
    maximum_response_time: int
    flags: list[str]
    layout = fields.Layout(
        rd=parts.rd,
        esi=esi,
        ethernet_tag=fields.u32,
        **_GROUP,
        _reserved=fields.reserved(4),
        maximum_response_time=fields.u8,
        flags=_IGMP,
    )
    key = ("ethernet_tag", "esi", "source", "group", "originator")


class PerRegionIPmsi(Evpn, type=9, name="per_region_i_pmsi_auto_discovery"):
    """RFC 9572 section 3.1; the region identifier is coded as an extended community."""

    region_id: bytes
    layout = fields.Layout(rd=parts.rd, ethernet_tag=fields.u32, region_id=fields.raw(8))
    key = ("ethernet_tag", "region_id")


class SPmsi(Evpn, type=10, name="s_pmsi_auto_discovery"):
    """RFC 9572 section 3.2."""

    source: Address | str
    group: Address | str
    originator: Address
    layout = fields.Layout(rd=parts.rd, ethernet_tag=fields.u32, **_GROUP)
    key = ("ethernet_tag", "source", "group", "originator")


def _key_size(data: bytes) -> int:
    """The key has no length of its own: it is what stands before the originator's length and address."""
    for size in (4, 16):
        cut = len(data) - size - 1
        if cut >= 0 and data[cut] == size * 8:
            return cut
    return -1


class Leaf(ReadBack, Evpn, type=11, name="leaf_auto_discovery"):
    """RFC 9572 section 3.3; ``route_key`` is the route it answers, its octets where it is malformed."""

    route_key: Evpn | bytes
    originator: Address
    layout = fields.Layout(route_key=RouteKey(Evpn, NlriContext(25, 70), _key_size), originator=parts.sized_address)
