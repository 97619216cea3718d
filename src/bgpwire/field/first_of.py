"""One of several fields that only reading tells apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import Reader
from bgpwire.errors import DecodeError
from bgpwire.field.choice import OneOf
from bgpwire.field.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from bgpwire.field.base import Field


class FirstOf(OneOf):
    """The first field that all octets which are left can be read as; see :func:`first_of`."""

    __slots__ = ()

    def __init__(self, of: Callable[[Any], Field], kinds: tuple[Field, ...]) -> None:
        super().__init__(self._read, False, of, kinds)

    def _read(self, reader: Reader) -> Any:
        octets, at = reader.ahead(len(reader)), reader.offset
        fault = None
        for kind in self.kinds[:-1]:
            inner = Reader(octets, 0, None, at)
            try:
                value = kind.read(inner)
                _end(inner)
            except DecodeError as error:
                fault = fault or error.fresh()
                continue
            reader.skip(len(octets))
            return self.found(kind, value, fault)
        return self._last(lambda last: last.read(reader), fault)

    def walk(self, walk: Walk) -> Any:
        octets, at = walk.reader.ahead(len(walk)), walk.reader.offset
        fault = None
        for kind in self.kinds[:-1]:
            inner = Walk(Reader(octets, 0, None, at))
            try:
                value = kind.walk(inner)
                _end(inner.reader)
            except DecodeError as error:
                fault = fault or error.fresh()
                continue
            walk.adopt(inner)
            return self.found(kind, value, fault)
        return self._last(lambda last: last.walk(walk), fault)

    def _last(self, read: Callable[[Field], Any], fault: DecodeError | None) -> Any:
        last = self.kinds[-1]
        try:
            value = read(last)
        except DecodeError as error:
            raise fault or error from None
        return self.found(last, value, fault)

    def found(self, kind: Field, value: Any, fault: DecodeError | None) -> Any:
        """The value of this field where ``kind`` read ``value``; ``fault`` is why the first of the kinds could not."""
        return value


def _end(reader: Reader) -> None:
    if len(reader):
        raise DecodeError(f"{len(reader)} octets too many", reader.offset)


def first_of(of: Callable[[Any], Field], *kinds: Field) -> Field:
    """All that is left, as the first of ``kinds`` that it can be read as; what none of the others can read is the last.
    The error, where the last cannot either, is that of the first.

    ``of`` says which of them a value, or its JSON form, is written in.
    """
    return FirstOf(of, kinds)
