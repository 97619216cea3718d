"""What a route offers beyond what the kernels decode."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Self

from bgpwire._impl import Address, LabelledPrefix, PathAttributes, Prefix, VpnPrefix
from bgpwire.afi_safi import family_of
from bgpwire.immutable import Immutable
from bgpwire.nlri.base import NlriContext
from bgpwire.nlri.collection import decode_nlri, decode_single
from bgpwire.nlri.label import stack_faults
from bgpwire.numbers import attribute as codes
from bgpwire.route.event import EventMixin
from bgpwire.route.form import route_fields
from bgpwire.route.peer import PeerMixin
from bgpwire.value.restore import restore

if TYPE_CHECKING:
    from bgpwire._python.communities import ExtendedCommunities, LargeCommunities
    from bgpwire._python.event import Event
    from bgpwire._python.mrt import Record
    from bgpwire._python.peer import Peer
    from bgpwire.afi_safi import Family
    from bgpwire.attribute.aggregator import Aggregator
    from bgpwire.errors import DecodeError
    from bgpwire.message.update import Update
    from bgpwire.nlri.collection import AnyNlri
    from bgpwire.session import Session


def decode_field(
    event: Event, start: int, end: int, afi: int, safi: int, withdraw: bool
) -> tuple[list[Any], DecodeError | None]:
    """The NLRI of any family in ``event._data[start:end]`` before the first fault, and the fault.

    What an NLRI says of offsets is counted in the message, the offset of the fault as ``start`` is.
    """
    begin = event._begin
    context = NlriContext(afi, safi, withdraw, event.session)
    values, fault = decode_nlri(event.octets, start - begin, end - begin, context)
    return values, None if fault is None else fault.moved(begin)


def decode_one(data: bytes, start: int, afi: int, safi: int, session: Session) -> tuple[Any, int]:
    """The one NLRI of any family that begins at ``start``, and how many octets it takes."""
    return decode_single(data, start, afi, safi, session)


def with_path_id(nlri: Any, path_id: int) -> Any:
    """The same NLRI, of any family, with a path identifier: RIB_GENERIC_ADDPATH has it apart (RFC 8050 section 4)."""
    if isinstance(nlri, Prefix):
        return Prefix._restore(bytes(nlri.prefix), nlri.afi, path_id)
    if isinstance(nlri, LabelledPrefix):
        return LabelledPrefix(nlri.labels, nlri.prefix, path_id)
    if isinstance(nlri, VpnPrefix):
        return VpnPrefix(nlri.labels, nlri.rd, nlri.prefix, path_id)
    return nlri.replace(path_id=path_id)


def check_route(kind: object, event: object, peer: object, attributes: object, family: object, rare: object) -> None:
    """ValueError or TypeError for what no route can have."""
    if kind not in ("A", "W", "R", "S"):
        raise ValueError(f"a route is A, W, R or S, not {kind!r}")
    for value, cls in ((event, EventMixin), (peer, PeerMixin)):
        if not isinstance(value, cls):
            raise TypeError(f"no {cls.__name__.removesuffix('Mixin')}: {type(value).__name__}")
    if (kind == "S") is not (attributes is None) or not isinstance(attributes, (PathAttributes, type(None))):
        raise TypeError(f"{type(attributes).__name__} as the attributes of a route of type {kind}")
    if (kind == "S") is not (family is None):
        raise TypeError(f"{family!r} as the family of a route of type {kind}")
    if family is not None:
        family_of(family)
    if kind == "S" and not (isinstance(rare, tuple) and len(rare) == 2):
        raise TypeError("a change of state has two states")
    if kind == "R":
        originated, hop = rare if type(rare) is tuple and len(rare) == 2 else (rare, None)
        if type(originated) is not int or not isinstance(hop, (Address, type(None))):
            raise TypeError("a RIB entry has a time, or a time and a next hop")
        if not 0 <= originated < 1 << 32:
            raise ValueError(f"originated {originated} does not fit 32 bits")


class RouteMixin(Immutable):
    """The rarer attributes of a route, its UPDATE, its faults, its JSON."""

    __slots__ = ()

    if TYPE_CHECKING:
        type: str
        _rare: Any
        event: Event
        peer: Peer
        attributes: PathAttributes | None
        nlri: AnyNlri | None

        @classmethod
        def _restore(cls, *state: Any) -> Self: ...
        @property
        def _mp(self) -> bool: ...
        @property
        def family(self) -> Family | None: ...
        @property
        def prefix(self) -> Prefix | None: ...
        @property
        def path_id(self) -> int | None: ...
        @property
        def next_hop(self) -> Address | None: ...
        @property
        def originated(self) -> int | None: ...
        @property
        def timestamp(self) -> float: ...
        @property
        def states(self) -> tuple[int, int] | None: ...

    def _get(self, code: int) -> Any:
        return None if self.type == "W" or self.attributes is None else self.attributes.get(code)

    @property
    def file(self) -> str | None:
        """The file that it was read from, as it was named; ``None`` where nobody said."""
        return self.event.file

    @property
    def med(self) -> int | None:
        return self._get(codes.MULTI_EXIT_DISC)  # type: ignore[no-any-return]

    @property
    def local_pref(self) -> int | None:
        return self._get(codes.LOCAL_PREF)  # type: ignore[no-any-return]

    @property
    def atomic_aggregate(self) -> bool:
        """Whether ATOMIC_AGGREGATE is there."""
        return self._get(codes.ATOMIC_AGGREGATE) is not None

    @property
    def aggregator(self) -> Aggregator | None:
        """The effective aggregator (RFC 6793 section 4.2.3)."""
        return None if self.type == "W" or self.attributes is None else self.attributes.aggregator

    @property
    def extended_communities(self) -> ExtendedCommunities | None:
        return self._get(codes.EXTENDED_COMMUNITIES)  # type: ignore[no-any-return]

    @property
    def large_communities(self) -> LargeCommunities | None:
        return self._get(codes.LARGE_COMMUNITY)  # type: ignore[no-any-return]

    @property
    def only_to_customer(self) -> int | None:
        return self._get(codes.ONLY_TO_CUSTOMER)  # type: ignore[no-any-return]

    @property
    def origin_asns(self) -> tuple[int, ...]:
        """Every AS that may have originated the route: several where the path ends in an AS_SET."""
        path = None if self.type == "W" or self.attributes is None else self.attributes.as_path
        return () if path is None else path.origin_asns

    @property
    def update(self) -> Update | None:
        """The UPDATE this route came in, one object for all its routes; ``None`` for a RIB entry or a state change."""
        return self.event.message if self.type in ("A", "W") else None  # type: ignore[return-value]

    @property
    def record(self) -> Record:
        """Deprecated since 0.2.0: the MRT record of :attr:`event`. ValueError for a route that came in none."""
        warnings.warn("Route.record is deprecated: see Route.event", DeprecationWarning, stacklevel=2)
        return self.event._record()

    @property
    def _entry_hop(self) -> Address | None:
        """The next hop that a BGP4MP_ENTRY record has beside the attributes; ``None`` for another route."""
        if self.type != "R":
            return None
        rare = self._rare
        return rare[1] if type(rare) is tuple else None

    @property
    def errors(self) -> list[DecodeError]:
        """What is wrong with the UPDATE, or with the attributes and labels of the RIB entry (RFC 7606)."""
        if self.type in ("A", "W"):
            return [] if self.update is None else self.update.errors
        if self.attributes is None:
            return []
        from bgpwire.attribute.check import attribute_errors

        return self._label_errors() + attribute_errors(self.attributes)

    def _label_errors(self) -> list[DecodeError]:
        """What is wrong with the labels of a RIB_GENERIC entry; its NLRI stands at offset 7 of the record."""
        if not isinstance(self.nlri, (LabelledPrefix, VpnPrefix)):
            return []
        family = self.family
        assert self.attributes is not None
        assert family is not None
        context = NlriContext(self.nlri.afi, family[1], False, self.attributes.session)
        return stack_faults([self.nlri], context, 7)

    def replace(self, **changes: Any) -> Self:
        """The same route with another ``nlri``, or with other path attributes, which are given as
        :meth:`bgpwire.PathAttributes.replace` takes them. ``next_hop="self"`` is the address of the speaker that heard
        the route, where the source says it. Its event stays what it is: that has the octets that came.

        ValueError for attributes of a route that is withdrawn, TypeError for those of a change of state.
        """
        if self.attributes is None:
            raise TypeError("a change of state has no attributes")
        nlri = changes.pop("nlri", self.nlri)
        attributes = self.attributes
        if changes:
            if self.type == "W":
                raise ValueError("a route that is withdrawn has no attributes")
            if changes.get("next_hop") == "self":
                changes["next_hop"] = self.peer.local_address
                if changes["next_hop"] is None:
                    raise ValueError("next_hop: which address the speaker has is not known")
            from bgpwire.attribute.replace import replaced

            attributes = replaced(attributes, changes, self._mp)
        kind, event, peer, _, old, *rest = self._state()
        if nlri is not old:
            nlri = Prefix(nlri) if isinstance(nlri, str) else nlri
            if (
                type(nlri) is not type(old)
                or nlri.afi != old.afi
                or getattr(nlri, "safi", 0) != getattr(old, "safi", 0)
            ):
                raise ValueError(f"{nlri!r} is no NLRI of {self.family}")
        return self._restore(kind, event, peer, attributes, nlri, *rest)

    def __reduce__(self) -> tuple[Any, ...]:
        return restore, ("Route", *self._state())

    def _state(self) -> tuple[Any, ...]:
        """The arguments that make an equal route."""
        family = self.family
        rare = self._rare if self.type in ("R", "S") else None
        what = self.attributes, self.nlri, self._mp, None if family is None else tuple(family), rare
        return self.type, self.event, self.peer, *what

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._state() == other._state()

    def __hash__(self) -> int:
        return hash((self.type, self.event, self.peer, self.nlri))

    def json(self) -> dict[str, Any]:
        """JSON values by key: the object that ``bgpwire dump --format json`` writes in one line (docs/json.md)."""
        return route_fields(self)

    def __repr__(self) -> str:
        return f"<Route {self.type} {self.timestamp} {self.peer} {self.nlri if self.states is None else self.states}>"
