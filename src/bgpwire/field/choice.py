"""Fields of which something else decides what they are: a field in front of them, or how many octets there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import reads_chosen, reads_depending
from bgpwire.errors import DecodeError
from bgpwire.field.base import AnyField, Field, Reads, as_field

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bgpwire._impl import Reader, Writer
    from bgpwire.field.walk import Walk


class Depends(Field):
    """A member of a record: ``choose`` takes the members in front of it and gives the field that it is."""

    __slots__ = ("choose", "kinds")

    def __init__(
        self, choose: Callable[[Mapping[str, Any]], Field], kinds: tuple[Field, ...], exact: bool = False
    ) -> None:
        super().__init__(reads_depending(choose), exact)
        self.choose = choose
        self.kinds = kinds

    @property
    def parts(self) -> tuple[tuple[str, Field], ...]:
        return tuple(("", kind) for kind in self.kinds)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [kind.schema() for kind in self.kinds]}


def depends(choose: Callable[[Mapping[str, Any]], Field], *kinds: Field, exact: bool = False) -> Field:
    """A member of a record that is one of ``kinds``: ``choose`` takes the members in front and says which.

    ``exact`` promises that of each field that it chooses.
    """
    return Depends(choose, kinds, exact)


def switch(member: str, kinds: Mapping[Any, AnyField], otherwise: AnyField) -> Field:
    """A member of a record that the value of the ``member`` in front of it decides."""
    fields = {value: as_field(kind) for value, kind in kinds.items()}
    rest = as_field(otherwise)
    return Depends(lambda values: fields.get(values[member], rest), (*fields.values(), rest))


class OneOf(Field):
    """One of several ``kinds`` of field: ``of`` says which of them a value, or its JSON form, is written in."""

    __slots__ = ("_of", "kinds")

    def __init__(self, read: Reads, exact: bool, of: Callable[[Any], Field], kinds: tuple[Field, ...]) -> None:
        super().__init__(read, exact)
        self._of = of
        self.kinds = kinds

    def write(self, writer: Writer, value: Any) -> None:
        self._of(value).write(writer, value)

    @property
    def parts(self) -> tuple[tuple[str, Field], ...]:
        return tuple(("", kind) for kind in self.kinds)

    def to_json(self, value: Any) -> Any:
        return self._of(value).to_json(value)

    def from_json(self, form: Any) -> Any:
        return self._of(form).from_json(form)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [kind.schema() for kind in self.kinds]}


class Chosen(OneOf):
    """One of several fields; see :func:`chosen`."""

    __slots__ = ("_by", "_leads_back")

    def __init__(
        self, by: Callable[[Reader], Field], of: Callable[[Any], Field], kinds: tuple[Field, ...], exact: bool
    ) -> None:
        super().__init__(reads_chosen(by), exact and all(kind.exact for kind in kinds), of, kinds)
        self._leads_back = exact
        self._by = by

    def walk(self, walk: Walk) -> Any:
        return self._by(walk.reader).walk(walk)

    def restores(self, value: Any, data: bytes) -> bool:
        kind = self._of(value)
        if self._leads_back:
            return kind.restores(value, data)
        # Another kind may have read it; one of the width of the octets reads them alike.
        if kind.width is None:
            return self.writes_again(value, data)
        return kind.width == len(data) and kind.restores(value, data)


def chosen(by: Callable[[Reader], Field], of: Callable[[Any], Field], *kinds: Field, exact: bool = False) -> Field:
    """One of ``kinds``: ``by`` says which stands where a reader stands, taking nothing; ``of`` which a value, or its
    JSON form, is written in. ``exact`` promises that this one writes what the other read; without it that is looked at.
    """
    return Chosen(by, of, kinds, exact)


class ByLength(Field):
    """One field for each number of octets that are left; see :func:`by_length`."""

    __slots__ = ("_length", "kinds")

    def __init__(self, what: str, kinds: Mapping[int, Field], length: Callable[[Any], int], exact: bool) -> None:
        reads = {size: kind.read for size, kind in kinds.items()}

        def read(reader: Reader) -> Any:
            field = reads.get(len(reader))
            if field is None:
                raise DecodeError(f"{what} of {len(reader)} octets", reader.offset)
            return field(reader)

        super().__init__(read, exact and all(kind.exact for kind in kinds.values()))
        self.kinds = kinds
        self._length = length

    def walk(self, walk: Walk) -> Any:
        kind = self.kinds.get(len(walk))
        return self.read(walk.reader) if kind is None else kind.walk(walk)

    def _kind(self, value: Any) -> Field:
        size = self._length(value)
        if size not in self.kinds:
            raise ValueError(f"a value of {size} octets is not one of these")
        return self.kinds[size]

    def write(self, writer: Writer, value: Any) -> None:
        self._kind(value).write(writer, value)

    def restores(self, value: Any, data: bytes) -> bool:
        return self.exact or (self._length(value) == len(data) and self.kinds[len(data)].restores(value, data))

    @property
    def parts(self) -> tuple[tuple[str, Field], ...]:
        return tuple(("", kind) for kind in self.kinds.values())

    def to_json(self, value: Any) -> Any:
        return self._kind(value).to_json(value)

    def from_json(self, form: Any) -> Any:
        """``length`` takes the form as it takes the value."""
        return self._kind(form).from_json(form)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [kind.schema() for kind in self.kinds.values()]}


def by_length(what: str, kinds: Mapping[int, Field], length: Callable[[Any], int], exact: bool = False) -> Field:
    """The field of the number of octets that are left. Any other number is a DecodeError: ``what`` of N octets.

    ``length`` says of a value, or of its form in JSON, how many octets it is written in. ``exact`` promises that these
    are as many as it was read of; without it that is looked at.
    """
    return ByLength(what, kinds, length, exact)
