"""A fresh interpreter that has imported nothing yet."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


_EACH = """
import os, sys
_, code, *arguments = sys.argv
for argument in arguments:
    child = os.fork()
    if not child:
        sys.argv[1:] = [argument]
        exec(code, {"__name__": "__main__"})
        sys.stdout.flush()
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        sys.exit(f"failed for {argument}")
"""


def fresh_each(package: Any, code: str, arguments: Sequence[str]) -> list[str]:
    """The line that ``code`` prints for each argument alone, in an interpreter that has seen no other."""
    if not hasattr(os, "fork"):
        return [fresh(package, code, argument) for argument in arguments]
    # Copies of one that has imported nothing: to start one takes a tenth of a second.
    return fresh(package, _EACH, code, *arguments).splitlines()


def fresh(package: Any, code: str, *arguments: str) -> str:
    """What ``code`` prints, run on the same implementation as ``package``, with bgpwire and the helpers in reach."""
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    path = os.pathsep.join([here, *filter(None, sys.path)])
    env = os.environ | {"PYTHONPATH": path, "BGPWIRE_IMPLEMENTATION": package.IMPLEMENTATION}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
