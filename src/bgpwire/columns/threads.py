"""Files decoded side by side in threads, their batches in the order of one thread or as they are made."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from bgpwire._ahead import Ahead, condition, next_ready

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from typing import Any

    from bgpwire.columns.kernels import Batch
    from bgpwire.mrt.file import MrtFile
    from bgpwire.mrt.resync import Skip

__all__ = ["side_by_side"]

_BATCHES = 2
"""Of each file that wait for who takes them, beside the one that is being made."""
_SKIPS = 1000
"""What was stepped over is handed on after so many, be there a batch or not."""


class _Piece(NamedTuple):
    """What was stepped over, and the batch behind it; ``None`` where there is none yet, and at the end of a file."""

    skips: Sequence[Skip]
    batch: Batch | None
    warning: str = ""


def side_by_side(
    names: Sequence[str],
    open_file: Callable[[str, Callable[[Skip], object]], MrtFile],
    batches_of: Callable[[str, MrtFile], Iterator[Batch]],
    threads: int,
    ordered: bool,
    on_skip: Callable[[Skip], object] | None,
    warn: Callable[[str], object],
) -> Iterator[Batch]:
    """The batches of all files, of which ``threads`` are read at a time.

    ``ordered``, they come in the order of ``names``; else as they are made, those of one file in their order.
    ``open_file(name, on_skip)`` and ``batches_of(name, file)`` are called in the threads; ``on_skip`` and ``warn`` by
    who takes the batches, each where it belongs, and exceptions come out there too. Memory is bounded by ``threads``
    times a few batches.
    """
    changed = condition()

    def begin(name: str) -> Ahead[_Piece]:
        return Ahead(lambda lane: _pieces(lane, name, open_file, batches_of), _BATCHES, changed)

    waiting = deque(names)
    lanes: deque[Ahead[_Piece]] = deque()
    try:
        while waiting or lanes:
            while waiting and len(lanes) < threads:
                lanes.append(begin(waiting.popleft()))
            lane = lanes[0] if ordered else next_ready(lanes, changed)
            piece = next(lane, None)
            if piece is None:
                lanes.remove(lane)
                continue
            if on_skip is not None:
                for skip in piece.skips:
                    on_skip(skip)
            elif piece.warning:
                warn(piece.warning)
            if piece.batch is not None:
                yield piece.batch
            del piece  # not to be kept while the next is made
    finally:
        for lane in lanes:
            lane.stop()


def _pieces(
    lane: Any,
    name: str,
    open_file: Callable[[str, Callable[[Skip], object]], MrtFile],
    batches_of: Callable[[str, MrtFile], Iterator[Batch]],
) -> Generator[_Piece]:
    """One file, read in a thread."""
    skips: list[Skip] = []

    def stepped_over(skip: Skip) -> None:
        skips.append(skip)
        if len(skips) >= _SKIPS:
            lane.put(_Piece(tuple(skips), None))
            skips.clear()

    with open_file(name, stepped_over) as file:
        lane.on_stop = file._interrupt
        if lane.stopped:
            return
        try:
            for batch in batches_of(name, file):
                yield _Piece(tuple(skips), batch)
                skips.clear()
                del batch
        except GeneratorExit:
            raise
        except BaseException:
            # The reader hears of what came before it.
            yield _Piece(tuple(skips), None)
            raise
        yield _Piece(tuple(skips), None, file._summary())
