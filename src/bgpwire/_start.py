"""Ctrl-C while the command ``bgpwire`` is still loading: no traceback, exit status 130, as later in its ``main``.

The command's own modules cannot see to it, for this package is loaded before them. Programs that import bgpwire are
left as they are.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType


def _is_command() -> bool:
    """Whether the process was started as ``bgpwire`` or ``python -m bgpwire``."""
    given = sys.orig_argv
    if "-m" in given[1:]:
        return given[given.index("-m", 1) + 1 :][:1] == ["bgpwire"]
    name: str = os.path.basename(getattr(sys, "argv", [""])[0])
    return name.removesuffix(".exe") == "bgpwire"


def _hook(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        os._exit(130)
    sys.__excepthook__(kind, error, traceback)


if _is_command() and sys.excepthook is sys.__excepthook__:
    sys.excepthook = _hook
