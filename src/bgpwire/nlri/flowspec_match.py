"""What a FlowSpec component compares with: operators and values (RFC 8955 section 4.2.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from bgpwire._impl import Reader
from bgpwire.field import Bits, Field, flag, number, packed, to_json
from bgpwire.field.base import integer_of, items_of, members_of
from bgpwire.value.frozen import Frozen

if TYPE_CHECKING:
    from bgpwire._impl import Writer
    from bgpwire.field import Walk

END_OF_LIST = 0x80
AND = 0x40

# The low three bits of a numeric operator: less than, greater than, equal.
NUMERIC = ("false", "=", ">", ">=", "<", "<=", "!=", "true")
# The low two bits of a bitmask operator: NOT, and "match" (all bits of the mask rather than any).
BITMASK = ("", "=", "!", "!=")


@dataclass(frozen=True, slots=True)
class Match(Frozen):
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

    def value_json(self) -> Any:
        """The value as JSON, bits by name."""
        return to_json(self.value)

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

    def value_json(self) -> list[str]:
        return self.flags

    def __str__(self) -> str:
        return self.operator + ("+".join(self.flags) or "0")

    def json(self) -> dict[str, Any]:
        return Match.json(self) | {"flags": self.flags}


type MatchList = tuple[Match, ...]


def matches(reader: Reader, make: Callable[[int, int], Match]) -> MatchList:
    """Operators of one octet, each with 1, 2, 4 or 8 octets of value, until the end-of-list bit."""
    out = []
    while True:
        operator = reader.u8()
        out.append(make(operator, reader.uint(1 << (operator >> 4 & 3))))
        if operator & END_OF_LIST:
            return tuple(out)


def _value_json(match: Match) -> Any:
    return match.value_json()


def _length(operator: int) -> int:
    """How many octets of value an operator has behind it."""
    return 1 << (operator >> 4 & 3)


_LEAST: Final = (0, 1 << 8, 1 << 16, 1 << 32)
"""The least value that needs the length of that code."""


class Matches(Field):
    """Operators and values until the end-of-list bit, as a tuple; ``operators`` are the names of their low bits.

    In JSON the length of a value is that which it needs, and the bits of an operator that mean nothing are 0.
    """

    __slots__ = ("_make", "_octet", "_operators", "_unused")

    def __init__(self, make: Callable[[int, int], Match], operators: tuple[str, ...]) -> None:
        def read(reader: Reader) -> MatchList:
            return matches(reader, make)

        super().__init__(read, exact=False)
        self._make = make
        self._operators = {name: code for code, name in enumerate(operators)}
        width = (len(operators) - 1).bit_length()
        self._unused = 0x0F & -1 << width
        self._octet = packed(
            1,
            end_of_list=flag(),
            **{"and": flag()},
            length=Bits(2, {code: 1 << code for code in range(4)}),
            reserved=Bits(4 - width, spare=True),
            operator=Bits(width, dict(enumerate(operators))),
        )

    def walk(self, walk: Walk) -> MatchList:
        out: list[Match] = []
        while not out or not out[-1].operator_octet & END_OF_LIST:
            out.append(walk.part(str(len(out)), self._walk_one))
        return tuple(out)

    def _walk_one(self, walk: Walk) -> Match:
        at = walk.reader.offset
        walk("operator", self._octet)
        operator = walk.reader.since(at)[0]
        value = number(_length(operator))
        found = walk.part("value", lambda inner: self._make(operator, value.read(inner.reader)), _value_json)
        return found  # type: ignore[no-any-return]

    def write(self, writer: Writer, value: Any) -> None:
        last = len(value) - 1
        for at, match in enumerate(value):
            operator = match.operator_octet
            if bool(operator & END_OF_LIST) != (at == last):
                raise ValueError("the end-of-list bit belongs to the last match")
            writer.u8(operator)
            writer.uint(match.value, _length(operator))
        if last < 0:
            raise ValueError("no match")

    def restores(self, value: Any, data: bytes) -> bool:
        """Whether no value is longer than it has to be, and no bit set that means nothing: matches keep all that."""
        for match in value:
            operator = match.operator_octet
            if operator & self._unused or match.value < _LEAST[operator >> 4 & 3]:
                return False
        return True

    def from_json(self, form: Any) -> MatchList:
        items = items_of(form)
        return tuple(self._match(members_of(item), at == len(items)) for at, item in enumerate(items, 1))

    def _match(self, form: dict[str, Any], last: bool) -> Match:
        value = integer_of(form.get("value"))
        operator = self._operators.get(form.get("operator", ""))
        if operator is None:
            raise ValueError(f"{form.get('operator')!r} is no operator here")
        size = next((code for code in range(4) if value < 1 << (8 << code)), 3)
        joined = AND if form.get("and", False) else 0
        return self._make((END_OF_LIST if last else 0) | joined | size << 4 | operator, value)

    def schema(self) -> dict[str, Any]:
        operator, value = {"enum": [*self._operators]}, {"type": ["integer", "string"]}
        item = {"type": "object", "properties": {"operator": operator, "value": value}}
        return {"type": "array", "items": item}


numeric: Final = Matches(Match, NUMERIC)


def bitmask(bits: Mapping[int, str]) -> Field:
    """A field of bitmask matches whose bits have these names."""
    return Matches(lambda operator, value: BitMatch(operator, value, bits), BITMASK)


def match_text(values: MatchList) -> str:
    """``>=1024&<=65535`` where both must match, ``=80,=443`` where either may."""
    out = ""
    for value in values:
        out += (("&" if value.is_and else ",") if out else "") + str(value)
    return out
