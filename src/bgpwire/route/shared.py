"""What a route offers beyond what the kernels decode."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from bgpwire._impl import LabelledPrefix, Prefix, VpnPrefix
from bgpwire.nlri.base import NlriContext
from bgpwire.nlri.collection import decode_nlri, decode_single
from bgpwire.nlri.label_stack import stack_faults
from bgpwire.old_writers import LEGACY, with_header
from bgpwire.route.family import family_of
from bgpwire.route.form import route_fields

if TYPE_CHECKING:
    from bgpwire._python.attributes import PathAttributes
    from bgpwire._python.communities import ExtendedCommunities, LargeCommunities
    from bgpwire._python.mrt import Record
    from bgpwire._python.prefix import Address
    from bgpwire.afi_safi import Family
    from bgpwire.attribute.aggregator import Aggregator
    from bgpwire.errors import DecodeError
    from bgpwire.message.update import Update
    from bgpwire.nlri.collection import AnyNlri
    from bgpwire.route.peer import PeerMixin
    from bgpwire.session import Session


def decode_field(
    data: bytes, start: int, end: int, afi: int, safi: int, withdraw: bool, session: Session
) -> tuple[list[Any], DecodeError | None]:
    """The NLRI of any family before the first fault, and the fault."""
    return decode_nlri(data, start, end, NlriContext(afi, safi, withdraw, session))


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
    nlri = copy(nlri)
    nlri.path_id = path_id
    return nlri


def next_hop_of_entry(route: RouteMixin) -> Address | None:
    """The next hop of a BGP4MP_ENTRY record, which has a field for it; ``None`` for a route of another record."""
    if route.type != "R" or route.record.type in (12, 13):
        return None
    from bgpwire.bgp4mp_entry import entry_of

    return entry_of(route.record)["next_hop"]  # type: ignore[no-any-return]


class RouteMixin:
    """The rarer attributes of a route, its UPDATE, its faults, its JSON."""

    __slots__ = ()

    if TYPE_CHECKING:
        type: str
        record: Record
        peer: PeerMixin
        attributes: PathAttributes | None
        nlri: AnyNlri | None

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
    def med(self) -> int | None:
        return self._get(4)  # type: ignore[no-any-return]

    @property
    def local_pref(self) -> int | None:
        return self._get(5)  # type: ignore[no-any-return]

    @property
    def atomic_aggregate(self) -> bool:
        """Whether ATOMIC_AGGREGATE is there."""
        return self._get(6) is not None

    @property
    def aggregator(self) -> Aggregator | None:
        """The effective aggregator (RFC 6793 section 4.2.3)."""
        return None if self.type == "W" or self.attributes is None else self.attributes.aggregator

    @property
    def extended_communities(self) -> ExtendedCommunities | None:
        return self._get(16)  # type: ignore[no-any-return]

    @property
    def large_communities(self) -> LargeCommunities | None:
        return self._get(32)  # type: ignore[no-any-return]

    @property
    def only_to_customer(self) -> int | None:
        return self._get(35)  # type: ignore[no-any-return]

    @property
    def origin_asns(self) -> tuple[int, ...]:
        """Every AS that may have originated the route: several where the path ends in an AS_SET."""
        path = None if self.type == "W" or self.attributes is None else self.attributes.as_path
        return () if path is None else path.origin_asns

    @property
    def family(self) -> Family | None:
        """The (AFI, SAFI); ``None`` for a state change."""
        return family_of(self)  # type: ignore[arg-type]

    @property
    def update(self) -> Update | None:
        """The UPDATE this route came in, one object for all its routes; ``None`` for a RIB entry or a state change."""
        if self.type not in ("A", "W"):
            return None
        update: Update | None = self.record._cache
        if update is None:
            from bgpwire.message import Message

            assert self.attributes is not None
            begin = -self.attributes.base
            data = self.record.data
            if self.record.type in LEGACY:
                octets = with_header(data[begin + 19 :], self.record.subtype)
            else:
                octets = data[begin : begin + (data[begin + 16] << 8 | data[begin + 17])]
            update = Message.of(octets, self.attributes.session)  # type: ignore[assignment]
            self.record._cache = update
        return update

    @property
    def errors(self) -> list[DecodeError]:
        """What is wrong with the UPDATE, or with the attributes and labels of the RIB entry (RFC 7606)."""
        if self.type in ("A", "W"):
            update = self.update
            assert update is not None
            return update.errors
        if self.attributes is None:
            return []
        from bgpwire.attribute.check import attribute_errors

        return self._label_errors() + attribute_errors(self.attributes)

    def _label_errors(self) -> list[DecodeError]:
        """What is wrong with the labels of a RIB_GENERIC entry; its NLRI stands at offset 7 of the record."""
        if not isinstance(self.nlri, (LabelledPrefix, VpnPrefix)):
            return []
        assert self.attributes is not None
        context = NlriContext(self.nlri.afi, self.record.data[6], False, self.attributes.session)
        return stack_faults([self.nlri], context, 7)

    def json(self) -> dict[str, Any]:
        """JSON values by key: the object that ``bgpwire dump --format json`` writes in one line (docs/json.md)."""
        return route_fields(self)

    def __repr__(self) -> str:
        return f"<Route {self.type} {self.timestamp} {self.peer} {self.nlri if self.states is None else self.states}>"
