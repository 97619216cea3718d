"""The text of an extended community behind its label, both ways: ``65000:100``, ``vxlan``, ``hrw:32767:ac-df``."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Protocol

from bgpwire.field.octets import HEX

type Values = dict[str, Any]


class Part(Protocol):
    """One part of a text, between colons."""

    least: int
    """How many words it has at least."""

    def write(self, values: Values) -> str | None:
        """``None`` where it is left out."""

    def read(self, words: list[str], form: Values, schemas: Mapping[str, Any]) -> None:
        """Put what ``words`` say into the JSON form. ValueError where they are no such text."""


class Plain:
    """A value; ``optional`` where it is left out of the text when it is absent."""

    def __init__(self, name: str, optional: bool = False) -> None:
        self.least = 0 if optional else 1
        self._name = name

    def write(self, values: Values) -> str | None:
        value = values.get(self._name) if not self.least else values[self._name]
        return None if value is None else word(value)

    def read(self, words: list[str], form: Values, schemas: Mapping[str, Any]) -> None:
        if words:
            form[self._name] = form_of(words[0], schemas[self._name])


class Fixed:
    """A text that is always the same."""

    least = 1

    def __init__(self, text: str) -> None:
        self._text = text

    def write(self, values: Values) -> str:
        return self._text

    def read(self, words: list[str], form: Values, schemas: Mapping[str, Any]) -> None:
        if words != [self._text]:
            raise ValueError(f"{words[0]!r} in place of {self._text}")


class Listed:
    """Flags with commas between; ``empty`` stands for none of them, and with ``""`` nothing does."""

    def __init__(self, name: str, empty: str) -> None:
        self.least = 1 if empty else 0
        self._name = name
        self._empty = empty

    def write(self, values: Values) -> str | None:
        return ",".join(values[self._name]).replace("_", "-") or self._empty or None

    def read(self, words: list[str], form: Values, schemas: Mapping[str, Any]) -> None:
        names = words[0].replace("-", "_").split(",") if words and words[0] != self._empty else []
        form[self._name] = names


class Shown:
    """The parts of a text, by name or as above, optional ones behind the others or in front of them.

    ``whole`` makes the JSON form of the one that the text gives, where other members are wanted for those shown.
    """

    def __init__(self, *parts: str | Part, whole: Callable[[Values], Values] = dict) -> None:
        self._parts: tuple[Part, ...] = tuple(Plain(part) if isinstance(part, str) else part for part in parts)
        self._whole = whole

    def write(self, values: Values) -> str:
        return ":".join([text for part in self._parts if (text := part.write(values)) is not None])

    def read(self, text: str, schemas: Mapping[str, Any]) -> Values:
        """The JSON form, of members with these schemas. ValueError for other text."""
        words = text.split(":", max(len(self._parts) - 1, 0)) if text else []  # the last one may have colons: a MAC
        spare = len(words) - sum(part.least for part in self._parts)
        form: Values = {}
        if spare < 0:
            raise ValueError(f"{text!r} has too few parts")
        for part in self._parts:
            count = part.least or min(spare, 1)
            spare -= count - part.least
            part.read(words[:count], form, schemas)
            del words[:count]
        if words:
            raise ValueError(f"{text!r} has too many parts")
        return self._whole(form)


def all_of(schemas: Mapping[str, Any]) -> Shown:
    """All values, in the order of the octets; what is to be 0 only where it is not."""
    return Shown(*(Plain(name, optional=schema is HEX) for name, schema in schemas.items()))


def form_of(text: str, schema: Mapping[str, Any]) -> Any:
    """The JSON form of :func:`word`."""
    if schema.get("type") == "string":
        return text
    if schema.get("type") == "array":
        return [] if text == "-" else text.replace("-", "_").split(",")
    if text.isascii() and text.isdecimal():
        return int(text)
    name = text.replace("-", "_")
    choices = [schema, *schema.get("anyOf", ())]
    return name if any(name in choice.get("enum", ()) for choice in choices) else text


def word(value: Any) -> str:
    """One value: names with hyphens, lists of flags with commas, octets in hex, floats as :func:`float_text`."""
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list):
        return ",".join(map(str, value)).replace("_", "-") or "-"
    return str(value).replace("_", "-")


def float_text(value: float) -> str:
    """The shortest decimal that reads back as the same IEEE 754 single: ``1e+06``, ``-0``, ``inf``, ``nan``."""
    if value - value != 0:
        return str(value)
    for digits in range(1, 9):
        text = f"{value:.{digits}g}"
        with suppress(OverflowError):  # rounded up beyond the largest single
            if struct.unpack(">f", struct.pack(">f", float(text)))[0] == value:
                return text
    return f"{value:.9g}"
