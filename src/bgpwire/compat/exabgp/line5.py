"""ExaBGP 5.0, as released: ``unpack_message(data, direction, negotiated)``, ``Attributes``, NLRI with a next hop.

Attributes and NLRI of this line hold their decoded values, each AS number and address an object.
"""

from __future__ import annotations

from socket import AF_INET, AF_INET6, inet_ntop
from struct import unpack
from typing import Any

from exabgp.bgp.message.action import Action
from exabgp.bgp.message.direction import Direction
from exabgp.bgp.message.open.asn import ASN
from exabgp.bgp.message.update import Update
from exabgp.bgp.message.update import attribute as attributes_of
from exabgp.bgp.message.update.attribute.aggregator import Aggregator, Aggregator4
from exabgp.bgp.message.update.attribute.aspath import SEQUENCE, SET, AS4Path, ASPath
from exabgp.bgp.message.update.attribute.atomicaggregate import AtomicAggregate
from exabgp.bgp.message.update.attribute.attribute import Attribute
from exabgp.bgp.message.update.attribute.attributes import Attributes
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
from exabgp.bgp.message.update.nlri.nlri import NLRI
from exabgp.bgp.message.update.nlri.qualifier import Labels, PathInfo, RouteDistinguisher
from exabgp.logger import lazyattribute, log
from exabgp.logger.option import option
from exabgp.protocol.family import AFI, SAFI
from exabgp.protocol.family import Family as ExaFamily
from exabgp.protocol.ip import IPv4, NoNextHop

from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6, SAFI_MPLS_LABEL, SAFI_MPLS_VPN, SAFI_MULTICAST, SAFI_UNICAST
from bgpwire.compat.exabgp.core import FAMILIES, LONGEST, NOTHING, Line, Remembered, path_is_sound, section_ends, table
from bgpwire.compat.exabgp.counts import Counts
from bgpwire.compat.kernels import Blueprint, PrefixBuilder
from bgpwire.kernels import walk_attributes
from bgpwire.numbers import attribute as codes
from bgpwire.value.nlri_parts import Part

__all__ = ["ReleasedLine"]

MPRNLRI = attributes_of.MPRNLRI
MPURNLRI = attributes_of.MPURNLRI

_new = object.__new__
_CODES = [Attribute.CODE(code) for code in range(256)]
_END_OF_RIB = b"\x00\x00\x00\x07\x90\x0f\x00\x03"
_SEGMENTS = ASPath._DISPATCH


def _talking() -> bool:
    """Whether somebody reads what ExaBGP says of each message and prefix."""
    if option.logger is None or not option.logit.get("DEBUG", False):
        return False
    return bool(option.enabled.get("parser", True) or option.enabled.get("routes", True))


# ---------------------------------------------------------------------- NLRI


def _builder(afi: int, safi: int, add_path: bool, action: Any) -> PrefixBuilder:
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


# ---------------------------------------------------------------------- attributes


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
_next_hops = Remembered(_next_hop_object)
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
    return _next_hops[value] if len(value) in (4, 16) else None


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


_DECODERS = table(
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


class ReleasedLine(Line):
    """The hooks of ExaBGP 5.0."""

    def __init__(self, counts: Counts) -> None:
        super().__init__(counts)
        self._builders = {
            (afi, safi, add_path, int(action)): _builder(afi, safi, add_path, action)
            for afi, safi in FAMILIES
            for add_path in (False, True)
            for action in (Action.ANNOUNCE, Action.WITHDRAW)
        }

    def hooks(self) -> list[tuple[type, str, Any]]:
        return [
            (Update, "split", self._hook_split()),
            (Update, "unpack_message", self._hook_message()),
            (NLRI, "unpack_nlri", self._hook_nlri()),
            (INET, "unpack_nlri", self._hook_inet()),
            (MPRNLRI, "unpack", self._hook_reach()),
            (MPURNLRI, "unpack", self._hook_unreach()),
            (Attributes, "parse", self._hook_parse()),
        ]

    # ------------------------------------------------------------------ an UPDATE

    def _hook_split(self) -> Any:
        original = Update.split

        def split(data: Any) -> Any:
            ends = section_ends(data)
            if ends is None:
                return original(data)
            withdrawn, attributes = ends
            return data[2:withdrawn], data[withdrawn + 2 : attributes], data[attributes:]

        return staticmethod(split)

    def _hook_message(self) -> Any:
        original = Update.__dict__["unpack_message"].__func__
        counts = self.counts

        def unpack_message(cls: Any, data: Any, direction: Any, negotiated: Any) -> Any:
            if counts.muted or data == b"\x00\x00\x00\x00" or (len(data) == 11 and data[:8] == _END_OF_RIB):
                return original(cls, data, direction, negotiated)
            if _talking():
                return self.aloud(self._message, original, cls, data, direction, negotiated)
            made = self._message(cls, data, direction, negotiated)
            if made is None:
                made = self.hand_back(original, cls, data, direction, negotiated)
                counts.prefixes_back += len(getattr(made, "nlris", ()))
            return made

        return classmethod(unpack_message)

    def _message(self, cls: Any, data: Any, direction: Any, negotiated: Any) -> Any:
        """The UPDATE, or ``None`` to hand it back; what ExaBGP raises of an attribute passes through."""
        counts = self.counts
        ends = section_ends(data) if type(data) is bytes else None
        if ends is None:
            counts.why["message: its lengths do not fit"] += 1
            return None
        end_of_withdrawn, end_of_attributes = ends
        size = len(data)
        attributes = Attributes.unpack(data[end_of_withdrawn + 2 : end_of_attributes], direction, negotiated)
        if direction == Direction.IN:
            add_path = bool(negotiated.addpath.receive(AFI.ipv4, SAFI.unicast))
        else:
            add_path = bool(negotiated.addpath.send(AFI.ipv4, SAFI.unicast))

        nlris: list[Any] = []
        if end_of_withdrawn > 2:
            found = self._builders[1, 1, add_path, 2].all(data, 2, end_of_withdrawn, NoNextHop)
            if found is None:
                counts.why["message: a withdrawn route is not well formed"] += 1
                return None
            nlris = found
        if end_of_attributes < size:
            next_hop = attributes.get(codes.NEXT_HOP, NoNextHop)
            found = self._builders[1, 1, add_path, 1].all(data, end_of_attributes, size, next_hop)
            if found is None:
                counts.why["message: an announced route is not well formed"] += 1
                return None
            nlris = nlris + found if nlris else found
        native = len(nlris)
        unreach = attributes.get(codes.MP_UNREACH_NLRI)
        reach = attributes.get(codes.MP_REACH_NLRI)
        carriers = [attribute for attribute in (unreach, reach) if attribute is not None]
        if not nlris and len(attributes) == len(carriers) and not any(carrier.nlris for carrier in carriers):
            counts.why["message: no routes"] += 1
            return None
        if unreach is not None:
            del attributes[codes.MP_UNREACH_NLRI]
            nlris.extend(unreach.nlris)
        if reach is not None:
            del attributes[codes.MP_REACH_NLRI]
            nlris.extend(reach.nlris)
        counts.messages += 1
        counts.prefixes += native
        return Update(nlris, attributes)

    # ------------------------------------------------------------------ NLRI

    def _hook_nlri(self) -> Any:
        original = NLRI.__dict__["unpack_nlri"].__func__

        def unpack_nlri(cls: Any, afi: Any, safi: Any, data: Any, action: Any, addpath: Any) -> Any:
            if not self.counts.muted and not _talking():
                made = self._one(afi, safi, data, action, addpath)
                if made is not None:
                    return made
            return original(cls, afi, safi, data, action, addpath)

        return classmethod(unpack_nlri)

    def _hook_inet(self) -> Any:
        original = INET.__dict__["unpack_nlri"].__func__
        owners = {SAFI_UNICAST: INET, SAFI_MULTICAST: INET, SAFI_MPLS_LABEL: Label, SAFI_MPLS_VPN: IPVPN}

        def unpack_nlri(cls: Any, afi: Any, safi: Any, bgp: Any, action: Any, addpath: Any) -> Any:
            if not self.counts.muted and owners.get(safi) is cls:
                made = self._one(afi, safi, bgp, action, addpath)
                if made is not None:
                    return made
                self.counts.prefixes_back += 1
                self.counts.why["prefix: not well formed"] += 1
            return original(cls, afi, safi, bgp, action, addpath)

        return classmethod(unpack_nlri)

    def _one(self, afi: Any, safi: Any, data: Any, action: Any, addpath: Any) -> Any:
        if type(data) is not bytes or type(action) is not type(Action.ANNOUNCE):
            return None
        builder = self._builders.get((afi, safi, bool(addpath), int(action)))
        octets = data[:LONGEST]
        made = None if builder is None else builder.one(octets, 0, len(octets), NoNextHop)
        if made is None:
            return None
        self.counts.prefixes += 1
        return made[0], data[made[1] :]

    def _hook_reach(self) -> Any:
        original = MPRNLRI.__dict__["unpack"].__func__
        counts = self.counts

        def unpack(cls: Any, data: Any, direction: Any, negotiated: Any) -> Any:
            made = None if counts.muted or cls is not MPRNLRI else self._reached(data, direction, negotiated)
            if made is None:
                made = self.outside(original, cls, data, direction, negotiated)
                self._family_back(made)
            return made

        return classmethod(unpack)

    def _hook_unreach(self) -> Any:
        original = MPURNLRI.__dict__["unpack"].__func__
        counts = self.counts

        def unpack(cls: Any, data: Any, direction: Any, negotiated: Any) -> Any:
            made = None if counts.muted or cls is not MPURNLRI else self._unreached(data, direction, negotiated)
            if made is None:
                made = self.outside(original, cls, data, direction, negotiated)
                self._family_back(made)
            return made

        return classmethod(unpack)

    def _family_back(self, made: Any) -> None:
        if not self.counts.muted:
            self.counts.prefixes_back += len(made.nlris)
            self.counts.why[f"family: {made.afi} {made.safi}"] += 1

    def _reached(self, data: Any, direction: Any, negotiated: Any) -> Any:
        """The attribute, or ``None`` where anything is not as ExaBGP wants it."""
        if type(data) is not bytes or len(data) < 5 or not negotiated:
            return None
        afi, safi, size = data[0] << 8 | data[1], data[2], data[3]
        family = (afi, safi)
        start = 5 + size
        if family not in FAMILIES or family not in negotiated.families or len(data) <= start:
            return None
        sizes, skip = ExaFamily.size[family]
        if negotiated.nexthop:
            afi_of_hop = AFI_IPV6 if size in (16, 24, 32) else AFI_IPV4
            sizes = ExaFamily.size[afi_of_hop, safi][0] if size in (4, 12, 16, 24, 32) else ()
        if size not in sizes or (skip and any(data[4 : 4 + skip])):
            return None
        hops = [data[at : min(at + 16, start - 1)] for at in range(4 + skip, start - 1, 16)]
        if not hops or any(len(hop) not in (4, 16) for hop in hops):
            return None
        addpath = negotiated.addpath
        add_path = bool((addpath.receive if direction == Direction.IN else addpath.send)(afi, safi))
        builder = self._builders[afi, safi, add_path, 1]
        found = [builder.all(data, start, len(data), _next_hops[hop]) for hop in hops]
        if found[0] is None:
            return None
        nlris = found[0]
        if len(hops) > 1:  # ExaBGP makes a route of each prefix and each next hop, in this order
            nlris = [nlri for same in zip(*found, strict=True) for nlri in same]
        self.counts.prefixes += len(nlris)
        return MPRNLRI(afi, safi, nlris)

    def _unreached(self, data: Any, direction: Any, negotiated: Any) -> Any:
        if type(data) is not bytes or len(data) < 3 or not negotiated:
            return None
        afi, safi = data[0] << 8 | data[1], data[2]
        if (afi, safi) not in FAMILIES or (afi, safi) not in negotiated.families:
            return None
        addpath = negotiated.addpath
        add_path = bool((addpath.receive if direction == Direction.IN else addpath.send)(afi, safi))
        nlris = self._builders[afi, safi, add_path, 2].all(data, 3, len(data), NoNextHop)
        if nlris is None:
            return None
        self.counts.prefixes += len(nlris)
        return MPURNLRI(afi, safi, nlris)

    # ------------------------------------------------------------------ attributes

    def _hook_parse(self) -> Any:
        original = Attributes.parse
        decoders = _DECODERS
        counts = self.counts

        def parse(attributes: Any, data: Any, direction: Any, negotiated: Any) -> Any:
            if type(data) is not bytes or negotiated is None:
                return original(attributes, data, direction, negotiated)
            aloud = not self._quiet and _talking()
            pos = fast = 0
            for flags, code, start, stop in walk_attributes(data):
                decode = decoders.get(flags << 8 | code)
                made = None
                if decode is not None and code not in attributes:
                    value = data[start:stop]
                    if aloud:
                        log.debug(lazyattribute(Attribute.Flag(flags), _CODES[code], stop - start, value), "parser")
                    made = decode(value, direction, negotiated)
                if made is None:
                    self.attribute_back(code, Attribute.CODE.names)
                    original(attributes, data[pos:stop], direction, negotiated)
                else:
                    fast += 1
                    if made is not NOTHING:
                        attributes[_CODES[code]] = made
                pos = stop
            if pos < len(data):
                if not counts.muted:
                    counts.attributes_back += 1
                    counts.why["attribute: runs over the end"] += 1
                original(attributes, data[pos:], direction, negotiated)
            if fast:
                attributes._str = ""
                attributes._json = ""
                attributes._dict = {}
                if not counts.muted:
                    counts.attributes += fast
            return attributes

        return parse
