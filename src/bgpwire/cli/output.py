"""Files that commands write."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from bgpwire.mrt.packing import packed

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

__all__ = ["NewFile", "packing", "refusal"]


def refusal(output: str, files: list[str], force: bool, whole: bool = False) -> str:
    """Why ``output`` is not to be written, for people; empty where it is.

    An input, by whatever name, is never written over, and another file only by ``force``. What is no file, a device or
    a pipe, has nothing that could be lost, but no :class:`NewFile` can take its place, which ``whole`` asks for.
    """
    if whole and os.path.exists(output) and not os.path.isfile(output):
        return f"{output}: is there, and no file"
    if _is_an_input(output, files):
        return f"{output}: is also an input, which would be lost"
    if os.path.isfile(output) and not force:
        return f"{output}: is there; --force replaces it"
    return ""


def _is_an_input(output: str, files: list[str]) -> bool:
    """Whether writing to ``output`` would empty a file that is to be read."""
    try:
        there = os.stat(output)
        if not stat.S_ISREG(there.st_mode):
            return False
    except OSError:
        return False
    for path in files:
        try:
            found = os.fstat(sys.stdin.fileno()) if path == "-" else os.stat(path)
        except (OSError, ValueError, AttributeError):
            continue
        if os.path.samestat(there, found):
            return True
    return False


class NewFile:
    """A file that appears under its name when it is whole, in the place of one that was there, and never before.

    It is written beside that name, and gone if it is left without :meth:`keep`. OSError where it cannot be written.
    """

    def __init__(self, path: str, owner: int | None = None) -> None:
        """``owner`` is the process that clears up with :meth:`drop` if this one is killed."""
        self._path = os.path.realpath(path)
        self._part = self._part_of(self._path, os.getpid() if owner is None else owner)
        self._file: BinaryIO = open(self._part, "xb")  # noqa: SIM115  __exit__ closes it
        self._kept = False

    @staticmethod
    def _part_of(path: str, owner: int) -> str:
        folder, name = os.path.split(path)
        return os.path.join(folder, f".{name}.{owner}.part")

    @classmethod
    def drop(cls, path: str, owner: int) -> None:
        """Remove what a process that is no more has left half written."""
        with suppress(OSError):
            os.unlink(cls._part_of(os.path.realpath(path), owner))

    @property
    def part(self) -> str:
        """The file beside the name, for one who writes by path what ``with`` gives as a file."""
        return self._part

    def keep(self) -> None:
        """All is written."""
        self._kept = True

    def __enter__(self) -> tuple[Self, BinaryIO]:
        return self, self._file

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            self._file.close()
            if self._kept and kind is None:
                with suppress(OSError):
                    os.chmod(self._part, stat.S_IMODE(os.stat(self._path).st_mode))
                os.replace(self._part, self._path)
        finally:
            with suppress(OSError):
                os.unlink(self._part)


def packing(out: BinaryIO, suffix: str) -> AbstractContextManager[Any]:
    """What packs that which is written to it into ``out``: ``.gz``, ``.zst`` in frames, or neither; ``out`` stays open.

    ImportError where that takes a package that is not installed.
    """
    return packed(out, suffix) if suffix else nullcontext(out)
