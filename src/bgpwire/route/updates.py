"""Routes put together again into what is announced and withdrawn: those with the same attributes in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bgpwire.attribute.build import NAMES
from bgpwire.message.update import Update
from bgpwire.numbers import attribute as codes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Unpack

    from bgpwire._impl import PathAttributes
    from bgpwire._python.route import Route
    from bgpwire.attribute.build import AttributeFields
    from bgpwire.message.announcement import Announcement, Withdrawal

_MP: Final = frozenset((codes.MP_REACH_NLRI, codes.MP_UNREACH_NLRI))
_MOST: Final = 65_536
"""Routes that are held until they are given."""


def updates_of(
    routes: Iterable[Route], *, most: int = _MOST, **changes: Unpack[AttributeFields]
) -> Iterator[Announcement | Withdrawal]:
    """What announces and withdraws ``routes``, those with the same attributes and family together, in the order in
    which the attributes are met; ``.messages(session)`` of each are the UPDATEs to send.

    ``changes`` are other attributes for all of them, given as :meth:`bgpwire.Update.announce` takes them. At most
    ``most`` routes are held at a time; a route whose NLRI is among them is given behind what it replaces. A RIB entry
    is announced, a change of state is passed over. :class:`bgpwire.EncodeError` for a route with malformed attributes.
    """
    wrong = next((name for name in changes if name not in NAMES and name != "attributes"), None)
    if wrong is not None:
        raise TypeError(f"{wrong!r} is no attribute with a name of its own, which are {', '.join(NAMES)}")
    if most < 1:
        raise ValueError(f"at most {most} routes")
    return _updates(routes, most, changes)


class _Group(NamedTuple):
    """The routes that go together, and the attributes of the first of them; ``None``: they are withdrawn."""

    nlri: list[Any]
    family: tuple[int, int]
    attributes: PathAttributes | None
    next_hop: Any


def _updates(routes: Iterable[Route], most: int, changes: Any) -> Iterator[Announcement | Withdrawal]:
    groups: dict[Any, _Group] = {}
    held: set[Any] = set()
    last: tuple[Any, Any] = (None, None)
    for route in routes:
        nlri, family = route.nlri, route.family
        if nlri is None or family is None:
            continue
        place = (family, nlri)
        if place in held or len(held) >= most:
            yield from _given(groups, changes)
            groups.clear()
            held.clear()
        held.add(place)
        # The routes of an UPDATE have one object of attributes.
        if last[0] is not route.attributes or last[1][:3] != (family, route.type == "W", route._mp):
            last = route.attributes, _key(route)
        group = groups.get(last[1])
        if group is None:
            attributes = None if route.type == "W" else route.attributes
            group = groups[last[1]] = _Group([], family, attributes, _next_hop(route))
        group.nlri.append(nlri)
    yield from _given(groups, changes)


def _given(groups: dict[Any, _Group], changes: Any) -> Iterator[Announcement | Withdrawal]:
    for group in groups.values():
        if group.attributes is None:
            yield Update.withdraw(group.nlri, family=group.family)
            continue
        fields = {"next_hop": group.next_hop, "attributes": group.attributes} | changes
        yield Update.announce(group.nlri, family=group.family, **fields)


def _key(route: Route) -> tuple[Any, ...]:
    """What is the same in routes that go together: family, whether withdrawn, and all that their attributes say but the
    NLRI."""
    front = route.family, route.type == "W", route._mp
    if route.type == "W" or route.attributes is None:
        return front
    octets = [bytes(attribute) for attribute in route.attributes if attribute.code not in _MP]
    return *front, b"".join(octets), _next_hop(route), route.attributes.session.asn4


def _next_hop(route: Route) -> Any:
    """As it is written: with its link-local address, and route distinguisher."""
    if route.type == "W" or route.attributes is None:
        return None
    reach = route.attributes.mp_reach
    return reach.next_hop if route._mp and reach is not None else route.next_hop
