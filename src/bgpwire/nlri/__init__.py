"""NLRI: one file a family, entered in :data:`bgpwire.registry.NLRI` when this package is imported."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from bgpwire.nlri.base import EMPTY, INVALID, Nlri, NlriContext, UnknownNlri
from bgpwire.nlri.collection import MpNlriCollection, NlriCollection, decode_nlri, decode_single

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

__all__ = [
    "EMPTY",
    "INVALID",
    "MpNlriCollection",
    "Nlri",
    "NlriCollection",
    "NlriContext",
    "UnknownNlri",
    "decode_nlri",
    "decode_single",
]
