"""The states of a session (RFC 4271 section 8.2.2)."""

from __future__ import annotations

from enum import IntEnum


class State(IntEnum):
    """Numbered as MRT numbers them (RFC 6396 section 4.4.1)."""

    IDLE = 1
    CONNECT = 2
    ACTIVE = 3
    OPEN_SENT = 4
    OPEN_CONFIRM = 5
    ESTABLISHED = 6
