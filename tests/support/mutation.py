"""Octets that are nearly a vector: one to three bends of it, drawn by hypothesis."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from support.vectors import Vector

FACTOR = float(os.environ.get("BGPWIRE_LONG") or 1)
"""How many times as many examples as in CI: set by ``--long``, or by hand."""


def examples(count: int) -> int:
    """How many examples a test looks at: ``count`` in CI, a hundred times as many with ``--long``."""
    return max(1, round(count * FACTOR))


def _flip(data: bytearray, at: int, value: int, other: bytes) -> None:
    """Another octet, one bit or all of them changed."""
    data[at] ^= value or 1


def _edge(data: bytearray, at: int, value: int, other: bytes) -> None:
    """A length at its edge."""
    data[at] = (0, 1, 0x7F, 0x80, 0xFF, 33, 129, max(0, data[at] - 1), min(255, data[at] + 1))[value % 9]


def _cut(data: bytearray, at: int, value: int, other: bytes) -> None:
    """Octets gone."""
    del data[at : at + 1 + value % 8]


def _truncate(data: bytearray, at: int, value: int, other: bytes) -> None:
    """The end gone."""
    del data[at:]


def _insert(data: bytearray, at: int, value: int, other: bytes) -> None:
    """Octets put in."""
    data[at:at] = bytes((value,)) * (1 + value % 5)


def _splice(data: bytearray, at: int, value: int, other: bytes) -> None:
    """From here on another vector."""
    start = value * len(other) // 256
    data[at:] = other[start:]


def _repeat(data: bytearray, at: int, value: int, other: bytes) -> None:
    """A piece twice."""
    piece = data[at : at + 1 + value % 40]
    data[at:at] = piece


_BENDS: tuple[Callable[[bytearray, int, int, bytes], None], ...] = (
    _flip, _flip, _edge, _edge, _cut, _truncate, _insert, _splice, _repeat,
)  # fmt: skip
_SIZE = 6
"""Octets that tell one bend: which, where (2), a value, and which other vector (2)."""


def mutated(vectors: Sequence[Vector]) -> st.SearchStrategy[Vector]:
    """A vector whose octets are bent."""
    count = len(vectors)

    def bend(drawn: bytes) -> Vector:
        vector = vectors[int.from_bytes(drawn[:2]) % count]
        data = bytearray(vector.data)
        for start in range(2, len(drawn), _SIZE):
            how, at, value, other = drawn[start], drawn[start + 1 : start + 3], drawn[start + 3], drawn[start + 4 :][:2]
            if data:
                change = _BENDS[how % len(_BENDS)]
                change(data, int.from_bytes(at) % len(data), value, vectors[int.from_bytes(other) % count].data)
        return vector.with_data(bytes(data[:70_000]))

    # Drawn at once: hypothesis takes longer over ten numbers than both implementations over the octets.
    return (
        st.sampled_from((1, 2, 3))
        .flatmap(lambda n: st.binary(min_size=2 + n * _SIZE, max_size=2 + n * _SIZE))
        .map(bend)
    )


def repaired(vector: Vector) -> Vector:
    """A message whose header is right again, so that what is behind it gets decoded."""
    data = vector.data
    if len(data) < 19:
        return vector
    return vector.with_data(b"\xff" * 16 + len(data).to_bytes(2) + data[18:])
