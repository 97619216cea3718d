"""The fields of a line of ``bgpdump -m``: addresses, and what routes with the same attributes share.

The quirks are described in :mod:`bgpwire.text.bgpdump`.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import TYPE_CHECKING

from bgpwire._impl import ipv4_text
from bgpwire.numbers import attribute as codes
from bgpwire.text.bgpdump_path import as_path_text, merged_path

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes

_GROUPS = struct.Struct(">8H").unpack
_COMMUNITY_NAMES = {0xFFFFFF01: "no-export", 0xFFFFFF02: "no-advertise", 0xFFFFFF03: "local-AS"}
_COMMUNITY_BUFFER = 8191
_ORIGINS = {b"\0": "IGP", b"\1": "EGP"}


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
    """4 or 16 octets as bgpdump writes them."""
    return ipv4_text(data) if len(data) == 4 else ipv6_text(data)


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


class Fields:
    """The fields of a line that all routes of an UPDATE share."""

    __slots__ = ("body", "legacy", "mp4", "mp6")
    body: str
    """For routes of the NLRI field."""
    legacy: str
    """The same, in records of MRT type 5."""
    mp4: str | None
    """For IPv4 routes of MP_REACH_NLRI, if that is what it has."""
    mp6: str
    """For IPv6 routes, and for RIB entries."""

    def __init__(self, attributes: PathAttributes) -> None:
        raw = attributes.raw
        asn4 = attributes.session.asn4
        path, aggregator = raw(codes.AS_PATH), raw(codes.AGGREGATOR)
        if aggregator is not None:
            width = 4 if asn4 else 2
            aggregator = aggregator.ljust(8, b"\0")[: width + 4]
        path4, aggregator4 = (None, None) if asn4 else (raw(codes.AS4_PATH), raw(codes.AS4_AGGREGATOR))
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
        origin = raw(codes.ORIGIN)
        name = "INCOMPLETE" if origin is None else _ORIGINS.get(origin[:1] or b"\0", "INCOMPLETE")
        pref, med = _number(raw(codes.LOCAL_PREF)), _number(raw(codes.MULTI_EXIT_DISC))
        middle = f"{text}|{name}|"
        tail = f"{_communities(raw(codes.COMMUNITIES))}|{'NAG' if raw(codes.ATOMIC_AGGREGATE) is None else 'AG'}|"
        if aggregator is not None and aggregator[-4:] != b"\xff\xff\xff\xff":
            tail += f"{int.from_bytes(aggregator[:-4])} {ipv4_text(aggregator[-4:])}"
        tail += "|\n"
        next_hop = raw(codes.NEXT_HOP)
        hop = "255.255.255.255" if next_hop is None else ipv4_text(next_hop[:4].ljust(4, b"\0"))
        self.body = f"{middle}{hop}|{pref}|{med}|{tail}"
        self.legacy = f"{middle}{hop}|{pref}|{med}{tail}"
        self.mp4 = None
        self.mp6 = self.body
        reach = raw(codes.MP_REACH_NLRI)
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
