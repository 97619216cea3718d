"""The checks that a filter of routes makes of its criteria: functions of a route, and of the path attributes it has.

Each is made of the values that are wanted, any of which will do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from bgpwire._impl import Community, ExtendedCommunity, LargeCommunity, PathAttributes, Prefix
from bgpwire.afi_safi import AFI_IPV4, AFI_IPV6
from bgpwire.numbers.attribute import (
    COMMUNITIES,
    EXTENDED_COMMUNITIES,
    IPV6_ADDRESS_SPECIFIC_EXTENDED_COMMUNITIES,
    LARGE_COMMUNITY,
)
from bgpwire.prefix_set import PrefixSet
from bgpwire.route.criteria import PLACES, pattern
from bgpwire.route.path_regex import PathRegex

type Values = tuple[Any, ...]
type Check = Callable[[Any], bool]
"""Of a route, or of whatever has what the check looks at."""
type AttributeCheck = Callable[[PathAttributes], bool]

_FEW = 4
"""So many prefixes are looked through one by one faster than in a set."""
_KINDS = (COMMUNITIES, LARGE_COMMUNITY, EXTENDED_COMMUNITIES, IPV6_ADDRESS_SPECIFIC_EXTENDED_COMMUNITIES)


def type_(values: Values) -> Check:
    wanted = frozenset(values)
    return lambda route: route.type in wanted


def peer_asn(values: Values) -> Check:
    wanted = frozenset(values)
    return lambda route: route.peer_asn in wanted


def peer_address(values: Values) -> Check:
    wanted = frozenset(values)
    return lambda route: route.peer_address in wanted


def family(values: Values) -> Check:
    wanted = frozenset(values)
    return lambda route: route.family in wanted


def ip_version(values: Values) -> Check:
    wanted = frozenset(AFI_IPV4 if version == 4 else AFI_IPV6 for version in values)
    return lambda route: getattr(route.nlri, "afi", None) in wanted


def start(values: Values) -> Check:
    first: float = values[0]
    return lambda route: route.timestamp >= first


def end(values: Values) -> Check:
    last: float = values[0]
    return lambda route: route.timestamp <= last


def places(prefix: Values = (), more_specific: Values = (), less_specific: Values = ()) -> Check:
    """Routes of one of these prefixes, of one inside them, or of one that covers them."""
    exact, around = frozenset(prefix), tuple(less_specific)
    covers = _covers(tuple(more_specific))

    def check(route: Any) -> bool:
        found = route.prefix
        if not isinstance(found, Prefix):  # none, or one of NSAP
            return False
        return found in exact or covers(found) or any(found.contains(inner) for inner in around)

    return check


def _covers(prefixes: tuple[Any, ...]) -> Callable[[Any], bool]:
    if len(prefixes) > _FEW:
        return PrefixSet(prefixes).covers
    return lambda found: any(outer.contains(found) for outer in prefixes)


def origin_asn(values: Values) -> AttributeCheck:
    wanted = frozenset(values)

    def originated(attributes: PathAttributes) -> bool:
        path = attributes.as_path
        return path is not None and not wanted.isdisjoint(path.origin_asns)

    return originated


def as_path(values: Values) -> AttributeCheck:
    expressions = [PathRegex(text) for text in values]

    def passes(attributes: PathAttributes) -> bool:
        path = attributes.as_path
        if path is None:
            return False
        text = str(path)
        return any(expression.search(text) for expression in expressions)

    return passes


def community(values: Values) -> AttributeCheck:
    """Standard and large communities are compared by value, extended ones by value or by text, patterns with text."""
    standard = frozenset(value for value in values if isinstance(value, Community))
    large = frozenset(value for value in values if isinstance(value, LargeCommunity))
    extended = frozenset(value for value in values if isinstance(value, ExtendedCommunity))
    texts = frozenset(value for value in values if isinstance(value, str) and "*" not in value)
    patterns = [pattern(value) for value in values if isinstance(value, str) and "*" in value]
    exact = [(code, wanted) for code, wanted in zip(_KINDS, (standard, large, extended), strict=False) if wanted]

    def tagged(attributes: PathAttributes) -> bool:
        for code, wanted in exact:
            found = attributes.get(code)
            if found is not None and not wanted.isdisjoint(found):
                return True
        for code in _KINDS[2:] if texts else ():
            if not texts.isdisjoint(map(str, attributes.get(code) or ())):
                return True
        if not patterns:
            return False
        shown = [str(value) for code in _KINDS for value in attributes.get(code) or ()]
        return any(wanted.search(text) for text in shown for wanted in patterns)

    return tagged


def of_attributes(checks: list[tuple[AttributeCheck, bool]]) -> Check:
    """Whether each of ``checks`` answers as it should; made once for all routes of an UPDATE.

    A withdrawal and a state change have no path attributes: every check answers no.
    """
    without = not any(wanted for _, wanted in checks)
    # In one tuple, so that a second thread never sees the attributes of one UPDATE with the result of another.
    last: tuple[PathAttributes | None, bool] = (None, False)

    def check(route: Any) -> bool:
        nonlocal last
        attributes = route.attributes
        if attributes is None or route.type == "W":
            return without
        seen, result = last
        if attributes is not seen:
            result = all(test(attributes) is wanted for test, wanted in checks)
            last = attributes, result
        return result

    return check


def inverted(check: Check) -> Check:
    return lambda route: not check(route)


PLAIN: Final[dict[str, Callable[[Values], Check]]] = {
    "type": type_,
    "peer_asn": peer_asn,
    "ip_version": ip_version,
    "start": start,
    "end": end,
    "family": family,
    "peer_address": peer_address,
}
"""Checks of a route itself, the cheapest first."""
ATTRIBUTES: Final[dict[str, Callable[[Values], AttributeCheck]]] = {
    "origin_asn": origin_asn,
    "as_path": as_path,
    "community": community,
}
"""Checks of path attributes."""

# Whether there is a value at all.
PRESENT: Final[dict[str, Check]] = {
    "family": lambda route: route.family is not None,
    "peer_address": lambda route: route.peer_address is not None,
    "prefix": lambda route: route.prefix is not None,
}
PRESENT_ATTRIBUTES: Final[dict[str, AttributeCheck]] = {
    "origin_asn": lambda attributes: attributes.as_path is not None and bool(attributes.as_path.origin_asns),
    "as_path": lambda attributes: attributes.as_path is not None,
    "community": lambda attributes: any(attributes.get(code) is not None for code in _KINDS),
}


def compiled(criteria: dict[str, Any]) -> tuple[Check, ...]:
    """All of which a route must meet: the checks that cost least first, those of path attributes as one.

    ``criteria`` are the values by name; True: any value, False: none; a name with ``not_`` in front: none of these.
    """
    out: list[Check] = []
    for name, make in PLAIN.items():
        if isinstance(values := criteria.get(name), tuple):
            out.append(make(values))
        if unwanted := criteria.get(f"not_{name}"):
            out.append(inverted(make(unwanted)))
    for name, check in PRESENT.items():
        if isinstance(present := criteria.get(name), bool):
            out.append(check if present else inverted(check))
    if inside := {name: criteria[name] for name in PLACES if isinstance(criteria.get(name), tuple)}:
        out.append(places(**inside))
    if outside := {name: criteria[f"not_{name}"] for name in PLACES if f"not_{name}" in criteria}:
        out.append(inverted(places(**outside)))
    pairs: list[tuple[AttributeCheck, bool]] = []
    for name, make_attribute in ATTRIBUTES.items():
        wanted = criteria.get(name)
        if isinstance(wanted, bool):
            pairs.append((PRESENT_ATTRIBUTES[name], wanted))
        elif wanted:
            pairs.append((make_attribute(wanted), True))
        if unwanted := criteria.get(f"not_{name}"):
            pairs.append((make_attribute(unwanted), False))
    if pairs:
        out.append(of_attributes(pairs))
    return tuple(out)
