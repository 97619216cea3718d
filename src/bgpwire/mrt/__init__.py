"""MRT archives (RFC 6396, RFC 8050): :func:`open` one and iterate its records, messages or routes."""

from __future__ import annotations

from bgpwire.mrt.bgp4mp import MrtMessage
from bgpwire.mrt.file import MrtFile, open
from bgpwire.resync import Skip

__all__ = ["MrtFile", "MrtMessage", "Skip", "open"]
