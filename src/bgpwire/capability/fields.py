"""Fields that several capabilities have: an address family, a direction, a text with its length in front."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bgpwire.afi_safi import Afi, Family, Safi, afi_name, safi_name
from bgpwire.field import Field, named, record, repeat, sized, text, turned, u8, u16
from bgpwire.field.number import Number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DIRECTIONS = {1: "receive", 2: "send", 3: "both"}
_DIRECTIONS = {name: number for number, name in DIRECTIONS.items()}


class Code(Number):
    """An unsigned integer of ``size`` octets that has a name in JSON."""

    __slots__ = ("_name", "_number")

    def __init__(self, size: int, name: Callable[[int], str | int], number: Callable[[str], int]) -> None:
        super().__init__(size)
        self._name = name
        self._number = number

    def to_json(self, value: Any) -> str | int:
        return self._name(value)

    def from_json(self, form: Any) -> int:
        return self._number(form) if isinstance(form, str) else super().from_json(form)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, super().schema()]}


def _number(name: str, head: str, numbers: dict[str, int]) -> int:
    """The number of a name, ``afi-N`` for one that is not registered. ValueError if it is no name."""
    if name in numbers:
        return numbers[name]
    start, _, number = name.rpartition("-")
    if start != head or not (number.isascii() and number.isdecimal()):
        raise ValueError(f"{name!r} is no {head.upper()}")
    return int(number)


_AFIS = {afi_name(afi): int(afi) for afi in Afi}
_SAFIS = {safi_name(safi): int(safi) for safi in Safi}
_SCHEMA = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}


def _afi_number(name: str) -> int:
    return _number(name, "afi", _AFIS)


def _safi_number(name: str) -> int:
    return _number(name, "safi", _SAFIS)


afi: Final = turned(u16, afi_name, _afi_number, schema=_SCHEMA, exact=True)
"""An AFI by its name."""
safi: Final = turned(u8, safi_name, _safi_number, schema=_SCHEMA, exact=True)
"""A SAFI by its name."""
direction: Final = named(DIRECTIONS)
"""1 receive, 2 send, 3 both; any other number stays one."""

afi_code: Final = Code(2, afi_name, _afi_number)
"""An AFI, whose name is in JSON."""
safi_code: Final = Code(1, safi_name, _safi_number)
"""A SAFI, whose name is in JSON."""
wide_safi_code: Final = Code(2, safi_name, _safi_number)
"""A SAFI in 2 octets, the first of them 0."""
direction_code: Final = Code(1, lambda mode: DIRECTIONS.get(mode, mode), lambda name: _DIRECTIONS[name])
"""As :data:`direction`; its name is in JSON alone."""


def families(**members: Field) -> Field:
    """``families``, each an AFI, a SAFI and ``members``, until the octets end."""
    return record(families=repeat(record(afi=afi_code, safi=safi_code, **members)))


def family_of(item: Mapping[str, Any]) -> Family:
    """The family of one of :func:`families`."""
    return Family(item["afi"], item["safi"])


def family_in(form: Mapping[str, Any]) -> Family:
    """The family that a JSON form says by its ``afi`` and ``safi``. ValueError or KeyError for other forms."""
    return Family(afi_code.from_json(form["afi"]), safi_code.from_json(form["safi"]))


short_text: Final = sized(text, 1)
"""A length of 1 octet and that many of UTF-8; invalid octets come as U+FFFD."""
