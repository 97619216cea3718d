"""AS_PATH and AS4_PATH of sessions of 2 octets: columns have the effective path that routes have (RFC 6793)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from support.as4 import octets, record, records
from support.mutation import examples

if TYPE_CHECKING:
    from support.as4 import Segments

NAMES = ("as_path", "as_path_segments", "has_as_set", "origin_asn", "aggregator_asn")


def _compare(package: Any, data: bytes) -> list[Any]:
    routes = list(package.mrt.open(data).routes())
    # With the text all columns are made of routes, without it none is.
    for names in (NAMES, (*NAMES, "as_path_text")):
        batches = list(package.mrt.open(data).columns(names))
        for name in names:
            expected = [package.columns.COLUMNS[name].read(route) for route in routes]
            assert [value for batch in batches for value in batch[name]] == expected, name
    return [value for batch in batches for value in batch["as_path"]]


def test_any_two_paths(impl: Any) -> None:
    """Also malformed ones."""

    @given(records())
    @settings(max_examples=examples(400))
    def same(data: bytes) -> None:
        _compare(impl, data)

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
    assert _compare(impl, record(octets(path, 2), octets(path4, 4))) == [merged, merged]


@pytest.mark.parametrize("length", [100, 200, 255])
def test_long_paths(impl: Any, length: int) -> None:
    """A segment has at most 255 AS numbers, and long paths take another way."""
    path, path4 = [(2, [64500] * 200), (2, [23456] * length)], [(2, [70000] * length), (2, [70001] * 3)]
    _compare(impl, record(octets(path, 2), octets(path4, 4)))
    _compare(impl, record(octets([(2, [64500] * 255)], 2), octets([(2, [70000] * 150)], 4)))
