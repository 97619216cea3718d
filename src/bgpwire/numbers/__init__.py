"""The numbers of the protocol and their names, as IANA registers them: a module for each group of registries.

Constants are in upper case with underscores (``EXTENDED COMMUNITIES`` is ``EXTENDED_COMMUNITIES``), plain integers, for
they stand in hot loops; the names that are shown are the same in lower case. Address families: :mod:`bgpwire.afi_safi`.
The compiled kernels have the same constants in ``_cython/numbers.pxd``.
"""

from __future__ import annotations

from typing import Final

from bgpwire.numbers.attribute import ATTRIBUTES
from bgpwire.numbers.capability import CAPABILITIES, capability_name

__all__ = ["ATTRIBUTES", "CAPABILITIES", "capability_name", "state_name"]

# RFC 4271 section 8.2.2; Quagga writes the last two into its dumps.
_STATES: Final = ("idle", "connect", "active", "opensent", "openconfirm", "established", "clearing", "deleted")


def state_name(state: int) -> str:
    """``idle`` … ``established``; ``state_N`` for any other number."""
    return _STATES[state - 1] if 1 <= state <= len(_STATES) else f"state_{state}"
