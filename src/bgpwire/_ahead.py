"""Work done ahead, in a thread of its own, for one that takes it in order."""

from __future__ import annotations

import atexit
import threading
from collections import deque
from typing import TYPE_CHECKING, Protocol
from weakref import WeakSet, finalize

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

__all__ = ["Ahead", "condition", "start", "stopped_at_exit"]

_THREADS: WeakSet[threading.Thread] = WeakSet()
_WORK: WeakSet[Work] = WeakSet()
_PATIENCE = 2.0
"""Seconds that the end of the program waits for a thread which reads what does not come."""


@atexit.register
def _join() -> None:
    """Daemons that still run while the interpreter goes down would touch what is gone; each has been stopped, or is
    told here."""
    for work in list(_WORK):
        work.stop()
    for thread in list(_THREADS):
        thread.join(_PATIENCE)


class Work(Protocol):
    """What threads do together."""

    def stop(self) -> None:
        """Have them end, at once but for the step that each is in."""


def stopped_at_exit(work: Work) -> None:
    """Have the end of the program stop it, where somebody still holds what it is done for."""
    _WORK.add(work)


def condition() -> threading.Condition:
    """What tells threads that something has changed."""
    # A lock that its holder may take again: the garbage collector may stop a lane in the middle of its own work.
    return threading.Condition(threading.RLock())


def start(work: Callable[..., object], *arguments: object) -> threading.Thread:
    """A thread that does this; when the program ends it must be about to end too."""
    thread = threading.Thread(target=work, args=arguments, name="bgpwire", daemon=True)
    _THREADS.add(thread)
    thread.start()
    return thread


class _Lane[T]:
    """What the two threads share. The one that works holds nothing else, so that who takes can be dropped."""

    def __init__(self, most: int) -> None:
        self.changed = condition()
        self.items: deque[T] = deque()
        self.most = most
        self.stopped = False
        self.ended = False
        self.error: BaseException | None = None

    def put(self, item: T) -> bool:
        """Hand over; waits while there are ``most``. Whether more is wanted."""
        with self.changed:
            while len(self.items) >= self.most and not self.stopped:
                self.changed.wait()
            if not self.stopped:
                self.items.append(item)
                self.changed.notify_all()
            return not self.stopped

    def work(self, make: Callable[[], Generator[T]]) -> None:
        items = make()
        error: BaseException | None = None
        try:
            while not self.stopped:
                try:
                    item = next(items)
                except StopIteration:
                    break
                if not self.put(item):
                    break
                del item  # not to be kept while the next is made
            items.close()
        except BaseException as caught:
            error = caught
        del items
        with self.changed:
            self.error = None if self.stopped else error
            self.ended = True
            self.changed.notify_all()

    def stop(self) -> None:
        with self.changed:
            self.stopped = True
            self.items.clear()
            self.error = None
            self.changed.notify_all()


class Ahead[T]:
    """The items of a generator that runs in a thread of its own, at most ``most`` items ahead of who takes them.

    ``make()`` gives the generator. An exception of it comes out behind its last item. A reader that is dropped, or
    :meth:`stop`, ends the thread at its next item: the generator is closed there, and what waits is let go.
    """

    def __init__(self, make: Callable[[], Generator[T]], most: int) -> None:
        self._lane: _Lane[T] = _Lane(most)
        self._end = finalize(self, self._lane.stop)
        self._thread = start(self._lane.work, make)

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        lane = self._lane
        with lane.changed:
            while not lane.items and not lane.ended and not lane.stopped:
                lane.changed.wait()
            if lane.items:
                item = lane.items.popleft()
                lane.changed.notify_all()
                return item
            error, lane.error = lane.error, None
        try:
            raise error or StopIteration
        finally:
            del error  # which holds this frame

    def stop(self) -> None:
        """End the thread, and wait until it has ended."""
        self._end()
        if self._thread is not threading.current_thread():
            self._thread.join()
