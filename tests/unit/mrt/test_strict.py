"""A strict pass ends at the first fault: nothing of the record that has it is given, be it routes, text or counts."""

from __future__ import annotations

import struct
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support import made_mrt as made
from support.archives import table_of_peers

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK = made.IGP + made.PATH + made.HOP
GOOD = made.bgp4mp(made.update(_BLOCK, made.TEN))


def _rib(entries: int, there: int) -> bytes:
    """An entry in a RIB record that says how many it has."""
    entry = struct.pack(">HIH", 0, 1_000_000, len(_BLOCK)) + _BLOCK
    body = struct.pack(">I", 1) + b"\x0d\x0a\x17" + struct.pack(">H", entries) + entry * there
    return struct.pack(">IHHI", 1, 13, 2, len(body)) + body


UPDATE = made.bgp4mp(  # a prefix of 129 bits behind nine routes
    made.update(_BLOCK + made.reach(2, made.HOP6, made.SIX + b"\x81"), made.TEN * 5, made.TEN * 3)
)
FAULTS = {"update": UPDATE, "table": _rib(4, 3)}


def _until_it_ends(package: Any, items: Any) -> Iterator[Any]:
    """All that comes before the exception."""
    with pytest.raises(package.MrtError):
        yield from items


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_of_the_faulty_record(impl: Any, fault: str) -> None:
    data = table_of_peers() + GOOD * 3 + _rib(2, 2) + made.archive() + FAULTS[fault] + GOOD * 3
    routes = list(_until_it_ends(impl, impl.mrt.open(data, strict=True)))
    before = len(list(impl.mrt.open(data[: data.index(FAULTS[fault])])))
    assert len(routes) == before == 3 + 2 + 8

    for format, (formatter, _) in import_module("bgpwire.text.lines").FORMATS.items():
        expected = "".join(map(formatter(), routes))
        for size in (1, 60, 200, 400, 1000, 1 << 18):
            kernel = import_module("bgpwire.text.kernels").iter_lines
            pieces = impl.mrt.open(data, strict=True)._through(kernel, format, formatter(), size)
            assert b"".join(_until_it_ends(impl, pieces)).decode() == expected

    expected = impl.mrt.Statistics()
    expected.add(routes)
    for size in (1, 2, 8, 1 << 15):
        found = impl.mrt.Statistics()
        numbers = impl.mrt.open(data, strict=True)._through(
            import_module("bgpwire.mrt.statistics").iter_counts, found, size
        )
        list(_until_it_ends(impl, numbers))
        for name in ("types", "families", "peers", "attributes", "lengths", "attribute_blocks", "first", "last"):
            assert getattr(found, name) == getattr(expected, name), name
        assert list(found.attributes) == list(expected.attributes)

    for size in (1, 2, 5, 13, 14, 16, 100):
        batches = list(_until_it_ends(impl, impl.mrt.open(data, strict=True).columns(["prefix"], batch_size=size)))
        texts = [route.prefix and str(route.prefix) for route in routes]
        assert [text for batch in batches for text in batch["prefix"]] == texts[: len(texts) // size * size]


@pytest.mark.parametrize("fault", FAULTS)
def test_otherwise_what_stands_before_it(impl: Any, fault: str) -> None:
    """The same archive where faults are reported: the routes before them are given."""
    data = table_of_peers() + GOOD + FAULTS[fault] + GOOD
    skips: list[Any] = []
    texts = [str(route.prefix) for route in impl.mrt.open(data, on_skip=skips.append)]
    assert len(texts) == 2 + (9 if fault == "update" else 3)
    (batch,) = impl.mrt.open(data, on_skip=skips.append).columns(["prefix"])
    assert batch["prefix"] == texts
    assert len(skips) == 2
