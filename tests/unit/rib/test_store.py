"""The store of routes does what a dictionary does, whatever comes and goes, on both implementations."""

from __future__ import annotations

import struct
from importlib import import_module
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from support.mutation import examples

SECRET = bytes(range(16))
NO_PATH = b"\xff\xff"
FAMILIES = ((1, 1), (1, 2), (2, 1), (2, 2))
PREFIXES = (
    *(f"{text}" for text in ("0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/9", "10.128.0.0/9", "10.1.2.3/32", "192.0.2.0/24")),
    *("::/0", "2001:db8::/32", "2001:db8::/64", "2001:db8::/65", "2001:db8::1/128", "2001:db8:0:1::/64"),
)
_prefix = st.sampled_from(PREFIXES)
_path_id = st.sampled_from((None, None, None, 0, 1, 2**32 - 1))
_path = st.sampled_from((None, b"", b"\2\1\0\0\xfc\0", bytes(range(2, 130)) * 3))
_rest = st.sampled_from((b"\x40\1\1\0", b"\x40\1\1\2\x80\4\4\0\0\0\1", b"", b"\xc0\x08\4\0\1\0\2" * 90))
_peer = st.integers(0, 3)


def made(package: Any) -> tuple[Any, Any]:
    """A new store, and the functions that read one."""
    kernels = import_module("bgpwire.rib.kernels")
    return kernels.Store(SECRET), kernels


def whole(path: bytes | None, rest: bytes) -> bytes:
    """Attributes with AS_PATH behind the first four octets, or what there is."""
    if path is None:
        return rest
    head = bytes((0x40, 2, len(path))) if len(path) < 256 else b"\x50\2" + struct.pack(">H", len(path))
    return rest[:4] + head + path + rest[4:]


class Machine(RuleBasedStateMachine):
    """One store of each implementation, and a dictionary."""

    both: Any

    def __init__(self) -> None:
        super().__init__()
        self.stores = []
        for loaded in self.both:
            with loaded.active() as package:
                store, kernels = made(package)
                for number in range(4):
                    store.peer(package.Address(f"192.0.2.{number}"), 64500 + number)
            self.stores.append((loaded, store, kernels))
        self.model: dict[Any, Any] = {}
        self.told: list[Any] | None = None
        self.clock = 0

    def each(self, do: Any) -> list[Any]:
        out = []
        for loaded, store, kernels in self.stores:
            with loaded.active() as package:
                out.append(do(package, store, kernels))
        return out

    def change(self, place: Any, new: Any) -> None:
        old = self.model.get(place)
        if self.told is not None:
            self.told.append((self.clock, place, old, new))

    @rule(peer=_peer, text=_prefix, safi=st.sampled_from((1, 1, 2)), path_id=_path_id, path=_path, rest=_rest)
    def put(self, peer: int, text: str, safi: int, path_id: int | None, path: bytes | None, rest: bytes) -> None:
        self.clock += 1
        octets = (NO_PATH if path is None else struct.pack(">H", min(4, len(rest)))) + rest
        found = self.each(
            lambda package, store, _: store.put(
                peer, package.Prefix(text, path_id), safi, path, octets, self.clock, self.clock
            )
        )
        place, attributes = (text, safi, peer, path_id), whole(path, rest)
        old = self.model.get(place)
        if old is not None and old[1] == attributes:
            assert set(found) == {0}
            return
        assert set(found) == {1 if old is None else 2}
        self.change(place, (self.clock, attributes))
        self.model[place] = self.clock, attributes

    @rule(peer=_peer, text=_prefix, safi=st.sampled_from((1, 2)), path_id=_path_id)
    def take(self, peer: int, text: str, safi: int, path_id: int | None) -> None:
        self.clock += 1
        found = self.each(lambda package, store, _: store.take(peer, package.Prefix(text, path_id), safi, self.clock))
        place = text, safi, peer, path_id
        assert set(found) == {3 if place in self.model else 0}
        if place in self.model:
            self.change(place, None)
            del self.model[place]

    @rule(peer=_peer)
    @precondition(lambda self: self.told is None)
    def detach(self, peer: int) -> None:
        gone = [place for place in self.model if place[2] == peer]
        assert set(self.each(lambda _package, store, _kernels: store.detach(peer))) == {len(gone)}
        for place in gone:
            del self.model[place]

    @rule(peer=_peer, most=st.integers(1, 3))
    def withdraw(self, peer: int, most: int) -> None:
        self.clock += 1

        def do(_package: Any, store: Any, _kernels: Any) -> None:
            for family in FAMILIES:
                at = 0
                while at is not None:
                    at = store.withdraw(peer, *family, at, most, self.clock)

        self.each(do)
        for place in [place for place in self.model if place[2] == peer]:
            self.change(place, None)
            del self.model[place]

    def teardown(self) -> None:
        self.compare()
        self.compare_told()

    @rule(most=st.integers(0, 5))
    def sweep(self, most: int) -> None:
        self.each(lambda _package, store, _kernels: store.sweep(most))

    @rule()
    def tell(self) -> None:
        self.compare_told()
        self.told = [] if self.told is None else None
        self.each(lambda _package, store, _kernels: store.tell(self.told is not None))

    @rule()
    def compare_told(self) -> None:
        found = self.each(
            lambda _package, store, kernels: sorted(
                (
                    (time, (str(prefix), safi, peer, prefix.path_id), old, new)
                    for time, peer, safi, prefix, old, new in kernels.changes(store)
                ),
                key=repr,
            )
        )
        wanted = sorted(self.told or [], key=repr)
        assert all(one == wanted for one in found)
        if self.told is not None:
            self.told = []

    @rule()
    def compare(self) -> None:
        for text in PREFIXES:
            for safi in (1, 2):
                wanted = sorted(
                    (peer, -1 if path_id is None else path_id, *said)
                    for (other, kind, peer, path_id), said in self.model.items()
                    if (other, kind) == (text, safi)
                )
                for found in self.each(
                    lambda package, store, kernels, text=text, safi=safi: (
                        kernels.routes_to(store, package.Prefix(text, 7), safi)
                        if kernels.is_there(store, package.Prefix(text, 7), safi)
                        else []
                    )
                ):
                    assert [
                        (peer, -1 if path_id is None else path_id, *said) for peer, path_id, *said in found
                    ] == wanted
        for found in self.each(lambda _package, store, _kernels: (store.routes, store.outcomes, store.shared)):
            assert found[0] == len(self.model)
        counted = self.each(lambda _package, store, _kernels: [peer[4] for peer in store.peers()])
        assert all(one == [sum(place[2] == peer for place in self.model) for peer in range(4)] for one in counted)

    @rule(text=_prefix, most=st.sampled_from((-1, 1, 2)), safi=st.sampled_from((1, 2)))
    def covered(self, text: str, most: int, safi: int) -> None:
        def do(package: Any, store: Any, kernels: Any) -> list[str]:
            place = package.Prefix(text)
            there = {other for other, kind, *_ in self.model if kind == safi and (":" in other) == (":" in text)}
            inside = [other for other in map(ip_network, there) if other.subnet_of(ip_network(text))]  # type: ignore[arg-type]
            wanted = [str(one) for one in sorted(inside)]  # type: ignore[type-var]
            found: list[str] = []
            last = None
            while more := kernels.covered(store, place, safi, most, last):
                found += map(str, more)
                last = more[-1]
                if most < 0:
                    break
            assert found == wanted
            return found

        first, *rest = self.each(do)
        assert all(one == first for one in rest)

    @rule(
        texts=st.lists(st.sampled_from(("10.0.0.1", "10.129.0.0", "192.0.2.7", "203.0.113.1")), max_size=3),
        sixes=st.lists(st.sampled_from(("::1", "2001:db8::1", "2001:db8::8000:0:0:0", "ffff::")), max_size=3),
    )
    def longest(self, texts: list[str], sixes: list[str]) -> None:
        def wanted(text: str) -> str | None:
            there = {ip_network(other) for other, kind, *_ in self.model if kind == 1}
            found = [one for one in there if ip_address(text) in one]
            return str(max(found, key=lambda one: one.prefixlen)) if found else None

        def do(package: Any, store: Any, kernels: Any) -> None:
            for afi, some in ((1, texts), (2, sixes)):
                addresses = [package.Address(text) for text in some]
                alone = [kernels.longest_match(store, one, 1) for one in addresses]
                together = kernels.longest_matches(store, b"".join(map(bytes, addresses)), afi, 1)
                assert alone == together
                assert [one and str(one) for one in alone] == [wanted(text) for text in some]

        self.each(do)

    @rule(size=st.sampled_from((1, 100, 1 << 20)))
    def records(self, size: int) -> None:
        def do(_package: Any, store: Any, kernels: Any) -> list[bytes]:
            out = []
            for family in FAMILIES:
                at, version, count = 0, 0, 0
                while True:
                    octets, at, routes, version = kernels.records(store, *family, at, size, 1_000_000_000, version)
                    if not octets:
                        break
                    out.append(octets)
                    count += routes
                assert count == sum(((2 if ":" in text else 1), safi) == family for text, safi, *_ in self.model)
                assert at == store.count(*family)
            return out

        first, *rest = self.each(do)
        assert all(one == first for one in rest)


def test_a_store_does_what_a_dictionary_does(both: Any) -> None:
    machine = type("Machine", (Machine,), {"both": both})
    machine.TestCase.settings = settings(max_examples=examples(12), stateful_step_count=25, deadline=None)
    machine.TestCase("runTest").runTest()


def test_many_routes(impl: Any) -> None:
    """More than one segment and chunk of everything; from scattered routes to an array and back to nothing."""
    store, kernels = made(impl)
    first = store.peer(impl.Address("192.0.2.1"), 64500)
    second = store.peer(impl.Address("2001:db8::1"), 64501)
    assert store.peer(impl.Address("192.0.2.1"), 64500) == first == 0
    assert second == 1
    size = 9000
    texts = [f"10.{n >> 8}.{n & 255}.0/24" for n in range(size)]
    for n, text in enumerate(texts):
        assert store.put(first, impl.Prefix(text), 1, n.to_bytes(4), b"\0\0") == 1
    for n, text in enumerate(texts):
        assert store.put(second, impl.Prefix(text, n % 7), 1, b"", n.to_bytes(6)[2:4] * 0 + b"\0\0") == 1
    assert store.routes == 2 * size
    assert store.count(1, 1) == size
    assert store.shared[0] == size + 1
    for n in range(0, size, 97):
        found = kernels.routes_to(store, impl.Prefix(texts[n]), 1)
        assert [(peer, path_id) for peer, path_id, *_ in found] == [(0, None), (1, n % 7)]
        assert found[0][3] == b"\x40\2\4" + n.to_bytes(4)
    for n in range(0, size, 2):
        assert store.take(first, impl.Prefix(texts[n]), 1) == 3
    assert store.detach(second) == size
    assert store.routes == size // 2
    assert store.count(1, 1) == size // 2
    assert [str(one) for one in kernels.covered(store, impl.Prefix("10.0.0.0/22"), 1)] == ["10.0.1.0/24", "10.0.3.0/24"]
    assert store.detach(first) == size // 2
    store.sweep(10)
    store.sweep(1 << 40)
    assert (store.routes, store.count(1, 1), store.shared) == (0, 0, (0, 0, 0, 0))


def test_many_path_identifiers_of_one_prefix(impl: Any) -> None:
    """Each is found, and taken out, in any order."""
    store, kernels = made(impl)
    store.peer(None, 1)
    size = 3000
    for n in range(size):
        assert store.put(0, impl.Prefix("10.0.0.0/8", n * 2654435761 % 2**32), 1, None, NO_PATH) == 1
    assert len(kernels.routes_to(store, impl.Prefix("10.0.0.0/8"), 1)) == size
    for n in range(size):
        assert store.take(0, impl.Prefix("10.0.0.0/8", n * 2654435761 % 2**32), 1) == 3
    assert kernels.routes_to(store, impl.Prefix("10.0.0.0/8"), 1) == []
    assert store.count(1, 1) == 0


def test_entries_of_one_record_that_are_more_than_it_has_room_for(impl: Any) -> None:
    store, kernels = made(impl)
    store.peer(impl.Address("192.0.2.1"), 1)
    for n in range(0x10001):
        store.put(0, impl.Prefix("10.0.0.0/8", n), 1, None, NO_PATH)
    octets, at, routes, _ = kernels.records(store, 1, 1, 0, 1 << 30, 0)
    assert (at, routes) == (1, 0x10001)
    assert [record.subtype for record in impl.mrt.open(octets).records()] == [8, 8]


@pytest.mark.parametrize(
    ("path", "rest", "wrong"),
    [
        (None, b"\0", "without a place"),
        (None, b"\0\0", "AS_PATH at octet 0"),
        (b"", NO_PATH, "AS_PATH at octet 65535"),
        (b"", b"\0\1", "AS_PATH at octet 1 of 0"),
        (b"a" * 0xFFFC, b"\0\0", "65535 octets"),
        (None, NO_PATH + b"a" * 0x10000, "65535 octets"),
    ],
)
def test_pieces_that_are_none(impl: Any, path: bytes | None, rest: bytes, wrong: str) -> None:
    store, _ = made(impl)
    store.peer(None, 1)
    with pytest.raises(ValueError, match=wrong):
        store.put(0, impl.Prefix("10.0.0.0/8"), 1, path, rest)
    assert store.routes == 0


def test_arguments_that_are_wrong(impl: Any) -> None:
    store, kernels = made(impl)
    prefix = impl.Prefix("10.0.0.0/8")
    for call in (
        lambda: store.put(0, prefix, 1, None, NO_PATH),
        lambda: store.take(0, prefix, 1),
        lambda: store.detach(0),
        lambda: store.withdraw(-1, 1, 1, 0, 1),
    ):
        with pytest.raises(IndexError, match="no peer"):
            call()
    store.peer(None, 1)
    for call in (
        lambda: store.put(0, prefix, 3, None, NO_PATH),
        lambda: store.count(25, 1),
        lambda: kernels.records(store, 1, 128, 0, 1, 0),
        lambda: kernels.covered(store, prefix, 0),
    ):
        with pytest.raises(ValueError, match="no prefixes of family"):
            call()
    with pytest.raises(ValueError, match="16 octets"):
        type(store)(b"short")
    with pytest.raises(OverflowError):
        store.peer(None, 1 << 32)
    with pytest.raises(OverflowError):
        store.put(0, prefix, 1, None, NO_PATH, 1 << 32)
    store.put(0, prefix, 1, None, NO_PATH)
    *_, version = kernels.records(store, 1, 1, 0, 1, 0)
    store.put(0, impl.Prefix("11.0.0.0/8"), 1, None, NO_PATH)
    with pytest.raises(ValueError, match="has changed"):
        kernels.records(store, 1, 1, 0, 1, 0, version)
    with pytest.raises(ValueError, match="prefix -1"):
        kernels.records(store, 1, 1, -1, 1, 0)


def test_longest_matches_of_many_prefixes(impl: Any) -> None:
    """Before there is a trie and with it, and when a prefix has come or gone behind it."""
    store, kernels = made(impl)
    store.peer(None, 1)
    for n in range(500):
        store.put(0, impl.Prefix(f"10.{n >> 4}.{(n & 15) << 4}.0/{20 + n % 5}"), 1, None, NO_PATH)
    address = impl.Address("10.1.16.1")
    for _ in range(40):
        assert str(kernels.longest_match(store, address, 1)) == "10.1.16.0/22"
    store.put(0, impl.Prefix("10.1.16.0/30"), 1, None, NO_PATH)
    assert str(kernels.longest_match(store, address, 1)) == "10.1.16.0/30"
    assert list(map(str, kernels.longest_matches(store, bytes(address) * 2, 1, 1))) == ["10.1.16.0/30"] * 2
    assert store.detach(0) == 501
    assert kernels.longest_match(store, address, 1) is None
    with pytest.raises(ValueError, match="5 octets are no whole number"):
        kernels.longest_matches(store, bytes(5), 1, 1)


def test_host_bits_do_not_matter(impl: Any) -> None:
    store, kernels = made(impl)
    store.peer(None, 1)
    assert store.put(0, impl.Prefix("10.1.2.3/8"), 1, None, NO_PATH) == 1
    assert store.put(0, impl.Prefix("10.0.0.0/8"), 1, None, NO_PATH) == 0
    assert len(kernels.routes_to(store, impl.Prefix("10.9.9.9/8"), 1)) == 1
    assert [str(one) for one in kernels.covered(store, impl.Prefix("10.255.0.0/8"), 1)] == ["10.0.0.0/8"]
