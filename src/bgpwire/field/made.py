"""Fields made of one other: checked, turned into another value, or behind a length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import reads_sized, reads_turned
from bgpwire.errors import DecodeError
from bgpwire.field.base import Field
from bgpwire.field.form import to_json
from bgpwire.field.number import number

if TYPE_CHECKING:
    from collections.abc import Callable

    from bgpwire._impl import Reader, Writer
    from bgpwire.field.base import Reads
    from bgpwire.field.walk import Walk


class _Around(Field):
    """A field around another, whose values, parts and forms are those of the one inside."""

    __slots__ = ("item",)

    def __init__(self, read: Reads, exact: bool, item: Field, width: int | None = None) -> None:
        super().__init__(read, exact, width)
        self.item = item

    @property
    def parts(self) -> tuple[tuple[str, Field], ...]:
        return self.item.parts

    def to_json(self, value: Any) -> Any:
        return self.item.to_json(value)

    def from_json(self, form: Any) -> Any:
        return self.item.from_json(form)

    def restores(self, value: Any, data: bytes) -> bool:
        return self.item.restores(value, data)

    def schema(self) -> dict[str, Any]:
        return self.item.schema()


class Checked(_Around):
    """A field some of whose values are malformed; see :func:`checked`."""

    __slots__ = ("_reason", "_valid")

    def __init__(self, item: Field, valid: Callable[[Any], bool], reason: str) -> None:
        field = item.read

        def read(reader: Reader) -> Any:
            at = reader.offset
            value = field(reader)
            if not valid(value):
                raise DecodeError(reason.format(value), at)
            return value

        super().__init__(read, item.exact, item, item.width)
        self._valid = valid
        self._reason = reason

    def walk(self, walk: Walk) -> Any:
        at = walk.reader.offset
        value = self.item.walk(walk)
        if not self._valid(value):
            raise DecodeError(self._reason.format(value), at)
        return value

    def write(self, writer: Writer, value: Any) -> None:
        if not self._valid(value):
            raise ValueError(self._reason.format(value))
        self.item.write(writer, value)


def checked(field: Field, valid: Callable[[Any], bool], reason: str) -> Field:
    """``field``; a value that is not ``valid`` is a DecodeError of that ``reason``, in which ``{}`` is the value."""
    return Checked(field, valid, reason)


class Turned(Field):
    """A field whose value is made of that of another; see :func:`turned`."""

    __slots__ = ("_back", "_leads_back", "_of_json", "_schema", "_there", "item")

    def __init__(
        self,
        item: Field,
        there: Callable[[Any], Any],
        back: Callable[[Any], Any],
        of_json: Callable[[Any], Any] | None,
        schema: dict[str, Any] | None = None,
        exact: bool = False,
    ) -> None:
        super().__init__(reads_turned(item.read, there), exact and item.exact, item.width)
        self.item = item
        self._leads_back = exact
        self._there = there
        self._back = back
        self._of_json = of_json
        self._schema = schema or {}

    def walk(self, walk: Walk) -> Any:
        return self._there(self.item.walk(walk))

    def write(self, writer: Writer, value: Any) -> None:
        self.item.write(writer, self._back(value))

    def restores(self, value: Any, data: bytes) -> bool:
        if self._leads_back:
            return self.item.exact or self.item.restores(self._back(value), data)
        return self.writes_again(value, data)

    def to_json(self, value: Any) -> Any:
        return to_json(value)

    def from_json(self, form: Any) -> Any:
        return form if self._of_json is None else self._of_json(form)

    def schema(self) -> dict[str, Any]:
        return self._schema


def turned(
    field: Field,
    there: Callable[[Any], Any],
    back: Callable[[Any], Any],
    of_json: Callable[[Any], Any] | None = None,
    schema: dict[str, Any] | None = None,
    exact: bool = False,
) -> Field:
    """``there`` makes the value of that of ``field``, ``back`` the other way; ``of_json`` makes it of its JSON form.

    Without ``of_json`` the value is its own form. ``schema`` is the JSON Schema of the form. ``exact`` promises that
    the way back from the form always ends at the value of ``field`` where it began; without it that is looked at.
    """
    return Turned(field, there, back, of_json, schema, exact)


def nonzero(field: Field) -> Field:
    """A number that is left out where it is 0: a ``field`` of which 0 reads as ``None``."""
    return Turned(field, lambda number: number or None, lambda number: number or 0, None, exact=True)


class Sized(_Around):
    """A field behind its length; see :func:`sized`."""

    __slots__ = ("_extra", "_least", "_reason", "_size")

    def __init__(self, item: Field, size: int, extra: int, least: int, reason: str | None) -> None:
        read = reads_sized(item.read, size, extra, least, reason)
        super().__init__(read, item.exact and (reason is not None or not (extra or least)), item)
        self._size = size
        self._extra = extra
        self._least = least
        self._reason = reason

    def walk(self, walk: Walk) -> Any:
        at = walk.reader.offset
        length = walk("length", number(self._size))
        if length - self._extra < self._least and self._reason is not None:
            raise DecodeError(self._reason.format(length), at)
        body = walk.sub(max(length - self._extra, self._least))
        value = body.spread("value", self.item)
        if len(body):
            raise DecodeError(f"{len(body)} octets too many", body.reader.offset)
        return value

    def write(self, writer: Writer, value: Any) -> None:
        with writer.sub(self._size, self._extra) as body:
            self.item.write(body, value)

    def restores(self, value: Any, data: bytes) -> bool:
        body = data[self._size :]
        return int.from_bytes(data[: self._size]) == len(body) + self._extra and self.item.restores(value, body)

    @property
    def parts(self) -> tuple[tuple[str, Field], ...]:
        return (("", self.item),)


def sized(field: Field, size: int, extra: int = 0, least: int = 0, reason: str | None = None) -> Field:
    """A length of ``size`` octets, and ``field`` in so many, less the ``extra`` ones that the length counts too.

    A length that leaves less than ``least`` octets is read as if it left so many; with a ``reason``, in which ``{}`` is
    the length, it is a DecodeError.
    """
    return Sized(field, size, extra, least, reason)


class Marked(_Around):
    """A field behind a number that is always the same; see :func:`marked`."""

    __slots__ = ("_name", "_number", "_reason", "_size")

    def __init__(self, number: int, size: int, item: Field, reason: str, name: str) -> None:
        field = item.read

        def read(reader: Reader) -> Any:
            at = reader.offset
            found = reader.uint(size)
            if found != number:
                raise DecodeError(reason.format(found), at)
            return field(reader)

        super().__init__(read, item.exact, item, None if item.width is None else size + item.width)
        self._number = number
        self._size = size
        self._reason = reason
        self._name = name

    def walk(self, walk: Walk) -> Any:
        at = walk.reader.offset
        found = walk(self._name, number(self._size))
        if found != self._number:
            raise DecodeError(self._reason.format(found), at)
        return walk.spread("value", self.item)

    def write(self, writer: Writer, value: Any) -> None:
        writer.uint(self._number, self._size)
        self.item.write(writer, value)

    def restores(self, value: Any, data: bytes) -> bool:
        return self.item.restores(value, data[self._size :])


def marked(number: int, size: int, field: Field, reason: str, name: str = "type") -> Field:
    """``field`` behind ``number`` in ``size`` octets; any other is a DecodeError of that ``reason``, ``{}`` in it.

    ``name`` is what the number is called.
    """
    return Marked(number, size, field, reason, name)
