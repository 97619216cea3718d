"""AS_PATH and AS4_PATH of sessions of 2 octets: columns have the effective path that routes have (RFC 6793)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.context import attribute, bgp4mp, update
from support.mutation import examples

if TYPE_CHECKING:
    from collections.abc import Iterable

type Segments = list[tuple[int, list[int]]]

NAMES = ("as_path", "as_path_segments", "has_as_set", "origin_asn", "aggregator_asn")
KINDS = st.sampled_from((2, 2, 2, 1, 3, 4))


def _segments(most: int) -> st.SearchStrategy[Segments]:
    return st.lists(st.tuples(KINDS, st.lists(st.integers(0, most), min_size=1, max_size=4)), max_size=4)


def _octets(segments: Iterable[tuple[int, Iterable[int]]], width: int) -> bytes:
    out = bytearray()
    for kind, numbers in segments:
        found = list(numbers)
        out += bytes((kind, len(found))) + b"".join(number.to_bytes(width) for number in found)
    return bytes(out)


def _record(path: bytes, path4: bytes, aggregator: int | None = None, aggregator4: int | None = None) -> bytes:
    block = attribute(0x40, 1, b"\0") + attribute(0x40, 2, path) + attribute(0x40, 3, bytes((192, 0, 2, 1)))
    if aggregator is not None:
        block += attribute(0xC0, 7, aggregator.to_bytes(2) + bytes((192, 0, 2, 3)))
    block += attribute(0xC0, 17, path4)
    if aggregator4 is not None:
        block += attribute(0xC0, 18, aggregator4.to_bytes(4) + bytes((192, 0, 2, 4)))
    return bgp4mp(update(b"", block, b"\x08\x0a\x08\x0b"), asn4=False)


def _compare(package: Any, data: bytes) -> list[Any]:
    routes = list(package.mrt.open(data).routes())
    batches = list(package.mrt.open(data).columns(NAMES))
    for name in NAMES:
        expected = [package.columns.COLUMNS[name].read(route) for route in routes]
        assert [value for batch in batches for value in batch[name]] == expected, name
    return [value for batch in batches for value in batch["as_path"]]


NUMBER = st.none() | st.sampled_from((23456, 64500))


def test_any_two_paths(impl: Any) -> None:
    @given(_segments(65535), _segments(2**32 - 1), NUMBER, NUMBER)
    @settings(max_examples=examples(300))
    def same(path: Segments, path4: Segments, aggregator: int | None, aggregator4: int | None) -> None:
        _compare(impl, _record(_octets(path, 2), _octets(path4, 4), aggregator, aggregator4))

    same()


def test_malformed_paths(impl: Any) -> None:
    @given(_segments(65535), _segments(2**32 - 1), st.integers(0, 20), st.integers(0, 20))
    @settings(max_examples=examples(100))
    def same(path: Segments, path4: Segments, cut: int, cut4: int) -> None:
        octets, octets4 = _octets(path, 2), _octets(path4, 4)
        _compare(impl, _record(octets[: max(0, len(octets) - cut)], octets4[: max(0, len(octets4) - cut4)]))

    same()


@pytest.mark.parametrize(
    ("path", "path4", "merged"),
    [
        ([(2, [64500, 23456, 23456])], [(2, [70000, 70001])], [64500, 70000, 70001]),
        ([(2, [64500, 23456])], [(2, [70000, 70001, 70002])], [64500, 23456]),
        ([(3, [64512]), (2, [64500, 23456])], [(2, [70000])], [64512, 64500, 70000]),
        ([(2, [64500, 23456])], [(3, [64513]), (2, [70000])], [64500, 70000]),
    ],
    ids=["leading hops are kept", "a longer AS4_PATH is ignored", "a confederation in front", "one in AS4_PATH"],
)
def test_merged(impl: Any, path: Segments, path4: Segments, merged: list[int]) -> None:
    """RFC 6793 section 4.2.3."""
    assert _compare(impl, _record(_octets(path, 2), _octets(path4, 4))) == [merged, merged]


@pytest.mark.parametrize("length", [100, 200, 255])
def test_long_paths(impl: Any, length: int) -> None:
    """A segment has at most 255 AS numbers, and long paths take another way."""
    path, path4 = [(2, [64500] * 200), (2, [23456] * length)], [(2, [70000] * length), (2, [70001] * 3)]
    _compare(impl, _record(_octets(path, 2), _octets(path4, 4)))
    _compare(impl, _record(_octets([(2, [64500] * 255)], 2), _octets([(2, [70000] * 150)], 4)))
