"""Archives with what few writers write, each alone: examples drawn at random meet it now and then."""

from __future__ import annotations

import struct

from support import made_mrt as made
from support.archives import table_of_peers

_BLOCK = made.IGP + made.PATH + made.HOP
_HOP4 = bytes((192, 0, 2, 9))
_COMPATIBLE = b"\x80" + bytes(12) + bytes((198, 51, 100, 7))
"""::198.51.100.7/128"""
_TAGS = made.attribute(8, bytes.fromhex("ffffff01ffffff02ffffff03ffffff04fbf400c8"))
_LARGE = made.attribute(32, struct.pack(">III", 65551, 2, 64496))
_TARGETS = made.attribute(16, bytes.fromhex("0002fbf40000012c43000a0000000001"))


def _record(kind: int, subtype: int, body: bytes) -> bytes:
    return struct.pack(">IHHI", 1_000_000_000, kind, subtype, len(body)) + body


def _rib(block: bytes, prefix: bytes = made.TEN, subtype: int = 2, peer: int = 0) -> bytes:
    entry = struct.pack(">HIH", peer, 999, len(block)) + block
    return _record(13, subtype, struct.pack(">I", 1) + prefix + struct.pack(">H", 1) + entry)


def _six(reach: bytes) -> bytes:
    """An entry of 2001:db8::/32 whose MP_REACH_NLRI has this value."""
    return _rib(made.IGP + made.PATH + made.attribute(14, reach, 0x80), made.SIX, 4)


def _dump(subtype: int, block: bytes) -> bytes:
    size, width = (16, 4) if subtype == 4 else (4, 4 if subtype == 3 else 2)
    body = struct.pack(">HH", 0, 1) + bytes(range(10, 10 + size)) + struct.pack(">BBI", 13, 1, 999) + bytes(size)
    body += (64500).to_bytes(width) + struct.pack(">H", len(block)) + block
    return _record(12, subtype, body)


def _update(block: bytes = _BLOCK, nlri: bytes = made.TEN, withdrawn: bytes = b"", **how: int) -> bytes:
    return made.bgp4mp(made.update(block, nlri, withdrawn), **how)  # type: ignore[arg-type]


def _both_first() -> bytes:
    """MP_REACH_NLRI of IPv4 beside NLRI of the UPDATE, the same and another."""
    return _update(_BLOCK + made.reach(1, _HOP4, made.TEN)) + _update(
        _BLOCK + made.reach(1, _HOP4, made.prefix("10.1.0.0/16"))
    )


_CASES: dict[str, bytes] = {
    "well-known communities": _update(_BLOCK + _TAGS + _TARGETS + _LARGE),
    "communities in another order": _update(_BLOCK + _LARGE + _TARGETS + _TAGS),
    "MED and LOCAL_PREF above 2^31 with IPv4 in MP_REACH_NLRI": _update(
        made.IGP + made.PATH + made.attribute(4, b"\xff" * 4) + made.attribute(5, b"\x80\0\0\0")
        + made.reach(1, _HOP4, made.TEN), b""),
    "IPv4 in both places": b"".join(
        _update(_BLOCK + made.reach(1, _HOP4, prefix)) for prefix in (made.TEN, made.prefix("10.1.0.0/16"))
    ),
    "IPv4-compatible prefix": _update(made.IGP + made.PATH + made.reach(2, made.HOP6, _COMPATIBLE), b""),
    "IPv4-compatible next hop": _update(made.IGP + made.PATH + made.reach(2, _COMPATIBLE[1:], made.SIX), b""),
    "no next hop": _update(made.IGP + made.PATH + made.reach(2, b"", made.SIX), b""),
    "next hop of five octets": _update(made.IGP + made.PATH + made.reach(2, bytes(5), made.SIX), b""),
    "RIB: next hop alone": _six(b"\x10" + made.HOP6),
    "RIB: two next hops": _six(b"\x20" + made.HOP6 * 2),
    "RIB: the whole attribute": _six(b"\0\2\1\x10" + made.HOP6 + b"\0"),
    "RIB: the whole attribute of another SAFI": _six(b"\0\2\2\x10" + made.HOP6 + b"\0"),
    "RIB: next hop of IPv4": _six(b"\x04" + _HOP4),
    "RIB: next hop that is cut off": _six(b"\x10" + made.HOP6[:8]),
    "RIB: next hop of five octets": _six(b"\x05" + bytes(5)),
    "RIB: three octets of zeros": _six(bytes(3)),
    "RIB: an attribute without octets": _six(b""),
    "RIB: no such peer": _rib(_BLOCK) + _rib(_BLOCK, peer=3) + _rib(_BLOCK),
    "RIB: an entry that is cut off": _record(13, 2, struct.pack(">I", 1) + made.TEN + b"\0\1\0\0") + _rib(_BLOCK),
    "RIB: a prefix that is too long": _rib(_BLOCK, b"\x21\x0a\0\0\0\0") + _rib(_BLOCK),
    "RIB: generic": _rib(_BLOCK, subtype=6) + _rib(_BLOCK),
    "TABLE_DUMP of both widths": _dump(1, made.IGP + made.PATH2 + made.HOP) + _dump(3, _BLOCK),
    "TABLE_DUMP of IPv6 with AS numbers of 4 octets": _dump(4, made.IGP + made.PATH),
    "TABLE_DUMP that is cut off": _record(12, 1, bytes(7)) + _dump(1, made.IGP),
    "BGP4MP_ET without its microseconds": _record(17, 4, b"\0\0") + _update(),
    "BGP4MP without addresses": _record(16, 4, bytes(11)) + _update(),
    "BGP4MP of a family without addresses": _record(16, 4, struct.pack(">IIHH", 1, 2, 0, 77) + bytes(40)) + _update(),
    "a message that is cut off": _record(16, 4, _update()[12:-3]) + _update(),
    "another message": made.bgp4mp(b"\xff" * 16 + b"\0\x13\4") + _update(),
    "lengths that lie": made.bgp4mp(b"\xff" * 16 + b"\0\x17\2" + b"\0\x09\0\0") + _update(),
    "a prefix that is too long": _update(nlri=made.TEN + b"\x21\x0a\0\0\0\0") + _update(withdrawn=b"\x21\x0a\0\0\0\0"),
    "withdrawn by MP_UNREACH_NLRI": _update(made.attribute(15, b"\0\2\1" + made.SIX, 0x80), b""),
    "another family": _update(made.IGP + made.PATH + made.attribute(15, b"\0\x19\x46" + bytes(4), 0x80)),
    "no attribute": _update(b"", b"", made.TEN),
    "an AS_PATH that is cut off": _update(made.IGP + made.HOP + made.attribute(2, b"\2\3\0\0\0\1", 0x40)),
    "attributes of the wrong size": b"".join(
        _update(_BLOCK + made.attribute(code, bytes(size)))
        for code, size in ((4, 3), (5, 5), (6, 1), (7, 7), (8, 5), (8, 0), (16, 9), (32, 13), (35, 3))
    ),
}  # fmt: skip

ODD = {name: table_of_peers() + octets + _update() for name, octets in _CASES.items()}
