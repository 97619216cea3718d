"""Communities: names, asplain, duplicates."""

from __future__ import annotations

from typing import Any

import pytest


def test_well_known_names_read_back(impl: Any) -> None:
    from bgpwire.value.community import WELL_KNOWN

    for value, name in WELL_KNOWN.items():
        assert str(impl.Community.from_int(value)) == name
        assert int(impl.Community(name)) == value
        assert int(impl.Community(name.upper().replace("-", "_"))) == value


def test_zero_has_no_name(impl: Any) -> None:
    """Pitfall 28: 0:0 as "internet" is one vendor's habit."""
    assert str(impl.Community.from_int(0)) == "0:0"
    assert impl.Community.from_int(0).name is None


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("LargeCommunities", "65000:1:2", "65000:1:3"),
        ("Communities", "65000:1", "no-export"),
        ("ExtendedCommunities", "rt:65000:1", "soo:65000:1"),
    ],
)
def test_duplicates_stay_until_asked(impl: Any, name: str, one: str, other: str) -> None:
    """RFC 8092 section 5: duplicates are to be removed; here on request, in the order of the first of each."""
    values = getattr(impl, name)([other, one, other, one])
    assert [str(value) for value in values] == [other, one, other, one]
    assert [str(value) for value in values.unique()] == [other, one]
    assert type(values.unique()) is type(values)
    assert values.unique() == values.unique().unique()


def test_asplain_is_the_default(impl: Any) -> None:
    """Pitfall 16."""
    assert str(impl.ExtendedCommunity.from_bytes(bytes.fromhex("0202fa56ea6f10e1"))) == "rt:4200000111:4321"
    assert str(impl.ExtendedCommunity("rt:4200000111:4321")) == "rt:4200000111:4321"
