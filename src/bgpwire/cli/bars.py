"""Bars of characters, for what counts and charts show."""

from __future__ import annotations

import sys

__all__ = ["WIDTH", "bar", "has_blocks"]

WIDTH = 40
"""Characters of the longest bar, where nothing else is said."""


def has_blocks() -> bool:
    """Whether standard output has the characters of Unicode that blocks and lines are drawn with."""
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def bar(part: float, width: int = WIDTH) -> str:
    """A bar of blocks and eighths of a block, of ``#`` where the output has no such characters.

    ``part`` is how much of ``width`` it fills, from 0 to 1; it is an eighth, or one ``#``, at least.
    """
    eighths = round(part * width * 8)
    if not has_blocks():
        return "#" * max(1, eighths // 8)
    full, rest = divmod(max(1, eighths), 8)
    return "█" * full + ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")[rest]
