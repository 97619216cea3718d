"""Which archives a list of places names: files, folders, patterns and URLs, in order."""

from __future__ import annotations

import os
import re
import stat
from glob import glob
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["is_stream", "is_url", "names_of", "size_of"]

_URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)  # a scheme has two letters at least: C:\ is a drive
_PATTERN = re.compile(r"[*?[]")


def is_url(place: object) -> bool:
    """Whether ``place`` is a URL, which fsspec opens."""
    return isinstance(place, str) and _URL.match(place) is not None


def is_stream(name: str) -> bool:
    """Whether it can be read only once, and may have to be waited for: standard input, a pipe, a socket, a device."""
    return name == "-" or (os.path.exists(name) and not os.path.isfile(name) and not os.path.isdir(name))


def names_of(places: Any) -> list[str]:
    """The archives at one place, or at several, in their order; those of a folder or a pattern by name.

    A place is a path, a folder (all files below it, hidden ones left out), a pattern of paths (``*``, ``?``, ``[…]``,
    ``**`` for any folders; what is a file of that very name is no pattern), ``"-"`` for standard input, or a URL, of
    which ``*`` and ``**`` are patterns where its server can list. A path that does not exist stays: to open it is an
    error, as it is for a pattern without a match and a folder without a file.
    """
    single = isinstance(places, (str, os.PathLike))
    out: list[str] = []
    for place in (places,) if single else places:
        out.extend(_names_at(os.fspath(place)))
    return out


def _names_at(place: str) -> Iterable[str]:
    if is_url(place):
        return _remote(place) if "*" in place else (place,)
    if os.path.isdir(place):
        return [*_below(place)] or (place,)
    if _PATTERN.search(place) and not os.path.lexists(place):
        found = sorted(glob(place, recursive=True))
        return [name for name in found if not os.path.isdir(name)] or (place,)
    return (place,)


def _below(folder: str) -> Iterator[str]:
    """All files, by name; folders and files that begin with a dot are left out, and links to folders not followed."""
    for path, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (os.path.join(path, name) for name in sorted(files) if not name.startswith("."))


def _remote(pattern: str) -> list[str]:
    """What the pattern names; itself where that cannot be found out, and to open it says why."""
    from bgpwire.mrt.remote import filesystem

    scheme = _URL.match(pattern)
    assert scheme is not None
    try:
        system, path = filesystem(pattern)
        found = sorted(str(name) for name in system.glob(path))
    except Exception:  # each library behind fsspec has its own
        found = []
    # Some file systems give names without the scheme.
    return [name if is_url(name) else f"{scheme[0]}{name}" for name in found] or [pattern]


def size_of(name: str) -> int | None:
    """Octets of a file as it stands; ``None`` for what has no size, such as a pipe, or where to ask takes a request."""
    if name == "-" or is_url(name):
        return None
    try:
        found = os.stat(name)
    except OSError:
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None
