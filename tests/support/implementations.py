"""The compiled and the pure package side by side in one process.

Each is the whole of ``bgpwire``, imported under its own ``BGPWIRE_IMPLEMENTATION``, with its own entries of
``sys.modules``. :meth:`Implementation.active` puts those entries back for as long as a test runs, so that pickle, copy
and imports inside functions find the classes of the right package.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from importlib import import_module, invalidate_caches
from itertools import islice
from pkgutil import walk_packages
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

VARIABLE = "BGPWIRE_IMPLEMENTATION"
# A compiled module cannot be imported twice in a process: so the compiled package comes first, and the walk over the
# modules of one implementation leaves the kernels of the other alone.
_OTHER = {"cython": "bgpwire._python", "python": "bgpwire._cython"}


class Implementation:
    """One loaded package: ``package`` is its ``bgpwire``, ``name`` is ``cython`` or ``python``."""

    def __init__(self, name: str, modules: dict[str, ModuleType]) -> None:
        self.name = name
        self.modules = modules
        self.package: Any = modules["bgpwire"]

    def __repr__(self) -> str:
        return self.name

    @contextmanager
    def active(self) -> Iterator[Any]:
        """Make this the ``bgpwire`` that imports and pickles find; what was there before comes back."""
        if sys.modules.get("bgpwire") is self.package:
            yield self.package
            return
        before = _take()
        _put(self.modules)
        try:
            yield self.package
        finally:
            self.modules |= _take()
            _put(before)


_last: set[str] = set()
"""The names that :func:`_put` put in last, and that were last in ``sys.modules`` then."""


def _put(modules: dict[str, ModuleType]) -> None:
    """Enter these into ``sys.modules``, in which there are no others of bgpwire's."""
    global _last
    sys.modules.update(modules)
    _last = set(modules)


def _take() -> dict[str, ModuleType]:
    """Remove and return the entries of ``sys.modules`` that are bgpwire's."""
    # Every second test does this. What is entered later stands behind what is there, so none of bgpwire's modules is in
    # front of those that were put in last; where these are not the end, thousands of names are looked through.
    names = list(islice(reversed(sys.modules), len(_last)))
    if set(names) != _last or not _last:
        names = [name for name in sys.modules if name == "bgpwire" or name.startswith("bgpwire.")]
    return dict(zip(names, map(sys.modules.pop, names), strict=True))


def _load(name: str) -> Implementation:
    """Import the package and all its modules under one implementation."""
    before = _take()
    asked = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = name
    try:
        package = import_module("bgpwire")
        for module in walk_packages(package.__path__, "bgpwire."):
            if not module.name.startswith(_OTHER[name]) and not module.name.endswith("__main__"):
                try:
                    import_module(module.name)
                except ModuleNotFoundError as error:
                    # A module for an optional dependency that is not installed here.
                    if (error.name or "").startswith("bgpwire"):
                        raise
        return Implementation(name, _take())
    finally:
        _take()
        sys.modules.update(before)
        if asked is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = asked


def available() -> list[str]:
    """``cython`` where its kernels are built, always ``python``; ``BGPWIRE_IMPLEMENTATION`` narrows it to one."""
    asked = os.environ.get(VARIABLE)
    if asked:
        return [asked]
    invalidate_caches()
    spec = import_module("importlib.util").find_spec
    # find_spec imports the packages above the one it looks for, so it must not do so under the compiled one.
    before = _take()
    os.environ[VARIABLE] = "python"
    try:
        built = _built(spec)
    finally:
        _take()
        sys.modules.update(before)
        del os.environ[VARIABLE]
    return ["cython", "python"] if built else ["python"]


def _built(find_spec: Any) -> bool:
    """Whether the compiled reader, which chooses the implementation, is there."""
    try:
        return find_spec("bgpwire._cython.reader") is not None
    except ModuleNotFoundError:
        return False


def load_all() -> list[Implementation]:
    """All that are available, the compiled one first; it stays the default ``bgpwire`` of the process."""
    loaded = [_load(name) for name in available()]
    _put(loaded[0].modules)
    return loaded
