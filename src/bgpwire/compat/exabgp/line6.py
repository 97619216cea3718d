"""ExaBGP 6.0, its development line: ``unpack_message(data, negotiated)``, ``AttributeCollection``, ``RoutedNLRI``.

Attributes and NLRI of this line keep the octets they came from and decode on access, so the work is to find
where each begins and ends, to check what ExaBGP checks at this point, and to make the objects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exabgp.bgp.message.action import Action
from exabgp.bgp.message.notification import Notify
from exabgp.bgp.message.open.asn import AS_TRANS
from exabgp.bgp.message.update import attribute as attributes_of
from exabgp.bgp.message.update.attribute.aggregator import Aggregator, Aggregator4
from exabgp.bgp.message.update.attribute.aspath import AS4Path, ASPath
from exabgp.bgp.message.update.attribute.atomicaggregate import AtomicAggregate
from exabgp.bgp.message.update.attribute.attribute import Attribute, TreatAsWithdraw
from exabgp.bgp.message.update.attribute.clusterlist import ClusterList
from exabgp.bgp.message.update.attribute.collection import AttributeCollection
from exabgp.bgp.message.update.attribute.community.extended.communities import ExtendedCommunities
from exabgp.bgp.message.update.attribute.community.initial.communities import Communities
from exabgp.bgp.message.update.attribute.community.large.communities import LargeCommunities
from exabgp.bgp.message.update.attribute.localpref import LocalPreference
from exabgp.bgp.message.update.attribute.med import MED
from exabgp.bgp.message.update.attribute.nexthop import NextHop
from exabgp.bgp.message.update.attribute.origin import Origin
from exabgp.bgp.message.update.attribute.originatorid import OriginatorID
from exabgp.bgp.message.update.collection import RoutedNLRI, UpdateCollection
from exabgp.bgp.message.update.nlri.inet import INET, INETBase
from exabgp.bgp.message.update.nlri.ipvpn import IPVPN, IPVPNBase
from exabgp.bgp.message.update.nlri.label import Label
from exabgp.bgp.message.update.nlri.nlri import NLRI
from exabgp.bgp.message.update.nlri.qualifier import PathInfo
from exabgp.logger import lazyattribute, log
from exabgp.logger.option import option
from exabgp.protocol.family import AFI, SAFI
from exabgp.protocol.family import Family as ExaFamily
from exabgp.protocol.ip import IP, IPv4, IPv6

from bgpwire.afi_safi import SAFI_MPLS_LABEL, SAFI_MPLS_VPN
from bgpwire.compat.exabgp.core import FAMILIES, LONGEST, Decoder, Line, Remembered, path_is_sound, section_ends, table
from bgpwire.compat.kernels import Blueprint, PrefixBuilder
from bgpwire.kernels import walk_attributes
from bgpwire.numbers import attribute as codes
from bgpwire.value.as_path import Segment, SegmentType, merge_segments, pack_segments
from bgpwire.value.nlri_parts import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bgpwire.compat.exabgp.counts import Counts

__all__ = ["DevelopmentLine"]

MPRNLRI = attributes_of.MPRNLRI
MPURNLRI = attributes_of.MPURNLRI

_new = object.__new__
_WITHDRAW_ALL = 0xFFFF
_EXTENDED = 0x10
"""The flag of an attribute length of 2 octets."""


def _next_hop(packed: bytes) -> Any:
    if len(packed) == 4:
        return IPv4(packed)
    return IPv6(packed) if len(packed) == 16 else IP.NoNextHop


_next_hops = Remembered(_next_hop)
"""Prefixes share their next hops, those of several messages too."""


def _talking() -> bool:
    """Whether somebody reads what ExaBGP says of each message and prefix."""
    if option.logger is None or not option.logit.get("DEBUG", False):
        return False
    return bool(option.option.get("parser", True) or option.option.get("routes", True))


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


def _builder(afi: int, safi: int, add_path: bool, withdraw: bool, routed: bool) -> PrefixBuilder:
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


def _as_path(value: bytes, negotiated: Any) -> Any:
    if not value:
        return ASPath.Empty
    asn4 = negotiated.asn4
    if not path_is_sound(value, 4 if asn4 else 2):
        return None
    made = _new(ASPath)
    made._packed = value
    made._asn4 = asn4
    return made


def _as4_path(value: bytes, negotiated: Any) -> Any:
    if not value:
        return AS4Path.Empty
    if not path_is_sound(value, 4):
        return None
    made = _new(AS4Path)
    made._packed = value
    made._asn4 = True
    return made


def _aggregator(value: bytes, negotiated: Any) -> Any:
    asn4 = negotiated.asn4
    if len(value) != (8 if asn4 else 6):
        return None
    made = _new(Aggregator)
    made._packed = value
    made._asn4 = asn4
    return made


def _as4_aggregator(value: bytes, negotiated: Any) -> Any:
    if len(value) != 8:
        return None
    made = _new(Aggregator4)
    made._packed = value
    made._asn4 = True
    return made


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


_DECODERS = table(
    {
        codes.ORIGIN: (0x40, _origin),
        codes.AS_PATH: (0x40, _as_path),
        codes.NEXT_HOP: (0x40, _octets(NextHop, (4, 16))),
        codes.MULTI_EXIT_DISC: (0x80, _octets(MED, (4,))),
        codes.LOCAL_PREF: (0x40, _octets(LocalPreference, (4,))),
        codes.ATOMIC_AGGREGATE: (0x40, _octets(AtomicAggregate, (0,))),
        codes.AGGREGATOR: (0xC0, _aggregator),
        codes.COMMUNITIES: (0xC0, _octets(Communities, multiple=4)),
        codes.ORIGINATOR_ID: (0x80, _octets(OriginatorID, (4,))),
        codes.CLUSTER_LIST: (0x80, _octets(ClusterList, multiple=4)),
        codes.MP_REACH_NLRI: (0x80, _reach),
        codes.MP_UNREACH_NLRI: (0x80, _unreach),
        codes.EXTENDED_COMMUNITIES: (0xC0, _octets(ExtendedCommunities, multiple=8)),
        codes.AS4_PATH: (0xC0, _as4_path),
        codes.AS4_AGGREGATOR: (0xC0, _as4_aggregator),
        codes.LARGE_COMMUNITY: (0xC0, _large),
    }
)


class DevelopmentLine(Line):
    """The hooks of ExaBGP 6.0."""

    def __init__(self, counts: Counts) -> None:
        super().__init__(counts)
        self._builders = {
            (afi, safi, add_path, withdraw, routed): _builder(afi, safi, add_path, withdraw, routed)
            for afi, safi in FAMILIES
            for add_path in (False, True)
            for withdraw in (False, True)
            for routed in ((False,) if withdraw else (False, True))
        }
        self._kept: Any = None
        self._kept_for: tuple[Any, Any] = (None, None)

    def hooks(self) -> list[tuple[type, str, Any]]:
        return [
            (UpdateCollection, "split", self._hook_split()),
            (UpdateCollection, "_parse_payload", self._hook_payload()),
            (NLRI, "unpack_nlri", self._hook_nlri()),
            (INETBase, "unpack_nlri", self._hook_inet()),
            (IPVPNBase, "unpack_nlri", self._hook_vpn()),
            (MPRNLRI, "__iter__", self._hook_reach()),
            (MPRNLRI, "iter_routed", self._hook_routed()),
            (MPURNLRI, "__iter__", self._hook_unreach()),
            (AttributeCollection, "unpack", self._hook_unpack()),
            (AttributeCollection, "parse", self._hook_parse()),
        ]

    # ------------------------------------------------------------------ an UPDATE

    def _hook_split(self) -> Any:
        original = UpdateCollection.split

        def split(data: Any) -> Any:
            ends = section_ends(data)
            if ends is None:
                return original(data)
            withdrawn, attributes = ends
            return data[2:withdrawn], data[withdrawn + 2 : attributes], data[attributes:]

        return staticmethod(split)

    def _hook_payload(self) -> Any:
        original = UpdateCollection.__dict__["_parse_payload"].__func__
        counts = self.counts

        def _parse_payload(cls: Any, data: Any, negotiated: Any) -> Any:
            if counts.muted:
                return original(cls, data, negotiated)
            if _talking():
                return self.aloud(self._payload, original, cls, data, negotiated)
            made = self._payload(cls, data, negotiated)
            if made is None:
                made = self.hand_back(original, cls, data, negotiated)
                counts.prefixes_back += len(made._announces) + len(made._withdraws)
            return made

        return classmethod(_parse_payload)

    def _payload(self, cls: Any, data: Any, negotiated: Any) -> Any:
        """The UPDATE, or ``None`` to hand it back; what ExaBGP raises of an attribute passes through."""
        counts = self.counts
        why = counts.why
        if type(data) is not bytes:
            data = bytes(data)
        size = len(data)
        ends = section_ends(data)
        if ends is None:
            why["message: its lengths do not fit"] += 1
            return None
        end_of_withdrawn, end_of_attributes = ends
        attributes = AttributeCollection.unpack(data[end_of_withdrawn + 2 : end_of_attributes], negotiated)
        held = attributes._data

        add_path = bool(negotiated.required(AFI.ipv4, SAFI.unicast))
        next_hop = IP.NoNextHop
        attribute = held.get(codes.NEXT_HOP)
        if attribute is not None:
            if self._is_ours(attribute, negotiated):
                why["message: its next hop is the local address"] += 1
                return None
            next_hop = _next_hops[attribute._packed]

        withdraws = announces = None
        if end_of_withdrawn > 2:
            withdraws = self._builders[1, 1, add_path, True, False].all(data, 2, end_of_withdrawn)
            if withdraws is None:
                why["message: a withdrawn route is not well formed"] += 1
                return None
        if end_of_attributes < size:
            announces = self._builders[1, 1, add_path, False, True].all(data, end_of_attributes, size, next_hop)
            if announces is None:
                why["message: an announced route is not well formed"] += 1
                return None
        withdraws = withdraws or []
        announces = announces or []

        other = 0
        unreach = held.get(codes.MP_UNREACH_NLRI)
        if unreach is not None:
            found = self._unreached(unreach)
            if found is None:
                if (unreach.afi, unreach.safi) in FAMILIES:
                    why["message: MP_UNREACH_NLRI is not well formed"] += 1
                    return None
                why[f"family: {unreach.afi} {unreach.safi}"] += 1
                found = self.outside(list, unreach)
                other += len(found)
            withdraws += found
        reach = held.get(codes.MP_REACH_NLRI)
        if reach is not None:
            found = self._reached(reach, True)
            if found is None:
                if (reach._afi, reach._safi) in FAMILIES:
                    why["message: MP_REACH_NLRI is not well formed"] += 1
                    return None
                why[f"family: {reach._afi} {reach._safi}"] += 1
                found = self.outside(lambda: list(reach.iter_routed()))
                other += len(found)
            announces += found
        if unreach is not None:
            del held[codes.MP_UNREACH_NLRI]
        if reach is not None:
            del held[codes.MP_REACH_NLRI]

        counts.messages += 1
        counts.prefixes += len(withdraws) + len(announces) - other
        counts.prefixes_back += other
        return cls(announces, withdraws, attributes)

    def _is_ours(self, next_hop: Any, negotiated: Any) -> bool:
        """Whether the next hop is the local address, of which ExaBGP warns."""
        neighbor = getattr(negotiated, "neighbor", None)
        if neighbor is None:
            return False
        try:
            local = neighbor.session.local_address
            return local is not None and getattr(local, "_packed", b"") == next_hop._packed
        except Exception:
            return True  # a neighbour of some other shape: let ExaBGP say what it makes of it

    # ------------------------------------------------------------------ NLRI

    def _hook_nlri(self) -> Any:
        original = NLRI.__dict__["unpack_nlri"].__func__

        def unpack_nlri(cls: Any, afi: Any, safi: Any, data: Any, action: Any, addpath: Any, negotiated: Any) -> Any:
            if not self.counts.muted and not _talking():
                made = self._one(afi, safi, data, action, addpath, safi == SAFI_MPLS_VPN)
                if made is not None:
                    return made
            return original(cls, afi, safi, data, action, addpath, negotiated)

        return classmethod(unpack_nlri)

    def _hook_inet(self) -> Any:
        original = INETBase.__dict__["unpack_nlri"].__func__

        def unpack_nlri(cls: Any, afi: Any, safi: Any, bgp: Any, action: Any, addpath: Any, negotiated: Any) -> Any:
            if not self.counts.muted and cls is (Label if safi == SAFI_MPLS_LABEL else INET) and safi != SAFI_MPLS_VPN:
                made = self._one(afi, safi, bgp, action, addpath, False)
                if made is not None:
                    return made
                self._one_back(afi, safi)
            return original(cls, afi, safi, bgp, action, addpath, negotiated)

        return classmethod(unpack_nlri)

    def _hook_vpn(self) -> Any:
        original = IPVPNBase.__dict__["unpack_nlri"].__func__

        def unpack_nlri(cls: Any, afi: Any, safi: Any, data: Any, action: Any, addpath: Any, negotiated: Any) -> Any:
            if not self.counts.muted and cls is IPVPN and safi == SAFI_MPLS_VPN:
                made = self._one(afi, safi, data, action, addpath, True)
                if made is not None:
                    return made
                self._one_back(afi, safi)
            return original(cls, afi, safi, data, action, addpath, negotiated)

        return classmethod(unpack_nlri)

    def _one_back(self, afi: Any, safi: Any) -> None:
        if (afi, safi) in FAMILIES:
            self.counts.prefixes_back += 1
            self.counts.why["prefix: not well formed"] += 1

    def _one(self, afi: Any, safi: Any, data: Any, action: Any, addpath: Any, as_given: bool) -> Any:
        """The NLRI and what is left: of the type of ``data`` if ``as_given``, else a memoryview."""
        builder = self._builders.get((afi, safi, bool(addpath), action == Action.WITHDRAW, False))
        if builder is None:
            return None
        if type(data) is not bytes and type(data) is not memoryview:
            return None
        octets = bytes(data[:LONGEST])
        made = builder.one(octets, 0, len(octets))
        if made is None:
            return None
        self.counts.prefixes += 1
        return made[0], (data if as_given else memoryview(data))[made[1] :]

    def _unreached(self, attribute: Any) -> list[Any] | None:
        data = attribute._packed
        if type(data) is not bytes or type(attribute) is not MPURNLRI:
            return None
        builder = self._builders.get((data[0] << 8 | data[1], data[2], bool(attribute._addpath), True, False))
        return None if builder is None else builder.all(data, 3, len(data))

    def _reached(self, attribute: Any, routed: bool) -> list[Any] | None:
        data = attribute._packed
        afi, safi = attribute._afi, attribute._safi
        builder = self._builders.get((afi, safi, bool(attribute._addpath), False, routed))
        if builder is None or type(data) is not bytes or type(attribute) is not MPRNLRI:
            return None
        size = data[3]
        start = 5 + size
        if start > len(data):
            return None
        next_hop = data[4 + ExaFamily.size[afi, safi][1] : 4 + size][:16]
        if len(next_hop) not in (0, 4, 16):
            return None
        return builder.all(data, start, len(data), _next_hops[next_hop] if routed else None)

    def _hook_reach(self) -> Any:
        original = MPRNLRI.__iter__

        def __iter__(attribute: Any) -> Iterator[Any]:
            return self._each(original, attribute, lambda: self._reached(attribute, False))

        return __iter__

    def _hook_routed(self) -> Any:
        original = MPRNLRI.iter_routed

        def iter_routed(attribute: Any) -> Iterator[Any]:
            return self._each(original, attribute, lambda: self._reached(attribute, True))

        return iter_routed

    def _hook_unreach(self) -> Any:
        original = MPURNLRI.__iter__

        def __iter__(attribute: Any) -> Iterator[Any]:
            return self._each(original, attribute, lambda: self._unreached(attribute))

        return __iter__

    def _each(self, original: Any, attribute: Any, decode: Any) -> Iterator[Any]:
        if self.counts.muted or _talking():
            return original(attribute)  # type: ignore[no-any-return]
        made = decode()
        if made is None:
            return original(attribute)  # type: ignore[no-any-return]
        self.counts.prefixes += len(made)
        return iter(made)

    # ------------------------------------------------------------------ attributes

    def _hook_unpack(self) -> Any:
        original = AttributeCollection.__dict__["unpack"].__func__

        def unpack(cls: Any, data: Any, negotiated: Any) -> Any:
            if type(data) is not bytes or cls is not AttributeCollection:
                cls.previous, cls.cached = b"", None
                return original(cls, data, negotiated)
            # What the octets mean depends on the session: AS numbers of 2 or 4 octets, AIGP wanted or not.
            session = (getattr(negotiated, "asn4", None), getattr(negotiated, "aigp", None))
            cached = cls.cached
            known = cached is not None and cached is self._kept and session == self._kept_for
            if known and data == cls.previous and cached._data:
                return cached
            made = cls().parse(data, negotiated)
            held = made._data
            if _WITHDRAW_ALL in held:
                return made
            if codes.AS4_PATH in held or codes.AS4_AGGREGATOR in held:
                self._merge(held)
            if codes.MP_REACH_NLRI not in held and codes.MP_UNREACH_NLRI not in held:
                cls.previous, cls.cached = data, made
                self._kept, self._kept_for = made, session
            else:
                cls.previous, cls.cached = b"", None
                self._kept = None
            return made

        return classmethod(unpack)

    def _merge(self, held: dict[int, Any]) -> None:
        """RFC 6793 section 4.2.3, as 5.0 has it: the aggregator, then the AS_PATH with 4-octet AS numbers."""
        if codes.AGGREGATOR in held and codes.AS4_AGGREGATOR in held:
            if held[codes.AGGREGATOR].asn != AS_TRANS:
                del held[codes.AS4_AGGREGATOR]
                held.pop(17, None)
            else:
                del held[codes.AGGREGATOR]
        if codes.AS4_PATH not in held or codes.AS_PATH not in held:
            return
        path, path4 = held.pop(2), held.pop(17)
        merged = merge_segments(_segments(path), _segments(path4))
        if merged is not None:
            path = _new(ASPath)
            path._packed = pack_segments(_joined(merged))
            path._asn4 = True
        held[codes.AS_PATH] = path

    def _hook_parse(self) -> Any:
        original = AttributeCollection.parse
        decoders = _DECODERS
        counts = self.counts

        def parse(attributes: Any, data: Any, negotiated: Any) -> Any:
            if type(data) is not bytes or not data:
                return original(attributes, data, negotiated)
            aloud = not self._quiet and _talking()
            held = attributes._data
            pos = fast = 0
            for flags, code, start, stop in walk_attributes(data):
                decode = decoders.get(flags << 8 | code)
                made = None
                if decode is not None and code not in held:
                    value = data[start:stop]
                    if aloud:
                        log.debug(lazyattribute(Attribute.Flag(flags), code, stop - start, value), "parser")
                    made = decode(value, negotiated)
                if made is not None:
                    held[code] = made
                    fast += 1
                else:
                    self.attribute_back(code, Attribute.CODE.names)
                    if code not in held and _is_refused(code, decode is not None, stop > start):
                        attributes.add(TreatAsWithdraw())
                    else:
                        original(attributes, data[pos:stop], negotiated)
                pos = stop
            left = len(data) - pos
            if left and left < (4 if data[pos] & _EXTENDED else 3):
                original(attributes, data[pos:], negotiated)
            elif left:
                # RFC 7606 section 4: the routes are withdrawn; ExaBGP would decode what there is of it.
                counts.why["attribute: runs over the end"] += 1
                attributes.add(TreatAsWithdraw())
            if fast:
                attributes._str = ""
                attributes._json = ""
                if not counts.muted:
                    counts.attributes += fast
            return attributes

        return parse


def _is_refused(code: int, known: bool, filled: bool) -> bool:
    """Whether an attribute that no decoder took withdraws the routes, where ExaBGP's main would not have it so.

    ``known`` if its flags are those of its code, ``filled`` if it has a value. RFC 7606 sections 7.8 and 7.14:
    communities that are no whole number; section 3 (c): flags that conflict. Section 3 (j): an MP attribute whose
    flags hide its routes ends the session, 3/9.
    """
    if code in (codes.MP_REACH_NLRI, codes.MP_UNREACH_NLRI) and not known:
        raise Notify(3, 9, f"the flags of {Attribute.CODE.name(code)} are not those of RFC 4760")
    return code in (codes.COMMUNITIES, codes.EXTENDED_COMMUNITIES) and (filled or not known)


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
