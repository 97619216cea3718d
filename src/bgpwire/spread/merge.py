"""What was made of pieces, put together in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bgpwire.mrt.piece import Piece

__all__ = ["in_order"]


def in_order[T](pieces: Sequence[Piece], results: Iterable[tuple[Piece, T]]) -> Iterator[T]:
    """The results of ``pieces`` in their order; ``results`` come as they are ready, each with its piece.

    Each is given as soon as all before it have been; until then it waits in memory. ValueError for a result of another
    piece or a second one, at once, and at the end for pieces without any.
    """
    places = {piece: place for place, piece in enumerate(pieces)}
    waiting: dict[int, T] = {}
    turn = 0
    for piece, result in results:
        place = places.get(piece)
        if place is None:
            raise ValueError(f"{piece} is none of the pieces")
        if place < turn or place in waiting:
            raise ValueError(f"a second result of {piece}")
        waiting[place] = result
        while turn in waiting:
            yield waiting.pop(turn)
            turn += 1
    if turn < len(pieces):
        missing = len(pieces) - turn - len(waiting)
        raise ValueError(f"{missing} of {len(pieces)} pieces have no result, the first of them {pieces[turn]}")
