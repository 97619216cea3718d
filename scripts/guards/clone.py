"""A clone of the last commit in a temporary folder: what is built and changed there leaves this tree as it is."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
BUILD = (sys.executable, "setup.py", "--quiet", "build_ext", "--inplace")


@contextmanager
def clone() -> Iterator[Path]:
    """The folder of the clone, which lacks what is not committed; the real data is beside it as beside this tree."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bgpwire"
        subprocess.run(["git", "clone", "-q", ROOT, path], check=True)
        if (ROOT.parent / "shared").is_dir():
            (Path(folder) / "shared").symlink_to(ROOT.parent / "shared")
        yield path


def environment(path: Path, flags: str) -> dict[str, str]:
    """For what runs in the clone: its package is the one imported, its kernels are compiled with these C flags."""
    return os.environ | {"BGPWIRE_BUILD_EXTENSION": "yes", "PYTHONPATH": str(path / "src"), "CFLAGS": flags}
