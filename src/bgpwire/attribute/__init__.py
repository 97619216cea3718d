"""Path attributes: one file each, imported when :data:`bgpwire.registry.ATTRIBUTES` is asked for its code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if not TYPE_CHECKING:
    from bgpwire._lazy import lazy

    __getattr__ = lazy(__name__)
