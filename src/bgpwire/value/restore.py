"""Unpickling. A value pickled by one implementation loads under the other."""

from __future__ import annotations

import sys
from typing import Any


def restore(name: str, *args: Any) -> Any:
    """Call the factory of a public kernel class: ``restore("Prefix", wire, afi, path_id)``.

    The class is looked up in the package, which is always imported, and which imports its names on first access.
    """
    return getattr(sys.modules["bgpwire"], name)._restore(*args)
