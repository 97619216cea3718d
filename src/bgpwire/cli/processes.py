"""Parts of an archive read in processes of their own, each by its own interpreter, in the order of the parts."""

from __future__ import annotations

import pickle
import signal
import traceback
from collections import deque
from contextlib import suppress
from enum import Enum, auto
from itertools import chain, dropwhile
from multiprocessing import get_context
from multiprocessing.connection import wait
from queue import SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING, Any

from bgpwire._ahead import start
from bgpwire.mrt.guesses import WrongGuess

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
    """What the processes say to each other: the first three by the one that deals, of the others by those that work.

    What is dealt, and what is made, goes in a tuple of one.
    """

    TURN = auto()
    DROP = auto()
    """Instead of a turn: what is made of the part goes nowhere."""
    NO_MORE = auto()
    MADE = auto()
    """All of a part is made, and may wait."""
    TAKEN = auto()
    """All of a part is handed over."""
    WRONG = auto()
    """Nothing of it is: the part has to be read anew."""


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
        self._turns: deque[_Word] = deque()
        """``TURN`` or ``DROP`` of parts that have not left, from the first on."""
        self._guessed = False
        """Whether the part that is being made may turn out to be none."""
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
            self._guessed = _is_guessed(parts)
            try:
                for item in make(parts, lane):
                    self._give(item)
                    del item
                self._made[-1].append(_Word.TAKEN)
            except _Gone:
                raise
            except Exception as error:
                if self._guessed:
                    # Whatever it is: it is found again where it is known what is read.
                    self._forget(self._made[-1])
                    self._made[-1].append(_Word.WRONG)
                else:
                    self._made[-1] += (_Failed(error), _Word.TAKEN)
            self._guessed = False
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
            case _Word.TURN | _Word.DROP as word:
                self._turns.append(word)
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
            if self._guessed and len(self._made) == 1:
                raise WrongGuess  # it cannot wait until that is known
            self._hear()

    def _let_go(self) -> None:
        """Hand over what may leave."""
        while self._turns and self._made:
            items = self._made[0]
            dropped = self._turns[0] is _Word.DROP
            if dropped:
                self._forget(items)
            elif self._guessed and len(self._made) == 1:
                return
            while items:
                item = items.popleft()
                if isinstance(item, tuple):
                    self._size -= self._size_of(item[0])
                    made = self._put(item[0])
                    if made is not None:
                        self._say((made,))
                    continue
                if not dropped:
                    self._say(item)
                if item is _Word.TAKEN or item is _Word.WRONG:
                    self._made.popleft()
                    self._turns.popleft()
                    break
            else:
                return  # it is still being made

    def _forget(self, items: deque[Any]) -> None:
        """Keep of what was made of a part only that all of it is."""
        self._size -= sum(self._size_of(item[0]) for item in items if isinstance(item, tuple))
        words = [item for item in items if isinstance(item, _Word)]
        items.clear()
        items.extend(words)

    def _say(self, word: Any) -> None:
        """Several words go at a time: each time another process has to wake up."""
        self._said.append(word)
        now = monotonic()
        if now >= self._next or not isinstance(word, tuple):
            self._pipe.send(self._said)
            self._said.clear()
            self._next = now + _INTERVAL


def _is_guessed(parts: Parts) -> bool:
    return any(part.guess is not None for part in parts)


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

    def __init__(self, parts: Iterator[Parts], again: Callable[[Parts], Iterable[Parts]] | None) -> None:
        self._parts = parts
        self._again = again
        self._next = next(parts, None)
        self.processes: dict[Connection, Any] = {}
        self.served: set[Connection] = set()
        """Those that were told that there is no more."""
        self._idle: list[Connection] = []
        """Those that may get more, where a guess turns out to be wrong."""
        self.dealt: deque[tuple[Connection, Parts]] = deque()
        """What is not taken yet, and who has it."""

    def deal(self, pipe: Connection) -> None:
        """Give a part to a process, or tell it that there is none."""
        if pipe in self.served:
            return
        parts = self._next
        if parts is None and any(_is_guessed(dealt) for _, dealt in self.dealt):
            self._idle.append(pipe)
            return
        if parts is None:
            self.served.add(pipe)
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

    @property
    def done(self) -> bool:
        """Whether all is taken, and each process knows that there is no more; one may still make what was dropped."""
        return not self.dealt and not self.more and self.served.issuperset(self.processes)

    def taken(self) -> None:
        """Who has the next part has the turn."""
        self.dealt.popleft()
        if self.dealt:
            self._send(self.dealt[0][0], _Word.TURN)
        self._deal_again()

    def wrong(self) -> None:
        """The part that has the turn is none. What it is, and all that was dealt behind it, is dealt anew: a process
        hands over its parts in the order in which it was given them."""
        assert self._again is not None
        _, parts = self.dealt.popleft()
        for pipe, _ in self.dealt:
            self._send(pipe, _Word.DROP)
        behind = [*(dealt for _, dealt in self.dealt), *(() if self._next is None else (self._next,))]
        self.dealt.clear()
        others = dropwhile(lambda dealt: dealt[0].file == parts[0].file, chain(behind, self._parts))
        self._parts = chain(self._again(parts), others)
        self._next = next(self._parts, None)
        self._deal_again()

    def _deal_again(self) -> None:
        idle, self._idle = self._idle, []
        for pipe in idle:
            self.deal(pipe)

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
        return ChildProcessError(f"a process{f' that read {names[0]}{more}' if names else ''} was ended {how}")


def in_processes(
    parts: Iterable[Parts],
    make: Callable[[Parts, Any], Iterable[Any]],
    number: int,
    put: Callable[[Any], Any],
    size: Callable[[Any], int],
    again: Callable[[Parts], Iterable[Parts]] | None = None,
) -> Generator[Any]:
    """``put(item)`` of the items of ``make(part, lane)`` for each of ``parts``, in their order.

    ``make`` and ``put`` are called in the process that has the part, ``put`` when it is the part's turn: what is
    written there comes in order. What it gives, unless it is ``None``, and parts are pickled; of items that wait
    ``size(item)`` is counted, 64 MiB of a process at most. ``make`` may also call ``lane.put(item)``. Exceptions come
    out behind the items before them; ChildProcessError where a process has ended.

    Items of parts that are guessed wait until all of the part is made. If there is an exception instead, ``WrongGuess``
    say, it counts for nothing: ``again(part)`` are the parts, not guessed, that come in the place of this one and of
    all that follow it in its file.
    """
    context = get_context("fork")
    dealer = _Dealer(iter(parts), again)
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
        while not dealer.done:
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
        if pipe not in dealer.served or any(pipe is one for one, _ in dealer.dealt):
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
        elif word is _Word.WRONG:
            dealer.wrong()
        else:
            dealer.deal(pipe)
