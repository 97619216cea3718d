"""PrefixSet: exact membership and longest match, held against ipaddress."""

from __future__ import annotations

import copy
import ipaddress
import pickle
import random
from typing import Any

import pytest
from support.places import SAMPLES

DEMO = SAMPLES / "demo.mrt"
TEXTS = ["10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "192.0.2.1", "2001:db8::/32", "2001:db8:1::/48"]


def test_members(impl: Any) -> None:
    found = impl.PrefixSet([*reversed(TEXTS), impl.Prefix("10.0.0.0/8", 7), ipaddress.ip_network("10.1.0.0/16")])
    assert len(found) == 6
    assert list(found) == sorted(map(impl.Prefix, TEXTS))
    for text in TEXTS:
        assert text in found
        assert impl.Prefix(text) in found
        assert impl.Prefix(text, 7) in found
        assert ipaddress.ip_network(text) in found
    for text in ("10.0.0.0/9", "0.0.0.0/0", "::/0", "2001:db8::/33", "192.0.2.0/24", "10.1.2.3"):
        assert text not in found
    assert "10.9.9.9/8" in found  # stray bits count as little as in a Prefix
    for stranger in (None, 5, impl.Community("1:1")):
        assert stranger not in found
    for address in (impl.Address("192.0.2.1"), ipaddress.ip_address("192.0.2.1")):
        with pytest.raises(TypeError, match="covers"):
            assert address in found
    for wrong in ("", "ten", "10.0.0.0/33"):
        with pytest.raises(ValueError, match=r".+"):
            assert wrong in found
    assert repr(impl.PrefixSet(["10.0.0.0/8"])) == "PrefixSet(['10.0.0.0/8'])"


@pytest.mark.parametrize(
    ("place", "match"),
    [
        ("10.1.2.3", "10.1.2.0/24"),
        ("10.1.2.0/24", "10.1.2.0/24"),
        ("10.1.2.0/23", "10.1.0.0/16"),
        ("10.2.0.0", "10.0.0.0/8"),
        ("10.0.0.0/7", None),
        ("11.0.0.0", None),
        ("192.0.2.1", "192.0.2.1/32"),
        ("2001:db8:1::1", "2001:db8:1::/48"),
        ("2001:db8:2::", "2001:db8::/32"),
        ("a00::", None),
    ],
)
def test_longest_match(impl: Any, place: str, match: str | None) -> None:
    found = impl.PrefixSet(TEXTS)
    forms = [place, impl.Prefix(place), impl.Prefix(place, 7), ipaddress.ip_network(place)]
    if "/" not in place:
        forms += [impl.Address(place), ipaddress.ip_address(place)]
    for form in forms:
        assert found.longest_match(form) == (None if match is None else impl.Prefix(match))
        assert found.covers(form) is (match is not None)


def test_default_routes(impl: Any) -> None:
    found = impl.PrefixSet(["0.0.0.0/0", "::/0"])
    assert str(found.longest_match("203.0.113.9")) == "0.0.0.0/0"
    assert str(found.longest_match(impl.Address("::1"))) == "::/0"
    assert not impl.PrefixSet().covers("0.0.0.0/0")
    assert "0.0.0.0/0" not in impl.PrefixSet()


def test_what_makes_none(impl: Any) -> None:
    for wrong in ("10.0.0.0/8", 5, None, [5], [None], [b"\x08\x0a"], [ipaddress.ip_interface("10.0.0.1/8")]):
        with pytest.raises(TypeError):
            impl.PrefixSet(wrong)
    with pytest.raises(ValueError, match=r".+"):
        impl.PrefixSet(["10.0.0.0/8", "ten"])
    for wrong in (None, 5, impl.Community("1:1")):
        with pytest.raises(TypeError):
            impl.PrefixSet(TEXTS).longest_match(wrong)


def test_as_a_set(impl: Any) -> None:
    one, two = impl.PrefixSet(TEXTS[:4]), impl.PrefixSet(TEXTS[2:])
    assert one | two == impl.PrefixSet(TEXTS)
    assert list(one & two) == [impl.Prefix("10.1.2.0/24"), impl.Prefix("192.0.2.1")]
    assert type(one - two) is impl.PrefixSet
    assert one & two <= one
    assert not one.isdisjoint(two)
    same = frozenset(map(impl.Prefix, TEXTS[:4]))
    assert one == same
    assert hash(one) == hash(same)
    assert len({one, impl.PrefixSet(reversed(TEXTS[:4])), two}) == 2
    assert not impl.PrefixSet()
    for twin in (copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one))):
        assert twin == one
        assert twin.longest_match("10.1.2.3") == one.longest_match("10.1.2.3")
    with pytest.raises(AttributeError):
        one.anything = 1


def test_like_ipaddress(impl: Any) -> None:
    """A few thousand prefixes of both families, asked for at random."""
    chance = random.Random(1)
    networks = set()
    for _ in range(2000):
        network: Any
        if chance.random() < 0.5:
            network = ipaddress.IPv4Network((chance.getrandbits(12) << 20, chance.randint(0, 16)), strict=False)
        else:
            network = ipaddress.IPv6Network((chance.getrandbits(12) << 116, chance.randint(0, 20)), strict=False)
        networks.add(network)
    found = impl.PrefixSet(networks)
    assert len(found) == len(networks)
    assert {prefix.network for prefix in found} == networks
    for _ in range(200):
        address = ipaddress.ip_address(chance.getrandbits(32))
        if chance.random() < 0.5:
            address = ipaddress.ip_address(chance.getrandbits(128))
        around = [network for network in networks if network.version == address.version and address in network]
        best = max(around, key=lambda network: network.prefixlen, default=None)
        match = found.longest_match(address)
        assert (None if match is None else match.network) == best


def test_routes_of_a_file(impl: Any) -> None:
    with impl.mrt.open(DEMO) as file:
        prefixes = [route.prefix for route in file.routes() if route.prefix is not None]
    found = impl.PrefixSet(prefixes)
    assert prefixes
    assert all(prefix in found and found.longest_match(prefix) == prefix.prefix for prefix in prefixes)
