"""Both implementations say the same of octets that are nearly right, and raise nothing but DecodeError.

With one implementation alone these tests still look for what escapes. ``--long`` looks at millions of examples.
"""

from __future__ import annotations

from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import doors
from support.each import of_vectors
from support.mutation import examples, mutated, repaired
from support.observe import observe, observe_mrt
from support.places import SAMPLES
from support.vectors import VECTORS, Vector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from support.implementations import Implementation

_MESSAGES = [vector for vector in VECTORS if vector.kind == "message"]
_BODIES = [vector for vector in VECTORS if vector.kind in ("open", "update", "notification", "route_refresh")]
_ATTRIBUTES = [vector for vector in VECTORS if vector.kind in ("attribute", "as_path")]
_NLRI = [vector for vector in VECTORS if vector.kind == "nlri"]
_CAPABILITIES = [vector for vector in VECTORS if vector.kind == "capability"]
_COMMUNITIES = [vector for vector in VECTORS if vector.kind.endswith("community")]
_MRT = [vector for vector in VECTORS if vector.kind == "mrt"]
_SAMPLES = sorted(SAMPLES.glob("*.mrt"))


def _same(both: list[Implementation], *vectors: Vector) -> None:
    seen = []
    for loaded in both:
        with loaded.active() as package:
            seen.append([observe(package, vector) for vector in vectors])
    for vector, *found in zip(vectors, *seen, strict=True):
        assert all(one == found[0] for one in found), f"{vector.data.hex()}{difference(found)}"
    for loaded in both:
        for vector in vectors:
            doors.passed(loaded.name, vector.name, "observe")


def difference(seen: list[Any]) -> str:
    """The first place where two observations differ."""
    left, right = seen[0], seen[-1]
    where = ""
    while isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)) and len(left) == len(right):
        at = next(i for i, pair in enumerate(zip(left, right, strict=True)) if pair[0] != pair[1])
        left, right, where = left[at], right[at], f"{where}[{at}]"
    return f"{where}: {left!r} and {right!r}"


@of_vectors(VECTORS)
def test_whole_and_cut_short(both: list[Implementation], vector: Vector) -> None:
    """The vector, and what is left of it at every length; of a long one, at those near its ends and some between."""
    size = len(vector.data)
    near = 150 if size < 1500 and vector.kind != "mrt" else 60
    lengths = [n for n in range(size + 1) if n < near or size - n < near or n % 97 == 0]
    for some in batched(lengths, 50):
        cuts = [vector.with_data(vector.data[:length]) for length in some]
        if vector.kind == "message":
            cuts += [repaired(cut) for cut in cuts]
        _same(both, *cuts)


def four(vectors: Sequence[Vector]) -> st.SearchStrategy[tuple[Vector, ...]]:
    """In one example: to begin one, and to change over to the other implementation, takes as long as to decode."""
    return st.tuples(*[mutated(vectors)] * 4)


@settings(max_examples=examples(600))
@given(vectors=four(_MESSAGES + _BODIES))
def test_messages(both: list[Implementation], vectors: tuple[Vector, ...]) -> None:
    _same(both, *(repaired(vector) if vector.kind == "message" else vector for vector in vectors))


@settings(max_examples=examples(100))
@given(vectors=four(_MESSAGES))
def test_message_headers(both: list[Implementation], vectors: tuple[Vector, ...]) -> None:
    _same(both, *vectors)


@settings(max_examples=examples(750))
@given(vectors=four(_ATTRIBUTES))
def test_attributes(both: list[Implementation], vectors: tuple[Vector, ...]) -> None:
    _same(both, *vectors)


@settings(max_examples=examples(600))
@given(vectors=four(_NLRI))
def test_nlri(both: list[Implementation], vectors: tuple[Vector, ...]) -> None:
    _same(both, *vectors)


@settings(max_examples=examples(200))
@given(vectors=four(_CAPABILITIES + _COMMUNITIES))
def test_capabilities_and_communities(both: list[Implementation], vectors: tuple[Vector, ...]) -> None:
    _same(both, *vectors)


def _files() -> list[Vector]:
    """The MRT vectors, and the beginning of each sample."""
    samples = [Vector(name=path.name, kind="mrt", data=path.read_bytes()[:4000], path=path) for path in _SAMPLES]
    return _MRT + samples


@settings(max_examples=examples(200))
@given(vectors=four(_files()))
def test_mrt_files(both: list[Implementation], vectors: tuple[Vector, ...]) -> None:
    _same(both, *vectors)


@pytest.mark.parametrize("path", _SAMPLES, ids=lambda path: path.name)
def test_samples(both: list[Implementation], path: Path) -> None:
    data = path.read_bytes()
    seen = []
    for loaded in both:
        with loaded.active() as package:
            seen.append(observe_mrt(package, data))
    assert all(one == seen[0] for one in seen), difference(seen)
