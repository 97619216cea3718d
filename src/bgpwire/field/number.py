"""Numbers: of a fixed width, as wide as their octets, a part of their bits, or by name."""

from __future__ import annotations

from collections.abc import Mapping
from operator import methodcaller
from typing import TYPE_CHECKING, Any, Final

from bgpwire._impl import reads_named, reads_number
from bgpwire.errors import DecodeError
from bgpwire.field.base import Field, integer_of

if TYPE_CHECKING:
    from bgpwire._impl import Reader, Writer


def number_schema(bits: int) -> dict[str, Any]:
    """Unsigned integers of so many bits; those from 2^53 on are text."""
    number: dict[str, Any] = {"type": "integer", "minimum": 0, "maximum": min((1 << bits) - 1, (1 << 53) - 1)}
    return number if bits < 54 else {"anyOf": [number, {"type": "string", "pattern": "^[0-9]+$"}]}


class Number(Field):
    """An unsigned integer of ``size`` octets."""

    __slots__ = ("size",)

    def __init__(self, size: int) -> None:
        super().__init__(reads_number(size), width=size)
        self.size = size

    def write(self, writer: Writer, value: Any) -> None:
        writer.uint(value, self.size)

    def from_json(self, form: Any) -> int:
        return integer_of(form)

    def schema(self) -> dict[str, Any]:
        return number_schema(8 * self.size)


u8: Final = Number(1)
u16: Final = Number(2)
u24: Final = Number(3)
u32: Final = Number(4)
u64: Final = Number(8)
_NUMBERS: Final = {field.size: field for field in (u8, u16, u24, u32, u64)}


def number(size: int) -> Number:
    """An unsigned integer of so many octets: 1, 2, 3, 4 or 8. KeyError for other sizes."""
    return _NUMBERS[size]


class Length(Field):
    """How many octets follow; see :func:`counting`."""

    __slots__ = ("_extra", "_size")

    def __init__(self, size: int, extra: int, reason: str) -> None:
        def read(reader: Reader) -> int:
            found = reader.uint(size)
            if found < extra:
                raise DecodeError(reason.format(found), reader.offset - size)
            return found - extra

        super().__init__(read, width=size)
        self._size = size
        self._extra = extra

    def write(self, writer: Writer, value: Any) -> None:
        writer.uint(value + self._extra, self._size)

    def from_json(self, form: Any) -> int:
        return integer_of(form)

    def schema(self) -> dict[str, Any]:
        return number_schema(8 * self._size)


def counting(size: int, extra: int, reason: str) -> Field:
    """How many octets follow: a number of ``size`` octets that counts ``extra`` more, such as its own.

    One that is less is a DecodeError of that ``reason``, in which ``{}`` is the number.
    """
    return Length(size, extra, reason)


class Single(Field):
    """An IEEE 754 single. A NaN of any bits is ``"nan"`` in JSON."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(methodcaller("f32"), exact=False, width=4)

    def write(self, writer: Writer, value: Any) -> None:
        writer.f32(value)

    def restores(self, value: Any, data: bytes) -> bool:
        return value == value or self.writes_again(value, data)

    def from_json(self, form: Any) -> float:
        if isinstance(form, bool) or not isinstance(form, (int, float, str)):
            raise ValueError(f"{form!r} is no number")
        return float(form)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "number"}, {"enum": ["nan", "inf", "-inf"]}]}


f32: Final = Single()


class Uint(Field):
    """All that is left, as one unsigned integer, 8 octets at most; written in ``size`` octets, or in 8."""

    __slots__ = ("_size",)

    def __init__(self, size: int) -> None:
        def read(reader: Reader) -> int:
            if len(reader) > 8:
                raise DecodeError(f"an integer of {len(reader)} octets", reader.offset)
            return reader.uint(len(reader))

        super().__init__(read, exact=False)
        self._size = size

    def write(self, writer: Writer, value: Any) -> None:
        writer.uint(value, self._size if value < 1 << 8 * self._size else 8)

    def restores(self, value: Any, data: bytes) -> bool:
        return len(data) == (self._size if value < 1 << 8 * self._size else 8)

    def from_json(self, form: Any) -> int:
        return integer_of(form)

    def schema(self) -> dict[str, Any]:
        return number_schema(64)


uint: Final = Uint(4)
"""All that is left, as one unsigned integer: for fields whose width is their length, 8 octets at most, by rights 4."""


class Slice(Field):
    """``width`` bits of an integer of ``size`` octets, ``shift`` above its lowest; its other bits are reserved."""

    __slots__ = ("_shift", "_size", "_width")

    def __init__(self, size: int, width: int, shift: int) -> None:
        mask = (1 << width) - 1

        def read(reader: Reader) -> int:
            return reader.uint(size) >> shift & mask

        super().__init__(read, exact=False, width=size)
        self._size = size
        self._width = width
        self._shift = shift

    def write(self, writer: Writer, value: Any) -> None:
        if not 0 <= value < 1 << self._width:
            raise ValueError(f"{value} does not fit {self._width} bits")
        writer.uint(value << self._shift, self._size)

    def restores(self, value: Any, data: bytes) -> bool:
        return int.from_bytes(data) == value << self._shift  # type: ignore[no-any-return]

    def from_json(self, form: Any) -> int:
        return integer_of(form)

    def schema(self) -> dict[str, Any]:
        return number_schema(self._width)


def low(size: int, width: int) -> Field:
    """The low ``width`` bits of ``size`` octets; those above are reserved."""
    return Slice(size, width, 0)


def high(size: int, width: int) -> Field:
    """The high ``width`` bits of ``size`` octets; those below are reserved."""
    return Slice(size, width, 8 * size - width)


class Named(Field):
    """An unsigned integer of ``size`` octets by its name; the number itself where it has none."""

    __slots__ = ("_numbers", "names", "size")

    def __init__(self, names: Mapping[int, str], size: int) -> None:
        numbers: dict[str, int] = {}
        for number, name in names.items():
            numbers.setdefault(name, number)
        super().__init__(reads_named(names, size), len(numbers) == len(names), size)
        self.names = names
        self.size = size
        self._numbers = numbers

    def write(self, writer: Writer, value: Any) -> None:
        if isinstance(value, str):
            number = self._numbers.get(value)
            if number is None:
                raise ValueError(f"{value!r} is not the name of a number here")
            value = number
        writer.uint(value, self.size)

    def from_json(self, form: Any) -> str | int:
        return form if isinstance(form, str) and form in self._numbers else integer_of(form)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"enum": [*self._numbers]}, number_schema(8 * self.size)]}


def named(names: Mapping[int, str], size: int = 1) -> Field:
    """An unsigned integer of ``size`` octets by its name; the number itself where it has none."""
    return Named(names, size)
