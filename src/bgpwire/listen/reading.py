"""Sources that are read and may make a reader wait, each in a thread: files, pipes, captures, files that grow."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from bgpwire import bmp
from bgpwire.listen.growing import Growing
from bgpwire.live import capture
from bgpwire.mrt import open as open_mrt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bgpwire.listen.pump import Pump
    from bgpwire.route.kernels import Event

__all__ = ["KINDS", "Blocking", "events_of_file"]

_WAITING: Final = 4096
"""Events that a thread may be ahead."""


def _events_of_bmp(place: Any, withdraw: bool) -> Iterator[Event]:
    return bmp.open(place, withdraw=withdraw).messages()


def _events_of_capture(place: Any, withdraw: bool) -> Iterator[Event]:
    """BGP, or, where there is none, BMP on any port; of what can be read once BGP alone."""
    found = False
    for event in capture.events(place):
        found = True
        yield event
    if not found and isinstance(place, str) and place != "-":
        yield from _events_of_bmp(place, withdraw)


KINDS: Final[dict[str, Callable[[Any, bool], Iterable[Event]]]] = {
    "mrt": lambda place, _: open_mrt(place).messages(),
    "bmp": _events_of_bmp,
    "capture": _events_of_capture,
}
"""What can be read, and its messages; BMP with what a peer takes with it, if that is asked for."""


def events_of_file(path: str, kind: str, *, follow: bool = False, withdraw: bool = False) -> Blocking:
    """The messages of a file, ``-`` for standard input; with ``follow`` those that are written behind them, for ever.

    OSError where it cannot be opened; what is wrong in it is told as by the function that opens its kind.
    """
    if not follow:
        return Blocking(KINDS[kind](path, withdraw), "standard input" if path == "-" else path)
    growing = Growing(path)
    return Blocking(KINDS[kind](growing.file, withdraw), path, growing.close, growing.file.close)


class Blocking:
    """Events that come of a loop which may wait for them."""

    routers = 1
    peers_up = 0
    """Not known: nothing says which sessions stand."""

    def __init__(
        self,
        events: Iterable[Event],
        name: str | None,
        close: Callable[[], object] | None = None,
        at_end: Callable[[], object] | None = None,
    ) -> None:
        """``name`` is what they are said to come from, ``None``: what each says itself. ``close`` ends a wait, and
        ``at_end`` is called behind the last event, in the thread that waits."""
        self._events = events
        self._name = name
        self._close = close
        self._at_end = at_end
        self._waiting: deque[Event] = deque()
        self._changed = threading.Condition()
        self._stopped = False
        self._ended = False
        self._error: BaseException | None = None

    async def run(self, pump: Pump) -> None:
        """Until the end of the events; raises what they raise."""
        loop = asyncio.get_running_loop()
        there = asyncio.Event()

        def tell() -> None:
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(there.set)

        threading.Thread(target=self._work, args=(tell,), name="bgpwire-source", daemon=True).start()
        try:
            while True:
                await there.wait()
                there.clear()
                with self._changed:
                    events = [*self._waiting]
                    self._waiting.clear()
                    ended = self._ended
                    self._changed.notify_all()
                for event in events:
                    await pump.hear(event, self._name)
                if ended:
                    break
        finally:
            with self._changed:
                self._stopped = True
                self._changed.notify_all()
            if self._close is not None:
                self._close()
        error, self._error = self._error, None
        try:
            if error is not None:
                raise error
        finally:
            del error  # which holds this frame

    def _work(self, tell: Callable[[], None]) -> None:
        error: BaseException | None = None
        try:
            for event in self._events:
                if not self._put(event, tell):
                    break
        except BaseException as caught:
            error = caught
        if self._at_end is not None:
            self._at_end()
        with self._changed:
            self._error = error
            self._ended = True
        tell()

    def _put(self, event: Event, tell: Callable[[], None]) -> bool:
        """Hand over; waits while as many wait as may. Whether more is wanted."""
        with self._changed:
            while len(self._waiting) >= _WAITING and not self._stopped:
                self._changed.wait()
            self._waiting.append(event)
            first = len(self._waiting) == 1
            stopped = self._stopped
        if first:
            tell()
        return not stopped
