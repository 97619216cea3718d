"""ExaBGP 5.0, as released: ``unpack_message(data, direction, negotiated)``, ``Attributes``, NLRI with a next hop.

Attributes and NLRI of this line hold their decoded values, each AS number and address an object.
"""

from __future__ import annotations

from typing import Any

from exabgp.bgp.message.action import Action
from exabgp.bgp.message.direction import Direction
from exabgp.bgp.message.update import Update
from exabgp.bgp.message.update.attribute.attribute import Attribute
from exabgp.bgp.message.update.attribute.attributes import Attributes
from exabgp.bgp.message.update.nlri.inet import INET
from exabgp.bgp.message.update.nlri.ipvpn import IPVPN
from exabgp.bgp.message.update.nlri.label import Label
from exabgp.bgp.message.update.nlri.nlri import NLRI
from exabgp.logger import lazyattribute, log
from exabgp.logger.option import option
from exabgp.protocol.family import AFI, SAFI
from exabgp.protocol.family import Family as ExaFamily
from exabgp.protocol.ip import NoNextHop

from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6, SAFI_MPLS_LABEL, SAFI_MPLS_VPN, SAFI_MULTICAST, SAFI_UNICAST
from bgpwire.compat.exabgp.core import FAMILIES, LONGEST, NOTHING, Line, section_ends
from bgpwire.compat.exabgp.counts import Counts
from bgpwire.compat.exabgp.values5 import CODES, DECODERS, END_OF_RIB, MPRNLRI, MPURNLRI, builder, next_hops
from bgpwire.kernels import walk_attributes
from bgpwire.numbers import attribute as codes

__all__ = ["ReleasedLine"]


def _talking() -> bool:
    """Whether somebody reads what ExaBGP says of each message and prefix."""
    if option.logger is None or not option.logit.get("DEBUG", False):
        return False
    return bool(option.enabled.get("parser", True) or option.enabled.get("routes", True))


class ReleasedLine(Line):
    """The hooks of ExaBGP 5.0."""

    def __init__(self, counts: Counts) -> None:
        super().__init__(counts)
        self._builders = {
            (afi, safi, add_path, int(action)): builder(afi, safi, add_path, action)
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
            if counts.muted or data == b"\x00\x00\x00\x00" or (len(data) == 11 and data[:8] == END_OF_RIB):
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
        found = [builder.all(data, start, len(data), next_hops[hop]) for hop in hops]
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
        decoders = DECODERS
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
                        log.debug(lazyattribute(Attribute.Flag(flags), CODES[code], stop - start, value), "parser")
                    made = decode(value, direction, negotiated)
                if made is None:
                    self.attribute_back(code, Attribute.CODE.names)
                    original(attributes, data[pos:stop], direction, negotiated)
                else:
                    fast += 1
                    if made is not NOTHING:
                        attributes[CODES[code]] = made
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
