"""Junk that is made to cost a reader of MRT as much as it can: each a function from size to octets."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from support.context import record

if TYPE_CHECKING:
    from collections.abc import Callable

_TIME = (1_000_000_000).to_bytes(4)
_GOOD = record(16, 4, bytes(20))
_NINE = bytes(9)
_ONES = b"\xff" * 12


def _header(length: int, kind: int = 16, subtype: int = 4) -> bytes:
    return _TIME + kind.to_bytes(2) + subtype.to_bytes(2) + length.to_bytes(4)


def _fill(unit: bytes, size: int) -> bytes:
    return (unit * (size // len(unit) + 1))[:size]


def _noise(size: int) -> bytes:
    return random.Random(1).randbytes(size)


def _mixed(size: int, *units: bytes) -> bytes:
    chance = random.Random(2)
    return b"".join(chance.choices(units, k=size * len(units) // sum(map(len, units)) + 1))[:size]


JUNK: dict[str, Callable[[int], bytes]] = {
    "text": lambda size: _fill(b"no mrt, but text that goes on and on.\n", size),
    "ones": lambda size: b"\xff" * size,
    "noise": _noise,
    "zeros that begin no header": lambda size: _fill(b"\0\0\0\0\2\xff", size),
    "headers whose records end far ahead": lambda size: b"\xff" + _fill(_header(1 << 24) + b"\xff", size),
    "headers whose records end some way ahead": lambda size: b"\xff" + _fill(_header(0x1234) + b"\xff", size),
    "a header at every twelfth octet": lambda size: b"\xff" + _fill(_header(0x1235), size),
    "a header at every second octet": lambda size: b"\xff" + _fill(b"\0\1", size),
    "a header at every second octet that ends near": lambda size: b"\xff" + _fill(b"\0\1\0\0\0\0\0\1\0\1\0", size),
    "headers of unknown types in a chain": lambda size: b"\xff" * 12 + _fill(_header(0, 99), size - 12) + b"\xff" * 9,
    "tears": lambda size: _fill(record(16, 4, b"\1") * 2 + b"\xff" * 12, size),
    "tears behind an octet": lambda size: _fill(record(16, 4, b"\1") * 2 + b"\xff", size),
    "torn records": lambda size: _fill(_GOOD * 2 + _GOOD[:-3], size),
    "records with records inside": lambda size: _fill(record(16, 4, _GOOD + _header(0xFFFF) + _NINE) + b"\xff", size),
    "chains that end badly": lambda size: _fill(_GOOD + record(99, 4, b"x") + record(77, 4, b"xyz") + _ONES, size),
    "long chains that end badly": lambda size: _fill(_GOOD + _header(0, 99) * 250 + b"\xff" * 12, size),
    "unknown records between known": lambda size: _fill(_GOOD + record(99, 1, b"xyz"), size),
    "unknown records that may hold others": lambda size: _fill(_GOOD + record(99, 1, b"\7" * 90), size),
    "unknown records": lambda size: _fill(record(99, 1, b"xyz"), size),
    "records of 4096 that overlap": lambda size: _fill(
        b"".join(_header(4096 - n % 64) + _ONES[: n % 7] for n in range(448)), size
    ),
    "a mixture": lambda size: _mixed(
        size, _GOOD, _GOOD[:20], _header(9), _header(1 << 20), _header(5, 99), b"\xff", bytes(5), b"\0\1", _noise(40)
    ),
}  # fmt: skip
