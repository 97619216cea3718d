"""Unpickling. A value pickled by one implementation loads under the other."""

from __future__ import annotations

import sys
from typing import Any


def restore(name: str, *args: Any) -> Any:
    """Call the factory of a public kernel class: ``restore("Prefix", wire, afi, path_id)``.

    The class is looked up in the package, which is always there, and has its names imported when they are asked for.
    """
    return getattr(sys.modules["bgpwire"], name)._restore(*args)
