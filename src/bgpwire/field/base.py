"""What a field is: a declaration that reads, writes, names its parts, and has a form in JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from bgpwire._impl import Reader, Writer
from bgpwire.errors import DecodeError
from bgpwire.field.form import to_json
from bgpwire.field.form_error import WRONG, FormError
from bgpwire.field.walk import Span, Walk

type Reads = Callable[[Reader], Any]
"""What reads a value: the ``read`` of a field."""
type AnyField = Field | Reads
"""A field, or a function that reads as one: what fields are made of."""


class Field:
    """One sort of field. It reads its value where a reader stands, and writes it where a writer stands.

    ``read(reader)`` takes the field's octets and returns the value; DecodeError where they are malformed. It is an
    attribute, so that what reads many fields looks it up once, when it is declared. ``width`` is how many octets every
    value has, ``None`` where that varies.

    ``exact`` says that the JSON form of a value leads back to its octets, whatever they were: that nothing is reserved,
    no octets are read alike, and each form belongs to one value. Of a field that is not exact :meth:`restores` says it
    for one value.
    """

    __slots__ = ("exact", "read", "width")

    def __init__(self, read: Reads, exact: bool = True, width: int | None = None) -> None:
        self.read = read
        self.exact = exact
        self.width = width

    def write(self, writer: Writer, value: Any) -> None:
        """Add the octets of ``value``. ValueError or TypeError where it is no value of this field."""
        raise NotImplementedError

    def walk(self, walk: Walk) -> Any:
        """What :meth:`read` returns of ``walk.reader``, where each part has been read by ``walk``. A field without
        parts reads itself."""
        return self.read(walk.reader)

    def spans(self, reader: Reader) -> tuple[Span, ...]:
        """What stands where in all that ``reader`` holds: spans that cover it, by the names of the parts.

        It raises nothing: octets that are not a value of this field are ``malformed``.
        """
        walk = Walk(reader)
        walk.whole(lambda walk: walk.spread("value", self))
        return walk.spans

    @property
    def parts(self) -> tuple[tuple[str, Field], ...]:
        """What it is made of, by name, in the order of the wire; of a field without parts nothing."""
        return ()

    def to_json(self, value: Any) -> Any:
        """The value as JSON values."""
        return to_json(value)

    def from_json(self, form: Any) -> Any:
        """The value of a JSON form of such a value. Of any other form, see :meth:`encode_json`."""
        return form

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the form."""
        return {}

    def encode(self, value: Any) -> bytes:
        """The octets of ``value``, see :meth:`write`."""
        writer = Writer()
        self.write(writer, value)
        return bytes(writer)

    def encode_json(self, form: Any) -> bytes:
        """The octets of a JSON form, from any source. ValueError for other forms, NotImplementedError of fields that
        only read."""
        return of_form(lambda form: self.encode(self.from_json(form)), form)

    def decode(self, data: bytes) -> Any:
        """The value of all of ``data``. DecodeError where that is malformed, or more."""
        reader = Reader(data)
        value = self.read(reader)
        if len(reader):
            raise DecodeError(f"{len(reader)} octets too many", reader.offset)
        return value

    def restores(self, value: Any, data: bytes) -> bool:
        """Whether the JSON form of ``value``, which was read of all of ``data``, leads back to these octets.

        Where it does not (reserved bits that are set, an encoding that is not the canonical one), ``raw`` has to stand
        beside the form, the octets in hex. A field that is not exact looks at what may differ, or it writes the form.
        """
        return self.exact or self.writes_again(value, data)

    def writes_again(self, value: Any, data: bytes) -> bool:
        """As :meth:`restores`, by writing the form. Of fields that cannot write it is not known, and ``True``."""
        try:
            return self.encode_json(self.to_json(value)) == data
        except NotImplementedError:
            return True
        except ValueError:
            return False


class Reading(Field):
    """A field that is a function, and so only reads."""

    __slots__ = ()


def of_form[T](read: Callable[[Any], T], form: Any) -> T:
    """What ``read`` makes of a JSON form from any source. ValueError for forms that it cannot read."""
    try:
        return read(form)
    except ValueError:
        raise
    except WRONG as error:
        raise FormError(f"{type(error).__name__}: {error}") from None


def each_restores(fields: Iterable[Field], data: bytes) -> bool:
    """Whether each of ``fields``, read one behind the other, restores its octets: for those whose width varies.

    ``False`` too where they cannot be read without the octets that stood behind them.
    """
    reader = Reader(data)
    with suppress(DecodeError):
        for field in fields:
            begin = reader.offset
            value = field.read(reader)
            if not (field.exact or field.restores(value, reader.since(begin))):
                return False
        return True
    return False


def as_field(read: AnyField) -> Field:
    """A field as it is, a function as a field that only reads."""
    return read if isinstance(read, Field) else Reading(read, exact=False)


def octets_of(form: Any) -> bytes:
    """Octets as JSON has them, in hex. ValueError for anything else."""
    if not isinstance(form, str):
        raise ValueError(f"octets are hex, not {type(form).__name__}")
    return bytes.fromhex(form)


def integer_of(form: Any) -> int:
    """An integer as JSON has it: a number, or from 2^53 on its decimal digits as text. ValueError for others."""
    if isinstance(form, int) and not isinstance(form, bool):
        return form
    if isinstance(form, str) and form.isascii() and form.isdecimal():
        return int(form)
    raise ValueError(f"{form!r} is no unsigned integer")


def text_of(form: Any) -> str:
    """Text. ValueError for anything else."""
    if not isinstance(form, str):
        raise ValueError(f"text is needed, not {type(form).__name__}")
    return form


def members_of(form: Any) -> dict[str, Any]:
    """An object with members. ValueError for anything else."""
    if not isinstance(form, dict):
        raise ValueError(f"an object is needed, not {type(form).__name__}")
    return form


def items_of(form: Any) -> list[Any] | tuple[Any, ...]:
    """A list. ValueError for anything else."""
    if not isinstance(form, (list, tuple)):
        raise ValueError(f"a list is needed, not {type(form).__name__}")
    return form
