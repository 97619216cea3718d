"""Extended communities by their meaning: one file a group, entered in the registry when this package is imported.

The key is the full type octet, authority (0x80) and non-transitive (0x40) bits included, and the sub-type:
``type << 8 | subtype``. Nothing is guessed from a part of it.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
