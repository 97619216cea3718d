"""Capabilities: one file each, imported when :data:`bgpwire.registry.CAPABILITIES` is asked for its code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.capability.base import Capability, UnknownCapability, decode_capability

if not TYPE_CHECKING:
    from bgpwire._lazy import lazy

    __getattr__ = lazy(__name__)

__all__ = ["Capability", "UnknownCapability", "decode_capability"]
