"""Routes, the events they come in, and the peers that sent them."""

from __future__ import annotations

from bgpwire._lazy import lazy

__getattr__ = lazy(__name__)
