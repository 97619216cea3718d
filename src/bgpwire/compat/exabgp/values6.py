"""The attributes and NLRI of ExaBGP 6.0 out of octets: its own objects, as its decoders make them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exabgp.bgp.message.notification import Notify
from exabgp.bgp.message.open.asn import AS_TRANS
from exabgp.bgp.message.update import attribute as attributes_of
from exabgp.bgp.message.update.attribute.aggregator import Aggregator, Aggregator4
from exabgp.bgp.message.update.attribute.aspath import AS4Path, ASPath
from exabgp.bgp.message.update.attribute.atomicaggregate import AtomicAggregate
from exabgp.bgp.message.update.attribute.attribute import Attribute
from exabgp.bgp.message.update.attribute.clusterlist import ClusterList
from exabgp.bgp.message.update.attribute.community.extended.communities import ExtendedCommunities
from exabgp.bgp.message.update.attribute.community.initial.communities import Communities
from exabgp.bgp.message.update.attribute.community.large.communities import LargeCommunities
from exabgp.bgp.message.update.attribute.localpref import LocalPreference
from exabgp.bgp.message.update.attribute.med import MED
from exabgp.bgp.message.update.attribute.nexthop import NextHop
from exabgp.bgp.message.update.attribute.origin import Origin
from exabgp.bgp.message.update.attribute.originatorid import OriginatorID
from exabgp.bgp.message.update.collection import RoutedNLRI
from exabgp.bgp.message.update.nlri.inet import INET
from exabgp.bgp.message.update.nlri.ipvpn import IPVPN
from exabgp.bgp.message.update.nlri.label import Label
from exabgp.bgp.message.update.nlri.qualifier import PathInfo
from exabgp.protocol.family import AFI, SAFI
from exabgp.protocol.ip import IP, IPv4, IPv6

from bgpwire.afi_safi import SAFI_MPLS_LABEL, SAFI_MPLS_VPN
from bgpwire.compat.exabgp.core import FAMILIES, Decoder, Remembered, path_is_sound, table
from bgpwire.compat.kernels import Blueprint, PrefixBuilder
from bgpwire.numbers import attribute as codes
from bgpwire.value.as_path import Segment, SegmentType, merge_segments, pack_segments
from bgpwire.value.nlri_parts import Part

if TYPE_CHECKING:
    from collections.abc import Iterable


MPRNLRI = attributes_of.MPRNLRI
MPURNLRI = attributes_of.MPURNLRI

_new = object.__new__
WITHDRAW_ALL = 0xFFFF


def _next_hop(packed: bytes) -> Any:
    if len(packed) == 4:
        return IPv4(packed)
    return IPv6(packed) if len(packed) == 16 else IP.NoNextHop


next_hops = Remembered(_next_hop)
"""Prefixes share their next hops, those of several messages too."""


def _blueprint(afi: int, safi: int, add_path: bool) -> Blueprint:
    family: dict[str, Any] = {"_afi": AFI.from_int(afi), "_safi": SAFI.from_int(safi)}
    if safi == SAFI_MPLS_VPN:
        path: Any = PathInfo.DISABLED
        if add_path:
            path = Blueprint(PathInfo, {"_packed": Part.PATH_ID, "_disabled": False})
        octets = {"addpath": path, "_packed": Part.WIRE, "_has_addpath": add_path}
        vpn = {"_has_labels": True, "_label_size": Part.STACK_SIZE, "_has_rd": True}
        return Blueprint(IPVPN, {**family, **octets, **vpn}, leaf=True)
    common = {**family, "addpath": PathInfo.DISABLED, "_has_addpath": add_path, "_rd": None}
    if safi == SAFI_MPLS_LABEL:
        labels = {"_has_labels": True, "_label_size": Part.STACK_SIZE}
        return Blueprint(Label, {**common, "_packed": Part.WIRE_PLAIN, **labels}, leaf=True)
    return Blueprint(INET, {**common, "_packed": Part.WIRE, "_labels": None}, leaf=True)


def builder(afi: int, safi: int, add_path: bool, withdraw: bool, routed: bool) -> PrefixBuilder:
    blueprint = _blueprint(afi, safi, add_path)
    if routed:
        blueprint = Blueprint(RoutedNLRI, {"nlri": blueprint, "nexthop": Part.EXTRA}, leaf=True)
    longest, labelled, distinguished = FAMILIES[afi, safi]
    return PrefixBuilder(blueprint, longest, add_path, labelled, distinguished, withdraw)


def _octets(owner: type, sizes: Iterable[int] = (), multiple: int = 0) -> Decoder:
    """A decoder of an attribute whose object holds its octets, of one of ``sizes`` or a ``multiple``."""
    allowed = frozenset(sizes)

    def decode(value: bytes, negotiated: Any) -> Any:
        size = len(value)
        if size not in allowed and (not multiple or size % multiple or not size):
            return None
        made: Any = _new(owner)
        made._packed = value
        return made

    return decode


def _origin(value: bytes, negotiated: Any) -> Any:
    if len(value) != 1 or value[0] > 2:
        return None
    made = _new(Origin)
    made._packed = value
    return made


def _path(owner: Any, asn4: bool | None = None) -> Decoder:
    """A decoder of an AS path whose AS numbers have 4 octets or 2; with ``None`` the session says."""

    def decode(value: bytes, negotiated: Any) -> Any:
        if not value:
            return owner.Empty
        wide = negotiated.asn4 if asn4 is None else asn4
        if not path_is_sound(value, 4 if wide else 2):
            return None
        made = _new(owner)
        made._packed = value
        made._asn4 = wide
        return made

    return decode


def _aggregator(owner: Any, asn4: bool | None = None) -> Decoder:
    """The same of an aggregator."""

    def decode(value: bytes, negotiated: Any) -> Any:
        wide = negotiated.asn4 if asn4 is None else asn4
        if len(value) != (8 if wide else 6):
            return None
        made = _new(owner)
        made._packed = value
        made._asn4 = wide
        return made

    return decode


def _large(value: bytes, negotiated: Any) -> Any:
    if not value or len(value) % 12:
        return None
    if len(value) > 12:
        value = b"".join(dict.fromkeys(value[i : i + 12] for i in range(0, len(value), 12)))
    made = _new(LargeCommunities)
    made._packed = value
    return made


def _reach(value: bytes, negotiated: Any) -> Any:
    if not value:
        return None
    reserved = 4 + value[3] if len(value) > 4 else 0
    if 0 < reserved < len(value) and value[reserved]:
        # RFC 4760 section 3: "MUST be set to 0, and SHOULD be ignored upon receipt"; ExaBGP ends the session.
        value = value[:reserved] + b"\x00" + value[reserved + 1 :]
    return MPRNLRI.unpack_attribute(value, negotiated)


def _unreach(value: bytes, negotiated: Any) -> Any:
    return MPURNLRI.unpack_attribute(value, negotiated) if value else None


DECODERS = table(
    {
        codes.ORIGIN: (0x40, _origin),
        codes.AS_PATH: (0x40, _path(ASPath)),
        codes.NEXT_HOP: (0x40, _octets(NextHop, (4, 16))),
        codes.MULTI_EXIT_DISC: (0x80, _octets(MED, (4,))),
        codes.LOCAL_PREF: (0x40, _octets(LocalPreference, (4,))),
        codes.ATOMIC_AGGREGATE: (0x40, _octets(AtomicAggregate, (0,))),
        codes.AGGREGATOR: (0xC0, _aggregator(Aggregator)),
        codes.COMMUNITIES: (0xC0, _octets(Communities, multiple=4)),
        codes.ORIGINATOR_ID: (0x80, _octets(OriginatorID, (4,))),
        codes.CLUSTER_LIST: (0x80, _octets(ClusterList, multiple=4)),
        codes.MP_REACH_NLRI: (0x80, _reach),
        codes.MP_UNREACH_NLRI: (0x80, _unreach),
        codes.EXTENDED_COMMUNITIES: (0xC0, _octets(ExtendedCommunities, multiple=8)),
        codes.AS4_PATH: (0xC0, _path(AS4Path, asn4=True)),
        codes.AS4_AGGREGATOR: (0xC0, _aggregator(Aggregator4, asn4=True)),
        codes.LARGE_COMMUNITY: (0xC0, _large),
    }
)


def merge_paths(held: dict[int, Any]) -> None:
    """RFC 6793 section 4.2.3, as 5.0 has it: the aggregator, then the AS_PATH with 4-octet AS numbers."""
    if codes.AGGREGATOR in held and codes.AS4_AGGREGATOR in held:
        if held[codes.AGGREGATOR].asn != AS_TRANS:
            del held[codes.AS4_AGGREGATOR]
            held.pop(codes.AS4_PATH, None)
        else:
            del held[codes.AGGREGATOR]
    if codes.AS4_PATH not in held or codes.AS_PATH not in held:
        return
    path, path4 = held.pop(codes.AS_PATH), held.pop(codes.AS4_PATH)
    merged = merge_segments(_segments(path), _segments(path4))
    if merged is not None:
        path = _new(ASPath)
        path._packed = pack_segments(_joined(merged))
        path._asn4 = True
    held[codes.AS_PATH] = path


def _joined(segments: list[Segment]) -> list[Segment]:
    """Neighbouring sequences made one: two would count the same, and 5.0 shows one."""
    made: list[Segment] = []
    for segment in segments:
        if made and segment.type == made[-1].type in (SegmentType.AS_SEQUENCE, SegmentType.AS_CONFED_SEQUENCE):
            made[-1] = Segment(segment.type, made[-1].asns + segment.asns)
        else:
            made.append(segment)
    return made


def _segments(path: Any) -> list[Segment]:
    return [Segment(SegmentType(segment.ID), tuple(int(asn) for asn in segment)) for segment in path.aspath]


def is_refused(code: int, known: bool, filled: bool) -> bool:
    """Whether an attribute that no decoder took withdraws the routes, where ExaBGP's main would not have it so.

    ``known`` if its flags are those of its code, ``filled`` if it has a value. RFC 7606 sections 7.8 and 7.14:
    communities that are no whole number; section 3 (c): flags that conflict. Section 3 (j): an MP attribute whose
    flags hide its routes ends the session, 3/9.
    """
    if code in (codes.MP_REACH_NLRI, codes.MP_UNREACH_NLRI) and not known:
        raise Notify(3, 9, f"the flags of {Attribute.CODE.name(code)} are not those of RFC 4760")
    return code in (codes.COMMUNITIES, codes.EXTENDED_COMMUNITIES) and (filled or not known)
