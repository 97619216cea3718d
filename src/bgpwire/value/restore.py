"""Unpickling. A value pickled by one implementation loads under the other."""

from __future__ import annotations

from typing import Any


def restore(name: str, *args: Any) -> Any:
    """Call the factory of a kernel class: ``restore("Prefix", wire, afi, path_id)``."""
    from bgpwire import _impl

    return getattr(_impl, name)._restore(*args)
