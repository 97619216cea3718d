"""How much work a call is: counted, not timed (``sys.monitoring``)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

TOOL = 4
"""One of the identifiers of ``sys.monitoring`` that no tool has for itself."""


def counted(call: Callable[[], Any], *events: int) -> int:
    """How many ``events`` there are of ``sys.monitoring`` while ``call`` runs."""
    count = 0

    def enter(*_: Any) -> None:
        nonlocal count
        count += 1

    monitoring = sys.monitoring
    monitoring.use_tool_id(TOOL, "growth")
    try:
        for event in events:
            monitoring.register_callback(TOOL, event, enter)
        monitoring.set_events(TOOL, sum(events))
        call()
    finally:
        monitoring.set_events(TOOL, 0)
        monitoring.free_tool_id(TOOL)
    return count


def lines(call: Callable[[], Any]) -> int:
    """How many lines of Python ``call`` executes, and how often it goes round a loop."""
    # A loop on one line is jumps, a generator that is resumed.
    return counted(call, sys.monitoring.events.LINE, sys.monitoring.events.JUMP, sys.monitoring.events.PY_RESUME)


def entered(call: Callable[[], Any]) -> int:
    """How many functions are entered, those of C among them."""
    return counted(call, sys.monitoring.events.PY_START, sys.monitoring.events.CALL)
