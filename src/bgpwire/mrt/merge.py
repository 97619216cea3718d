"""Several archives in one order of time, by a heap of those that are open."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from math import inf
from typing import TYPE_CHECKING

from bgpwire.mrt.collectors import ArchiveName

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from typing import Any, Protocol

    class Timed(Protocol):
        @property
        def timestamp(self) -> float: ...


__all__ = ["merged"]

_EARLY = 3600.0
"""Seconds before the time in its name that an archive is opened: clocks differ, and writers turn files over late."""


def merged[T: Timed](
    names: Sequence[str], begin: Callable[[str], Generator[T]], first: Callable[[str], float | None]
) -> Generator[tuple[str, T]]:
    """What ``begin(name)`` gives of each archive, with its name, the earliest first, of equal times in the order of
    ``names``.

    Inside an archive the order is its own: where its times go back, so do those here. Those whose name says from when
    on they are (:class:`ArchiveName`) are opened an hour before it, others at the time that ``first(name)`` gives of
    them, and at once where it is ``None``. Memory and open files are bounded by the number of archives that are open at
    a time.
    """
    # A stream that is not open yet stands in the heap at the time when it is to be.
    heap: list[tuple[float, int, T | None, Generator[T]]] = []
    for place, name in enumerate(names):
        named = ArchiveName.of(name).time
        begins = first(name) if named is None else named - _EARLY
        heap.append((-inf if begins is None else begins, place, None, _nothing()))
    heapify(heap)
    stream: Generator[T] = _nothing()
    try:
        while heap:
            _, place, item, stream = heappop(heap)
            if item is None:
                stream = begin(names[place])
            else:
                yield names[place], item
            # As long as it is the earliest, its stream is not put back.
            limit, next_place = heap[0][:2] if heap else (inf, len(names))
            for item in stream:
                time = item.timestamp
                if time > limit or (time == limit and place > next_place):
                    heappush(heap, (time, place, item, stream))
                    break
                yield names[place], item
    finally:
        stream.close()
        for *_, waiting in heap:
            waiting.close()


def _nothing() -> Generator[Any]:
    yield from ()
