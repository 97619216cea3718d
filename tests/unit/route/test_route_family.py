"""The family of a route is that of the field it stands in, whatever its NLRI looks like."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.context import ATTRIBUTES, attribute, bgp4mp, next_hop, update

TEN = b"\x08\x0a"
LABELLED = bytes.fromhex("60 000641 0000fde800000064 0a")
"""Of SAFI 76 and 128: label 100, route distinguisher 65000:100, 10.0.0.0/8."""


def _families(package: Any, octets: bytes) -> list[tuple[str, tuple[int, int], str]]:
    routes = list(package.mrt.open(bgp4mp(octets)).routes())
    line = package.text.jsonl.formatter()
    return [(route.type, tuple(route.family), json.loads(line(route)).get("family", "")) for route in routes]


@pytest.mark.parametrize(("safi", "nlri"), [(1, TEN), (2, TEN), (3, TEN), (67, TEN), (76, LABELLED), (128, LABELLED)])
def test_family_of_the_attribute(impl: Any, safi: int, nlri: bytes) -> None:
    head = b"\0\1" + bytes((safi,))
    reach = attribute(0x80, 14, head + next_hop(1, safi) + b"\0" + nlri)
    unreach = attribute(0x80, 15, head + nlri)
    found = _families(impl, update(b"", ATTRIBUTES + reach + unreach))
    assert [(kind, family) for kind, family, _ in found] == [("W", (1, safi)), ("A", (1, safi))]
    name = impl.Family(1, safi)
    assert [text for *_, text in found] == ["" if safi == 1 else str(name)] * 2


def test_the_same_prefix_in_both_fields(impl: Any) -> None:
    """In the UPDATE's own fields it is unicast, beside it multicast (RFC 4760 section 3)."""
    reach = attribute(0x80, 14, b"\0\1\2" + next_hop(1, 2) + b"\0" + TEN)
    unreach = attribute(0x80, 15, b"\0\1\2" + TEN)
    found = _families(impl, update(TEN, ATTRIBUTES + reach + unreach, TEN))
    assert [(kind, family) for kind, family, _ in found] == [
        ("W", (1, 1)),
        ("W", (1, 2)),
        ("A", (1, 1)),
        ("A", (1, 2)),
    ]
