"""Whether the fields of an UPDATE of RIS Live and its octets say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bgpwire._impl import Address
from bgpwire.live.ris.fields import Fields, flat_path, path_of
from bgpwire.numbers.attribute import AGGREGATOR, AS_PATH
from bgpwire.route.kernels import routes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bgpwire._impl import PathAttributes
    from bgpwire.route.kernels import Event, Route

__all__ = ["Difference", "differences"]


_MALFORMED = "malformed"
"""Stands for what ``raw`` says where it cannot be read, in the session that it is read in."""


class Difference(NamedTuple):
    """A field, what it says, and what the octets say; of lists, what the other does not have."""

    field: str
    said: str
    raw: str


def differences(fields: Fields, event: Event) -> Iterator[Difference]:
    """Where ``fields`` and the UPDATE of ``event`` differ. :class:`bgpwire.DecodeError` where a route cannot be read.

    The order of communities and of the AS numbers in a set tells nothing. Of a global and a link-local next hop the
    fields may name the first alone.
    """
    routes = routes_of(event)
    attributes = routes[0].attributes if routes else event.message.attributes  # type: ignore[union-attr]
    assert attributes is not None
    yield from _attributes(fields, attributes)
    announced = {str(_place(route)): route for route in routes if route.type == "A"}
    withdrawn = {str(_place(route)) for route in routes if route.type == "W"}
    if fields.announced.keys() != announced.keys():
        yield _sets("announcements", fields.announced.keys(), announced.keys())
    if fields.withdrawn != withdrawn:
        yield _sets("withdrawals", fields.withdrawn, withdrawn)
    if fields.end_of_rib and (routes or event.message.end_of_rib is None):  # type: ignore[union-attr]
        yield Difference("announcements", "end of RIB", "")
    yield from _next_hops(fields, announced, attributes)


def _attributes(fields: Fields, attributes: PathAttributes) -> Iterator[Difference]:
    found = attributes.as_path
    path = flat_path(found)
    if found is None and AS_PATH in attributes:
        # Also where the field is empty: in a session that is not its own, a path is malformed in most cases.
        yield Difference("path", str(path_of(fields.path)), _MALFORMED)
    elif fields.path != path and fields.path != flat_path(attributes.get(AS_PATH)):
        yield Difference("path", str(path_of(fields.path)), str(path_of(path)))
    if fields.origin != attributes.origin:
        yield Difference("origin", _text(fields.origin), _text(attributes.origin))
    med = attributes.med
    # RIS Live leaves out a MULTI_EXIT_DISC of 0.
    if fields.med != med and (fields.med is not None or med != 0):
        yield Difference("med", _text(fields.med), _text(med))
    aggregator = attributes.aggregator
    pair = None if aggregator is None else (aggregator.asn, aggregator.address)
    if pair is None and AGGREGATOR in attributes:
        yield Difference("aggregator", _text(fields.aggregator), _MALFORMED)
    elif fields.aggregator != pair:
        yield Difference("aggregator", _text(fields.aggregator), _text(pair))
    communities = frozenset(attributes.communities or ())
    if fields.community != communities:
        yield _sets("community", map(str, fields.community), map(str, communities))


def _next_hops(fields: Fields, announced: dict[str, Route], attributes: PathAttributes) -> Iterator[Difference]:
    """The first prefix that has other next hops, which is one of an UPDATE in most cases."""
    seen: dict[tuple[Any, bool], frozenset[Address]] = {}
    for prefix, said in fields.announced.items():
        route = announced.get(prefix)
        if route is None:
            continue
        key = route.next_hop, route._mp
        hops = seen.get(key)
        if hops is None:
            hops = seen[key] = frozenset(_hops(route, attributes))
        if said != hops and said != {route.next_hop}:
            yield Difference("next_hop", f"{prefix} {_addresses(said)}", f"{prefix} {_addresses(hops)}")
            return


def _hops(route: Route, attributes: PathAttributes) -> Iterator[Address]:
    if route.next_hop is not None:
        yield route.next_hop
    reach = attributes.mp_reach if route._mp else None
    if reach is not None and reach.next_hop.link_local is not None:
        yield reach.next_hop.link_local


def _place(route: Route) -> Any:
    """The prefix without path identifier, which the fields do not show; what has none is itself."""
    prefix = route.prefix
    return route.nlri if prefix is None else prefix


def _sets(field: str, said: Iterable[str], raw: Iterable[str]) -> Difference:
    one, other = set(said), set(raw)
    return Difference(field, " ".join(sorted(one - other)), " ".join(sorted(other - one)))


def _addresses(values: Iterable[Address]) -> str:
    return ",".join(sorted(map(str, values)))


def _text(value: Any) -> str:
    if value is None:
        return ""
    return ":".join(map(str, value)) if isinstance(value, tuple) else str(value)
