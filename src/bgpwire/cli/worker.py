"""What a process does that reads parts of an archive for another, which deals them (processes.py)."""

from __future__ import annotations

import pickle
import signal
import traceback
from collections import deque
from contextlib import suppress
from enum import Enum, auto
from queue import SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING, Any

from bgpwire._ahead import start
from bgpwire.mrt.guesses import WrongGuess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from multiprocessing.connection import Connection

    from bgpwire.mrt.parts import Part

    type Parts = Sequence[Part]
    """What a process takes at a time; in what follows they are called a part."""

__all__ = ["Failed", "Word", "is_guessed", "work"]

_WAITING = 32 << 20
"""Octets of a process that wait for their turn: more would not stay in the processor's cache."""
_INTERVAL = 0.05
"""Seconds that what is said of a part may wait."""


class Word(Enum):
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


class Failed:
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

    def __init__(
        self,
        pipe: Connection,
        put: Callable[[Any], Any],
        size: Callable[[Any], int],
        is_right: Callable[[], bool] | None,
    ) -> None:
        self._pipe = pipe
        self._put = put
        self._size_of = size
        self._is_right = is_right
        self._heard: SimpleQueue[Any] = SimpleQueue()
        self._given: deque[Parts] = deque()
        self._more = True
        self._made: deque[deque[Any]] = deque()
        """By part, what waits; ``TAKEN`` behind the last item."""
        self._turns: deque[Word] = deque()
        """``TURN`` or ``DROP`` of parts that have not left, from the first on."""
        self._guessed = False
        """Whether the part that is being made may turn out to be none."""
        self._asked = False
        """Whether that was looked into."""
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
            self._guessed, self._asked = is_guessed(parts), False
            try:
                for item in make(parts, lane):
                    self._give(item)
                    del item
                self._made[-1].append(Word.TAKEN)
            except _Gone:
                raise
            except Exception as error:
                if self._guessed:
                    # Whatever it is: it is found again where it is known what is read.
                    self._forget(self._made[-1])
                    self._made[-1].append(Word.WRONG)
                else:
                    self._made[-1] += (Failed(error), Word.TAKEN)
            self._guessed = False
            # The next turn first: somebody may be waiting for it.
            self._let_go()
            self._say(Word.MADE)
            self._flush()
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
            case Word.TURN | Word.DROP as word:
                self._turns.append(word)
                if self._let_go():
                    self._flush()
            case Word.NO_MORE:
                self._more = False
            case (parts,):
                self._given.append(parts)
            case None:
                raise _Gone

    def _give(self, item: Any) -> None:
        while not self._heard.empty():
            self._hear()
        if not self._made[0] and self._may_leave():
            self._hand_over(item)
            return
        self._made[-1].append((item,))
        self._size += self._size_of(item)
        self._let_go()
        while self._size > _WAITING:
            if len(self._made) == 1 and not self._is_known():
                raise WrongGuess  # it cannot wait until that is known
            self._hear()

    def _may_leave(self) -> bool:
        """Whether what is being made is handed over as it comes."""
        return len(self._made) == 1 and bool(self._turns) and self._turns[0] is Word.TURN and self._is_known()

    def _is_known(self) -> bool:
        """Whether the part that is being made is one, by what has been read of it and what has not."""
        if self._guessed and not self._asked and self._is_right is not None:
            self._asked = True
            self._guessed = not self._is_right()
        return not self._guessed

    def _hand_over(self, item: Any) -> None:
        made = self._put(item)
        if made is not None:
            self._say((made,))

    def _let_go(self) -> bool:
        """Hand over what may leave; whether there is a word in it that the one that deals waits for."""
        told = False
        while self._turns and self._made:
            items = self._made[0]
            dropped = self._turns[0] is Word.DROP
            if dropped:
                self._forget(items)
            elif self._guessed and len(self._made) == 1 and not self._is_known():
                break
            while items:
                item = items.popleft()
                if isinstance(item, tuple):
                    self._size -= self._size_of(item[0])
                    self._hand_over(item[0])
                    continue
                if not dropped:
                    self._say(item)
                    told = True
                if item is Word.TAKEN or item is Word.WRONG:
                    self._made.popleft()
                    self._turns.popleft()
                    break
            else:
                break  # it is still being made
        return told

    def _forget(self, items: deque[Any]) -> None:
        """Keep of what was made of a part only that all of it is."""
        self._size -= sum(self._size_of(item[0]) for item in items if isinstance(item, tuple))
        words = [item for item in items if isinstance(item, Word)]
        items.clear()
        items.extend(words)

    def _say(self, word: Any) -> None:
        """Several words go at a time: each time another process has to wake up."""
        self._said.append(word)
        if isinstance(word, tuple) and monotonic() >= self._next:
            self._flush()

    def _flush(self) -> None:
        self._pipe.send(self._said)
        self._said.clear()
        self._next = monotonic() + _INTERVAL


def is_guessed(parts: Parts) -> bool:
    return any(part.guess is not None for part in parts)


class _Gone(BaseException):
    """The process that deals is no more."""


def work(
    pipe: Connection,
    other: Connection,
    make: Callable[[Parts, Any], Iterable[Any]],
    put: Callable[[Any], Any],
    size: Callable[[Any], int],
    is_right: Callable[[], bool] | None,
) -> None:
    """What each process does."""
    other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that deals ends the others
    try:
        _Worker(pipe, put, size, is_right).run(make)
    except _Gone:
        pass
    except BaseException as error:
        with suppress(OSError):
            pipe.send([Failed(error)])
