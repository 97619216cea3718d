"""Parts of an archive read in processes of their own, each by its own interpreter, in the order of the parts."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from itertools import chain, dropwhile
from multiprocessing import get_context
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from bgpwire.cli.worker import Failed, Word, is_guessed, work

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from multiprocessing.connection import Connection

    from bgpwire.cli.worker import Parts

__all__ = ["in_processes"]

_AHEAD = 2
"""Parts that a process is given before it has made any: none has to wait for what it is to do next."""


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
        if parts is None and any(is_guessed(dealt) for _, dealt in self.dealt):
            self._idle.append(pipe)
            return
        if parts is None:
            self.served.add(pipe)
            self._send(pipe, Word.NO_MORE)
            return
        self._send(pipe, (parts,))
        self.dealt.append((pipe, parts))
        if len(self.dealt) == 1:
            self._send(pipe, Word.TURN)
        self._next = next(self._parts, None)

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
            self._send(self.dealt[0][0], Word.TURN)
        self._deal_again()

    def wrong(self) -> None:
        """The part that has the turn is none. What it is, and all that was dealt behind it, is dealt anew: a process
        hands over its parts in the order in which it was given them."""
        assert self._again is not None
        _, parts = self.dealt.popleft()
        for pipe, _ in self.dealt:
            self._send(pipe, Word.DROP)
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
    is_right: Callable[[], bool] | None = None,
) -> Generator[Any]:
    """``put(item)`` of the items of ``make(part, lane)`` for each of ``parts``, in their order.

    ``make`` and ``put`` are called in the process that has the part, ``put`` when it is the part's turn: what is
    written there comes in order. What it gives, unless it is ``None``, and parts are pickled. Of items that wait
    ``size(item)`` is counted, 32 MiB of a process at most, and one item more. ``make`` may also call
    ``lane.put(item)``. Exceptions come out behind the items before them; ChildProcessError where a process has ended.

    Items of parts that are guessed wait until all of the part is made, or until ``is_right()`` says, in the process
    that makes it, that it is right. If there is an exception instead, ``WrongGuess`` say, it counts for nothing:
    ``again(part)`` are the parts, not guessed, that come in the place of this one and of all behind it in its file.
    """
    context = get_context("fork")
    dealer = _Dealer(iter(parts), again)
    processes = dealer.processes
    try:
        while dealer.more and len(processes) < number:
            here, there = context.Pipe()
            process = context.Process(target=work, args=(there, here, make, put, size, is_right), daemon=True)
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
        if isinstance(word, Failed):
            raise word.error
        if isinstance(word, tuple):
            yield word[0]
        elif word is Word.TAKEN:
            dealer.taken()
        elif word is Word.WRONG:
            dealer.wrong()
        else:
            dealer.deal(pipe)
