"""The kernels that write attributes and prefixes: what only reads does not load them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire._impl import load

if TYPE_CHECKING:
    from bgpwire._python.pack import announced, pack_attributes, pack_updates, read_values, unicast
else:
    _pack = load("pack")
    announced = _pack.announced
    pack_attributes = _pack.pack_attributes
    pack_updates = _pack.pack_updates
    read_values = _pack.read_values
    unicast = _pack.unicast

__all__ = ["announced", "pack_attributes", "pack_updates", "read_values", "unicast"]
