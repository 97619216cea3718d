"""Colour, where it is wanted: a painter takes the name of a style and a text."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TextIO

type Paint = Callable[[str, str], str]

# ECMA-48 section 8.3.117, Select Graphic Rendition.
_CODES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "magenta": "35",
    "cyan": "36",
}


def plain(style: str, text: str) -> str:
    """The text as it is."""
    return text


def colour(style: str, text: str) -> str:
    """The text in the style's colour; the empty text stays empty."""
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if text else ""


def can_colour(out: TextIO) -> bool:
    """Whether ``out`` is a terminal with colours, and NO_COLOR is not set (https://no-color.org)."""
    return out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def painter(wanted: bool) -> Paint:
    """:func:`colour` or :func:`plain`."""
    return colour if wanted else plain
