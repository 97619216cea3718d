"""Everything imported at once, for programs that must not import later."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from bgpwire.mrt.compression import FORMATS

if TYPE_CHECKING:
    from types import ModuleType

_LEFT_OUT = (
    "bgpwire.__main__",
    "bgpwire._cython",
    "bgpwire._python",
    "bgpwire.cli",
    "bgpwire.compat",
    "bgpwire.spread",
)
"""Programs, what stands for other packages or goes into engines, and the kernels, of which those that run are imported
by what uses them."""


def preload() -> None:
    """Import all of bgpwire that decodes, so that nothing is imported when an attribute or a family is first met.

    For a daemon that calls it before it forks (its children share the memory), changes its root directory or gives up
    the right to read its files. The libraries for compressed archives that are installed are imported too. It may be
    called again, from any thread.
    """
    _import_all(sys.modules["bgpwire"])
    for form in FORMATS:
        with suppress(ImportError):
            form.make()


def _import_all(package: ModuleType) -> None:
    for found in iter_modules(package.__path__, f"{package.__name__}."):
        if not found.name.startswith(_LEFT_OUT):
            module = import_module(found.name)
            if found.ispkg:
                _import_all(module)
