"""Everything imported at once, for programs that must not import later."""

from __future__ import annotations

import sys
from importlib import import_module
from pkgutil import walk_packages

_LEFT_OUT = ("bgpwire.__main__", "bgpwire._cython", "bgpwire._python", "bgpwire.cli", "bgpwire.compat")
"""Programs, what stands for other packages, and the kernels, of which those that run are imported by what uses them."""


def preload() -> None:
    """Import all of bgpwire that decodes, so that nothing is imported when an attribute or a family is first met.

    For a daemon that calls it before it forks (its children share the memory), changes its root directory or drops the
    right to read its files. It takes about as long as the first messages would, and may be called again for nothing.
    """
    for module in walk_packages(sys.modules["bgpwire"].__path__, "bgpwire."):
        if not module.name.startswith(_LEFT_OUT):
            import_module(module.name)
