"""The lines that ``bgpdump -m`` prints (RIPE NCC's bgpdump), byte for byte.

What it does differently from the rest of bgpwire, and this module with it:

* IPv6 text shortens a single group of zeros too (``2001:db8::1:0:0:0:1`` stays, ``1:0:1:1:1:1:1:1`` becomes
  ``1::1:1:1:1:1:1``), and every address of ``::/96`` above ``::1`` ends in a dotted quad.
* A RIB's prefix keeps its stray host bits, an UPDATE's loses them. (bgpdump 1.6.2 keeps the latter too; its
  successor's reference output does not, and that is what is followed here.)
* An absent attribute prints as 0 (MED, LOCAL_PREF), INCOMPLETE (ORIGIN) or 255.255.255.255 (NEXT_HOP).
  IPv4 routes of MP_REACH_NLRI print MED and LOCAL_PREF as signed numbers.
* AS4_PATH is merged with confederation segments counted, and repeats the first segment of AS_PATH as often as
  it needs to (RFC 6793 section 4.2.3 would take the following segments).
* Only unicast and multicast of IPv4 and IPv6 in BGP4MP, unicast in TABLE_DUMP_V2. A message whose marker is
  not all ones is not printed. The type codes 64 and 65 of early collectors are unknown to it.
* Messages that the collector sent ("local" subtypes) name the peer; with ADD-PATH they name the collector.
* Well-known communities have names only where RFC 1997 gave them: ``local-AS`` is NO_EXPORT_SUBCONFED.

Of octets that cannot be read it prints what its buffer happens to hold; here such records are reported as
skipped.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import TYPE_CHECKING

from bgpwire._impl import Prefix, ipv4_text
from bgpwire.text.bgpdump_path import as_path_text, merged_path
from bgpwire.text.shared import per_block, per_peer

if TYPE_CHECKING:
    from collections.abc import Callable

    from bgpwire._impl import PathAttributes, Record, Route

_MARKER = b"\xff" * 16
_GROUPS = struct.Struct(">8H").unpack
_COMMUNITY_NAMES = {0xFFFFFF01: "no-export", 0xFFFFFF02: "no-advertise", 0xFFFFFF03: "local-AS"}
_COMMUNITY_BUFFER = 8191
_ORIGINS = {b"\0": "IGP", b"\1": "EGP"}
_STATE_SIZES = frozenset((8, 20, 24, 44, 48))
_ADD_PATH = frozenset((8, 9, 10, 11))
_RIB = {2: "TABLE_DUMP2", 4: "TABLE_DUMP2", 8: "TABLE_DUMP2_AP", 10: "TABLE_DUMP2_AP"}


@lru_cache(maxsize=4096)
def ipv6_text(data: bytes) -> str:
    """16 octets in network order, as bgpdump writes an IPv6 address."""
    if data[:10] == bytes(10):
        if data[10:12] == b"\xff\xff":
            return "::ffff:" + ipv4_text(data[12:])
        if data[10:12] == b"\0\0" and int.from_bytes(data[12:]) > 1:
            return "::" + ipv4_text(data[12:])
    groups = _GROUPS(data)
    best = longest = run = 0
    for index in range(8):
        run = 0 if groups[index] else run + 1
        if run > longest:
            longest, best = run, index - run + 1
    if not longest:
        return ":".join(map("{:x}".format, groups))
    head = ":".join(map("{:x}".format, groups[:best]))
    tail = ":".join(map("{:x}".format, groups[best + longest :]))
    return f"{head}::{tail}"


def address_text(data: bytes) -> str:
    return ipv4_text(data) if len(data) == 4 else ipv6_text(data)


def _prefix_text(prefix: Prefix) -> str:
    """An UPDATE's prefix, host bits cleared."""
    if prefix.afi == 1:
        return str(prefix)
    return f"{ipv6_text(prefix.packed)}/{prefix.length}"


def _rib_prefix(octets: bytes, bits: int, width: int) -> str:
    """A RIB's prefix, the octets as they are."""
    return f"{address_text(octets[:width].ljust(width, bytes(1)))}/{bits}"


def _number(data: bytes | None) -> int:
    """A MED or LOCAL_PREF; missing octets are zeros."""
    return 0 if data is None else int.from_bytes(data[:4].ljust(4, b"\0"))


def _signed(value: int) -> int:
    return value - (1 << 32) if value >> 31 else value


def _communities(data: bytes | None) -> str:
    if not data:
        return ""
    if len(data) < 2048:
        values = struct.unpack_from(f">{len(data) // 4}I", data)
        return " ".join([_COMMUNITY_NAMES.get(v) or f"{v >> 16}:{v & 0xFFFF}" for v in values])
    # Its buffer ends: a number is cut off, a name that does not fit is left out.
    text = ""
    for (value,) in struct.iter_unpack(">I", data[: len(data) & ~3]):
        name = _COMMUNITY_NAMES.get(value)
        if name is None:
            text = f"{text} {value >> 16}:{value & 0xFFFF}"[:_COMMUNITY_BUFFER]
        elif len(text) + len(name) + 1 <= _COMMUNITY_BUFFER:
            text = f"{text} {name}"
    return text[1:]


class _Attributes:
    """The fields of a line that all routes of an UPDATE share."""

    __slots__ = ("body", "mp4", "mp6")
    body: str
    """For routes of the NLRI field."""
    mp4: str | None
    """For IPv4 routes of MP_REACH_NLRI, if that is what it has."""
    mp6: str
    """For IPv6 routes, and for RIB entries."""

    def __init__(self, attributes: PathAttributes) -> None:
        raw = attributes.raw
        asn4 = attributes.session.asn4
        path, aggregator = raw(2), raw(7)
        if aggregator is not None:
            width = 4 if asn4 else 2
            aggregator = aggregator.ljust(8, b"\0")[: width + 4]
        path4, aggregator4 = (None, None) if asn4 else (raw(17), raw(18))
        if aggregator4 is not None and aggregator is not None:
            if aggregator[:-4] == b"\x5b\xa0":
                aggregator = aggregator4.ljust(8, b"\0")[:8]
            else:
                path4 = None
        if path is None:
            text = ""
        elif path4 is None:
            text = as_path_text(path, asn4)
        else:
            text = merged_path(path, path4)
        origin = raw(1)
        name = "INCOMPLETE" if origin is None else _ORIGINS.get(origin[:1] or b"\0", "INCOMPLETE")
        pref, med = _number(raw(5)), _number(raw(4))
        middle = f"{text}|{name}|"
        tail = f"{_communities(raw(8))}|{'NAG' if raw(6) is None else 'AG'}|"
        if aggregator is not None and aggregator[-4:] != b"\xff\xff\xff\xff":
            tail += f"{int.from_bytes(aggregator[:-4])} {ipv4_text(aggregator[-4:])}"
        tail += "|\n"
        next_hop = raw(3)
        hop = "255.255.255.255" if next_hop is None else ipv4_text(next_hop[:4].ljust(4, b"\0"))
        self.body = f"{middle}{hop}|{pref}|{med}|{tail}"
        self.mp4 = None
        self.mp6 = self.body
        reach = raw(14)
        if not reach:
            return
        mp_hop = _mp_next_hop(reach, attributes.rib_family is not None)
        if attributes.rib_family is not None:
            self.mp6 = f"{middle}{mp_hop or hop}|{pref}|{med}|{tail}"
        elif reach[:2] == b"\0\1":
            self.mp4 = middle + tail if mp_hop is None else f"{middle}{mp_hop}|{_signed(pref)}|{_signed(med)}|{tail}"
        else:
            self.mp6 = tail if mp_hop is None else f"{middle}{mp_hop}|{pref}|{med}|{tail}"


def _mp_next_hop(reach: bytes, rib: bool) -> str | None:
    """The next hop of MP_REACH_NLRI; ``None`` for the lengths bgpdump does not know, or another family in a RIB."""
    at = 0
    if not reach[0]:
        if rib and (reach[1:2] not in (b"\1", b"\2") or reach[2:3] != b"\1"):
            return None
        at = 3
    size = reach[at] if at < len(reach) else 0
    if size == 4:
        return ipv4_text(reach[at + 1 : at + 5].ljust(4, b"\0"))
    if size in (16, 32):
        return ipv6_text(reach[at + 1 : at + 17].ljust(16, b"\0"))
    return None


def _record_head(record: Record) -> tuple[str, str] | None:
    """Format name and time of a BGP4MP record; ``None`` for the types bgpdump does not know."""
    if record.type == 16:
        return "BGP4MP", str(record.seconds)
    if record.type == 17:
        return "BGP4MP_ET", f"{record.seconds}.{record.microseconds:06}"
    return None


def _in_body(route: Route) -> bool:
    """Whether an IPv4 route stands in the UPDATE's own NLRI field and not in MP_REACH_NLRI."""
    update = route.update
    return update is not None and route.nlri in update.nlri.values


def formatter() -> Callable[[Route], str]:
    """A function that gives the line of a route, its newline included; ``""`` for what bgpdump does not print.

    It remembers what the routes of one record share, so give it the routes in the order they come.
    """
    last_attributes: PathAttributes | None = None
    last_record: Record | None = None
    announce = withdraw = withdraw6 = ""
    printed = add_path = False

    fields = per_block(_Attributes)
    peer = per_peer(lambda who: f"{address_text(bytes(who.address))}|{who.asn}|")

    def head(route: Route) -> bool:
        """The fields in front of the prefix; whether bgpdump prints this UPDATE at all."""
        nonlocal announce, withdraw, withdraw6, add_path
        record, attributes = route.record, route.attributes
        assert attributes is not None
        found = _record_head(record)
        if found is None or record.data[-attributes.base : 16 - attributes.base] != _MARKER:
            return False
        name, time = found
        local = record.subtype in (6, 7)
        add_path = record.subtype in _ADD_PATH
        name += ("_LOCAL" if local else "") + ("_AP" if add_path else "")
        who = peer(route.peer)
        if record.subtype >= 10 and route.peer.local_address is not None:
            who = f"{address_text(bytes(route.peer.local_address))}|{route.peer.local_asn}|"
        announce = f"{name}|{time}|A|{who}"
        withdraw = withdraw6 = f"{name}|{time}|W|{who}"
        octets = bytes(route.peer.address)
        if local and len(octets) == 4:
            # It prints the peer's address as IPv6 here although it is IPv4.
            withdraw6 = f"{name}|{time}|W|{ipv6_text(octets + bytes(12))}|{route.peer.asn}|"
        return True

    def update(route: Route) -> str:
        nonlocal last_attributes, printed
        nlri = route.nlri
        if route.attributes is not last_attributes:
            last_attributes = route.attributes
            printed = head(route)
        if not printed or type(nlri) is not Prefix:
            return ""
        six = nlri.afi == 2
        text = _prefix_text(nlri)
        if add_path:
            text = f"{text}|{nlri.path_id}"
        if route.type == "W":
            return f"{withdraw6 if six else withdraw}{text}\n"
        assert last_attributes is not None
        shared = fields(last_attributes)
        rest = shared.mp6 if six else shared.body
        if not six and shared.mp4 is not None and not _in_body(route):
            rest = shared.mp4
        return f"{announce}{text}|{rest}"

    def rib(route: Route) -> str:
        nonlocal last_record, announce
        record, attributes = route.record, route.attributes
        assert attributes is not None
        data = record.data
        if record.type == 12:
            width = 4 if record.subtype == 1 else 16
            prefix = _rib_prefix(data[4 : 4 + width], data[4 + width], width)
            return f"TABLE_DUMP|{record.seconds}|B|{peer(route.peer)}{prefix}|{fields(attributes).mp6}"
        name = _RIB.get(record.subtype)
        if name is None:
            return ""
        if record is not last_record:
            last_record = record
            bits = data[4]
            octets = data[5 : 5 + ((bits + 7) >> 3)]
            announce = _rib_prefix(octets, bits, 4 if record.subtype in (2, 8) else 16)
        path = f"|{route.path_id}" if record.subtype >= 8 else ""
        return f"{name}|{record.seconds}|B|{peer(route.peer)}{announce}{path}|{fields(attributes).mp6}"

    def state(route: Route) -> str:
        found = _record_head(route.record)
        # Old writers left the addresses out; of those it knows the form with 2-octet AS numbers alone.
        size = len(route.record.data) - (4 if route.record.type == 17 else 0)
        if found is None or route.states is None or size not in _STATE_SIZES:
            return ""
        old, new = route.states
        return f"{found[0]}|{found[1]}|STATE|{peer(route.peer)}{old}|{new}\n"

    by_type = {"A": update, "W": update, "R": rib, "S": state}

    def line(route: Route) -> str:
        return by_type[route.type](route)

    return line
