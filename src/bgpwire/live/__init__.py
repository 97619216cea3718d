"""Live sources of BGP, and what was recorded of them: RIS Live, OpenBMP's message bus, captures of a wire."""

from __future__ import annotations

from bgpwire._lazy import lazy

__getattr__ = lazy(__name__)
