"""Communities as text; ``communities`` has the collections of them."""

from __future__ import annotations

import re
import struct
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Any, ClassVar

from bgpwire.registry import EXTENDED_COMMUNITIES
from bgpwire.value.keyed import Keyed, Shown
from bgpwire.value.text import as_text

# IANA "BGP Well-known Communities", as routers print them.
WELL_KNOWN: dict[int, str] = {
    0xFFFF0000: "graceful-shutdown",  # RFC 8326
    0xFFFF0001: "accept-own",  # RFC 7611
    0xFFFF0002: "route-filter-translated-v4",
    0xFFFF0003: "route-filter-v4",
    0xFFFF0004: "route-filter-translated-v6",
    0xFFFF0005: "route-filter-v6",
    0xFFFF0006: "llgr-stale",  # RFC 9494
    0xFFFF0007: "no-llgr",  # RFC 9494
    0xFFFF0008: "accept-own-nexthop",
    0xFFFF0009: "standby-pe",  # RFC 9026
    0xFFFF029A: "blackhole",  # RFC 7999
    0xFFFFFF01: "no-export",  # RFC 1997
    0xFFFFFF02: "no-advertise",  # RFC 1997
    0xFFFFFF03: "no-export-subconfed",  # RFC 1997
    0xFFFFFF04: "no-peer",  # RFC 3765
}
_BY_NAME = {name: value for value, name in WELL_KNOWN.items()}


def parse_community(text: str) -> int:
    """``65000:100`` or a well-known name as 32 bits. ValueError if it is neither."""
    text = as_text(text).strip()
    known = _BY_NAME.get(text.lower().replace("_", "-"))
    if known is not None:
        return known
    high, colon, low = text.partition(":")
    if not colon or not (high.isdecimal() and low.isdecimal()) or int(high) > 0xFFFF or int(low) > 0xFFFF:
        raise ValueError(f"{text!r} is no community: write it as 65000:100")
    return int(high) << 16 | int(low)


def parse_large(text: str) -> bytes:
    """``65000:1:2`` as 12 octets (RFC 8092 section 5). ValueError otherwise."""
    parts = as_text(text).strip().split(":")
    if len(parts) != 3 or not all(part.isdecimal() and int(part) <= 0xFFFFFFFF for part in parts):
        raise ValueError(f"{text!r} is no large community: write it as 65000:1:2")
    return struct.pack(">3I", *map(int, parts))


TARGETS = {"rt": 2, "target": 2, "soo": 3, "ro": 3, "origin": 3}
_OF_BIRD = re.compile(r"\(\s*(\w+)\s*,\s*([^\s,]+)\s*,\s*([^\s,]+)\s*\)")
_WIDE = re.compile(r"([0-9]+)L(?=:)")


def parse_extended(text: str) -> bytes:
    """The 8 octets of any text that ``str()`` of an extended community gives, in the forms of daemons too.

    ``rt:65000:100``, ``soo:192.0.2.1:5``, ``encap:vxlan``, 16 hex digits behind ``0x``; ``target:…``, ``origin:…``,
    and of BIRD ``(rt, 65000, 100)`` and ``(generic, 0x43000000, 0x1)``. An AS number of 16 bits is one of 2 octets
    where there is such a type (RFC 5668 section 2), ``65000L`` one of 4. What the text does not tell is 0. ValueError
    for text that is none, and for one that stands for several types: it names the octets of each.
    """
    text = as_text(text).strip()
    if re.fullmatch(r"0x[0-9a-fA-F]{16}", text):
        return bytes.fromhex(text[2:])
    if (found := _OF_BIRD.fullmatch(text)) is not None:
        kind, first, second = found.groups()
        if kind == "generic":
            return _numbers(text, first, second)
        text = f"{kind}:{first}:{second}"
    kind, _, rest = text.partition(":")
    subtype = TARGETS.get(kind.lower())
    if subtype is None:
        return _labelled(text)
    admin, colon, number = rest.rpartition(":")
    wide = admin.endswith("L")
    admin = admin[:-1] if wide else admin
    if not colon or not number.isdecimal() or not (admin.isdecimal() or ("." in admin and not wide)):
        raise _none(text)
    value = int(number)
    narrow = admin.isdecimal() and int(admin) <= 0xFFFF and not wide
    if value > (0xFFFFFFFF if narrow else 0xFFFF) or (admin.isdecimal() and int(admin) > 0xFFFFFFFF):
        raise ValueError(f"{text!r}: a number too large for 8 octets")
    if "." in admin:
        return bytes((1, subtype)) + IPv4Address(admin).packed + value.to_bytes(2)
    if not narrow:
        return bytes((2, subtype)) + int(admin).to_bytes(4) + value.to_bytes(2)
    return bytes((0, subtype)) + int(admin).to_bytes(2) + value.to_bytes(4)


def _none(text: str, why: object = "write it as rt:65000:100 or 0x0002fde800000064") -> ValueError:
    return ValueError(f"{text!r} is no extended community: {why}")


def _numbers(text: str, *words: str) -> bytes:
    """Two numbers of 32 bits, decimal or hex."""
    try:
        return b"".join(int(word, 0).to_bytes(4) for word in words)
    except (ValueError, OverflowError) as error:
        raise _none(text, error) from None


def _labelled(text: str) -> bytes:
    """Of a text that begins with the label of a registered kind."""
    plain, wide = _WIDE.subn(r"\1", text, count=1)
    found: dict[bytes, bool] = {}
    why: list[ValueError] = []
    for code, kind in EXTENDED_COMMUNITIES.items():
        size = len(kind.label)
        if plain[:size].lower() != kind.label or plain[size : size + 1] not in ("", ":") or (wide and not kind.wide):
            continue
        try:
            octets = kind.octets(plain[size + 1 :])
        except ValueError as error:
            why.append(error)
        else:
            found[code.to_bytes(2) + octets] = kind.wide
    narrow = [wire for wire, of_4_octets in found.items() if not of_4_octets]
    choice = narrow or [*found]
    if len(choice) > 1:
        forms = " or ".join(f"0x{wire.hex()}" for wire in found)
        raise ValueError(f"{text!r} stands for several extended communities: write it as {forms}")
    if not choice:
        raise _none(text, *why[:1])
    return choice[0]


class CommunityMixin(Shown):
    """``65000:100``; a well-known value by its name."""

    __slots__ = ()
    _example: ClassVar[str] = 'Community("65000:100")'

    if TYPE_CHECKING:

        def __int__(self) -> int: ...

    @property
    def asn(self) -> int:
        """The high 16 bits: by convention the AS that gives the low ones their meaning."""
        return int(self) >> 16

    @property
    def value(self) -> int:
        """The low 16 bits."""
        return int(self) & 0xFFFF

    @property
    def name(self) -> str | None:
        """The well-known name, such as ``no-export``; ``None`` for a community without one."""
        return WELL_KNOWN.get(int(self))

    def __str__(self) -> str:
        value = int(self)
        return WELL_KNOWN.get(value) or f"{value >> 16}:{value & 0xFFFF}"

    def json(self) -> str:
        return str(self)


class LargeCommunityMixin(Keyed):
    """``65000:1:2``: Global Administrator and two Local Data Parts, 4 octets each (RFC 8092)."""

    __slots__ = ()
    _example = 'LargeCommunity("65000:1:2")'

    @property
    def parts(self) -> tuple[int, int, int]:
        """Global Administrator, Local Data Part 1, Local Data Part 2."""
        a, b, c = struct.unpack(">3I", bytes(self))
        return a, b, c

    def __str__(self) -> str:
        return "{}:{}:{}".format(*self.parts)

    def json(self) -> str:
        return str(self)


class ExtendedCommunityMixin(Keyed):
    """An extended community by its full type octet and sub-type (RFC 4360, RFC 7153)."""

    __slots__ = ()
    _example = 'ExtendedCommunity("rt:65000:100")'

    @property
    def type(self) -> int:
        """The full type octet, authority (0x80) and non-transitive (0x40) bits included."""
        return bytes(self)[0]

    @property
    def subtype(self) -> int:
        """The sub-type octet, for the types that have one."""
        return bytes(self)[1]

    @property
    def transitive(self) -> bool:
        """Whether it passes from AS to AS: bit 0x40 of the type clear (RFC 4360 section 2)."""
        return not bytes(self)[0] & 0x40

    @property
    def iana_authority(self) -> bool:
        """The I bit, 0x80 of the type: assigned by Standards Action or experimental (RFC 4360 section 2)."""
        return bool(bytes(self)[0] & 0x80)

    @property
    def name(self) -> str | None:
        """The name of its kind, such as ``route_target``; ``None`` for a type that is not registered."""
        wire = bytes(self)
        entry = EXTENDED_COMMUNITIES[wire[0] << 8 | wire[1]]
        return None if entry is None else entry.name

    def __str__(self) -> str:
        wire = bytes(self)
        entry = EXTENDED_COMMUNITIES[wire[0] << 8 | wire[1]]
        text: str = entry.text(wire) if entry is not None else f"0x{wire.hex()}"
        return text

    def json(self) -> dict[str, Any]:
        wire = bytes(self)
        entry = EXTENDED_COMMUNITIES[wire[0] << 8 | wire[1]]
        if entry is not None:
            named: dict[str, Any] = entry.json(wire)
            return named
        return {"type": wire[0], "subtype": wire[1], "value": wire[2:].hex()}
