"""A message of the bus out of values."""

from __future__ import annotations

import time
from hashlib import md5
from typing import TYPE_CHECKING, Any

from bgpwire._impl import Address, as_bytes
from bgpwire.live.openbmp.header import BMP_RAW, IPV6, ROUTER, OpenBmp, decode
from bgpwire.live.openbmp.text import HASH, write_text

if TYPE_CHECKING:
    from collections.abc import Buffer

__all__ = ["build"]

_MOST = 1 << 32


def build(
    octets: Buffer,
    *,
    admin_id: str | bytes = "",
    router_ip: Address | str | None = None,
    router_group: str | bytes = "",
    timestamp: float | None = None,
    collector_hash: bytes | None = None,
    router_hash: bytes | None = None,
    object_type: int = BMP_RAW,
    row_count: int = 1,
    minor: int = 7,
    text: bool = False,
) -> OpenBmp:
    """The message of the bus that has the BMP in ``octets``; ``bytes`` of it are to be sent.

    ``admin_id`` is what the collector is called, ``router_ip`` where the router connected from, ``timestamp`` seconds
    since 1970 (without it now). Hashes have 16 octets, and are those of the names where they are not given: MD5 of the
    admin ID, and of the address and the collector's hash. Without ``router_ip`` and ``router_hash`` no router is named.
    ``text`` makes the header in text, which has neither names nor times.

    ValueError or TypeError for what no field can have; :class:`bgpwire.EncodeError` of ``bytes`` for names that have no
    room.
    """
    data = as_bytes(octets)
    collector = _octets(admin_id)
    address = None if router_ip is None else Address(str(router_ip))
    if collector_hash is None:
        collector_hash = _hash(collector)
    named = address is not None or router_hash is not None
    if router_hash is None:
        router_hash = _hash(str(address).encode() + collector_hash) if named else bytes(HASH)
    for hashed in (collector_hash, router_hash):
        if len(hashed) != HASH:
            raise ValueError(f"a hash of {len(hashed)} octets, not {HASH}")
    for name, value, bits in (("object_type", object_type, 8), ("row_count", row_count, 32), ("minor", minor, 8)):
        if not 0 <= value < 1 << bits:
            raise ValueError(f"{name} {value} does not fit {bits} bits")
    if text:
        return decode(write_text(f"1.{minor}", collector_hash, router_hash, address, len(data)) + data)
    packed = b"" if address is None else bytes(address)
    fields: dict[str, Any] = {}
    if named:
        fields = {
            "router_hash": router_hash,
            "router_ip": packed.ljust(HASH, b"\0"),
            "router_group": _octets(router_group),
        }
    seconds, microseconds = _time(time.time() if timestamp is None else timestamp)
    return OpenBmp(
        octets=data,
        minor=minor,
        flags=(ROUTER if named else 0) | (IPV6 if len(packed) == HASH else 0),
        object_type=object_type,
        seconds=seconds,
        microseconds=microseconds,
        collector_hash=collector_hash,
        admin_id=collector,
        row_count=row_count,
        **fields,
    )


def _octets(name: str | bytes) -> bytes:
    return name.encode() if isinstance(name, str) else bytes(name)


def _hash(data: bytes) -> bytes:
    """It tells names apart, and keeps nothing secret."""
    return md5(data, usedforsecurity=False).digest()


def _time(timestamp: float) -> tuple[int, int]:
    seconds, microseconds = divmod(round(timestamp * 1_000_000), 1_000_000)
    if not 0 <= seconds < _MOST:
        raise ValueError(f"{timestamp} seconds since 1970")
    return seconds, microseconds
