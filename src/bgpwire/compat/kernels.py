"""The kernels that make other packages' objects, of the implementation that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire._impl import load

if TYPE_CHECKING:
    from bgpwire._python.exabgp import Blueprint, PrefixBuilder
else:
    _exabgp = load("exabgp")
    Blueprint, PrefixBuilder = _exabgp.Blueprint, _exabgp.PrefixBuilder

__all__ = ["Blueprint", "PrefixBuilder"]
