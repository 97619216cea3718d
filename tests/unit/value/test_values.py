"""Values: hashable, ordered, slotted, copied and pickled as what they are, made from text, given back as octets."""

from __future__ import annotations

import copy
import pickle
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from support.compare import check_copies
from support.context import ATTRIBUTES, update
from support.places import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.implementations import Implementation

# A class, its text, its octets; in ascending order within a class.
TEXTS: list[tuple[str, str, str]] = [
    ("Address", "0.0.0.0", "00000000"),
    ("Address", "192.0.2.1", "c0000201"),
    ("Address", "::", "00" * 16),
    ("Address", "2001:db8::1", "20010db8000000000000000000000001"),
    ("Prefix", "0.0.0.0/0", "00"),
    ("Prefix", "10.0.0.0/8", "080a"),
    ("Prefix", "10.0.0.0/24", "180a0000"),
    ("Prefix", "192.0.2.1/32", "20c0000201"),
    ("Prefix", "2001:db8::/32", "2020010db8"),
    ("Prefix", "2001:db8::1/128", "8020010db8000000000000000000000001"),
    ("LabelStack", "3", "000031"),
    ("LabelStack", "100", "000641"),
    ("LabelStack", "1048575", "fffff1"),
    ("RouteDistinguisher", "65000:100", "0000fde800000064"),
    ("RouteDistinguisher", "192.0.2.1:100", "0001c00002010064"),
    ("RouteDistinguisher", "65000L:1", "00020000fde80001"),
    ("RouteDistinguisher", "4200000000:100", "0002fa56ea000064"),
    ("RouteDistinguisher", "0x0080:0102030405ff", "00800102030405ff"),
    ("AsPath", "", ""),
    ("AsPath", "65000", "02010000fde8"),
    ("AsPath", "65000 65537", "02020000fde800010001"),
    ("Community", "0:0", "00000000"),
    ("Community", "65000:100", "fde80064"),
    ("Community", "no-export", "ffffff01"),
    ("ExtendedCommunity", "rt:65000:100", "0002fde800000064"),
    ("ExtendedCommunity", "rt:192.0.2.1:5", "0102c00002010005"),
    ("ExtendedCommunity", "0xffee010203040506", "ffee010203040506"),
    ("LargeCommunity", "65000:1:2", "0000fde80000000100000002"),
    ("LargeCommunity", "4294967295:0:0", "ffffffff0000000000000000"),
]


def samples(package: Any) -> list[Any]:
    """One value of every class and form."""
    values = [getattr(package, name)(text) for name, text, _ in TEXTS]
    announced = package.Message.decode(update(b"", ATTRIBUTES, b"\x08\x0a"))
    return [
        *values,
        package.Prefix("10.0.0.0/8", 7),
        package.LabelledPrefix("100/200", "10.0.0.0/8"),
        package.LabelledPrefix("100", "2001:db8::/32", 7),
        package.VpnPrefix("100", "65000:1", "10.0.0.0/8"),
        package.VpnPrefix("100", "65000:1", "10.0.0.0/8", 7),
        package.AsPath("65000 {65001,65002} (64512 64513) [64514]"),
        package.AsPath.from_bytes(b"\2\1\xfd\xe8", False),
        package.Communities(["65000:1", "no-export"]),
        package.ExtendedCommunities(["rt:65000:1"]),
        package.LargeCommunities(["65000:1:2", "65000:1:3"]),
        package.Aggregator(65000, package.Address("192.0.2.1")),
        package.NextHop(bytes(8) + bytes((192, 0, 2, 1))),
        package.Origin.EGP,
        package.Family(1, 1),
        package.Session.with_add_path((1, 1), asn4=False),
        package.NlriCollection(b"\x08\x0a"),
        package.MpNlriCollection(b"\x08\x0a", afi=1, safi=2, withdraw=True),
        package.MpNlriCollection(b"\1\2\3", afi=99, safi=99),
        package.Segment(package.SegmentType.AS_SET, (1, 2)),
        package.UnknownAttribute(99, 0xC0, b"x"),
        *package.MpNlriCollection(b"\1\2\3", afi=99, safi=99),
        package.Keepalive.build(),
        package.Notification.build(6, 2, b"\2ok"),
        announced,
        announced.nlri,
        announced.attributes.origin,
    ]


@pytest.mark.parametrize(("name", "text", "octets"), TEXTS)
def test_text_and_octets(impl: Any, name: str, text: str, octets: str) -> None:
    value = getattr(impl, name)(text)
    assert str(value) == text
    assert bytes(value).hex() == octets
    assert repr(value) == f"{name}({text!r})"
    assert value == getattr(impl, name)(text)
    assert hash(value) == hash(getattr(impl, name)(text))


def test_order(impl: Any) -> None:
    for name in dict.fromkeys(name for name, _, _ in TEXTS):
        values = [getattr(impl, kind)(text) for kind, text, _ in TEXTS if kind == name]
        turned = values[::-1]
        assert sorted(turned) == values
        assert len(set(values)) == len(values)
        for left, right in pairwise(values):
            assert left < right
            assert left <= right
            assert right > left
            assert right >= left
            assert left != right
            assert left <= left
            assert not left < left


def test_strangers_are_not_equal(impl: Any) -> None:
    for value in samples(impl):
        assert value != object()
        assert value is not None
        assert value != None  # noqa: E711
        assert value != 5
    with pytest.raises(TypeError):
        assert impl.Prefix("10.0.0.0/8") < impl.Community("1:1")
    with pytest.raises(TypeError):
        assert impl.AsPath("1") < 5


def test_copies(impl: Any) -> None:
    for value in samples(impl):
        check_copies(value)


def test_slotted(impl: Any) -> None:
    for name in dict.fromkeys(name for name, _, _ in TEXTS):
        value = next(getattr(impl, kind)(text) for kind, text, _ in TEXTS if kind == name)
        assert not hasattr(value, "__dict__"), name
        with pytest.raises(AttributeError):
            value.anything = 1
    for value in samples(impl):
        assert not hasattr(value, "__dict__") or type(value).__name__ == "Origin", type(value)


def test_pickles_load_under_the_other(both: list[Implementation]) -> None:
    """What one implementation pickled the other reads as its own."""
    pickled = {}
    for loaded in both:
        with loaded.active() as package:
            pickled[loaded.name] = [pickle.dumps(value) for value in samples(package)]
    for loaded in both:
        with loaded.active() as package:
            own = samples(package)
            for octets in pickled.values():
                for value, one in zip(own, octets, strict=True):
                    twin = pickle.loads(one)
                    assert type(twin) is type(value)
                    assert twin == value
                    assert hash(twin) == hash(value)


@pytest.mark.parametrize("name", ["EMPTY", "INVALID"])
def test_singletons(impl: Any, name: str) -> None:
    value = getattr(impl.nlri.base, name)
    assert getattr(impl.Nlri, name) is value
    assert getattr(impl.nlri, name) is value
    assert copy.copy(value) is value
    assert copy.deepcopy(value) is value
    assert copy.deepcopy([value])[0] is value
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(value, protocol)) is value
    assert value == value
    assert impl.Nlri.EMPTY != impl.Nlri.INVALID
    assert not value
    assert bytes(value) == b""
    assert value.json() == {"nlri": name.lower()}


_BAD: list[tuple[str, list[str]]] = [
    ("Address", ["", "10.0.0", "10.0.0.256", "::1%eth0", "g::", "10.0.0.1/8"]),
    ("Prefix", ["", "10.0.0.0/33", "2001:db8::/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8", "ten/8"]),
    ("LabelStack", ["1048576", "-1", "x", "1/"]),
    ("RouteDistinguisher", ["", "1", "1:", ":1", "65536:65536", "192.0.2.1:65536", "4294967296:1", "a:b", "1.2.3:4"]),
    ("RouteDistinguisher", ["0x80:010203040506", "0x0080:01", "0x0080:", "0x00 80:0102030405", "0x008g:010203040506"]),
    ("AsPath", ["x", "4294967296", "{1,x}", "1 -2", "{}"]),
    ("Community", ["", "1", "1:65536", "65536:1", "a:b", "no-such-name", "1:2:3"]),
    (
        "ExtendedCommunity",
        ["", "rt:1", "xx:1:1", "0x00", "rt:1:x", "rt:x:1", "rt:1:4294967296", "rt:1.2.3.4:65536"],
    ),
    ("LargeCommunity", ["", "1:2", "1:2:4294967296", "a:b:c", "1:2:3:4"]),
]


@pytest.mark.parametrize(("name", "texts"), _BAD)
def test_text_that_is_none(impl: Any, name: str, texts: list[str]) -> None:
    for text in texts:
        with pytest.raises(ValueError, match=r".+") as caught:
            getattr(impl, name)(text)
        assert not isinstance(caught.value, UnicodeError)


@pytest.mark.parametrize("name", dict.fromkeys(name for name, _, _ in TEXTS))
@pytest.mark.parametrize("wrong", [None, 5, b"10.0.0.0/8", ["1"]])
def test_text_must_be_text(impl: Any, name: str, wrong: Any) -> None:
    with pytest.raises((TypeError, ValueError, AttributeError)):
        getattr(impl, name)(wrong)


def test_texts_that_come_to_the_same(impl: Any) -> None:
    assert str(impl.Prefix("10.1.2.3")) == "10.1.2.3/32"
    assert str(impl.Prefix("10.1.2.3/8")) == "10.0.0.0/8"
    assert impl.Prefix("10.1.2.3/8") == impl.Prefix("10.0.0.0/8")
    assert str(impl.AsPath("AS65000 1.10")) == "65000 65546"
    assert str(impl.Community("NO_EXPORT")) == "no-export"
    assert impl.ExtendedCommunity("target:65000:100") == impl.ExtendedCommunity("rt:65000:100")
    assert str(impl.Address("2001:0DB8:0:0::0001")) == "2001:db8::1"


def test_stray_host_bits(impl: Any) -> None:
    """RFC 4271 section 4.3: the value of trailing bits is irrelevant; the octets stay all the same."""
    (stray,) = impl.NlriCollection(b"\x0d\x0b\x0d").values
    clean = impl.Prefix("11.8.0.0/13")
    assert stray == clean
    assert hash(stray) == hash(clean)
    assert not stray < clean
    assert not stray > clean
    assert str(stray) == "11.8.0.0/13"
    assert bytes(stray) == b"\x0d\x0b\x0d"
    assert bytes(clean) == b"\x0d\x0b\x08"


def test_path_identifiers_tell_prefixes_apart(impl: Any) -> None:
    bare, zero, one = impl.Prefix("10.0.0.0/8"), impl.Prefix("10.0.0.0/8", 0), impl.Prefix("10.0.0.0/8", 1)
    assert len({bare, zero, one}) == 3
    assert sorted([one, zero, bare]) == [bare, zero, one]
    assert bytes(one) == b"\0\0\0\1\x08\x0a"
    assert one.prefix == bare
    assert one.json() == {"prefix": "10.0.0.0/8", "path_id": 1}
    for wrong in (-1, 1 << 32):
        with pytest.raises(ValueError, match="32 bits"):
            impl.Prefix("10.0.0.0/8", wrong)


def test_prefix_to_the_standard_library(impl: Any) -> None:
    import ipaddress

    for text in ("10.0.0.0/8", "0.0.0.0/0", "2001:db8::/32", "::/0"):
        prefix = impl.Prefix(text)
        assert prefix.network == ipaddress.ip_network(text)
        assert prefix.address.ip == ipaddress.ip_network(text).network_address
        assert prefix.version == prefix.network.version
    assert impl.Prefix("10.0.0.0/8").contains(impl.Prefix("10.1.0.0/16"))
    assert not impl.Prefix("10.1.0.0/16").contains(impl.Prefix("10.0.0.0/8"))
    assert not impl.Prefix("0.0.0.0/0").contains(impl.Prefix("::/0"))
    assert impl.Address("fe80::1").is_link_local
    assert not impl.Address("192.0.2.1").is_link_local


def test_as_path(impl: Any) -> None:
    path = impl.AsPath("65000 65001 {65002,65003}")
    assert path.hops == 3
    assert len(path) == 4
    assert list(path) == [65000, 65001, 65002, 65003]
    assert 65003 in path
    assert 5 not in path
    assert path.origin_asn is None
    assert path.origin_asns == (65002, 65003)
    assert path.neighbor_asn == 65000
    assert impl.AsPath("(64512 64513) 65000").hops == 1
    assert impl.AsPath("[64512,64513]").hops == 0
    assert impl.AsPath("65000").origin_asn == 65000
    empty = impl.AsPath("")
    assert (empty.hops, empty.origin_asn, empty.neighbor_asn, len(empty)) == (0, None, None, 0)
    assert not empty
    narrow = impl.AsPath.from_bytes(b"\2\1\xfd\xe8", False)
    assert narrow == impl.AsPath("65000")
    assert hash(narrow) == hash(impl.AsPath("65000"))
    assert bytes(narrow) == b"\2\1\xfd\xe8"


def test_communities(impl: Any) -> None:
    for name, texts in (
        ("Communities", ["65000:1", "no-export", "65000:1"]),
        ("ExtendedCommunities", ["rt:65000:1", "soo:192.0.2.1:1", "rt:65000:1"]),
        ("LargeCommunities", ["65000:1:2", "1:2:3", "65000:1:2"]),
    ):
        values = getattr(impl, name)(texts)
        assert list(map(str, values)) == texts
        assert len(values) == 3
        assert str(values) == " ".join(texts)
        assert values[0] == values[2] != values[1]
        assert str(values[-1]) == texts[2]
        assert list(map(str, values[1:])) == texts[1:]
        assert values[0] in values
        assert 5.0 not in values
        with pytest.raises(IndexError):
            values[3]
        assert getattr(impl, name).from_bytes(bytes(values)) == values


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("Address", (0, 3, 5, 15, 17)),
        ("LabelStack", (1, 2, 4)),
        ("RouteDistinguisher", (0, 7, 9)),
        ("ExtendedCommunity", (0, 7, 9)),
        ("LargeCommunity", (0, 11, 13)),
    ],
)
def test_octets_of_the_wrong_number(impl: Any, name: str, sizes: tuple[int, ...]) -> None:
    for size in sizes:
        with pytest.raises(ValueError, match=str(size)):
            getattr(impl, name).from_bytes(bytes(size))


def test_numbers_out_of_range(impl: Any) -> None:
    for wrong in (-1, 1 << 32):
        with pytest.raises((ValueError, OverflowError)):
            impl.Community.from_int(wrong)


@pytest.mark.parametrize(
    "make",
    [
        lambda impl, data: impl.NlriCollection(data),
        lambda impl, data: impl.MpNlriCollection(data, afi=1, safi=1),
    ],
)
def test_collections(impl: Any, make: Callable[[Any, Any], Any]) -> None:
    """Octets or values, each made of the other when asked."""
    octets = b"\x08\x0a\x18\xc0\0\2"
    found = make(impl, octets)
    assert bytes(found) == octets
    assert bytes(memoryview(found)) == octets
    assert list(map(str, found)) == ["10.0.0.0/8", "192.0.2.0/24"]
    assert found.values is found.values
    packed = type(found).of(found.values, **({} if type(found) is impl.NlriCollection else {"afi": 1, "safi": 1}))
    assert bytes(packed) == octets
    assert packed == found
    assert hash(packed) == hash(found)
    assert packed
    assert not make(impl, b"")
    assert str(found[1]) == "192.0.2.0/24"
    with pytest.raises(IndexError):
        found[2]
    torn = make(impl, octets + b"\x21")
    assert len(torn) == 2
    assert torn.error.offset == 6
    with pytest.raises(impl.DecodeError):
        list(torn)
    assert impl.NlriCollection.afi == 1
    assert impl.NlriCollection.safi == 1


def test_events_and_attributes_pickle(impl: Any) -> None:
    """What an archive hands out survives a pickle: octets, session, and the offsets its errors count from."""
    with impl.mrt.open(SAMPLES / "demo.mrt") as file:
        for route in file.routes():
            event = pickle.loads(pickle.dumps(route.event))
            assert event == route.event
            assert event.octets == route.event.octets
            assert event.offset == route.event.offset
            if route.attributes is not None:
                attributes = pickle.loads(pickle.dumps(route.attributes))
                assert attributes == route.attributes
                assert [a.offset for a in attributes] == [a.offset for a in route.attributes]
