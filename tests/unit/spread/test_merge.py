"""What was made of pieces comes in their order, and none is lost or counted twice."""

from __future__ import annotations

import random
from importlib import import_module
from typing import Any

import pytest


def pieces_of(count: int) -> list[Any]:
    piece = import_module("bgpwire.spread").Piece
    return [piece(index, f"file {index}") for index in range(count)]


def test_in_order(impl: Any) -> None:
    in_order = import_module("bgpwire.spread").in_order
    pieces = pieces_of(50)
    for seed in range(5):
        results = [(piece, piece.index * 2) for piece in pieces]
        random.Random(seed).shuffle(results)
        assert list(in_order(pieces, results)) == [2 * index for index in range(50)]
    assert list(in_order([], [])) == []


def test_as_soon_as_it_can(impl: Any) -> None:
    in_order = import_module("bgpwire.spread").in_order
    a, b, c = pieces_of(3)
    given: list[str] = []

    def results() -> Any:
        for piece, text in ((b, "b"), (a, "a"), (c, "c")):
            given.append(text)
            yield piece, text

    merged = in_order((a, b, c), results())
    assert next(merged) == "a"
    assert given == ["b", "a"]
    assert list(merged) == ["b", "c"]


def test_what_cannot_be_put_together(impl: Any) -> None:
    in_order = import_module("bgpwire.spread").in_order
    a, b, c = pieces_of(3)
    with pytest.raises(ValueError, match="2 of 3 pieces have no result, the first of them file 0"):
        list(in_order((a, b, c), [(b, 1)]))
    with pytest.raises(ValueError, match="second result of file 0"):
        list(in_order((a, b), [(a, 1), (a, 1), (b, 1)]))
    with pytest.raises(ValueError, match="second result of file 1"):
        list(in_order((a, b, c), [(b, 1), (b, 1)]))
    with pytest.raises(ValueError, match="file 2 is none of the pieces"):
        list(in_order((a, b), [(a, 1), (c, 1)]))
