"""Path attributes: one file each, imported when its code is first looked up in :data:`bgpwire.registry.ATTRIBUTES`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if not TYPE_CHECKING:
    from bgpwire._lazy import lazy

    __getattr__ = lazy(__name__)
