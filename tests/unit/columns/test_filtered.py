"""Columns and lines of filtered routes: what is compared without an object passes as the filter says of the route."""

from __future__ import annotations

import io
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.archives import ARCHIVES
from support.context import attribute, bgp4mp, told, update
from support.mutation import examples
from support.places import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("timestamp", "type", "peer_address", "prefix", "path_id", "as_path", "communities")
REAL = (
    "ris-updates.20160811.1600.gz",
    "ris-updates.20070211.0141.gz",
    "ris-bview.20020722.2337.gz",
    "routeviews-rib6.20151101.0600.truncated.bz2",
)


def _values(routes: list[Any]) -> dict[str, list[Any]]:
    """Values of the criteria that some of these routes meet."""
    first = routes[:: max(1, len(routes) // 12)][:12]
    prefixes = [route.prefix.prefix for route in first if route.prefix is not None]
    origins = [asn for route in first if route.as_path is not None for asn in route.as_path.origin_asns]
    communities = [
        one for route in first for kind in (route.communities, route.large_communities) for one in kind or ()
    ]
    return {
        "type": ["A", "W", "R", "AW"],
        "peer_asn": [route.peer_asn for route in first if route.peer_asn is not None],
        "peer_address": [route.peer_address for route in first if route.peer_address is not None],
        "family": [route.family for route in first if route.family is not None],
        "ip_version": [4, 6],
        "start": [route.timestamp for route in first],
        "end": [route.timestamp for route in first],
        "prefix": prefixes,
        "more_specific": [*prefixes, *("0.0.0.0/1", "::/2", "128.0.0.0/3")],
        "less_specific": [*prefixes, "10.1.2.3/32"],
        "origin_asn": origins,
        "community": communities,
    }


def _compare(package: Any, data: bytes, routes: list[Any], given: dict[str, Any]) -> None:
    try:
        chosen = package.Filter(**given)
    except ValueError:  # no route could meet it
        return
    expected = [route for route in routes if chosen(route)]
    for size in (65536, 3):
        batches = list(package.mrt.open(data, on_skip=told).columns(NAMES, chosen, size))
        assert sum(map(len, batches)) == len(expected)
        for name in NAMES:
            values = [package.columns.COLUMNS[name].read(route) for route in expected]
            assert [value for batch in batches for value in batch[name]] == values, (name, given)
    for format in ("bgpdump", "json", "psv"):
        line = package.text.lines.FORMATS[format][0]()
        text = b"".join(package.mrt.open(data, on_skip=told).text(format, chosen, header=False)).decode()
        assert text == "".join(map(line, expected)), (format, given)


def _of_file(package: Any, data: bytes, most: int) -> None:
    routes = list(package.mrt.open(data, on_skip=told).routes())
    values = {name: found for name, found in _values(routes).items() if found}
    one = st.sampled_from(sorted(values)).flatmap(lambda name: _criterion(name, values[name]))

    @given(st.lists(one, min_size=1, max_size=3).map(dict))
    @settings(max_examples=examples(most))
    def same(criteria: dict[str, Any]) -> None:
        _compare(package, data, routes, criteria)

    same()


def _criterion(name: str, values: list[Any]) -> st.SearchStrategy[tuple[str, Any]]:
    if name in ("start", "end"):
        return st.tuples(st.just(name), st.sampled_from(values))
    prefix = st.sampled_from(("", "not_"))
    return st.tuples(prefix.map(lambda text: text + name), st.lists(st.sampled_from(values), min_size=1, max_size=3))


@pytest.mark.parametrize("path", ARCHIVES, ids=lambda path: path.stem)
def test_samples(impl: Any, path: Path) -> None:
    _of_file(impl, path.read_bytes(), 15)


@pytest.mark.parametrize("name", REAL)
def test_real_files(impl: Any, data_dir: Path, name: str) -> None:
    source = impl.mrt.source.Source(impl.mrt.input.Input(io.BytesIO((data_dir / name).read_bytes())))
    _of_file(impl, source.read(12_000)[:12_000], 12)


def _update(number: int, withdrawn: bytes, nlri: bytes) -> bytes:
    """One whose AS path no other has."""
    path = bytes((2, 2)) + (64500).to_bytes(4) + (65000 + number).to_bytes(4)
    block = attribute(0x40, 1, b"\0") + attribute(0x40, 2, path) + attribute(0x40, 3, bytes((192, 0, 2, 1)))
    return bgp4mp(update(withdrawn, block, nlri))


def test_some_prefixes_of_an_update(impl: Any) -> None:
    """Those that are wanted stand between others, a batch ends among them, and small UPDATEs stand around."""
    nlri = b"".join(bytes((24, 10, number % 3, number)) for number in range(100))
    small = [_update(number, b"", nlri[4 * number : 4 * number + 4]) for number in range(40)]
    data = b"".join([*small, _update(100, nlri[:40], nlri), *small, _update(101, nlri[:40], nlri), *small[:3]])
    routes = list(impl.mrt.open(data).routes())
    for wanted, unwanted in product(("10.0.0.0/16", "10.2.0.0/16", "10.0.0.0/8", "10.1.1.0/24"), repeat=2):
        _compare(impl, data, routes, {"more_specific": [wanted]})
        _compare(impl, data, routes, {"less_specific": [wanted], "not_prefix": [unwanted]})
        _compare(impl, data, routes, {"more_specific": [wanted], "not_more_specific": [unwanted]})


def test_many_values(impl: Any) -> None:
    """More prefixes than are looked through one by one, and AS numbers in any order."""
    data = SAMPLES.joinpath("demo.mrt").read_bytes()
    routes = list(impl.mrt.open(data).routes())
    origins = [asn for route in routes if route.as_path is not None for asn in route.as_path.origin_asns]
    _compare(impl, data, routes, {"origin_asn": [*range(64400, 64700, 3), *origins[::2], 1]})
    _compare(impl, data, routes, {"prefix": [f"10.0.{number}.0/24" for number in range(100)]})


def test_other_criteria(impl: Any) -> None:
    """Those that are asked of routes."""
    data = SAMPLES.joinpath("demo.mrt").read_bytes()
    routes = list(impl.mrt.open(data).routes())
    for criteria in ({"as_path": "^6"}, {"community": "*:1*"}, {"origin_asn": True}, {"prefix": False}):
        _compare(impl, data, routes, criteria)
    chosen = impl.Filter(type="A") & ~impl.Filter(peer_asn=64500)
    assert chosen.criteria is None
    assert impl.Filter(type="A").criteria == {"type": ("A",)}
    assert sum(map(len, impl.mrt.open(data).columns(NAMES, chosen))) == sum(map(chosen, routes))
