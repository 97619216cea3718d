"""ExaBGP 6.0, its development line: ``unpack_message(data, negotiated)``, ``AttributeCollection``, ``RoutedNLRI``.

Attributes and NLRI of this line keep the octets they came from and decode on access, so the work is to find
where each begins and ends, to check what ExaBGP checks at this point, and to make the objects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exabgp.bgp.message.action import Action
from exabgp.bgp.message.update.attribute.attribute import Attribute, TreatAsWithdraw
from exabgp.bgp.message.update.attribute.collection import AttributeCollection
from exabgp.bgp.message.update.collection import UpdateCollection
from exabgp.bgp.message.update.nlri.inet import INET, INETBase
from exabgp.bgp.message.update.nlri.ipvpn import IPVPN, IPVPNBase
from exabgp.bgp.message.update.nlri.label import Label
from exabgp.bgp.message.update.nlri.nlri import NLRI
from exabgp.logger import lazyattribute, log
from exabgp.logger.option import option
from exabgp.protocol.family import AFI, SAFI
from exabgp.protocol.family import Family as ExaFamily
from exabgp.protocol.ip import IP

from bgpwire.afi_safi import SAFI_MPLS_LABEL, SAFI_MPLS_VPN
from bgpwire.compat.exabgp.core import FAMILIES, LONGEST, Line, section_ends
from bgpwire.compat.exabgp.values6 import (
    DECODERS,
    MPRNLRI,
    MPURNLRI,
    WITHDRAW_ALL,
    builder,
    is_refused,
    merge_paths,
    next_hops,
)
from bgpwire.kernels import walk_attributes
from bgpwire.numbers import attribute as codes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bgpwire.compat.exabgp.counts import Counts

__all__ = ["DevelopmentLine"]

_new = object.__new__
_EXTENDED = 0x10
"""The flag of an attribute length of 2 octets."""


def _talking() -> bool:
    """Whether somebody reads what ExaBGP says of each message and prefix."""
    if option.logger is None or not option.logit.get("DEBUG", False):
        return False
    return bool(option.option.get("parser", True) or option.option.get("routes", True))


class DevelopmentLine(Line):
    """The hooks of ExaBGP 6.0."""

    def __init__(self, counts: Counts) -> None:
        super().__init__(counts)
        self._builders = {
            (afi, safi, add_path, withdraw, routed): builder(afi, safi, add_path, withdraw, routed)
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
            next_hop = next_hops[attribute._packed]

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
        return builder.all(data, start, len(data), next_hops[next_hop] if routed else None)

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
            if WITHDRAW_ALL in held:
                return made
            if codes.AS4_PATH in held or codes.AS4_AGGREGATOR in held:
                merge_paths(held)
            if codes.MP_REACH_NLRI not in held and codes.MP_UNREACH_NLRI not in held:
                cls.previous, cls.cached = data, made
                self._kept, self._kept_for = made, session
            else:
                cls.previous, cls.cached = b"", None
                self._kept = None
            return made

        return classmethod(unpack)

    def _hook_parse(self) -> Any:
        original = AttributeCollection.parse
        decoders = DECODERS
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
                    if code not in held and is_refused(code, decode is not None, stop > start):
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
