"""The columns there are: name, what it holds, and where of a route its value comes from. Declared once, here."""

from __future__ import annotations

from json import dumps
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from bgpwire._impl import LabelledPrefix, Prefix, VpnPrefix
from bgpwire.afi_safi import AFI_IPV4
from bgpwire.columns.kinds import Kind
from bgpwire.mrt.collectors import ArchiveName
from bgpwire.numbers import state_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bgpwire.route.kernels import Route

__all__ = ["COLUMNS", "DEFAULT", "VERSION", "Column", "Source", "columns_of"]

VERSION = 1
"""Of the schema. Within a version columns may be added; none is taken away, and none changes its type or meaning."""


class Source(NamedTuple):
    """What all routes of a reading have in common: the file that they stand in, or who heard them, as it is named; and
    of a router that is monitored the table, and the instance of the peer."""

    name: str | None
    rib: str | None = None
    distinguisher: str | None = None


class Column(NamedTuple):
    """One column. ``read`` gives its value of a route, ``None`` for null."""

    name: str
    kind: Kind
    of_attributes: bool
    """Whether announcements with the same block of path attributes have the same value."""
    read: Callable[[Route], Any]
    text: str

    def of_source(self, source: Source) -> Column:
        """The column as it is for the routes of that source."""
        name = source.name
        shown: str | None = None
        if self.name == "file":
            # Names may have octets that are no UTF-8.
            shown = None if name is None else name.encode("utf-8", "replace").decode()
        elif self.name == "collector":
            shown = None if name is None else ArchiveName.of(name).collector
        elif self.name == "rib":
            shown = source.rib
        elif self.name == "distinguisher":
            shown = source.distinguisher
        else:
            return self
        return self._replace(read=lambda _: shown)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _texts(values: Iterable[object] | None) -> list[str] | None:
    return None if values is None else [str(value) for value in values]


def _time(route: Route) -> int:
    event = route.event
    return event.seconds * 1_000_000 + (event.microseconds or 0)


def _originated(route: Route) -> int | None:
    return None if route.originated is None else route.originated * 1_000_000


def _state(route: Route, which: int) -> str | None:
    return None if route.states is None else state_name(route.states[which])


def _family(route: Route, which: int) -> int | None:
    return None if route.family is None else int(route.family[which])


def _ip(route: Route) -> Prefix | None:
    """The prefix, of IPv4 or IPv6; NSAP has others."""
    prefix = route.prefix
    return prefix if isinstance(prefix, Prefix) else None


def _bits(route: Route) -> int | None:
    prefix = _ip(route)
    return None if prefix is None else prefix.length


def _address(route: Route) -> bytes | None:
    prefix = _ip(route)
    return None if prefix is None else bytes(prefix.address).ljust(16, b"\0")


def _last_address(route: Route) -> bytes | None:
    prefix = _ip(route)
    if prefix is None:
        return None
    octets = bytes(prefix.address)
    low = (1 << 8 * len(octets) - prefix.length) - 1
    return (int.from_bytes(octets) | low).to_bytes(len(octets)).ljust(16, b"\0")


def _ipv4(route: Route, octets: Callable[[Route], bytes | None]) -> int | None:
    prefix = _ip(route)
    found = octets(route)
    return None if prefix is None or found is None or prefix.afi != AFI_IPV4 else int.from_bytes(found[:4])


def _nlri(route: Route) -> str | None:
    return None if route.nlri is None or type(route.nlri) is Prefix else str(route.nlri)


def _nlri_json(route: Route) -> str | None:
    if route.nlri is None or type(route.nlri) is Prefix:
        return None
    return dumps(route.nlri.json(), separators=(",", ":"), ensure_ascii=False)


def _labels(route: Route) -> list[int] | None:
    """Of labelled and VPN prefixes; other NLRI have theirs in ``nlri_json``."""
    return list(route.nlri.labels.labels) if isinstance(route.nlri, (LabelledPrefix, VpnPrefix)) else None


def _path(route: Route) -> list[int] | None:
    return None if route.as_path is None else list(route.as_path)


def _segments(route: Route) -> list[tuple[int, int]] | None:
    path = route.as_path
    if path is None or all(kind == 2 for kind, _ in path.segments):
        return None
    return [(int(kind), len(asns)) for kind, asns in path.segments]


def _has_set(route: Route) -> bool | None:
    return None if route.as_path is None else any(kind in (1, 4) for kind, _ in route.as_path.segments)


def _origin(route: Route) -> str | None:
    return None if route.origin is None else str(route.origin.json())


def _atomic(route: Route) -> bool | None:
    return None if route.type == "W" or route.attributes is None else route.atomic_aggregate


def _numbers(values: Iterable[Any] | None) -> list[int] | None:
    return None if values is None else [int.from_bytes(bytes(value)) for value in values]


def _large(route: Route) -> list[tuple[int, int, int]] | None:
    values = route.large_communities
    if values is None:
        return None
    octets = bytes(values)
    numbers = [int.from_bytes(octets[at : at + 4]) for at in range(0, len(octets), 4)]
    return list(zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True))


def _raw(route: Route) -> bytes | None:
    return None if route.type == "W" or route.attributes is None else bytes(route.attributes)


def _error(route: Route) -> str | None:
    return "; ".join(str(error) for error in route.errors) or None


COLUMNS: dict[str, Column] = {}
"""All of them, by name, in the order of the documentation."""


def _declare(kind: Kind, of_attributes: bool, *columns: tuple[str, Callable[[Route], Any], str]) -> None:
    for name, read, text in columns:
        COLUMNS[name] = Column(name, kind, of_attributes, read, text)


def _of_source(route: Route) -> str | None:
    """What follows from the source alone is for :meth:`Column.of_source`."""
    return None


def _of_nlri(name: str) -> Callable[[Route], str | None]:
    return lambda route: _text(getattr(route.nlri, name, None))


_declare(
    Kind.TIME,
    False,
    ("timestamp", _time, "When: of the record, with its microseconds where it has them"),
    ("originated", _originated, "When a RIB entry was learned"),
)
_declare(
    Kind.FEW_NAMES,
    False,
    ("type", attrgetter("type"), "`A` announced, `W` withdrawn, `R` RIB entry, `S` change of state"),
)
_declare(
    Kind.NAMES,
    False,
    ("peer_address", lambda route: _text(route.peer.address), "The peer that the collector heard it from"),
    ("peer_bgp_id", lambda route: _text(route.peer.bgp_id), "BGP Identifier of that peer; only TABLE_DUMP_V2 has it"),
    ("next_hop", lambda route: _text(route.next_hop), "NEXT_HOP, or the (global) address of MP_REACH_NLRI"),
    ("rd", _of_nlri("rd"), "Route distinguisher"),
    ("file", _of_source, "The file that the record stands in, or who heard it, as it was named"),
    ("collector", _of_source, "Who wrote that file, where its name says so: `rrc00`, `route-views.sydney`"),
    ("rib", _of_source, "Of a router that is monitored: the table (docs/bmp.md)"),
    ("distinguisher", _of_source, "The instance of that router that the peer is one of; null for the global one"),
    ("old_state", lambda route: _state(route, 0), "Of a change of state: `idle` to `established`"),
    ("new_state", lambda route: _state(route, 1), "Of a change of state: `idle` to `established`"),
)
_declare(
    Kind.U32,
    False,
    ("peer_asn", attrgetter("peer.asn"), "AS number of the peer"),
    ("path_id", attrgetter("path_id"), "Path identifier (RFC 7911); null without ADD-PATH"),
    ("ipv4_first", lambda route: _ipv4(route, _address), "First address of the prefix; null for IPv6"),
    ("ipv4_last", lambda route: _ipv4(route, _last_address), "Last address of the prefix; null for IPv6"),
)
_declare(Kind.U16, False, ("afi", lambda route: _family(route, 0), "Address family, IANA's number"))
_declare(
    Kind.U8,
    False,
    ("safi", lambda route: _family(route, 1), "Subsequent address family, IANA's number"),
    ("prefix_length", _bits, "Length of the prefix in bits"),
)
_declare(
    Kind.TEXT,
    False,
    ("prefix", lambda route: _text(route.prefix), "As text, host bits masked; null for NLRI without a prefix"),
    ("nlri", _nlri, "What is more than a prefix, or none, as text"),
    ("nlri_json", _nlri_json, "The same as JSON (docs/json.md)"),
    ("error", _error, "What is wrong with the UPDATE or the attributes (RFC 7606), as text"),
)
_declare(
    Kind.ADDRESS,
    False,
    ("prefix_address", _address, "First address of the prefix; of IPv4 4 octets, then zeros"),
    ("prefix_last_address", _last_address, "Last address of the prefix, in the same form"),
)
_declare(Kind.NUMBERS, False, ("labels", _labels, "Label stack of labelled and VPN prefixes"))
_declare(Kind.U64, False, ("offset", attrgetter("event.offset"), "Where its record begins in the decompressed file"))
_declare(
    Kind.NUMBERS,
    True,
    ("as_path", _path, "AS numbers in order, AS4_PATH merged in (RFC 6793), those of sets and confederations in place"),
    ("communities", lambda route: _numbers(route.communities), "COMMUNITIES (RFC 1997), 32 bits each"),
)
_declare(
    Kind.SEGMENTS, True, ("as_path_segments", _segments, "Type and length of each segment; null if all are AS_SEQUENCE")
)
_declare(
    Kind.TEXT, True, ("as_path_text", lambda route: _text(route.as_path), "As routers write it: `64500 {64501,64502}`")
)
_declare(
    Kind.BOOL,
    True,
    ("has_as_set", _has_set, "Whether the path has an AS_SET or an AS_CONFED_SET"),
    ("atomic_aggregate", _atomic, "Whether ATOMIC_AGGREGATE is there"),
)
_declare(
    Kind.U32,
    True,
    ("origin_asn", attrgetter("origin_asn"), "The AS that originated the route; null where none or several did"),
    ("med", attrgetter("med"), "MULTI_EXIT_DISC"),
    ("local_pref", attrgetter("local_pref"), "LOCAL_PREF"),
    ("aggregator_asn", lambda route: route.aggregator and route.aggregator.asn, "AS number of AGGREGATOR (RFC 6793)"),
    ("only_to_customer", attrgetter("only_to_customer"), "ONLY_TO_CUSTOMER (RFC 9234)"),
)
_declare(Kind.FEW_NAMES, True, ("origin", _origin, "`igp`, `egp`, `incomplete`"))
_declare(
    Kind.NAMES,
    True,
    ("aggregator_address", lambda route: route.aggregator and str(route.aggregator.address), "Address of AGGREGATOR"),
)
_declare(Kind.TRIPLES, True, ("large_communities", _large, "LARGE_COMMUNITY (RFC 8092)"))
_declare(
    Kind.LONG_NUMBERS,
    True,
    ("extended_communities", lambda route: _numbers(route.extended_communities), "RFC 4360, 64 bits each"),
)
_declare(
    Kind.TEXTS,
    True,
    ("communities_text", lambda route: _texts(route.communities), "`communities` as text"),
    ("large_communities_text", lambda route: _texts(route.large_communities), "`large_communities` as text"),
    ("extended_communities_text", lambda route: _texts(route.extended_communities), "`extended_communities` as text"),
)
_declare(Kind.OCTETS, True, ("raw_attributes", _raw, "The block of path attributes as it came"))

DEFAULT = (
    "timestamp",
    "type",
    "peer_address",
    "peer_asn",
    "prefix",
    "path_id",
    "next_hop",
    "as_path",
    "origin_asn",
    "communities",
    "large_communities",
    "med",
    "local_pref",
)


def columns_of(fields: Iterable[str] | None) -> tuple[Column, ...]:
    """The columns of these names, in this order; ``None`` stands for :data:`DEFAULT`.

    ValueError for a name that is unknown or that comes twice.
    """
    if isinstance(fields, str):
        raise TypeError("fields are a list of names, not one text")
    names = DEFAULT if fields is None else tuple(fields)
    unknown = [name for name in names if name not in COLUMNS]
    if unknown:
        raise ValueError(f"no column {', '.join(map(repr, unknown))}; there are {', '.join(COLUMNS)}")
    if not names or len(set(names)) < len(names):
        raise ValueError("each column is named once, and there is one at least")
    return tuple(COLUMNS[name] for name in names)
