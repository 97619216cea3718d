"""What a FlowSpec component compares with: operators and values (RFC 8955 section 4.2.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bgpwire._impl import Reader
from bgpwire.field import to_json

END_OF_LIST = 0x80
AND = 0x40

# The low three bits of a numeric operator: less than, greater than, equal.
NUMERIC = ("false", "=", ">", ">=", "<", "<=", "!=", "true")
# The low two bits of a bitmask operator: NOT, and "match" (all bits of the mask rather than any).
BITMASK = ("", "=", "!", "!=")


@dataclass(frozen=True, slots=True)
class Match:
    """One operator octet and the value behind it. The AND bit of a list's first operator counts for nothing."""

    operator_octet: int
    value: int

    @property
    def is_and(self) -> bool:
        """Whether this match is joined to the one before it by AND rather than OR."""
        return bool(self.operator_octet & AND)

    @property
    def operator(self) -> str:
        return NUMERIC[self.operator_octet & 7]

    def __str__(self) -> str:
        operator = self.operator
        return operator if operator in ("true", "false") else f"{operator}{self.value}"

    def json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"operator": self.operator, "value": to_json(self.value)}
        return out | {"and": True} if self.is_and else out


@dataclass(frozen=True, slots=True)
class BitMatch(Match):
    """A bitmask: ``syn`` if any bit matches, ``=syn+ack`` if all do, ``!`` in front turns it round."""

    bits: Mapping[int, str] = field(compare=False, repr=False)

    @property
    def operator(self) -> str:
        return BITMASK[self.operator_octet & 3]

    @property
    def flags(self) -> list[str]:
        """The bits by name, the least significant first; what has no name as one hexadecimal number behind them."""
        named = [name for bit, name in self.bits.items() if self.value & bit]
        rest = self.value & ~sum(self.bits)
        return [*named, f"0x{rest:x}"] if rest else named

    def __str__(self) -> str:
        return self.operator + ("+".join(self.flags) or "0")

    def json(self) -> dict[str, Any]:
        return Match.json(self) | {"flags": self.flags}


type MatchList = tuple[Match, ...]


def matches(reader: Reader, make: Callable[[int, int], Match]) -> MatchList:
    """Operators of one octet, each with 1, 2, 4 or 8 octets of value, until the end-of-list bit."""
    out = []
    operator = 0
    while not operator & END_OF_LIST:
        operator = reader.u8()
        out.append(make(operator, reader.uint(1 << (operator >> 4 & 3))))
    return tuple(out)


def numeric(reader: Reader) -> MatchList:
    return matches(reader, Match)


def bitmask(bits: Mapping[int, str]) -> Callable[[Reader], MatchList]:
    """A field of bitmask matches whose bits have these names."""

    def read(reader: Reader) -> MatchList:
        return matches(reader, lambda operator, value: BitMatch(operator, value, bits))

    return read


def match_text(values: MatchList) -> str:
    """``>=1024&<=65535`` where both must match, ``=80,=443`` where either may."""
    out = ""
    for value in values:
        out += (("&" if value.is_and else ",") if out else "") + str(value)
    return out
