"""Which routes to show: options, and the one predicate they make together."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from bgpwire.cli import options

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable

    from bgpwire._impl import PathAttributes, Prefix
    from bgpwire.route.kernels import Route
    from bgpwire.route.path_regex import PathRegex

    type Check = Callable[[Any], bool]


def register(parser: ArgumentParser) -> None:
    """Add the options; each may be repeated, or take several values behind commas."""
    group = parser.add_argument_group(
        "filters", "A route is shown if it meets all options, and of each any of its values."
    )

    def add(name: str, kind: Callable[[str], Any], metavar: str, text: str) -> None:
        group.add_argument(name, type=kind, metavar=metavar, action="append", help=text)

    add("--prefix", options.prefixes, "PREFIX", "this prefix exactly")
    add("--more-specific", options.prefixes, "PREFIX", "this prefix and those inside it")
    add("--less-specific", options.prefixes, "PREFIX", "this prefix or address and those that cover it")
    add("--origin-asn", options.asns, "ASN", "originated by this AS")
    add("--peer-asn", options.asns, "ASN", "told by this AS")
    add("--peer-ip", options.addresses, "ADDRESS", "told by this peer")
    add("--as-path", options.path_regex, "REGEX", "AS path that the expression matches; _ is a delimiter or an end")
    add("--community", options.community, "COMMUNITY", "has it: 65000:100, 65000:*, 65000:1:2, rt:65000:100, no-export")
    add("--type", options.types, "TYPE", "A announce, W withdraw, R rib, S state")
    group.add_argument("--ip-version", type=int, choices=(4, 6), help="prefixes of this version")
    group.add_argument("--start", type=options.moment, metavar="TIME", help="not before (unix seconds, or ISO 8601)")
    group.add_argument("--end", type=options.moment, metavar="TIME", help="not after")


def compiled(args: Namespace) -> Callable[[Route], bool] | None:
    """The predicate that the options ask for, the cheap checks first; ``None`` if all routes are wanted."""
    checks: list[Check] = [*_plain(args), *_attributes(args)]
    if not checks:
        return None
    if len(checks) == 1:
        return checks[0]

    def accept(route: Route) -> bool:
        for check in checks:  # noqa: SIM110 - a loop is faster than all() of a generator
            if not check(route):
                return False
        return True

    return accept


def for_messages(args: Namespace) -> Callable[[Any], bool] | None:
    """The predicate for whole messages, which time and peer alone can select. ValueError for other options."""
    others = ("prefix", "more_specific", "less_specific", "origin_asn", "as_path", "community", "type", "ip_version")
    for name in others:
        if getattr(args, name) is not None:
            raise ValueError(f"--{name.replace('_', '-')} selects routes, not --messages")
    return compiled(args)


def _flat(values: list[list[Any]] | None) -> frozenset[Any]:
    return frozenset(chain.from_iterable(values or ()))


def _plain(args: Namespace) -> list[Check]:
    checks: list[Check] = []
    if args.type:
        types = frozenset("".join(args.type))
        checks.append(lambda route: route.type in types)
    if args.start is not None:
        start: float = args.start
        checks.append(lambda route: route.timestamp >= start)
    if args.end is not None:
        end: float = args.end
        checks.append(lambda route: route.timestamp <= end)
    if args.peer_asn:
        asns = _flat(args.peer_asn)
        checks.append(lambda route: route.peer_asn in asns)
    if args.peer_ip:
        peers = _flat(args.peer_ip)
        checks.append(lambda route: route.peer_address in peers)
    if args.ip_version is not None:
        afi = 1 if args.ip_version == 4 else 2
        checks.append(lambda route: getattr(route.nlri, "afi", None) == afi)
    if args.prefix or args.more_specific or args.less_specific:
        checks.append(_prefixes(_flat(args.prefix), _flat(args.more_specific), _flat(args.less_specific)))
    return checks


def _prefixes(exact: frozenset[Prefix], inside: frozenset[Prefix], around: frozenset[Prefix]) -> Check:
    def check(route: Route) -> bool:
        prefix = route.prefix
        if prefix is None:
            return False
        return (
            prefix in exact
            or any(outer.contains(prefix) for outer in inside)
            or any(prefix.contains(inner) for inner in around)
        )

    return check


def _attributes(args: Namespace) -> list[Check]:
    """Checks of path attributes, made once for all routes of an UPDATE."""
    checks: list[Callable[[PathAttributes], bool]] = []
    if args.origin_asn:
        origins = _flat(args.origin_asn)

        def originated(attributes: PathAttributes) -> bool:
            path = attributes.as_path
            return path is not None and not origins.isdisjoint(path.origin_asns)

        checks.append(originated)
    if args.as_path:
        expressions: list[PathRegex] = args.as_path

        def passes(attributes: PathAttributes) -> bool:
            path = attributes.as_path
            return path is not None and any(e.search(text) for text in (str(path),) for e in expressions)

        checks.append(passes)
    if args.community:
        patterns: list[PathRegex] = args.community

        def tagged(attributes: PathAttributes) -> bool:
            values = [v for code in (8, 16, 32) for v in attributes.get(code) or ()]
            return any(p.search(text) for text in map(str, values) for p in patterns)

        checks.append(tagged)
    return [_once_per_update(check) for check in checks]


def _once_per_update(check: Callable[[PathAttributes], bool]) -> Check:
    last: PathAttributes | None = None
    result = False

    def cached(route: Route) -> bool:
        nonlocal last, result
        attributes = route.attributes
        if attributes is None or route.type == "W":
            return False
        if attributes is not last:
            last = attributes
            result = check(attributes)
        return result

    return cached
