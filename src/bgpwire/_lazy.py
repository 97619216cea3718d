"""Packages whose names and modules are imported on first access (PEP 562)."""

from __future__ import annotations

import sys
import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NOTHING: Mapping[str, str] = {}


def lazy(
    package: str, names: Mapping[str, str] = _NOTHING, renamed: Mapping[str, str] = _NOTHING
) -> Callable[[str], Any]:
    """The ``__getattr__`` of ``package``: names by the module that has them, and the package's own modules.

    ``renamed`` has names of an earlier release, ``module:name`` today: they work, with a DeprecationWarning.
    """

    def __getattr__(name: str) -> Any:
        if name in names:
            value = getattr(import_module(names[name]), name)
            setattr(sys.modules[package], name, value)
            return value
        if name in renamed:
            module, _, new = renamed[name].partition(":")
            warnings.warn(f"{package}.{name} is deprecated: use {module}.{new}", DeprecationWarning, stacklevel=2)
            return getattr(import_module(module), new)
        if not name.startswith("_"):
            module = f"{package}.{name}"
            try:
                return import_module(module)
            except ModuleNotFoundError as error:
                if error.name != module:
                    raise
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return __getattr__
