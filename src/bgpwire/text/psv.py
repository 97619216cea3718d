"""Pipe-separated values, with the header line and the field forms of bgpkit-parser's ``--psv``.

Its conventions: a RIB entry is an announcement whose time is when it was learned; an absent MED or LOCAL_PREF of
an announcement is 0; NEXT_HOP goes before the next hop of MP_REACH_NLRI; confederation segments have no brackets
of their own; all kinds of communities stand in one field, in the order of their attributes. State changes have
no line. Routes of one UPDATE come withdrawn first here, announced first there.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from bgpwire._impl import ipv4_text
from bgpwire.numbers.attribute import COMMUNITIES, EXTENDED_COMMUNITIES, LARGE_COMMUNITY, NEXT_HOP
from bgpwire.text.shared import of_runs, per_block, per_octets, per_path, per_peer, per_run, run_texts
from bgpwire.value.as_path import SegmentType
from bgpwire.value.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bgpwire._impl import Address, AsPath, PathAttributes
    from bgpwire._python.runs import Run
    from bgpwire.route.kernels import Event, Route
    from bgpwire.value.as_path import Segment

HEADER = (
    "type|timestamp|peer_ip|peer_asn|prefix|as_path|origin_asns|origin|next_hop|local_pref|med|communities|atomic"
    "|aggr_asn|aggr_ip|only_to_customer\n"
)
_WITHDRAWN = "|||||||false|||\n"
_COMMUNITY_NAMES = {0xFFFFFF01: "no-export", 0xFFFFFF02: "no-advertise", 0xFFFFFF03: "no-export-sub-confed"}
_SETS = (SegmentType.AS_SET, SegmentType.AS_CONFED_SET)


def _path(segments: tuple[Segment, ...]) -> str:
    return " ".join(
        "{" + ",".join(map(str, asns)) + "}" if kind in _SETS else " ".join(map(str, asns)) for kind, asns in segments
    )


def _origins(segments: tuple[Segment, ...]) -> str:
    kind, asns = segments[-1] if segments else (SegmentType.AS_CONFED_SET, ())
    if kind is SegmentType.AS_SEQUENCE:
        return str(asns[-1])
    return " ".join(map(str, asns)) if kind is SegmentType.AS_SET else ""


def _community(data: bytes) -> str:
    value = int.from_bytes(data)
    return _COMMUNITY_NAMES.get(value) or f"{value >> 16}:{value & 0xFFFF}"


def _large(data: bytes) -> str:
    return "{}:{}:{}".format(*struct.unpack(">3I", data))


def _extended(data: bytes) -> str:
    """Type, sub-type, administrator in decimal and the rest in hex; an unknown type all in hex."""
    kind, subtype = data[0], data[1]
    if kind in (0x00, 0x40):
        asn, rest = data[2] << 8 | data[3], data[4:]
        if subtype == 4:
            return f"{kind}:4:{asn}:{_single(rest)}"
        if kind == 0x40 and 6 <= subtype <= 9:
            return _flow_action(subtype, asn, rest)
        return f"{kind}:{subtype}:{asn}:{rest.hex().upper()}"
    if kind in (0x01, 0x41):
        return f"{kind}:{subtype}:{ipv4_text(data[2:6])}:{data[6:].hex().upper()}"
    if kind in (0x02, 0x42):
        return f"{kind}:{subtype}:{int.from_bytes(data[2:6])}:{data[6:].hex().upper()}"
    if kind in (0x03, 0x43):
        return f"{kind}:{subtype}:{data[2:].hex().upper()}"
    return data.hex().upper()


def _single(data: bytes) -> str:
    """An IEEE 754 single as the shortest decimal that reads back, without an exponent."""
    (value,) = struct.unpack(">f", data)
    if value != value or value in (float("inf"), float("-inf")):
        return {"nan": "NaN"}.get(str(value), str(value))
    for digits in range(1, 18):
        text = f"{value:.{digits}g}"
        if struct.pack(">f", float(text)) == data:
            break
    text = f"{float(text):.60f}".rstrip("0").rstrip(".") if "e" in text and "-" in text else text
    return f"{float(text):.0f}" if "e" in text else text


def _flow_action(subtype: int, asn: int, rest: bytes) -> str:
    if subtype == 6:
        return f"rate:{_single(rest)} bytes/sec (AS {asn})"
    if subtype == 7:
        flags = ",".join(name for bit, name in ((1, "terminal"), (2, "sample")) if rest[3] & bit)
        return f"action:{flags} (AS {asn})"
    if subtype == 8:
        return f"redirect:AS{asn}:{rest.hex().upper()}"
    return f"mark:DSCP{rest[0]} (AS {asn})"


_COLLECTIONS = {COMMUNITIES: _community, EXTENDED_COMMUNITIES: _extended, LARGE_COMMUNITY: _large}


def _path_fields(path: AsPath) -> str:
    return f"{_path(path.segments)}|{_origins(path.segments)}"


class _Fields:
    """The fields behind the prefix. A value that comes again is made text once."""

    __slots__ = ("_address", "_lists", "_path")

    def __init__(self) -> None:
        self._path = per_path(_path_fields)
        self._address: Callable[[Address], str] = per_octets(str)
        self._lists = {code: per_octets(_listed(text)) for code, text in _COLLECTIONS.items()}

    def of(self, attributes: PathAttributes, next_hop: Address | None = None) -> str:
        """Those that all routes of an UPDATE share; ``next_hop`` if the attributes have none."""
        path = attributes.as_path
        next_hop = attributes.get(NEXT_HOP) or attributes.next_hop_of(True) or next_hop
        aggregator = attributes.aggregator
        origin, otc = attributes.origin, attributes.only_to_customer
        return (
            f"{'|' if path is None else self._path(path)}|{'' if origin is None else origin.name}|"
            f"{'' if next_hop is None else self._address(next_hop)}|"
            f"{attributes.local_pref or 0}|{attributes.med or 0}|"
            f"{self._communities(attributes)}|{'true' if attributes.atomic_aggregate else 'false'}|"
            f"{'|' if aggregator is None else f'{aggregator.asn}|{aggregator.address}'}|{'' if otc is None else otc}\n"
        )

    def _communities(self, attributes: PathAttributes) -> str:
        present = [code for code in _COLLECTIONS if attributes.get(code) is not None]
        if len(present) > 1:
            present.sort(key=lambda code: attributes.value_offset(code) or 0)
        return " ".join([self._lists[code](attributes.get(code)) for code in present])


def _listed(text: Callable[[bytes], str]) -> Callable[[Iterable[Any]], str]:
    return lambda values: " ".join([text(bytes(value)) for value in values])


def _time(event: Event, originated: int | None) -> str:
    if originated is not None:
        return str(originated)
    return str(event.timestamp if event.microseconds else event.seconds)


def formatter() -> Callable[[Route], str]:
    """A function that gives the line of a route, its newline included; ``""`` for a state change."""
    made = _Fields()
    fields = per_block(made.of)
    peer = per_peer(lambda who: f"{'' if who.address is None else who.address}|{who.asn}")
    texts = run_texts()
    fields_of_run = per_run(lambda run: f"|{made.of(run.attributes)}")

    def line(route: Route) -> str:
        if route.attributes is None:
            return ""
        nlri = route.prefix
        prefix = str(nlri) if nlri is not None else visible(str(route.nlri)).replace("|", " ")
        if route.type == "W":
            return f"W|{_time(route.event, None)}|{peer(route.peer)}|{prefix}|{_WITHDRAWN}"
        # A BGP4MP_ENTRY record says the next hop beside the attributes.
        hop = route._entry_hop
        rest = fields(route.attributes) if hop is None else made.of(route.attributes, hop)
        return f"A|{_time(route.event, route.originated)}|{peer(route.peer)}|{prefix}|{rest}"

    def of_run(run: Run) -> tuple[str, list[str], str]:
        time, who = _time(run.event, run.originated), peer(run.peer)
        if run.kind == "W":
            return f"W|{time}|{who}|", texts(run), f"|{_WITHDRAWN}"
        return f"A|{time}|{who}|", texts(run), fields_of_run(run)

    return of_runs(line, of_run)
