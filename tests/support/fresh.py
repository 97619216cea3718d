"""A fresh interpreter that has imported nothing yet."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any


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
