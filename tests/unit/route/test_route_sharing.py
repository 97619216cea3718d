"""Routes of a file share the values that are made of the same octets, and hold nothing of the file themselves."""

from __future__ import annotations

import gc
import tracemalloc
import weakref
from types import MemberDescriptorType
from typing import Any

import pytest
from support.made_mrt import HOP, IGP, PATH, TEN, attribute, bgp4mp, update

COMMUNITIES = bytes.fromhex("c00808 fde80001 fde80002")
EXTENDED = bytes.fromhex("c01008 0002fde800000001")
LARGE = bytes.fromhex("c0200c 0000fde8 00000001 00000002")
BOTH = update(attributes=IGP + PATH + HOP + COMMUNITIES + EXTENDED + LARGE, nlri=TEN)
VALUES = ("as_path", "next_hop", "communities", "extended_communities", "large_communities")


def routes(impl: Any, *messages: bytes) -> list[Any]:
    return list(impl.mrt.open(b"".join(bgp4mp(message) for message in messages)).routes())


def test_values_of_the_same_octets_are_one(impl: Any) -> None:
    one, two = routes(impl, BOTH, BOTH)
    for name in VALUES:
        assert getattr(one, name) is not None
        assert getattr(one, name) is getattr(two, name)
    (other,) = routes(impl, BOTH)
    assert other.as_path is not one.as_path  # of another pass
    assert [getattr(other, name) for name in VALUES] == [getattr(one, name) for name in VALUES]


def test_values_stay_once_the_attributes_are_asked_for(impl: Any) -> None:
    withdrawn = update(attributes=COMMUNITIES + EXTENDED + LARGE, withdrawn=TEN)
    for one in (BOTH, update(attributes=IGP + PATH + HOP + LARGE, nlri=TEN), withdrawn):
        untouched, touched = routes(impl, one, one)
        assert touched.attributes
        assert [getattr(touched, name) for name in VALUES] == [getattr(untouched, name) for name in VALUES]
    assert [getattr(touched, name) for name in VALUES] == [None] * 5


def test_a_kept_route_takes_few_octets(impl: Any) -> None:
    """Compiled: an object, a prefix, and a share of the event and the octets that it came in. By what is allocated, so
    without what the allocator itself needs (6 % more)."""
    count = 2000
    nlri = [
        b"".join(bytes((24, 10, number >> 5, (number & 31) << 3 | at)) for at in range(6)) for number in range(count)
    ]
    data = b"".join(bgp4mp(update(attributes=IGP + PATH + HOP + COMMUNITIES, nlri=six)) for six in nlri)
    with impl.mrt.open(data) as file:
        taken = file.routes()
        kept = [next(taken)]
        tracemalloc.start()
        kept += taken
        octets = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
    assert len(kept) == len({route.prefix for route in kept}) == 6 * count
    assert octets / len(kept) < (185 if impl.IMPLEMENTATION == "cython" else 380)


def test_the_same_octets_elsewhere_are_another_value(impl: Any) -> None:
    """In AS_PATH and in COMMUNITIES, and in AS_PATH with AS numbers of 2 and of 4 octets."""
    octets = bytes.fromhex("020100050201020102010007")
    data = b"".join(
        bgp4mp(update(attributes=IGP + HOP + attribute(code, octets), nlri=TEN), subtype)
        for code, subtype in ((8, 4), (2, 4), (2, 1))
    )
    tags, four, two = impl.mrt.open(data).routes()
    assert bytes(tags.communities) == octets
    assert list(four.as_path) == [0x50201, 0x2010007]
    assert list(two.as_path) == [5, 0x201, 7]


@pytest.mark.parametrize(
    ("code", "octets", "name"),
    [
        (2, "0201", "as_path"),
        (3, "c00002", "next_hop"),
        (8, "fde8", "communities"),
        (16, "0002", "extended_communities"),
        (32, "0000", "large_communities"),
    ],
)
def test_what_is_malformed_is_none_each_time(impl: Any, code: int, octets: str, name: str) -> None:
    bad = bytes((0xC0 if code > 3 else 0x40, code, len(octets) // 2)) + bytes.fromhex(octets)
    for route in routes(impl, update(attributes=IGP + bad, nlri=TEN), update(attributes=IGP + bad, nlri=TEN)):
        assert getattr(route, name) is None
        assert route.errors


def test_the_attributes_of_an_update_are_one(impl: Any) -> None:
    one, two = routes(impl, update(attributes=IGP + PATH + HOP, nlri=TEN + b"\x08\x0b"))
    assert one.attributes is two.attributes
    assert one.attributes.as_path == one.as_path


@pytest.mark.parametrize(("count", "size"), [(6000, 1), (1400, 200)])
def test_a_flood_of_values_is_forgotten(impl: Any, count: int, size: int) -> None:
    """More distinct paths and communities, and more octets of them, than are remembered; each route has its own."""
    messages = []
    for number in range(count):
        octets = number.to_bytes(4) * size
        path = attribute(2, bytes((2, size)) + octets, 0x40)
        messages.append(bgp4mp(update(attributes=IGP + path + attribute(8, octets), nlri=TEN)))
    met = 0
    for number, route in enumerate(impl.mrt.open(b"".join(messages * 2)).routes()):
        octets = (number % count).to_bytes(4) * size
        assert bytes(route.as_path) == bytes((2, size)) + octets
        assert bytes(route.communities) == octets
        met += 1
    assert met == 2 * count


def test_a_kept_route_keeps_no_file(impl: Any) -> None:
    """Neither what is read nor the decoder, and so no pool."""
    file = impl.mrt.open(bgp4mp(BOTH) * 3)
    kept = list(file.routes())[1]
    gone = weakref.ref(file)
    del file
    gc.collect()
    assert gone() is None
    assert len(kept.event._data) < 200
    assert kept.attributes.get(8) == kept.communities


def test_what_a_loop_touches_is_a_slot(impl: Any) -> None:
    """Which CPython reads in place, where a property would be called."""
    names = {
        impl.Peer: ("address", "asn", "bgp_id", "local_address", "local_asn", "interface"),
        impl.Event: ("peer", "session"),
        impl.Route: ("type", "event", "peer", "nlri"),
    }
    if impl.IMPLEMENTATION == "cython":
        names[impl.Route] += ("prefix", "as_path", "next_hop", "communities")
    for cls, slots in names.items():
        for name in slots:
            assert type(vars(cls)[name]) is MemberDescriptorType, name
            with pytest.raises(AttributeError):
                setattr(cls.__new__(cls), name, None)


def test_no_route_is_tracked(impl: Any) -> None:
    if impl.IMPLEMENTATION == "cython":
        (route,) = routes(impl, BOTH)
        for value in (route, route.event, route.peer, route.prefix, *(getattr(route, name) for name in VALUES)):
            assert not gc.is_tracked(value)
        assert gc.is_tracked(route.attributes)  # what others decode may lead anywhere
