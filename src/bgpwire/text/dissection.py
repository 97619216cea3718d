"""A dissected message for people: a line for each field, with offset, octets, name and value.

The columns fit the width of the terminal: octets and values that do not are cut, and go on in the next line.
"""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Any, Final

from bgpwire.field.walk import MALFORMED
from bgpwire.text.paint import plain
from bgpwire.value.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bgpwire.field import Span
    from bgpwire.text.paint import Paint

_NARROW: Final = 64
_WIDE: Final = 120
_LEAST: Final = 16
"""Columns that a value has, however narrow all is."""


def dissection_lines(span: Span, data: bytes, width: int = 80, paint: Paint = plain) -> Iterator[str]:
    """The lines, without newlines, of the tree ``span`` of the octets ``data``, in ``width`` columns."""
    octets = 4 if width < _NARROW else 8 if width < _WIDE else 16
    rows = _Rows(data, width, octets, 1 if width < _NARROW else 2, paint)
    yield paint("bold", f"{span.name}, {span.length} octets")
    yield from rows.of(span.children, 0)
    if span.error is not None:
        yield from rows.error(span.error, 0)


class _Rows:
    def __init__(self, data: bytes, width: int, octets: int, step: int, paint: Paint) -> None:
        self.data = data
        self.width = width
        self.octets = octets
        self.step = step
        self.paint = paint
        self.offsets = max(4, len(str(len(data))))

    def of(self, spans: tuple[Span, ...], depth: int) -> Iterator[str]:
        """Lines of spans side by side; the values of those without children stand below one another."""
        names = max((len(span.name) for span in spans if not span.children), default=0)
        for span in spans:
            if span.children:
                yield self._front(span.offset, "", depth) + self.paint("bold", span.name)
                yield from self.of(span.children, depth + 1)
            else:
                yield from self._leaf(span, depth, names)
            if span.error is not None and span.name != MALFORMED:
                yield from self.error(span.error, depth + 1)

    def _leaf(self, span: Span, depth: int, names: int) -> Iterator[str]:
        octets = self.data[span.offset : span.end]
        shown = octets[: self.octets].hex() + ("…" if len(octets) > self.octets else "")
        front = self._front(span.offset, shown, depth)
        value = _text(span.value)
        if span.name == MALFORMED:
            value = f"! {visible(span.error or '')}"
        elif value == octets.hex():
            # The octets stand there already, as many as the column holds.
            value = "" if len(octets) <= self.octets else _run(octets) or value
        column = self._column(depth) + names + 2
        style = "red" if span.error is not None else "cyan"
        name = front + self.paint(style, span.name)
        if self.width - column < min(_LEAST, len(value)):
            yield name
            column = self._column(depth) + 2
            first, *more = "", *self._wrapped(value, column)
        else:
            first, *more = self._wrapped(value, column)
            yield name + (" " * (names + 2 - len(span.name)) + first if first else "")
        for line in more:
            yield " " * column + line

    def error(self, reason: str, depth: int) -> Iterator[str]:
        """Why octets cannot be read, or are not there."""
        column = self._column(depth)
        for line in self._wrapped(f"! {visible(reason)}", column):
            yield " " * column + self.paint("red", line)

    def _front(self, offset: int, octets: str, depth: int) -> str:
        """All that stands in front of a name."""
        size = 2 * self.octets + 1
        gap = self._column(depth) - self.offsets - 2 - size
        return self.paint("dim", f"{offset:{self.offsets}}  {octets:{size}}") + " " * gap

    def _column(self, depth: int) -> int:
        """Where a name begins; where there are few columns those that are deepest are no further right."""
        head = self.offsets + 2 * self.octets + 5
        return head + min(self.step * depth, max(0, self.width - head - 2 * _LEAST))

    def _wrapped(self, text: str, column: int) -> list[str]:
        return textwrap.wrap(text, max(_LEAST, self.width - column), break_on_hyphens=False) or [""]


def _text(value: Any) -> str:
    """A value of a leaf in one line: lists with commas, bits by name, what is nested as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_word, value)) or "-"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_word(member)}" for name, member in value.items())
    return visible(str(value))


def _run(octets: bytes) -> str:
    """``16 times ff`` of octets that are all alike, nothing of others."""
    return f"{len(octets)} times {octets[:1].hex()}" if len({*octets}) == 1 else ""


def _word(value: Any) -> str:
    return visible(json.dumps(value, ensure_ascii=False)) if isinstance(value, (dict, list)) else _text(value)
