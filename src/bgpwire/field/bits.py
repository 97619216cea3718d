"""Bits by name, and groups of bits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import reads_bits
from bgpwire.field.base import Field, items_of, members_of, text_of
from bgpwire.field.form_error import FormError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire._impl import Reader, Writer


class Flags(Field):
    """Bits by name, the most significant first; see :func:`flags`."""

    __slots__ = ("_least", "_places", "_unit", "names", "size")

    def __init__(self, names: tuple[str, ...], size: int, unit: int, least: int) -> None:
        rows = tuple(_bits(names, at) for at in range(max(size, (len(names) + 7) >> 3)))
        known = len(rows)

        def read(reader: Reader) -> list[str]:
            out = []
            # By octets: shifting an integer of thousands of octets once for each of its bits is quadratic.
            for at, octet in enumerate(reader.take(size or len(reader))):
                if octet:
                    for bit, name in rows[at] if at < known else _bits(names, at):
                        if octet & bit:
                            out.append(name)
            return out

        super().__init__(read, bool(size), size or None)
        self.names = names
        self.size = size
        self._unit = unit
        self._least = least
        self._places = {name: place for place, name in enumerate(names) if name}

    def restores(self, value: Any, data: bytes) -> bool:
        """Of as many octets as there are: whether they are no more than the last flag needs."""
        return bool(self.size) or len(data) == self._needed(self._place(value[-1]) if value else -1)

    def _needed(self, last: int) -> int:
        """How many octets flags have up to that place."""
        return max(self._least, -(-(last + 1) // (8 * self._unit)) * self._unit)

    def write(self, writer: Writer, value: Any) -> None:
        places = [self._place(name) for name in value]
        size = self.size or self._needed(max(places, default=-1))
        if any(place >= 8 * size for place in places):
            raise ValueError(f"flags {value!r} do not fit {size} octets")
        out = bytearray(size)
        for place in places:
            out[place >> 3] |= 0x80 >> (place & 7)
        writer.octets(out)

    def _place(self, name: str) -> int:
        place = self._places.get(name)
        if place is not None:
            return place
        head, _, number = name.partition("_")
        if head != "bit" or not (number.isascii() and number.isdecimal()) or len(number) > 6:
            raise ValueError(f"{name!r} is no flag here")
        return int(number)

    def from_json(self, form: Any) -> list[str]:
        return [text_of(name) for name in items_of(form)]

    def schema(self) -> dict[str, Any]:
        items = [{"enum": [*self._places]}] if self._places else []
        return {"type": "array", "items": {"anyOf": [*items, {"type": "string", "pattern": "^bit_[0-9]+$"}]}}


def _bits(names: tuple[str, ...], at: int) -> tuple[tuple[int, str], ...]:
    """The bits of octet ``at`` and what they are called."""
    called = (*names[8 * at : 8 * at + 8], *[""] * 8)[:8]
    return tuple((0x80 >> bit, name or f"bit_{8 * at + bit}") for bit, name in enumerate(called))


def flags(*names: str, size: int = 1, unit: int = 1, least: int | None = None) -> Field:
    """Bits by name, the most significant first, ``""`` for one without a name; those set come as a list.

    Bits without a name that are set come as ``bit_N``, N counted from the most significant. Size 0: all
    octets that are left, written in as few times ``unit`` octets as they need, and in ``least`` octets or more
    (``None``: one ``unit``).
    """
    return Flags(names, size, unit, unit if least is None else least)


class Bits:
    """A group of ``width`` bits: a number, or what ``names`` has for it; with ``spare`` left out where it is 0."""

    __slots__ = ("names", "numbers", "spare", "width")

    def __init__(self, width: int, names: Mapping[int, Any] | None = None, spare: bool = False) -> None:
        self.width = width
        self.names = dict(names or {})
        self.numbers = {name: number for number, name in self.names.items()}
        self.spare = spare


def flag() -> Bits:
    """One bit as a bool."""
    return Bits(1, {0: False, 1: True})


class Packed(Field):
    """Groups of bits by name, the most significant first; see :func:`packed`."""

    __slots__ = ("_groups", "_reserved", "_size")

    def __init__(self, size: int, groups: Mapping[str, Bits]) -> None:
        rows = []
        shift = 8 * size
        for name, group in groups.items():
            shift -= group.width
            rows.append((name, shift, (1 << group.width) - 1, group))
        if shift or size > 8:
            raise ValueError(f"groups of {8 * size - shift} bits in {size} octets")
        shown = [row for row in rows if not row[0].startswith("_")]
        plain = tuple((name, shift, mask, group.names, group.spare) for name, shift, mask, group in shown)
        super().__init__(reads_bits(size, plain), len(shown) == len(rows), size)
        self._groups = shown
        self._size = size
        self._reserved = sum(mask << shift for name, shift, mask, _ in rows if name.startswith("_"))

    def write(self, writer: Writer, value: Any) -> None:
        rest = dict(value)
        number = 0
        for name, shift, mask, group in self._groups:
            if group.spare and name not in rest:
                continue
            if name not in rest:
                raise FormError("missing", name)
            found = rest.pop(name)
            if found in group.numbers:
                found = group.numbers[found]
            if not 0 <= found <= mask:
                raise ValueError(f"{name}: {found} does not fit {group.width} bits")
            number |= found << shift
        if rest:
            raise ValueError(f"no such fields: {', '.join(rest)}")
        writer.uint(number, self._size)

    def restores(self, value: Any, data: bytes) -> bool:
        return not int.from_bytes(data) & self._reserved

    def from_json(self, form: Any) -> dict[str, Any]:
        return dict(members_of(form))

    def schema(self) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for name, _, mask, group in self._groups:
            number = {"type": "integer", "minimum": 0, "maximum": mask}
            out[name] = {"anyOf": [{"enum": [*group.numbers]}, number]} if group.names else number
        required = [name for name, _, _, group in self._groups if not group.spare]
        return {"type": "object", "properties": out, "required": required}


def packed(size: int, **groups: int | Bits) -> Field:
    """Groups of bits in ``size`` octets, the most significant first, by name and width; ``_`` begins reserved ones."""
    return Packed(size, {name: Bits(group) if isinstance(group, int) else group for name, group in groups.items()})
