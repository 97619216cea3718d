"""Octets as they are, text, and octets that mean nothing."""

from __future__ import annotations

from operator import methodcaller
from typing import TYPE_CHECKING, Any, Final

from bgpwire._impl import reads_octets, reads_turned, skips
from bgpwire.field.base import Field, octets_of, text_of

if TYPE_CHECKING:
    from bgpwire._impl import Reader, Writer

HEX: Final[dict[str, Any]] = {"type": "string", "pattern": "^([0-9a-f]{2})*$"}
"""The schema of octets."""


class Octets(Field):
    """So many octets; with ``size`` ``None`` all that are left."""

    __slots__ = ("_size",)

    def __init__(self, size: int | None) -> None:
        super().__init__(reads_octets(size), width=size)
        self._size = size

    def write(self, writer: Writer, value: Any) -> None:
        if self._size is not None and len(value) != self._size:
            raise ValueError(f"{len(value)} octets in place of {self._size}")
        writer.octets(value)

    def from_json(self, form: Any) -> bytes:
        return octets_of(form)

    def schema(self) -> dict[str, Any]:
        return HEX


octets: Final = Octets(None)
"""All that is left."""


def raw(size: int) -> Field:
    """That many octets."""
    return Octets(size)


class Reserved(Field):
    """Octets that mean nothing: read as ``None``, which records leave out, and written as zeros."""

    __slots__ = ("_size",)

    def __init__(self, size: int) -> None:
        super().__init__(skips(size), exact=False, width=size)
        self._size = size

    def write(self, writer: Writer, value: Any) -> None:
        writer.skip(self._size)

    def restores(self, value: Any, data: bytes) -> bool:
        return not any(data)


def reserved(size: int) -> Field:
    """Octets that mean nothing; ``record`` leaves them out."""
    return Reserved(size)


class Spare(Field):
    """Octets that are to be 0: read as ``None`` where they are, kept where they are not."""

    __slots__ = ("_size",)

    def __init__(self, size: int) -> None:
        def read(reader: Reader) -> bytes | None:
            taken = reader.take(size)
            return taken if any(taken) else None

        super().__init__(read, width=size)
        self._size = size

    def write(self, writer: Writer, value: Any) -> None:
        if value is None:
            writer.skip(self._size)
            return
        if len(value) != self._size:
            raise ValueError(f"{len(value)} octets in place of {self._size}")
        writer.octets(value)

    def from_json(self, form: Any) -> bytes | None:
        return None if form is None else octets_of(form)

    def schema(self) -> dict[str, Any]:
        return HEX


def spare(size: int) -> Field:
    """Octets that are to be 0: left out where they are, kept where they are not."""
    return Spare(size)


class Text(Field):
    """All that is left, as UTF-8; invalid octets come as U+FFFD."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(reads_turned(reads_octets(None), methodcaller("decode", "utf-8", "replace")), exact=False)

    def write(self, writer: Writer, value: Any) -> None:
        writer.octets(value.encode("utf-8"))

    def restores(self, value: Any, data: bytes) -> bool:
        return value.encode("utf-8") == data  # type: ignore[no-any-return]

    def from_json(self, form: Any) -> str:
        return text_of(form)

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}


text: Final = Text()


class Nothing(Field):
    """No octets; ``True`` says that the field is there."""

    __slots__ = ()

    def __init__(self) -> None:
        def read(reader: Reader) -> bool:
            return True

        super().__init__(read, width=0)

    def write(self, writer: Writer, value: Any) -> None:
        if value is not True:
            raise ValueError(f"{value!r} in a field of no octets")

    def schema(self) -> dict[str, Any]:
        return {"const": True}


nothing: Final = Nothing()
"""A field of no octets that says something by being there."""
