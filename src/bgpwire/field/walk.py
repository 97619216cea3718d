"""A walk over octets by the declarations that read them: which field stands where.

:meth:`bgpwire.field.Field.walk` reads what ``read`` reads, part by part, and hands each part to a :class:`Walk`, which
keeps where it stood. A field without parts has no ``walk`` of its own: it is one span, and so is a new sort of field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bgpwire.errors import DecodeError, TruncatedError
from bgpwire.immutable import Immutable

if TYPE_CHECKING:
    from bgpwire._impl import Reader
    from bgpwire.field.base import Field

MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Span(Immutable):
    """``length`` octets at ``offset``, what they are called, and their ``value`` as JSON or what they are made of.

    ``children`` are in order, touch one another and cover the span; a leaf has none. Octets that cannot be read are a
    leaf ``malformed`` whose ``error`` says why; where no octets are left, the span around them has the ``error``.
    """

    name: str
    offset: int
    length: int
    value: Any = None
    children: tuple[Span, ...] = ()
    error: str | None = None

    @property
    def end(self) -> int:
        """The offset behind its last octet."""
        return self.offset + self.length

    def leaves(self) -> Iterator[Span]:
        """The spans without children, in order: each octet is in exactly one of them."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()

    def json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"name": self.name, "offset": self.offset, "length": self.length}
        if self.children:
            out["children"] = [child.json() for child in self.children]
        else:
            out["value"] = self.value
        return out if self.error is None else out | {"error": self.error}


class _Found:
    """The spans found so far that stand side by side, and the error that has no octets of its own among them."""

    __slots__ = ("begin", "error", "spans")

    def __init__(self, begin: int) -> None:
        self.begin = begin
        self.spans: list[Span] = []
        self.error: str | None = None

    @property
    def end(self) -> int:
        return self.spans[-1].end if self.spans else self.begin


class Walk:
    """A ``reader``, and the spans of what has been read of it; they are the parts of one field."""

    __slots__ = ("_found", "reader")

    def __init__(self, reader: Reader, found: _Found | None = None) -> None:
        self.reader = reader
        self._found = _Found(reader.offset) if found is None else found

    def __len__(self) -> int:
        """How many octets are left."""
        return len(self.reader)

    @property
    def error(self) -> str | None:
        """Why the octets that should stand at the end are not there; ``None`` where a span says what is wrong."""
        return self._found.error

    @property
    def spans(self) -> tuple[Span, ...]:
        return tuple(self._found.spans)

    def __call__(self, name: str, field: Field) -> Any:
        """The value of ``field``, which stands here and is called ``name``. What it raises goes on."""
        return self.part(name, field.walk, field.to_json)

    def part(self, name: str, read: Callable[[Walk], Any], to_json: Callable[[Any], Any] | None = None) -> Any:
        """What ``read`` returns of a walk of its own: all that it finds is inside one span ``name``.

        Where it finds no parts the span has a value: ``to_json`` makes it, without one it is the octets in hex.
        """
        inner = Walk(self.reader)
        found = inner._found
        try:
            value = read(inner)
        except DecodeError:
            if found.spans:
                self._add(Span(name, found.begin, found.end - found.begin, None, inner.spans, found.error))
            raise
        if found.spans:
            self._add(Span(name, found.begin, found.end - found.begin, None, inner.spans, found.error))
        else:
            self._leaf(name, found.begin, value, to_json, found.error)
        return value

    def spread(self, name: str, field: Field) -> Any:
        """The value of ``field``, whose parts stand here side by side with others; ``name`` is for one without."""
        known, begin = len(self._found.spans), self.reader.offset
        value = field.walk(self)
        if len(self._found.spans) == known:
            self._leaf(name, begin, value, field.to_json)
        return value

    def length(self, field: Field) -> Any:
        """The value of ``field``, a length that may count bits or more than follows; its span has the number there."""
        reader, begin = self.reader, self.reader.offset
        return self.part("length", field.walk, lambda _: int.from_bytes(reader.since(begin)))

    def behind(self, field: Field, rest: str, *names: str) -> Any:
        """The value of a ``field`` that begins with a number of one octet for each of ``names``, and has the others by
        them, called ``rest``."""
        reader, begin = self.reader, self.reader.offset
        value = field.read(reader)
        for at, number in enumerate(reader.since(begin)[: len(names)], begin):
            self._add(Span(names[at - begin], at, 1, number))
        self._leaf(rest, begin + len(names), value, field.to_json)
        return value

    def bounded(
        self, name: str, size: int, read: Callable[[Walk], Any], to_json: Callable[[Any], Any] | None = None
    ) -> Any:
        """As :meth:`part`, of the next ``size`` octets and :meth:`whole`. The value is ``None`` where there is an error
        in them. Where there are not so many octets, those that are there are read, and then it is a DecodeError."""
        left = len(self)
        value = self.part(name, lambda inner: inner.sub(min(size, left)).whole(read)[0], to_json)
        if size > left:
            raise TruncatedError(f"{name}: {size} octets needed, {left} left", self.reader.offset)
        return value

    def adopt(self, other: Walk) -> None:
        """Take the spans of ``other``, a walk of a reader of its own over the octets that stand here."""
        self.reader.skip(other.reader.offset - self.reader.offset)
        self._found.spans += other._found.spans

    def sub(self, size: int) -> Walk:
        """A walk over the next ``size`` octets, whose spans stand side by side with those of this one."""
        return Walk(self.reader.sub(size), self._found)

    def whole(self, read: Callable[[Walk], Any], what: str = "") -> tuple[Any, DecodeError | None]:
        """What ``read`` returns of all octets that are left. Those that it leaves or cannot read are ``malformed``, and
        the error is returned. ``what`` stands in front of the reason where octets are left."""
        reader = self.reader
        try:
            value = read(self)
            if len(reader):
                raise DecodeError(f"{what}{len(reader)} octets too many", reader.offset)
        except DecodeError as error:
            reader.skip(len(reader))
            begin = self._found.end
            octets = reader.since(begin)
            if octets:
                self._add(Span(MALFORMED, begin, len(octets), octets.hex(), (), error.reason))
            else:
                self._found.error = error.reason
            return None, error.fresh()
        return value, None

    def _leaf(
        self, name: str, begin: int, value: Any, to_json: Callable[[Any], Any] | None, error: str | None = None
    ) -> None:
        size = self.reader.offset - begin
        if not size:
            self._found.error = self._found.error or error
            return
        form = None if to_json is None or value is None else to_json(value)
        self._add(Span(name, begin, size, self.reader.since(begin).hex() if form is None else form, (), error))

    def _add(self, span: Span) -> None:
        self._found.spans.append(span)
