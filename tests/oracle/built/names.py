"""Names that stand for numbers in JSON: peers show the number, or a name of their own."""

from __future__ import annotations

import gc
import sys
from enum import IntEnum
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

import bgpwire
from bgpwire.field.bits import Flags

if TYPE_CHECKING:
    from collections.abc import Iterator

SAID_BY_THE_CODE = frozenset(("name", "code_name", "subcode_name", "raw", "reading"))
"""Members that say once more what a number beside them says."""

OPERATORS = {
    "=": (1,), ">": (2,), ">=": (3,), "<": (4,), "<=": (5,), "!=": (6, 3), "true": (7,), "false": (0,), "!": (2,),
}  # fmt: skip
"""FlowSpec's comparisons by their low bits (RFC 8955 sections 4.2.1.1 and 4.2.1.2)."""

PROTOCOLS = {1: "icmp", 2: "igmp", 6: "tcp", 17: "udp", 47: "gre", 50: "esp", 58: "icmp6", 89: "ospf"}
"""Protocol numbers that are shown by name alone."""


def numbered(name: str) -> frozenset[int]:
    """The numbers that ``name`` stands for anywhere: in IANA's registries, as bgpwire has them."""
    return _numbers().get(name, frozenset())


def masks(name: str) -> frozenset[int]:
    """The bits that a flag of that name has anywhere, in fields of as many octets as declared."""
    return _masks().get(name, frozenset())


@cache
def _masks() -> dict[str, frozenset[int]]:
    out: dict[str, set[int]] = {}
    for found in _declared(Flags):
        size = found.size or (len(found.names) + 7) // 8 or 1
        for place, name in enumerate(found.names):
            if name and place < 8 * size:
                out.setdefault(name, set()).add(1 << (8 * size - 1 - place))
    return {name: frozenset(bits) for name, bits in out.items()}


@cache
def _numbers() -> dict[str, frozenset[int]]:
    out: dict[str, set[int]] = {}
    for table in _tables():
        for number, name in table.items():
            out.setdefault(str(name), set()).add(number)
    for number in range(256):
        out.setdefault(str(bgpwire.Family(1, number)).removeprefix("ipv4-"), set()).add(number)
        out.setdefault(str(bgpwire.Family(number, 1)).removesuffix("-unicast"), set()).add(number)
    for number in (999, 16388, 16389, 16397):
        out.setdefault(str(bgpwire.Family(number, 1)).removesuffix("-unicast"), set()).add(number)
    return {name: frozenset(numbers) for name, numbers in out.items()}


def _tables() -> Iterator[dict[int, str]]:
    """Every table of names by number that the package's declarations hold."""
    for found in _declared(dict):
        if found and all(type(key) is int and isinstance(value, str) for key, value in found.items()):
            yield found
    for kind in _declared(type):
        if issubclass(kind, IntEnum):
            yield {member.value: member.name.lower() for member in kind}


def _declared(kind: type) -> list[Any]:
    return [found for found in _objects() if isinstance(found, kind)]


@cache
def _objects() -> tuple[Any, ...]:
    """What the modules of the package hold, and what that is made of."""
    bgpwire.preload()
    seen: dict[int, Any] = {}
    left: list[Any] = [vars(module) for name, module in sys.modules.items() if name.partition(".")[0] == "bgpwire"]
    while left:
        found = left.pop()
        if id(found) in seen or isinstance(found, (ModuleType, str, bytes, int, float)):
            continue
        if isinstance(found, type) and not found.__module__.startswith("bgpwire"):
            continue
        seen[id(found)] = found
        left += gc.get_referents(found)
    return tuple(seen.values())
