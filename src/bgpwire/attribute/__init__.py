"""Path attributes: one file each, entered in :data:`bgpwire.registry.ATTRIBUTES` when this package is imported."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
