"""Parts of archives read side by side in threads; what they give comes in the order of one thread, or as it is made."""

from __future__ import annotations

from collections import deque
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from bgpwire._ahead import condition, start, stopped_at_exit

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

__all__ = ["side_by_side"]


class _Lane[P, T]:
    """One part, on its way through a thread. ``put`` and ``on_stop`` are for who makes its items."""

    def __init__(self, work: _Work[P, T], part: P) -> None:
        self.part = part
        self.on_stop: Callable[[], object] | None = None
        """What cuts short a long way to the next item; called once, by the thread that stops."""
        self.here: deque[T] = deque()
        """Items that have arrived, and wait for their turn."""
        self.ended = False
        """All have arrived."""
        self.error: BaseException | None = None
        self._work = work
        self._made = self.taken = 0
        """Items, each counted by one thread."""
        self.waits = False
        """Whether the thread that makes items waits for room."""

    @property
    def stopped(self) -> bool:
        return self._work.stopped

    def put(self, item: T) -> bool:
        """Hand over; waits while as many wait as may. Whether more is wanted."""
        work = self._work
        self._made += 1
        work.arrived.put((self, item))
        if self._made - self.taken >= work.most:
            with work.room:
                self.waits = True
                while self._made - self.taken >= work.most and not work.stopped:
                    work.room.wait()
                self.waits = False
        return not work.stopped


class _Work[P, T]:
    """What the threads share; they hold nothing else, so that who takes the items can be dropped."""

    def __init__(self, make: Callable[[P, Any], Generator[T]], most: int) -> None:
        self.make = make
        self.most = most
        self.arrived: SimpleQueue[tuple[_Lane[P, T], T] | _Lane[P, T]] = SimpleQueue()
        """Items as they are made, and behind its last one each lane."""
        self.asked: SimpleQueue[_Lane[P, T] | None] = SimpleQueue()
        """Lanes for the threads; ``None`` ends one."""
        self.room = condition()
        self.stopped = False
        self.started = 0
        """Threads."""
        self.lanes: deque[_Lane[P, T]] = deque()
        """Those that were asked for and are not all taken."""

    def run(self) -> None:
        """What each thread does."""
        while (lane := self.asked.get()) is not None:
            try:
                if not self.stopped:
                    self._fill(lane)
            except BaseException as caught:
                lane.error = caught
            self.arrived.put(lane)
            del lane

    def _fill(self, lane: _Lane[P, T]) -> None:
        items = self.make(lane.part, lane)
        try:
            for item in items:
                if not lane.put(item):
                    return
                del item  # not to be kept while the next is made
        finally:
            items.close()

    def take(self, lane: _Lane[P, T]) -> T:
        """The next of the items that have arrived."""
        item = lane.here.popleft()
        lane.taken += 1
        if lane.waits:
            with self.room:
                self.room.notify_all()
        return item

    def stop(self) -> None:
        """End the threads, if need be at their next item."""
        with self.room:
            self.stopped = True
            self.room.notify_all()
        for _ in range(self.started):
            self.asked.put(None)
        for lane in self.lanes:
            on_stop, lane.on_stop = lane.on_stop, None
            if on_stop is not None and not lane.ended:
                on_stop()


def side_by_side[P, T](
    parts: Iterable[P], make: Callable[[P, Any], Generator[T]], threads: int, ordered: bool, most: int
) -> Iterator[T]:
    """The items of ``make(part, lane)`` for all ``parts``, of which ``threads`` are made at a time, each in a thread.

    ``ordered``, they come in the order of ``parts``; else as they are made, those of one part in their order. ``make``
    may set ``lane.on_stop``, and give items by ``lane.put`` too. ``most`` items of each part wait for who takes them; a
    part whose items are all made waits for its turn while others begin, up to ``threads`` of them, so that memory is
    bounded by twice ``threads`` times as many items. Exceptions come out behind the items before them.
    """
    work: _Work[P, T] = _Work(make, most)
    lanes = work.lanes
    waiting = iter(parts)
    more = True
    running = 0
    stopped_at_exit(work)
    try:
        while more or lanes:
            # One more is asked for than there are threads: none has to wait for what it is to do next.
            while more and running <= threads and len(lanes) < 2 * threads:
                for part in waiting:
                    lane = _Lane(work, part)
                    break
                else:
                    more = False
                    break
                if running == work.started < threads:
                    start(work.run)
                    work.started += 1
                lanes.append(lane)
                work.asked.put(lane)
                running += 1
            if not lanes:
                break
            first = lanes[0]
            if ordered and first.here:
                yield work.take(first)
            elif ordered and first.ended:
                _end(lanes.popleft())
            else:
                arrived = work.arrived.get()
                if isinstance(arrived, _Lane):
                    arrived.ended = True
                    running -= 1
                    if not ordered:
                        lanes.remove(arrived)
                        _end(arrived)
                else:
                    lane, item = arrived
                    lane.here.append(item)
                    del item, arrived
                    if not ordered:
                        yield work.take(lane)
    finally:
        work.stop()
        # Its frame may hold a file, and lives on with the traceback of what is raised here.
        close = getattr(waiting, "close", None)
        if close is not None:
            close()


def _end(lane: _Lane[Any, Any]) -> None:
    """Raise what ended it, if not its last item."""
    error, lane.error = lane.error, None
    try:
        if error is not None:
            raise error
    finally:
        del error  # which holds this frame
