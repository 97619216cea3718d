"""The longest prefix that covers an address: what both twins find is what a look at every prefix finds."""

from __future__ import annotations

import random
import sys
from array import array
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.growth import lines
from support.mutation import examples

if TYPE_CHECKING:
    from collections.abc import Iterable

    from support.implementations import Implementation

WIDTHS = {1: 32, 2: 128}
"""Bits of an address by AFI."""
Spans = list[tuple[int, int]]
"""Prefixes as numbers: the address, and the length."""
both_families = pytest.mark.parametrize("afi", WIDTHS)


def cut(address: int, length: int, width: int) -> tuple[int, int]:
    """A prefix without bits behind its length."""
    return address >> width - length << width - length, length


def matches(impl: Any, spans: Iterable[tuple[int, int]], afi: int) -> Any:
    """The kernel's object for these prefixes."""
    octets = WIDTHS[afi] // 8
    wires = (bytes((length,)) + address.to_bytes(octets)[: length + 7 >> 3] for address, length in spans)
    prefixes = [impl.Prefix._restore(wire, afi, None) for wire in wires]
    return impl.rib.kernels.Matches(prefixes, afi)


def looked_up(spans: Spans, address: int, width: int) -> int:
    """The place of the longest that covers the address, the last of equal ones."""
    best, longest = -1, -1
    for place, (network, length) in enumerate(spans):
        if length >= longest and address >> width - length == network >> width - length:
            best, longest = place, length
    return best


def around(spans: Spans, width: int) -> list[int]:
    """The first and the last address of each prefix, and those beside them."""
    ends = {edge for address, length in spans for edge in (address, address + (1 << width - length))}
    return sorted(at for edge in ends | {0, 1 << width} for at in (edge - 1, edge) if 0 <= at < 1 << width)


def check(impl: Any, spans: Spans, afi: int, addresses: list[int] | None = None) -> None:
    """Whether it finds, of these addresses or those at the ends of prefixes, one by one and all at once, the right."""
    width = WIDTHS[afi]
    found = matches(impl, spans, afi)
    octets = [address.to_bytes(width // 8) for address in addresses or around(spans, width)]
    expected = [looked_up(spans, int.from_bytes(one), width) for one in octets]
    assert found.find_all(b"".join(octets)) == array("i", expected)
    assert [found.find(one) for one in octets] == expected
    assert [found.find(impl.Address.from_bytes(one)) for one in octets] == expected


def check_some(found: Any, spans: Spans, addresses: list[int], width: int) -> None:
    """The same, of so many prefixes that each length is asked of a dictionary."""
    by_span = {span: place for place, span in enumerate(spans)}
    expected = []
    for address in addresses:
        places = (by_span.get(cut(address, length, width)) for length in range(width, -1, -1))
        expected.append(next((place for place in places if place is not None), -1))
    assert list(found.find_all(b"".join(address.to_bytes(width // 8) for address in addresses))) == expected


@st.composite
def neighbours(draw: st.DrawFn, width: int) -> Spans:
    """Prefixes of all lengths, many of which are inside each other or part late."""
    numbers = st.integers(0, (1 << width) - 1)
    bases = draw(st.lists(numbers, min_size=1, max_size=3))
    lengths = st.integers(0, width) | st.sampled_from((0, 6, 7, 12, 18, 19, 24, 25, width - 1, width))
    one = st.tuples(st.sampled_from(bases), numbers, st.integers(0, width), lengths)
    return [cut(base ^ noise >> kept, length, width) for base, noise, kept, length in draw(st.lists(one, max_size=90))]


@both_families
@settings(max_examples=examples(200))
@given(data=st.data())
def test_as_a_look_at_every_prefix(both: list[Implementation], afi: int, data: st.DataObject) -> None:
    width = WIDTHS[afi]
    spans = data.draw(neighbours(width))
    noise = data.draw(st.lists(st.integers(0, (1 << width) - 1), max_size=5))
    inside = [address | number >> length for (address, length), number in zip(spans, noise, strict=False)]
    for one in both:
        with one.active() as package:
            check(package, spans, afi, around(spans, width) + noise + inside)


# --- shapes ---------------------------------------------------------------------------------------------------------


@both_families
def test_no_prefix(impl: Any, afi: int) -> None:
    check(impl, [], afi)
    assert len(matches(impl, [], afi).find_all(b"")) == 0


@both_families
def test_the_default_route(impl: Any, afi: int) -> None:
    check(impl, [(0, 0)], afi)
    check(impl, [cut(1 << WIDTHS[afi] - 1, 9, WIDTHS[afi]), (0, 0)], afi)


@both_families
def test_every_length_inside_each_other(impl: Any, afi: int) -> None:
    width = WIDTHS[afi]
    for address in (0, (1 << width) - 1, int("96" * 16, 16) >> 128 - width):
        spans = [cut(address, length, width) for length in range(width + 1)]
        check(impl, spans, afi)
        check(impl, spans[::-1], afi)
        check(impl, spans[1::2], afi)


@both_families
@pytest.mark.parametrize("count", [1, 2, 63, 64, 65, 1000, 4095, 4096, 5000])
def test_hosts_in_a_row(impl: Any, afi: int, count: int) -> None:
    """As many as make another table in front, and fewer."""
    width = WIDTHS[afi]
    found = matches(impl, [(7 + host, width) for host in range(count)], afi)
    octets = b"".join(address.to_bytes(width // 8) for address in range(count + 20))
    assert list(found.find_all(octets)) == [-1] * 7 + list(range(count)) + [-1] * 13


@both_families
def test_one_bit_apart_at_each_place(impl: Any, afi: int) -> None:
    """Steps that compare as many bits as there can be: what is beside them is covered by what is around."""
    width = WIDTHS[afi]
    for length in range(1, width + 1):
        for beyond in {length, min(length + 25, width), width}:
            last = 1 << width - beyond
            around_all = cut(last, length // 2, width)
            check(impl, [around_all, (last, beyond)], afi)
            check(impl, [around_all, (last, beyond), cut(last ^ 1 << width - length, length, width)], afi)


@both_families
def test_of_equal_prefixes_the_last(impl: Any, afi: int) -> None:
    width = WIDTHS[afi]
    for length in (0, 5, 6, 7, 18, 24, 25, width):
        one = cut((1 << width) - 1, length, width)
        longer = cut((1 << width) - 1, min(length + 9, width), width)
        check(impl, [one, one], afi)
        check(impl, [longer, one, longer, one, longer, one], afi)


def test_very_many_equal_prefixes(impl: Any) -> None:
    found = impl.rib.kernels.Matches([impl.Prefix("2001:db8::/48")] * 200_000, 2)
    assert found.find(impl.Address("2001:db8::1")) == 199_999
    assert found.find(impl.Address("2001:db8:1::1")) == -1


def test_host_bits_and_path_identifiers_are_left_aside(impl: Any) -> None:
    wires = (b"\x16\x0a\x01\x07", b"\x09\x0a\xff", b"\x01\xff")
    prefixes = [impl.Prefix._restore(wire, 1, path_id) for path_id, wire in enumerate(wires)]
    found = impl.rib.kernels.Matches(iter(prefixes), 1)
    texts = ("10.1.4.0", "10.1.7.255", "10.1.8.0", "10.127.255.255", "128.0.0.0", "1.0.0.0")
    assert [found.find(impl.Address(text)) for text in texts] == [0, 0, -1, -1, 2, -1]
    assert found.find(impl.Address("10.255.0.0")) == 1


@both_families
def test_a_table(impl: Any, afi: int) -> None:
    """So many prefixes that there is a table of 18 bits in front of the rest, which the pure twin has not."""
    width, rng, count = WIDTHS[afi], random.Random(4632), 270_000 if impl.IMPLEMENTATION == "cython" else 20_000
    head = rng.getrandbits(width)
    lengths = rng.choices(range(width + 1), [1 + min(length, width - length) for length in range(width + 1)], k=count)
    spans = [cut(head ^ rng.getrandbits(width) >> rng.randrange(12), length, width) for length in lengths]
    found = matches(impl, spans, afi)
    check_some(found, spans, [one | rng.getrandbits(width) >> bits for one, bits in rng.choices(spans, k=1500)], width)


# --- what hostile prefixes cost -------------------------------------------------------------------------------------


def parting(gap: int, depth: int) -> Spans:
    """Hosts that part in two again and again, ``gap`` bits behind each other."""
    out = []
    for number in range(1 << depth):
        bits = ((number >> step & 1) << 127 - step * (gap + 1) for step in range(depth))
        out.append((sum(bits), 128))
    return out


def shuffled(spans: Spans) -> Spans:
    random.Random(7).shuffle(spans)
    return spans


HOSTILE = {
    "hosts with a long common prefix": [(0x20010DB8 << 96 | host, 128) for host in range(1 << 13)],
    "hosts at random": [(random.Random(host).getrandbits(128), 128) for host in range(1 << 13)],
    "three bits": [
        (1 << one | 1 << two | 1 << three, 128) for one in range(40) for two in range(one) for three in range(two)
    ],
    "all lengths, again and again": shuffled(
        [cut(random.Random(one).getrandbits(128), length, 128) for one in range(64) for length in range(129)]
    ),
    **{f"parting after {gap} bits": shuffled(parting(gap, min(127 // (gap + 1), 13))) for gap in (5, 6, 7, 8, 24, 25)},
}


@pytest.mark.parametrize("shape", HOSTILE)
def test_memory_of_hostile_prefixes(impl: Any, shape: str) -> None:
    """88 octets a prefix at most in C; the pure twin has two numbers of Python for each end of a prefix."""
    spans = HOSTILE[shape]
    found = matches(impl, spans, 2)
    assert sys.getsizeof(found) <= 88 * len(spans) + 200
    check_some(found, spans, [address for address, _ in random.Random(1).sample(spans, min(len(spans), 40))], 128)


@pytest.mark.parametrize("shape", HOSTILE)
def test_ten_times_the_prefixes_ten_times_the_work(impl: Any, shape: str) -> None:
    spans = HOSTILE[shape]
    matches(impl, spans[:10], 2)
    small, large = (lines(lambda n=n: matches(impl, spans[:n], 2)) for n in (len(spans) // 10, len(spans)))
    assert large <= 12 * small


# --- what is no prefix and no address -------------------------------------------------------------------------------


def test_prefixes_that_are_none(impl: Any) -> None:
    make = impl.rib.kernels.Matches
    for wrong in (["10.0.0.0/8"], "10.0.0.0/8", [None], [impl.Address("10.0.0.0")], [(10, 8)], b"\x08\x0a"):
        with pytest.raises(TypeError, match="a Prefix is needed, not"):
            make(wrong, 1)
    for wrong in (None, 5, impl.Prefix("10.0.0.0/8")):
        with pytest.raises(TypeError):
            make(wrong, 1)
    for afi, text in ((1, "2001:db8::/32"), (2, "10.0.0.0/8")):
        with pytest.raises(ValueError, match=f"{text} among prefixes of AFI {afi}"):
            make([impl.Prefix(text)], afi)
    for wrong in (0, 3, 32, None, "1"):
        with pytest.raises(ValueError, match="afi is 1"):
            make([], wrong)


@both_families
def test_addresses_that_are_none(impl: Any, afi: int) -> None:
    size = WIDTHS[afi] // 8
    found = matches(impl, [(0, 0)], afi)
    for octets in (b"", bytes(size - 1), bytes(size + 1), bytes(20 - size), impl.Address.from_bytes(bytes(20 - size))):
        with pytest.raises(ValueError, match=f"an address has {size} octets here, not"):
            found.find(octets)
    for octets in (bytes(1), bytes(size - 1), bytes(5 * size + 1)):
        with pytest.raises(ValueError, match=f"{len(octets)} octets are no addresses of {size} octets each"):
            found.find_all(octets)
    for wrong in (None, "192.0.2.1", 5, impl.Prefix("10.0.0.0/8"), [b"\0\0\0\0"]):
        for call in (found.find, found.find_all):
            with pytest.raises(TypeError):
                call(wrong)


def test_any_buffer_of_addresses(impl: Any) -> None:
    found = matches(impl, [cut(10 << 24, 8, 32), cut(11 << 24, 8, 32)], 1)
    octets = bytes((10, 0, 0, 1, 11, 0, 0, 1, 12, 0, 0, 1))
    spread = bytes(at for octet in octets for at in (octet, 255))
    for data in (octets, bytearray(octets), memoryview(octets), array("B", octets), memoryview(spread)[::2]):
        places = found.find_all(data)
        assert places == array("i", [0, 1, -1])
        assert memoryview(places).format == "i"
    assert found.find(bytearray(octets[:4])) == found.find(memoryview(octets)[:4]) == 0
    with pytest.raises(ValueError, match="'i"):
        found.find_all(array("i", [1, 2, 3]))


def test_it_is_made_once(impl: Any) -> None:
    found = matches(impl, [(0, 0)], 1)
    found.__init__([], 1)
    assert found.find(bytes(4)) == 0
    with pytest.raises(TypeError):
        type(found).__new__(type(found))
