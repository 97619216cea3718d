"""Two paths of one prefix are two routes (RFC 7911 section 3): values that differ in the path identifier alone."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest

# Of a package and a path identifier: a value.
MADE: dict[str, Callable[[Any, int | None], Any]] = {
    "Prefix": lambda package, path_id: package.Prefix("203.0.113.0/24", path_id),
    "LabelledPrefix": lambda package, path_id: package.LabelledPrefix("100", "203.0.113.0/24", path_id),
    "VpnPrefix": lambda package, path_id: package.VpnPrefix("100", "65000:1", "203.0.113.0/24", path_id),
}


@pytest.mark.parametrize("name", MADE)
def test_equal_to_its_own_path_alone(impl: Any, name: str) -> None:
    make = MADE[name]
    values = [make(impl, path_id) for path_id in (None, 0, 1, 0xFFFFFFFF)]
    for value, path_id in zip(values, (None, 0, 1, 0xFFFFFFFF), strict=True):
        assert value == make(impl, path_id)
        assert hash(value) == hash(make(impl, path_id))
    for one, other in combinations(values, 2):
        # By the operator, not by a set: a set asks for the hash first, and where that differs never for this.
        assert one != other
        assert not one == other  # noqa: SIM201
        assert one < other
        assert not other <= one


@pytest.mark.parametrize(
    ("name", "value", "other"),
    [
        ("Prefix", ("203.0.113.0/24",), ("203.0.112.0/24",)),
        ("Prefix", ("203.0.113.0/24",), ("203.0.113.0/25",)),
        ("Prefix", ("0.0.0.0/0",), ("::/0",)),
        ("LabelledPrefix", ("100", "203.0.113.0/24"), ("101", "203.0.113.0/24")),
        ("LabelledPrefix", ("100", "203.0.113.0/24"), ("100", "203.0.113.0/25")),
        ("VpnPrefix", ("100", "65000:1", "203.0.113.0/24"), ("101", "65000:1", "203.0.113.0/24")),
        ("VpnPrefix", ("100", "65000:1", "203.0.113.0/24"), ("100", "65000:2", "203.0.113.0/24")),
        ("VpnPrefix", ("100", "65000:1", "203.0.113.0/24"), ("100", "65000:1", "203.0.112.0/24")),
    ],
)
def test_the_same_path_is_not_enough(impl: Any, name: str, value: tuple[str, ...], other: tuple[str, ...]) -> None:
    make = getattr(impl, name)
    assert make(*value, 7) != make(*other, 7)
    assert not make(*value, 7) == make(*other, 7)  # noqa: SIM201
