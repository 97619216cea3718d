"""The files that a path names: itself, what stands in a folder, or what a pattern fits."""

from __future__ import annotations

import glob
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["files_of"]


def files_of(paths: Iterable[str]) -> list[str]:
    """The files of each path in turn, those of a folder or of a pattern (``*``, ``?``, ``[…]``, ``**``) by name.

    Hidden files of a folder are left out. FileNotFoundError for a path that names none.
    """
    return [name for path in paths for name in _files(path)]


def _files(path: str) -> list[str]:
    if "://" in path or os.path.isfile(path):
        return [path]
    if os.path.isdir(path):
        entries = sorted(entry.path for entry in os.scandir(path) if entry.is_file() and entry.name[0] != ".")
        if not entries:
            raise FileNotFoundError(f"no file in {path}")
        return entries
    found = sorted(name for name in glob.glob(path, recursive=True) if os.path.isfile(name))
    if not found:
        raise FileNotFoundError(f"no such file: {path}")
    return found
