"""Which routes to show: options, and the filter they make together."""

from __future__ import annotations

from argparse import SUPPRESS
from itertools import chain
from typing import TYPE_CHECKING, Any

from bgpwire.cli import options
from bgpwire.route.filter import Filter

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable

_TIMES = ("start", "end")
_OF_MESSAGES = ("peer_asn", "peer_address", *_TIMES)
_OPTIONS = {
    "prefix": ("PREFIX", "this prefix exactly"),
    "more_specific": ("PREFIX", "this prefix and those inside it"),
    "less_specific": ("PREFIX", "this prefix or address and those that cover it"),
    "origin_asn": ("ASN", "originated by this AS"),
    "peer_asn": ("ASN", "reported by this AS"),
    "peer_address": ("ADDRESS", "reported by the peer of this address"),
    "as_path": ("REGEX", "AS path that the expression matches; _ is a delimiter or an end"),
    "community": ("COMMUNITY", "has it: 65000:100, 65000:*, 65000:1:2, rt:65000:100, no-export"),
    "family": ("FAMILY", "of this address family: ipv4-unicast, l2vpn-evpn, 1/128"),
    "type": ("TYPE", "A announce, W withdraw, R rib, S state"),
    "ip_version": ("VERSION", "prefixes of this version: 4 or 6"),
    "start": ("TIME", "not before (unix seconds, or ISO 8601)"),
    "end": ("TIME", "not after"),
}
_DESCRIPTION = """\
A route is shown if it meets all options, and of each any of its values; --prefix, --more-specific and --less-specific
count as one. Each may be repeated; all but --as-path and --community take several values behind commas. --not-NAME
shows what --NAME leaves out. The words present and absent stand for any value and for none, with --prefix,
--origin-asn, --as-path, --community, --family and --peer-ip."""


def register(parser: ArgumentParser) -> None:
    """Add the options; what argparse puts into the namespace are the criteria of a filter by their names."""
    group = parser.add_argument_group("filters", _DESCRIPTION)
    for name, (metavar, text) in _OPTIONS.items():
        option = "peer-ip" if name == "peer_address" else name.replace("_", "-")
        read = options.criterion(name)
        if name in _TIMES:
            group.add_argument(f"--{option}", type=read, metavar=metavar, help=text)
            continue
        group.add_argument(f"--{option}", dest=name, type=read, metavar=metavar, action="append", help=text)
        unwanted = options.criterion(f"not_{name}")
        group.add_argument(
            f"--not-{option}", dest=f"not_{name}", type=unwanted, metavar=metavar, action="append", help=SUPPRESS
        )


def chosen(args: Namespace) -> Filter | None:
    """What the options ask for; ``None`` if all routes are wanted. ValueError for what no route could meet."""
    criteria = _criteria(args)
    return Filter(**criteria) if criteria else None


def predicate(args: Namespace) -> Callable[[Any], bool] | None:
    """The same as a function of a route."""
    found = chosen(args)
    return None if found is None else found.predicate


def for_messages(args: Namespace) -> Callable[[Any], bool] | None:
    """The same for whole messages, which time and peer alone can select. ValueError for other options."""
    for name in _criteria(args):
        if name.removeprefix("not_") not in _OF_MESSAGES:
            raise ValueError(f"--{name.replace('_', '-')} selects routes, not --messages")
    return predicate(args)


def _criteria(args: Namespace) -> dict[str, Any]:
    """What was given, by name. ValueError where a word that stands for all values has others beside it."""
    names = [name for name in _OPTIONS if name not in _TIMES]
    out: dict[str, Any] = {}
    for name in (*names, *(f"not_{name}" for name in names)):
        given: list[Any] | None = getattr(args, name)
        if given is None:
            continue
        if len(given) > 1 and any(isinstance(values, bool) for values in given):
            raise ValueError(f"--{name.replace('_', '-')}: present and absent stand alone")
        out[name] = given[0] if isinstance(given[0], bool) else list(chain.from_iterable(given))
    return out | {name: getattr(args, name) for name in _TIMES if getattr(args, name) is not None}
