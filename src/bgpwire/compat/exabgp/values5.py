"""The attributes and NLRI of ExaBGP 5.0 out of octets: its own objects, as its decoders make them."""

from __future__ import annotations

from socket import AF_INET, AF_INET6, inet_ntop
from struct import unpack
from typing import Any

from exabgp.bgp.message.action import Action
from exabgp.bgp.message.open.asn import ASN
from exabgp.bgp.message.update import attribute as attributes_of
from exabgp.bgp.message.update.attribute.aggregator import Aggregator, Aggregator4
from exabgp.bgp.message.update.attribute.aspath import SEQUENCE, SET, AS4Path, ASPath
from exabgp.bgp.message.update.attribute.atomicaggregate import AtomicAggregate
from exabgp.bgp.message.update.attribute.attribute import Attribute
from exabgp.bgp.message.update.attribute.clusterlist import ClusterList
from exabgp.bgp.message.update.attribute.community.extended.communities import ExtendedCommunities
from exabgp.bgp.message.update.attribute.community.initial.communities import Communities
from exabgp.bgp.message.update.attribute.community.initial.community import Community
from exabgp.bgp.message.update.attribute.community.large.communities import LargeCommunities
from exabgp.bgp.message.update.attribute.community.large.community import LargeCommunity
from exabgp.bgp.message.update.attribute.localpref import LocalPreference
from exabgp.bgp.message.update.attribute.med import MED
from exabgp.bgp.message.update.attribute.nexthop import NextHop
from exabgp.bgp.message.update.attribute.origin import Origin
from exabgp.bgp.message.update.attribute.originatorid import OriginatorID
from exabgp.bgp.message.update.nlri.cidr import CIDR
from exabgp.bgp.message.update.nlri.inet import INET
from exabgp.bgp.message.update.nlri.ipvpn import IPVPN
from exabgp.bgp.message.update.nlri.label import Label
from exabgp.bgp.message.update.nlri.qualifier import Labels, PathInfo, RouteDistinguisher
from exabgp.protocol.family import AFI, SAFI
from exabgp.protocol.ip import IPv4

from bgpwire.compat.exabgp.core import FAMILIES, NOTHING, Remembered, path_is_sound, table
from bgpwire.compat.kernels import Blueprint, PrefixBuilder
from bgpwire.numbers import attribute as codes
from bgpwire.value.nlri_parts import Part

MPRNLRI = attributes_of.MPRNLRI
MPURNLRI = attributes_of.MPURNLRI

_new = object.__new__
CODES = [Attribute.CODE(code) for code in range(256)]
END_OF_RIB = b"\x00\x00\x00\x07\x90\x0f\x00\x03"
_SEGMENTS = ASPath._DISPATCH


def builder(afi: int, safi: int, add_path: bool, action: Any) -> PrefixBuilder:
    path = Blueprint(PathInfo, {"path_info": Part.PATH_ID}) if add_path else PathInfo.NOPATH
    attributes = {
        "afi": AFI.create(afi),
        "safi": SAFI.create(safi),
        "action": action,
        "path_info": path,
        "cidr": Blueprint(CIDR, {"_packed": Part.ADDRESS, "mask": Part.BITS, "_ip": None}, leaf=True),
        "nexthop": Part.EXTRA,
    }
    owner = INET
    longest, labelled, distinguished = FAMILIES[afi, safi]
    if labelled:
        owner = Label
        stack = {"labels": Part.LABELS, "raw_labels": Part.NO_RAW_LABELS}
        attributes["labels"] = Blueprint(Labels, {**stack, "packed": Part.STACK_PLAIN, "_len": Part.STACK_SIZE})
    if distinguished:
        owner = IPVPN
        attributes["rd"] = Blueprint(RouteDistinguisher, {"rd": Part.DISTINGUISHER, "_len": 8}, leaf=True)
    withdraw = action == Action.WITHDRAW
    blueprint = Blueprint(owner, attributes, leaf=True)
    return PrefixBuilder(blueprint, longest, add_path, labelled, distinguished, withdraw, one_label=True)


def _address(packed: bytes) -> Any:
    made = _new(IPv4)
    made._string = inet_ntop(AF_INET, packed)
    made._packed = packed
    made.afi = AFI.ipv4
    return made


def _next_hop_object(packed: bytes) -> Any:
    made = _new(NextHop)
    four = len(packed) == 4
    made._string = inet_ntop(AF_INET if four else AF_INET6, packed)
    made._packed = packed
    made.afi = AFI.ipv4 if four else AFI.ipv6
    return made


_asns = Remembered(ASN)
_addresses = Remembered(_address)
next_hops = Remembered(_next_hop_object)
_communities = Remembered(Community)
_large_communities = Remembered(LargeCommunity)


def _origin(value: bytes, direction: Any, negotiated: Any) -> Any:
    if len(value) != 1:
        return None
    made = _new(Origin)
    made.origin = value[0]
    made._packed = b"\x40\x01\x01" + value
    return made


def _segments(value: bytes, width: int) -> Any:
    made = []
    pos = 0
    letter = "L" if width == 4 else "H"
    while pos < len(value):
        count = value[pos + 1]
        start = pos + 2
        stop = start + count * width
        numbers = unpack(f"!{count}{letter}", value[start:stop])
        made.append(_SEGMENTS[value[pos]](map(_asns.__getitem__, numbers)))
        pos = stop
    return made


def _path(owner: Any, value: bytes, segments: Any) -> Any:
    made = _new(owner)
    made.aspath = segments
    made.segments = b""
    made.index = value
    made._str = ""
    made._json = ""
    return made


def _as_path(value: bytes, direction: Any, negotiated: Any) -> Any:
    if not value:
        return NOTHING
    width = 4 if negotiated.asn4 else 2
    return _path(ASPath, value, _segments(value, width)) if path_is_sound(value, width) else None


def _as4_path(value: bytes, direction: Any, negotiated: Any) -> Any:
    if not value or not path_is_sound(value, 4):
        return None
    segments = _segments(value, 4)
    if not all(type(segment) is SEQUENCE or type(segment) is SET for segment in segments):
        return None
    return _path(AS4Path, value, segments)


def _next_hop(value: bytes, direction: Any, negotiated: Any) -> Any:
    return next_hops[value] if len(value) in (4, 16) else None


def _med(value: bytes, direction: Any, negotiated: Any) -> Any:
    if len(value) != 4:
        return None
    made = _new(MED)
    made.med = int.from_bytes(value)
    made._packed = b"\x80\x04\x04" + value
    return made


def _local_pref(value: bytes, direction: Any, negotiated: Any) -> Any:
    if len(value) != 4:
        return None
    made = _new(LocalPreference)
    made.localpref = int.from_bytes(value)
    made._packed = b"\x40\x05\x04" + value
    return made


def _atomic_aggregate(value: bytes, direction: Any, negotiated: Any) -> Any:
    return None if value else _new(AtomicAggregate)


def _aggregator(value: bytes, direction: Any, negotiated: Any) -> Any:
    if len(value) != (8 if negotiated.asn4 else 6):
        return None
    return _aggregated(Aggregator, value)


def _as4_aggregator(value: bytes, direction: Any, negotiated: Any) -> Any:
    return _aggregated(Aggregator4, value) if len(value) == 8 else None


def _aggregated(owner: Any, value: bytes) -> Any:
    made = _new(owner)
    made.asn = _asns[int.from_bytes(value[:-4])]
    made.speaker = _addresses[value[-4:]]
    made._str = None
    return made


def _standard(value: bytes, direction: Any, negotiated: Any) -> Any:
    size = len(value)
    if not size or size % 4:
        return None
    made = _new(Communities)
    octets = sorted([value[i : i + 4] for i in range(0, size, 4)])
    made.communities = [_communities[community] for community in octets]
    return made


def _extended(value: bytes, direction: Any, negotiated: Any) -> Any:
    if not value or len(value) % 8:
        return None
    try:
        return ExtendedCommunities.unpack(value, direction, negotiated)
    except Exception:
        return None  # once more by ExaBGP, which knows what to make of its own exceptions


def _large(value: bytes, direction: Any, negotiated: Any) -> Any:
    size = len(value)
    if not size or size % 12:
        return None
    made = _new(LargeCommunities)
    octets = sorted({value[i : i + 12] for i in range(0, size, 12)})
    made.communities = [_large_communities[community] for community in octets]
    return made


def _originator(value: bytes, direction: Any, negotiated: Any) -> Any:
    if len(value) != 4:
        return None
    made = _new(OriginatorID)
    made._string = inet_ntop(AF_INET, value)
    made._packed = value
    made.afi = AFI.ipv4
    return made


def _cluster_list(value: bytes, direction: Any, negotiated: Any) -> Any:
    size = len(value)
    if not size or size % 4 or size > 255:
        return None
    made = _new(ClusterList)
    made.clusters = [_addresses[value[i : i + 4]] for i in range(0, size, 4)]
    made._packed = bytes((0x80, 10, size)) + value
    made._len = size
    return made


def _reach(value: bytes, direction: Any, negotiated: Any) -> Any:
    return MPRNLRI.unpack(value, direction, negotiated) if value else None


def _unreach(value: bytes, direction: Any, negotiated: Any) -> Any:
    return MPURNLRI.unpack(value, direction, negotiated) if value else None


DECODERS = table(
    {
        codes.ORIGIN: (0x40, _origin),
        codes.AS_PATH: (0x40, _as_path),
        codes.NEXT_HOP: (0x40, _next_hop),
        codes.MULTI_EXIT_DISC: (0x80, _med),
        codes.LOCAL_PREF: (0x40, _local_pref),
        codes.ATOMIC_AGGREGATE: (0x40, _atomic_aggregate),
        codes.AGGREGATOR: (0xC0, _aggregator),
        codes.COMMUNITIES: (0xC0, _standard),
        codes.ORIGINATOR_ID: (0x80, _originator),
        codes.CLUSTER_LIST: (0x80, _cluster_list),
        codes.MP_REACH_NLRI: (0x80, _reach),
        codes.MP_UNREACH_NLRI: (0x80, _unreach),
        codes.EXTENDED_COMMUNITIES: (0xC0, _extended),
        codes.AS4_PATH: (0xC0, _as4_path),
        codes.AS4_AGGREGATOR: (0xC0, _as4_aggregator),
        codes.LARGE_COMMUNITY: (0xC0, _large),
    }
)
