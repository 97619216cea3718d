"""The kernels that write attributes and prefixes: what only reads does not load them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire._impl import load

if TYPE_CHECKING:
    from bgpwire._python.pack import pack_attributes, pack_updates, prefixes_afi, read_values
else:
    _pack = load("pack")
    pack_attributes = _pack.pack_attributes
    pack_updates = _pack.pack_updates
    prefixes_afi = _pack.prefixes_afi
    read_values = _pack.read_values

__all__ = ["pack_attributes", "pack_updates", "prefixes_afi", "read_values"]
