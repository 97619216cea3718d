"""Announcements at the edge of what an attribute needs: a second octet of length, to be there at all."""

from __future__ import annotations

from typing import Any

import pytest


def _one(update: Any) -> Any:
    (found,) = update.messages()
    return found


@pytest.mark.parametrize("count", [63, 64, 65])
def test_extended_length_of_communities(impl: Any, count: int) -> None:
    """252, 256 and 260 octets: the length has two octets, and says so, exactly beyond 255."""
    update = impl.Update.announce(
        ["192.0.2.0/24"], next_hop="192.0.2.1", communities=[f"64500:{n}" for n in range(count)]
    )
    found = _one(update)
    size = 4 * count
    head = bytes((0xC0, 8, size)) if size <= 255 else bytes((0xD0, 8)) + size.to_bytes(2)
    assert bytes(found.attributes).endswith(head + bytes(found.attributes.communities))
    assert len(found.attributes.communities) == count
    assert found.errors == []


@pytest.mark.parametrize("name", ["communities", "extended_communities", "large_communities"])
def test_no_communities_are_no_attribute(impl: Any, name: str) -> None:
    """One of no octets would be malformed (RFC 7606 section 7.8)."""
    found = _one(impl.Update.announce(["192.0.2.0/24"], next_hop="192.0.2.1", **{name: []}))
    assert [each.code for each in found.attributes] == [1, 2, 3]


@pytest.mark.parametrize(("asn", "codes"), [(65534, [1, 2, 3]), (65535, [1, 2, 3]), (65536, [1, 2, 3, 17])])
def test_as4_path_only_where_it_is_needed(impl: Any, asn: int, codes: list[int]) -> None:
    """RFC 6793 section 4.2.2."""
    update = impl.Update.announce(["192.0.2.0/24"], next_hop="192.0.2.1", as_path=[64500, asn])
    (found,) = update.messages(impl.Session(asn4=False))
    assert [each.code for each in found.attributes] == codes
    assert list(found.attributes.as_path) == [64500, asn]
