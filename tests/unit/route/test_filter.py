"""``bgpwire.Filter``: each criterion against what the route itself says, alone, negated, absent and combined."""

from __future__ import annotations

import copy
import pickle
import threading
from datetime import UTC, datetime, timedelta, timezone
from ipaddress import IPv4Address, IPv6Network, ip_network
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.context import rib_generic, told
from support.fresh import fresh
from support.made_mrt import archive
from support.places import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

FILES = ("demo.mrt", "demo-rib.mrt", "vpn.mrt", "multicast.mrt", "add-path-bird-rib.mrt")


@pytest.fixture
def routes(impl: Any, tmp_path: Path) -> list[Any]:
    """Announced and withdrawn routes, RIB entries and state changes, of several families."""
    path = tmp_path / "made.mrt"
    path.write_bytes(archive())
    out: list[Any] = []
    for file in (path, *(SAMPLES / name for name in FILES)):
        out += impl.mrt.open(file, on_skip=told).routes()
    assert {route.type for route in out} == set("AWRS")
    return out


def _inside(route: Any, network: str) -> bool:
    outer = ip_network(network)
    if route.prefix is None or route.prefix.version != outer.version:
        return False
    return bool(route.prefix.network.subnet_of(outer))


def _texts(route: Any) -> set[str]:
    if route.type == "W":
        return set()
    found = (route.communities, route.large_communities, route.extended_communities)
    return {str(value) for values in found for value in values or ()}


# A criterion, and the same said without a filter.
PLAIN: dict[str, tuple[dict[str, Any], Callable[[Any], bool]]] = {
    "type": ({"type": "A"}, lambda r: r.type == "A"),
    "type by word": ({"type": "withdraw"}, lambda r: r.type == "W"),
    "types side by side": ({"type": "rs"}, lambda r: r.type in "RS"),
    "types in a list": ({"type": ["announce", "S"]}, lambda r: r.type in "AS"),
    "prefix": ({"prefix": "10.64.17.0/24"}, lambda r: str(r.prefix) == "10.64.17.0/24"),
    "network": ({"prefix": IPv6Network("2001:db8::/32")}, lambda r: str(r.prefix) == "2001:db8::/32"),
    "more specific": ({"more_specific": "10.0.0.0/8"}, lambda r: _inside(r, "10.0.0.0/8")),
    "many more specific": (
        {"more_specific": [f"10.{n}.0.0/16" for n in range(60, 130)]},
        lambda r: any(_inside(r, f"10.{n}.0.0/16") for n in range(60, 130)),
    ),
    "less specific": (
        {"less_specific": "10.64.16.77"},
        lambda r: r.prefix is not None and r.prefix.contains("10.64.16.77"),
    ),
    "any of the prefixes": (
        {"less_specific": IPv4Address("10.200.0.1"), "prefix": "10.64.16.0/24"},
        lambda r: str(r.prefix) == "10.64.16.0/24" or (r.prefix is not None and r.prefix.contains("10.200.0.1")),
    ),
    "origin": ({"origin_asn": 64497}, lambda r: 64497 in r.origin_asns),
    "origins": ({"origin_asn": ["AS64499", "0.64496"]}, lambda r: not {64499, 64496}.isdisjoint(r.origin_asns)),
    "path": ({"as_path": "_64496_"}, lambda r: r.as_path is not None and 64496 in r.as_path),
    "community": ({"community": "64500:200"}, lambda r: "64500:200" in _texts(r)),
    "well-known": ({"community": "graceful_shutdown"}, lambda r: "graceful-shutdown" in _texts(r)),
    "large community": ({"community": "65551:2:64496"}, lambda r: "65551:2:64496" in _texts(r)),
    "extended community": ({"community": "rt:64500:300"}, lambda r: "rt:64500:300" in _texts(r)),
    "pattern": ({"community": "64500:*"}, lambda r: any(text.startswith("64500:") for text in _texts(r))),
    "peer AS": ({"peer_asn": "1.15"}, lambda r: r.peer_asn == 65551),
    "peer": ({"peer_address": "2001:db8:0::1"}, lambda r: str(r.peer_address) == "2001:db8::1"),
    "family": ({"family": "ipv4-multicast"}, lambda r: r.family == (1, 2)),
    "families": ({"family": [(2, 1), "1/128"]}, lambda r: r.family in ((2, 1), (1, 128))),
    "one family as a pair": ({"family": (2, 1)}, lambda r: r.family == (2, 1)),
    "version": ({"ip_version": 6}, lambda r: getattr(r.nlri, "afi", None) == 2),
}


@pytest.mark.parametrize("name", PLAIN)
def test_a_criterion(impl: Any, routes: list[Any], name: str) -> None:
    given, wanted = PLAIN[name]
    found = impl.Filter(**given)
    expected = [wanted(route) for route in routes]
    assert any(expected)
    assert not all(expected)
    for check in (found, found.predicate, pickle.loads(pickle.dumps(found)), found & found, found | found, ~~found):
        assert [check(route) for route in routes] == expected
    if len(given) == 1:
        ((key, value),) = given.items()
        assert [impl.Filter(**{f"not_{key}": value})(route) for route in routes] == [not fits for fits in expected]
    assert [(~found)(route) for route in routes] == [not fits for fits in expected]


PRESENT: dict[str, Callable[[Any], bool]] = {
    "prefix": lambda r: r.prefix is not None,
    "family": lambda r: r.family is not None,
    "peer_address": lambda r: r.peer_address is not None,
    "origin_asn": lambda r: bool(r.origin_asns),
    "as_path": lambda r: r.as_path is not None,
    "community": lambda r: bool(_texts(r)),
}


@pytest.mark.parametrize("name", PRESENT)
def test_present_and_absent(impl: Any, routes: list[Any], name: str) -> None:
    expected = [PRESENT[name](route) for route in routes]
    assert [impl.Filter(**{name: True})(route) for route in routes] == expected
    assert [impl.Filter(**{name: False})(route) for route in routes] == [not there for there in expected]


def test_all_criteria_must_hold(impl: Any, routes: list[Any]) -> None:
    found = impl.Filter(ip_version=4, type="A", as_path="64497$", end=1000000002, not_prefix="10.64.16.0/24")
    assert {str(route.prefix) for route in filter(found, routes)} == {"10.64.17.0/24"}
    assert list(filter(found.predicate, routes)) == list(filter(found, routes))
    # Inside a prefix, and not the prefix itself.
    inside = impl.Filter(more_specific="10.64.16.0/23", not_prefix="10.64.16.0/24", type="A")
    assert {str(route.prefix) for route in filter(inside, routes)} == {"10.64.17.0/24"}


def test_without_criteria_everything_is_kept(impl: Any, routes: list[Any]) -> None:
    assert all(map(impl.Filter(), routes))
    assert not any(map(~impl.Filter(), routes))


def test_filters_combine(impl: Any, routes: list[Any]) -> None:
    one, other, third = impl.Filter(type="A"), impl.Filter(origin_asn=64497), impl.Filter(ip_version=6)
    for route in routes:
        assert (one & other)(route) == (one(route) and other(route))
        assert (one | other)(route) == (one(route) or other(route))
        assert (one & (other | ~third))(route) == (one(route) and (other(route) or not third(route)))
    with pytest.raises(TypeError):
        one & (lambda route: True)


@pytest.mark.parametrize(
    "moment",
    [
        *(1000000003, 1000000003.0, "1000000003", "2001-09-09T01:46:43Z", "2001-09-09 01:46:43"),
        *(datetime(2001, 9, 9, 1, 46, 43, tzinfo=UTC), datetime(2001, 9, 9, 1, 46, 43)),
        datetime(2001, 9, 9, 3, 46, 43, tzinfo=timezone(timedelta(hours=2))),
    ],
    ids=repr,
)
def test_times(impl: Any, routes: list[Any], moment: Any) -> None:
    first = [route for route in routes if route.timestamp < 1000001000]
    kept = [route.timestamp for route in filter(impl.Filter(start=moment, end=1000000004), first)]
    assert kept == [1000000003, 1000000004]
    assert impl.Filter(start=moment) == impl.Filter(start=1000000003)


def test_values_of_the_package(impl: Any, routes: list[Any]) -> None:
    """A value stands for what its text stands for; extended communities of equal text may be of several types."""
    pairs = [
        (impl.Filter(prefix=impl.Prefix("10.64.16.0/24")), impl.Filter(prefix="10.64.16.0/24")),
        (impl.Filter(more_specific=impl.PrefixSet(["10.0.0.0/8"])), impl.Filter(more_specific="10.0.0.0/8")),
        (impl.Filter(peer_address=impl.Address("192.0.2.1")), impl.Filter(peer_address=IPv4Address("192.0.2.1"))),
        (impl.Filter(family=impl.Family(2, 1)), impl.Filter(family="ipv6-unicast")),
        (impl.Filter(community=impl.Community("64500:200")), impl.Filter(community=" 64500:200 ")),
        (impl.Filter(community=impl.LargeCommunity("1:2:3")), impl.Filter(community="1:2:3")),
        (impl.Filter(prefix=impl.Prefix("10.0.0.0/8", path_id=7)), impl.Filter(prefix="10.0.0.0/8")),
    ]
    for ours, text in pairs:
        assert ours == text
        assert list(map(ours, routes)) == list(map(text, routes))
    exact = impl.Filter(community=impl.ExtendedCommunity("rt:64500:300"))
    assert list(map(exact, routes)) == list(map(impl.Filter(community="rt:64500:300"), routes))


def test_messages_by_time_and_peer(impl: Any, tmp_path: Path) -> None:
    path = tmp_path / "made.mrt"
    path.write_bytes(archive())
    found = impl.Filter(peer_asn=65551, start=1000000002, peer_address="192.0.2.1")
    messages = list(impl.mrt.open(path).messages())
    expected = [m.timestamp >= 1000000002 and str(m.peer_address) == "192.0.2.1" for m in messages]
    assert list(map(found, messages)) == expected
    assert any(expected)


# --- values ---------------------------------------------------------------------------------------------------------


def test_equal_criteria_make_equal_filters(impl: Any) -> None:
    make = impl.Filter
    one = make(origin_asn=[1, "AS2", 1], community=["65000:1", "65000:*"])
    assert one == make(community=["65000:*", "65000:1"], origin_asn=(2, 1))
    assert hash(one) == hash(make(community=["65000:*", "65000:1"], origin_asn=(2, 1)))
    assert one != make(origin_asn=[1, 2])
    assert make(type="A") & make(origin_asn=1) == make(origin_asn=1) & make(type="A")
    assert make(type="A") & make(origin_asn=1) != make(origin_asn=1) | make(type="A")
    assert ~make(type="A") != make(type="A")
    assert make(community=True) != make(community=False)
    assert len({one, copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one)), ~~one}) == 1
    assert one != "origin_asn=1"


@pytest.mark.parametrize(
    "text",
    [
        "Filter()",
        "Filter(type='A')",
        "Filter(prefix='10.0.0.0/8', not_origin_asn=[64496, 64497], community=True)",
        "Filter(community=['65000:1', '65000:*', '1:2:3', 'rt:65000:1'], peer_address='2001:db8::1')",
        "Filter(family=['ipv4-unicast', 'l2vpn-evpn'], ip_version=4, start=1.5, end=2.0)",
        "~Filter(type='W') & (Filter(as_path='_174_') | Filter(as_path=False))",
        "~(Filter(type='W') | Filter(as_path='a'))",
    ],
)
def test_repr_is_how_it_is_written(impl: Any, text: str) -> None:
    made = eval(text, {"Filter": impl.Filter})
    assert repr(made) == text
    assert pickle.loads(pickle.dumps(made)) == made


def test_a_filter_cannot_be_changed(impl: Any) -> None:
    for found in (impl.Filter(type="A"), impl.Filter(type="A") | impl.Filter(type="W"), ~impl.Filter(type="A")):
        for name in ("type", "_checks", "_criteria"):
            with pytest.raises(AttributeError, match="cannot be set"):
                setattr(found, name, 1)
        with pytest.raises(AttributeError, match="cannot be deleted"):
            del found._checks


def test_pickles_go_to_another_process(impl: Any) -> None:
    found = impl.Filter(prefix="10.0.0.0/8", community=["65000:*", "no-export"]) | ~impl.Filter(as_path="_1_")
    load = "import pickle, sys; print(repr(pickle.loads(bytes.fromhex(sys.argv[1]))))"
    assert fresh(impl, load, pickle.dumps(found).hex()) == repr(found)


# --- what is refused ------------------------------------------------------------------------------------------------

IMPOSSIBLE: dict[str, tuple[dict[str, Any], str]] = {
    "no values": ({"origin_asn": []}, "origin_asn: no values"),
    "AS number of 33 bits": ({"origin_asn": 1 << 32}, "no AS number"),
    "negative AS number": ({"peer_asn": -1}, "no AS number"),
    "text": ({"not_origin_asn": "six"}, "not_origin_asn: 'SIX' is no AS number"),
    "prefix": ({"prefix": "10.0.0.0/33"}, "prefix: "),
    "address": ({"peer_address": "192.0.2"}, "peer_address: "),
    "expression": ({"as_path": "("}, "no regular expression that is known here"),
    "community": ({"community": "six"}, "no community"),
    "community of 17 bits": ({"community": "65536:1"}, "no community"),
    "extended community of no type": ({"community": "rtt:65000:1"}, "no community"),
    "type": ({"type": "X"}, "write A"),
    "empty type": ({"type": ""}, "write A"),
    "family": ({"family": "ipv5-unicast"}, "unknown address family"),
    "family out of range": ({"family": (1, 256)}, "pair"),
    "version": ({"ip_version": 5}, "write 4 or 6"),
    "time": ({"start": "noon"}, "no time"),
    "two times": ({"start": [1, 2]}, "one time"),
    "infinite time": ({"end": float("inf")}, "no time"),
    "end before start": ({"start": 2, "end": 1}, "the end is before the start"),
    "other version": ({"ip_version": 4, "more_specific": "2001:db8::/32"}, "not of that IP version"),
    "absent and given": ({"prefix": False, "more_specific": "10.0.0.0/8"}, "beside prefixes"),
    "state with a prefix": ({"type": "S", "prefix": "10.0.0.0/8"}, "a state change"),
    "state with a family": ({"type": "S", "family": True}, "a state change"),
    "withdrawal with attributes": ({"type": "WS", "community": "65000:1"}, "have no attributes"),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_no_route_can_meet(impl: Any, name: str) -> None:
    given, why = IMPOSSIBLE[name]
    with pytest.raises(ValueError, match=why):
        impl.Filter(**given)


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "unknown name": ({"origin": 1}, "origin"),
    "true of what is always there": ({"peer_asn": True}, "not a value"),
    "false of what is always there": ({"type": False}, "not a value"),
    "negated presence": ({"not_community": True}, "write community=False"),
    "true among values": ({"origin_asn": [1, True]}, "stand alone"),
    "float for a number": ({"origin_asn": 1.5}, "origin_asn"),
    "octets for a path": ({"as_path": b"1"}, "text"),
    "number for a community": ({"community": 1}, "community"),
    "number for a family": ({"family": 1}, "family"),
    "number for a prefix": ({"prefix": 10}, "prefix"),
    "number for a type": ({"type": 1}, "type"),
    "true for a time": ({"start": True}, "not a value"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_value(impl: Any, name: str) -> None:
    given, why = WRONG[name]
    with pytest.raises(TypeError, match=why):
        impl.Filter(**given)


# --- work -----------------------------------------------------------------------------------------------------------


def test_attributes_are_checked_once(impl: Any, routes: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Once for all routes of an UPDATE."""
    regex = impl.route.path_regex.PathRegex
    calls = 0
    search = regex.search

    def counted(self: Any, text: str) -> bool:
        nonlocal calls
        calls += 1
        return bool(search(self, text))

    monkeypatch.setattr(regex, "search", counted)
    list(filter(impl.Filter(as_path="_64496_"), routes))
    blocks = [route.attributes for route in routes if route.as_path is not None]
    assert calls == 1 + sum(one is not other for one, other in pairwise(blocks))
    assert calls < len(blocks)


def test_threads_share_a_filter(impl: Any, routes: list[Any]) -> None:
    """Each thread walks over the routes in an order of its own; all answers are those of one thread alone."""
    found = impl.Filter(as_path="_64496_") | impl.Filter(community="64500:*")
    expected = {id(route): found(route) for route in routes}
    wrong: list[Any] = []

    def walk(step: int) -> None:
        for _ in range(20):
            order = routes[::step]
            wrong.extend(route for route in order if found(route) != expected[id(route)])

    threads = [threading.Thread(target=walk, args=(step,)) for step in (1, -1, 2, -3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_prefixes_of_nsap(impl: Any) -> None:
    """They are neither IPv4 nor IPv6: no prefix covers them, and none is asked whether it does."""
    nlri = bytes.fromhex("80 3e8001 0000fde800000064 4700050001")
    data = rib_generic(3, 1, bytes.fromhex("28 4700050001")) + rib_generic(3, 128, nlri)
    routes = list(impl.mrt.open(data).routes())
    assert [str(route.prefix) for route in routes] == ["47.0005.0001/40"] * 2
    for name in ("prefix", "more_specific", "less_specific"):
        for places in (["0.0.0.0/0"], ["::/0", "10.0.0.0/8", "10.1.0.0/16", "10.2.0.0/16", "192.0.2.0/24"]):
            assert list(filter(impl.Filter(**{name: places}), routes)) == []
            assert list(filter(impl.Filter(**{f"not_{name}": places}), routes)) == routes
    assert list(filter(impl.Filter(prefix=True), routes)) == routes
