"""Parts of an archive read in processes of their own, each by its own interpreter, in the order of the parts."""

from __future__ import annotations

import pickle
import signal
import traceback
from collections import deque
from contextlib import suppress
from enum import Enum, auto
from multiprocessing import get_context
from multiprocessing.connection import wait
from queue import SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING, Any

from bgpwire._ahead import start

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from multiprocessing.connection import Connection

    from bgpwire.mrt.parts import Part

    type Parts = Sequence[Part]
    """What a process takes at a time; in what follows they are called a part."""

__all__ = ["in_processes"]

_WAITING = 64 << 20
"""Octets of a process that wait for their turn."""
_INTERVAL = 0.05
"""Seconds that what is said of a part may wait."""
_AHEAD = 2
"""Parts that a process is given before it has made any: none has to wait for what it is to do next."""


class _Word(Enum):
    """What the processes say to each other: of the first two by the one that deals, of the others by those that work.

    What is dealt, and what is made, goes in a tuple of one.
    """

    TURN = auto()
    NO_MORE = auto()
    MADE = auto()
    """All of a part is made, and may wait."""
    TAKEN = auto()
    """All of a part is handed over."""


class _Failed:
    """An exception on its way."""

    def __init__(self, error: BaseException) -> None:
        try:
            pickle.loads(pickle.dumps(error))
        except Exception:
            error = RuntimeError("".join(traceback.format_exception(error)))
        self.error = error


class _Lane:
    """What ``make`` is given of the process that it works in, as of a thread."""

    stopped = False

    def __init__(self, put: Callable[[Any], object]) -> None:
        self.put = put
        self.on_stop: object = None


class _Worker:
    """A process that makes items of parts. Those of a part leave it when it is the part's turn."""

    def __init__(self, pipe: Connection, put: Callable[[Any], Any], size: Callable[[Any], int]) -> None:
        self._pipe = pipe
        self._put = put
        self._size_of = size
        self._heard: SimpleQueue[Any] = SimpleQueue()
        self._given: deque[Parts] = deque()
        self._more = True
        self._made: deque[deque[Any]] = deque()
        """By part, what waits; ``TAKEN`` behind the last item."""
        self._turns = 0
        self._size = 0
        self._said: list[Any] = []
        self._next = 0.0

    def run(self, make: Callable[[Parts, Any], Iterable[Any]]) -> None:
        # In a thread of its own, so that the one that deals never has to wait for who waits for it.
        start(self._listen)
        lane = _Lane(self._give)
        while True:
            while self._more and not self._given:
                self._hear()
            if not self._given:
                break
            parts = self._given.popleft()
            self._made.append(deque())
            try:
                for item in make(parts, lane):
                    self._give(item)
                    del item
            except _Gone:
                raise
            except Exception as error:
                self._made[-1].append(_Failed(error))
            self._made[-1].append(_Word.TAKEN)
            self._say(_Word.MADE)
            self._let_go()
        while self._made:
            self._hear()

    def _listen(self) -> None:
        try:
            while True:
                word = self._pipe.recv()
                self._heard.put(word)
        except (OSError, EOFError):
            self._heard.put(None)

    def _hear(self) -> None:
        match self._heard.get():
            case _Word.TURN:
                self._turns += 1
                self._let_go()
            case _Word.NO_MORE:
                self._more = False
            case (parts,):
                self._given.append(parts)
            case None:
                raise _Gone

    def _give(self, item: Any) -> None:
        self._made[-1].append((item,))
        self._size += self._size_of(item)
        while not self._heard.empty():
            self._hear()
        self._let_go()
        while self._size > _WAITING:
            self._hear()

    def _let_go(self) -> None:
        """Hand over what may leave."""
        while self._turns and self._made:
            items = self._made[0]
            while items:
                item = items.popleft()
                if isinstance(item, tuple):
                    self._size -= self._size_of(item[0])
                    made = self._put(item[0])
                    if made is not None:
                        self._say((made,))
                    continue
                self._say(item)
                if item is _Word.TAKEN:
                    self._made.popleft()
                    self._turns -= 1
                    break
            else:
                return  # it is still being made

    def _say(self, word: Any) -> None:
        """Several words go at a time: each time another process has to wake up."""
        self._said.append(word)
        now = monotonic()
        if now >= self._next or not isinstance(word, tuple):
            self._pipe.send(self._said)
            self._said.clear()
            self._next = now + _INTERVAL


class _Gone(BaseException):
    """The process that deals is no more."""


def _work(
    pipe: Connection,
    other: Connection,
    make: Callable[[Parts, Any], Iterable[Any]],
    put: Callable[[Any], Any],
    size: Callable[[Any], int],
) -> None:
    """What each process does."""
    other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that deals ends the others
    try:
        _Worker(pipe, put, size).run(make)
    except _Gone:
        pass
    except BaseException as error:
        with suppress(OSError):
            pipe.send([_Failed(error)])


class _Dealer:
    """Deals parts to processes, and turns in the order of the parts."""

    def __init__(self, parts: Iterator[Parts]) -> None:
        self._parts = parts
        self._next = next(parts, None)
        self.processes: dict[Connection, Any] = {}
        self._served: set[Connection] = set()
        """Those that were told that there is no more."""
        self.dealt: deque[tuple[Connection, Parts]] = deque()
        """What is not taken yet, and who has it."""

    def deal(self, pipe: Connection) -> None:
        """Give a part to a process, or tell it that there is none."""
        if pipe in self._served:
            return
        parts = self._next
        if parts is None:
            self._served.add(pipe)
            self._send(pipe, _Word.NO_MORE)
            return
        self._next = next(self._parts, None)
        self._send(pipe, (parts,))
        self.dealt.append((pipe, parts))
        if len(self.dealt) == 1:
            self._send(pipe, _Word.TURN)

    @property
    def more(self) -> bool:
        return self._next is not None

    def taken(self) -> None:
        """Who has the next part has the turn."""
        self.dealt.popleft()
        if self.dealt:
            self._send(self.dealt[0][0], _Word.TURN)

    def _send(self, pipe: Connection, word: Any) -> None:
        # One that has ended hears nothing more; what it has still said, and that it has ended, is found in its turn.
        with suppress(OSError):
            pipe.send(word)

    def ended(self, pipe: Connection) -> ChildProcessError:
        """Why a process says nothing more."""
        process = self.processes[pipe]
        process.join()
        how = f"by signal {-process.exitcode}" if process.exitcode < 0 else f"with status {process.exitcode}"
        names = [*dict.fromkeys(part.name for one, parts in self.dealt if one is pipe for part in parts)]
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        return ChildProcessError(f"a process that read {names[0]}{more} was ended {how}")


def in_processes(
    parts: Iterable[Parts],
    make: Callable[[Parts, Any], Iterable[Any]],
    number: int,
    put: Callable[[Any], Any],
    size: Callable[[Any], int],
) -> Generator[Any]:
    """``put(item)`` of the items of ``make(part, lane)`` for each of ``parts``, in their order.

    ``make`` and ``put`` are called in the process that has the part, ``put`` when it is the part's turn: what is
    written there comes in order. What it gives, unless it is ``None``, and parts are pickled; of items that wait
    ``size(item)`` is counted, 64 MiB of a process at most. ``make`` may also call ``lane.put(item)``. Exceptions come
    out behind the items before them; ChildProcessError where a process has ended.
    """
    context = get_context("fork")
    dealer = _Dealer(iter(parts))
    processes = dealer.processes
    try:
        while dealer.more and len(processes) < number:
            here, there = context.Pipe()
            process = context.Process(target=_work, args=(there, here, make, put, size), daemon=True)
            process.start()
            there.close()
            processes[here] = process
            dealer.deal(here)
        for _ in range(_AHEAD - 1):
            for pipe in processes:
                dealer.deal(pipe)
        while dealer.dealt:
            talking: Iterable[Any] = wait([*processes])
            for pipe in talking:
                yield from _answer(dealer, pipe)
        for process in processes.values():
            process.join()
    finally:
        for pipe, process in processes.items():
            pipe.close()
            if process.is_alive():
                process.terminate()
                process.join()


def _answer(dealer: _Dealer, pipe: Connection) -> Generator[Any]:
    """Do what a process asks, or give what it has made."""
    try:
        words = pipe.recv()
    except (EOFError, OSError):
        if any(pipe is one for one, _ in dealer.dealt):
            raise dealer.ended(pipe) from None
        dealer.processes.pop(pipe).join()
        pipe.close()
        return
    for word in words:
        if isinstance(word, _Failed):
            raise word.error
        if isinstance(word, tuple):
            yield word[0]
        elif word is _Word.TAKEN:
            dealer.taken()
        else:
            dealer.deal(pipe)
