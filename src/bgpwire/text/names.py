"""Names of numbers that several formats print."""

from __future__ import annotations

# RFC 4271 section 8.2.2; Quagga writes the last two into its dumps.
_STATES = ("idle", "connect", "active", "opensent", "openconfirm", "established", "clearing", "deleted")


def state_name(state: int) -> str:
    """``idle`` … ``established``; ``state_N`` for any other number."""
    return _STATES[state - 1] if 1 <= state <= len(_STATES) else f"state_{state}"
