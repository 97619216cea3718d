"""Files read side by side in threads; what they give comes in the order of one thread, or as it is made."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from bgpwire._ahead import Ahead, condition, next_ready

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

__all__ = ["side_by_side"]


def side_by_side[T](
    names: Sequence[str], make: Callable[[str, Any], Generator[T]], threads: int, ordered: bool, most: int
) -> Iterator[T]:
    """The items of ``make(name, lane)`` for all ``names``, of which ``threads`` run at a time, each in a thread.

    ``ordered``, they come in the order of ``names``; else as they are made, those of one name in their order. ``make``
    may set ``lane.on_stop`` (see :class:`bgpwire._ahead.Ahead`). ``most`` items of each name wait for who takes them,
    so that memory is bounded by ``threads`` times as many. Exceptions come out behind the items before them.
    """
    changed = condition()

    def begin(name: str) -> Ahead[T]:
        return Ahead(lambda lane: make(name, lane), most, changed)

    waiting = deque(names)
    lanes: deque[Ahead[T]] = deque()
    try:
        while waiting or lanes:
            while waiting and len(lanes) < threads:
                lanes.append(begin(waiting.popleft()))
            lane = lanes[0] if ordered else next_ready(lanes, changed)
            try:
                item = next(lane)
            except StopIteration:
                lanes.remove(lane)
                continue
            yield item
            del item  # not to be kept while the next is made
    finally:
        for lane in lanes:
            lane.stop()
