"""The memory of a command, which may keep more of it than a library should."""

from __future__ import annotations

from contextlib import suppress

__all__ = ["keep_memory"]

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # of mallopt(3)


def keep_memory() -> None:
    """Let glibc keep what is freed for what is asked for next; elsewhere nothing.

    Threads that hand over large pieces free them far from where they were made. Left alone it gives such memory back to
    the system each time, and gets it anew page by page: a quarter of all time, where two threads make text.
    """
    with suppress(ImportError, OSError, AttributeError):
        import ctypes

        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_MMAP_THRESHOLD, 32 << 20)
        mallopt(_TRIM_THRESHOLD, 256 << 20)
