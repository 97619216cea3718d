"""Capabilities: one file each, imported when its code is first looked up in :data:`bgpwire.registry.CAPABILITIES`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.capability.base import Capability, UnknownCapability, decode_capability

if not TYPE_CHECKING:
    from bgpwire._lazy import lazy

    __getattr__ = lazy(__name__)

__all__ = ["Capability", "UnknownCapability", "decode_capability"]
