"""The kernel of lines, of the implementation that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire._impl import load

if TYPE_CHECKING:
    from bgpwire._python.lines import iter_lines
else:
    iter_lines = load("lines").iter_lines

__all__ = ["iter_lines"]
