"""Statistics say what counting the routes one by one says, in the same order, whatever is in the archive."""

from __future__ import annotations

import gc
import struct
import threading
import weakref
from collections import Counter
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support import made_mrt as made
from support.archives import ARCHIVES, bend, head, mix, of_vectors, table_of_peers
from support.context import told
from support.instructions import peers
from support.odd_archives import ODD
from support.places import REAL

if TYPE_CHECKING:
    from pathlib import Path

    from support.implementations import Implementation

_SIZE = 1 << 15


def plain(routes: Any) -> list[Any]:
    """The counts of routes, each with its names in the order in which they were first met."""
    types: Counter[str] = Counter()
    families: Counter[Any] = Counter()
    senders: Counter[Any] = Counter()
    attributes: Counter[int] = Counter()
    lengths: dict[int, Counter[int]] = {1: Counter(), 2: Counter()}
    times, blocks, last = [], 0, None
    for route in routes:
        types[route.type] += 1
        senders[route.peer_asn, route.peer_address] += 1
        times.append(route.timestamp)
        if route.attributes is not None and route.attributes is not last:
            last = route.attributes
            blocks += 1
            attributes.update(one.code for one in last if not one.duplicate)
        if route.family is not None:
            families[route.family] += 1
        if hasattr(route.prefix, "afi"):  # that of NSAP has none
            lengths[route.prefix.afi][route.prefix.length] += 1
    ordered = [list(counter.items()) for counter in (families, senders, attributes)]
    return [types, *ordered, lengths, blocks, min(times, default=None), max(times, default=None)]


def shown(found: Any) -> list[Any]:
    """The same of statistics."""
    ordered = [list(counter.items()) for counter in (found.families, found.peers, found.attributes)]
    return [found.types, *ordered, found.lengths, found.attribute_blocks, found.first, found.last]


def count(package: Any, file: Any, size: int = _SIZE, chosen: Any = None) -> Any:
    """Statistics made in pieces of a size; ``MrtFile.statistics`` has one size."""
    found = package.mrt.Statistics()
    numbers = list(file._through(import_module("bgpwire.mrt.statistics").iter_counts, found, size, chosen))
    assert sum(numbers) == found.types.total()
    assert all(numbers)
    return found


def compare(package: Any, data: bytes, sizes: tuple[int, ...] = (_SIZE, 1, 7), **options: Any) -> int:
    """Statistics against the routes, all and those of a filter; also what was stepped over. How many routes there are.

    With a filter the values of attributes are looked at where they are not without.
    """
    file = package.mrt.open(data, on_skip=told, **options)
    routes: list[Any] = []
    failed = False
    try:
        routes.extend(file)
    except package.MrtError:  # no record at all
        failed = True
    chosen = package.Filter(type="AWR")
    expected = {None: plain(routes), chosen: plain(filter(chosen, routes))}
    skips = file.skips
    for wanted, size in ((None, sizes[0]), (chosen, sizes[0]), *((None, size) for size in sizes[1:])):
        try:
            found = count(package, file, size, wanted)
        except package.MrtError:
            assert failed
        else:
            assert shown(found) == expected[wanted]
        assert file.skips == skips
    return len(routes)


@pytest.mark.parametrize("path", ARCHIVES, ids=lambda path: path.stem)
def test_samples(impl: Any, path: Path) -> None:
    compare(impl, path.read_bytes())


@pytest.mark.parametrize("name", REAL)
def test_real_files(impl: Any, data_dir: Path, name: str) -> None:
    assert compare(impl, head(impl, data_dir / name), (_SIZE, 100)) > 10


@pytest.mark.parametrize("kind", [16, 17])
@pytest.mark.parametrize("subtype", [1, 4, 7, 9])
def test_vectors(impl: Any, kind: int, subtype: int) -> None:
    """Every vector that a message can be made of, in one archive, IPv4 and IPv6 peers by turns."""
    assert compare(impl, of_vectors(impl, subtype, kind), (_SIZE, 100)) > 1000


@pytest.mark.parametrize("path", ARCHIVES, ids=lambda path: path.stem)
def test_both_count_the_same_of_bent_archives(both: list[Implementation], path: Path) -> None:
    """Octets set at random: the counts are those of the routes, on each implementation."""
    bend(both, path.read_bytes(), lambda package, data, number: compare(package, data, (1 + 100 * number,)))


_PIECES = (
    *(made.IGP, made.PATH, made.HOP, made.attribute(4, bytes(4)), made.attribute(5, bytes(4)), made.attribute(6, b"")),
    *(made.attribute(code, bytes(4)) for code in (8, 34, 35, 36, 40, 63, 64, 99, 128, 255, 0)),
    *(made.attribute(1, b"\7"), made.attribute(8, b"\0"), made.attribute(17, struct.pack(">BBI", 2, 1, 65551))),
    made.reach(2, made.HOP6, made.SIX * 2),
    made.reach(2, made.HOP6, made.SIX, 2),
    made.reach(1, made.HOP6, made.TEN),
    made.reach(1, bytes(12), bytes.fromhex("70000011") + bytes(11), 128),  # of a VPN: for the objects
    made.reach(2, made.HOP6, made.SIX + b"\x81"),  # a prefix of 129 bits
    made.attribute(15, b"\0\2\1" + made.SIX),
    made.attribute(15, b"\0\1\2" + made.TEN),
    made.attribute(15, b"\0\1\x80" + bytes.fromhex("70800000") + bytes(11)),
)


def test_any_attributes(both: list[Implementation]) -> None:
    """In all mixtures, also of what is usual with what is not, in one UPDATE and in turns."""
    mix(both, _PIECES, (1, 3, _SIZE), lambda package, data, size: compare(package, data, (size,)))


@pytest.mark.parametrize("name", ODD)
def test_what_is_rare(impl: Any, name: str) -> None:
    assert compare(impl, ODD[name])


def test_an_update_is_one_block(impl: Any) -> None:
    """Whatever parts it has, usual ones or not, and wherever a piece ends."""
    unreach = made.attribute(15, b"\0\2\1" + made.SIX)
    vpn = made.reach(1, bytes(12), bytes.fromhex("70000011") + bytes(11), 128)
    for reach in (made.reach(2, made.HOP6, made.SIX * 3), vpn, made.reach(2, made.HOP6, made.SIX + b"\x81")):
        block = made.IGP + made.PATH + made.HOP + unreach + reach
        data = made.bgp4mp(made.update(block, made.TEN * 2, made.TEN * 2)) * 3
        routes = compare(impl, data, (_SIZE, 1, 2, 3, 4, 5))
        found = count(impl, impl.mrt.open(data, on_skip=told))
        assert found.types.total() == routes
        assert found.attribute_blocks == 3
        assert found.attributes == dict.fromkeys((1, 2, 3, 14, 15), 3)


def test_attributes(impl: Any) -> None:
    """Once for an UPDATE, those of great codes and those that stand there twice too; withdrawals have theirs."""
    twice = made.attribute(8, bytes(4)) * 2 + made.attribute(128, bytes(8)) * 2 + made.attribute(40, b"\1\0\0")
    block = made.IGP + made.PATH + made.HOP
    data = b"".join(
        made.bgp4mp(made.update(attributes, nlri, withdrawn))
        for attributes, nlri, withdrawn in (
            (block + twice, made.TEN, b""),
            (block, made.TEN, b""),
            (b"", b"", made.TEN),
            (made.attribute(4, bytes(4)) + made.attribute(4, bytes(4)), b"", made.TEN),
            (made.attribute(15, b"\0\2\1"), b"", b""),  # the end of RIB has no route
        )
    )
    assert compare(impl, data) == 4
    found = impl.mrt.open(data).statistics()
    assert found.attribute_blocks == 4
    assert list(found.attributes.items()) == [(1, 2), (2, 2), (3, 2), (8, 1), (128, 1), (40, 1), (4, 1)]


def test_add_path_that_no_record_says(impl: Any) -> None:
    update = made.update(made.IGP + made.PATH + made.HOP, b"\0\0\0\7" + made.TEN)
    assert compare(impl, made.bgp4mp(update) * 3, add_path=[(1, 1)]) == 3


def _of_peers(pairs: list[tuple[int, bytes]]) -> bytes:
    """A withdrawal of each."""
    out = []
    for asn, address in pairs:
        family = b"\0\0\0\1" if len(address) == 4 else b"\0\0\0\2"
        body = struct.pack(">II", asn, 64500) + family + address * 2 + made.update(withdrawn=made.TEN)
        out.append(struct.pack(">IHHI", 1, 16, 4, len(body)) + body)
    return b"".join(out)


def test_many_peers(impl: Any) -> None:
    """More than the kernel has places for, of addresses that differ little, of one address, and the same again."""
    four = [(64500 + turn % 3, struct.pack(">I", turn // 2)) for turn in range(3000)]
    six = [(turn, bytes(8) + struct.pack(">Q", turn << 32)) for turn in range(1500)]
    alike = [(asn, bytes(15) + b"\1") for asn in (0, 1)] + [(0, bytes(3) + b"\1"), (0, b"\1" + bytes(15))]
    one = [(turn, b"\7\7\7\7") for turn in range(2000)]
    data = _of_peers((four + six + alike + one) * 2)
    assert compare(impl, data, (_SIZE,)) == 13008
    assert len(impl.mrt.open(data).statistics().peers) == 6504


def test_peers_that_meet_in_one_place(impl: Any) -> None:
    """Whoever chooses addresses cannot make the work grow: a table that is full there is emptied."""
    data = peers(100)
    assert compare(impl, data * 3, (_SIZE,)) == 300
    assert len(impl.mrt.open(data * 3).statistics().peers) == 100


def test_filter(impl: Any) -> None:
    """Filters that are compared without an object, and one that is not; blocks of which no route passes count for
    nothing."""
    data = made.archive() + table_of_peers()
    update = made.update(made.IGP + made.PATH + made.HOP, made.TEN * 2 + made.prefix("192.0.2.0/24"), made.TEN)
    data += made.bgp4mp(update, six=True)
    routes = list(impl.mrt.open(data))
    for chosen in (
        *(impl.Filter(type=kind) for kind in "AWRS"),
        impl.Filter(family="ipv6-unicast"),
        impl.Filter(prefix="10.0.0.0/8"),
        impl.Filter(more_specific="192.0.2.0/23"),
        impl.Filter(not_prefix="10.0.0.0/8", type="A"),
        impl.Filter(as_path="64496$"),
        impl.Filter(start=1_000_000_002, peer_address="2001:db8::1"),
    ):
        expected = plain(filter(chosen, routes))
        for size in (1, _SIZE):
            assert shown(count(impl, impl.mrt.open(data), size, chosen)) == expected
        assert shown(impl.mrt.open(data).statistics(chosen)) == expected


def test_several_files(impl: Any) -> None:
    found = impl.mrt.Statistics()
    files = (made.archive(), made.at(5, made.bgp4mp(made.update(withdrawn=made.TEN))), made.archive())
    for data in files:
        assert sum(found.read(impl.mrt.open(data))) == len(list(impl.mrt.open(data)))
    assert shown(found) == plain(route for data in files for route in impl.mrt.open(data))
    assert found.first == 5


def test_nothing(impl: Any) -> None:
    found = impl.mrt.open(b"").statistics()
    assert (found.types.total(), found.attribute_blocks, found.first, found.last) == (0, 0, None, None)
    with pytest.raises(impl.MrtError, match="no MRT record"):
        impl.mrt.open(b"\xff" * 100).statistics()
    with pytest.raises(ValueError, match="counts of 0 routes"):
        count(impl, impl.mrt.open(made.archive()), 0)


def test_blocks_of_the_file_are_joined(impl: Any) -> None:
    """Records that stand across the blocks in which a file is read, and tears between."""
    assert compare(impl, made.archive() * 1500, (_SIZE, 1000)) == 12000
    assert compare(impl, (made.archive() * 200 + bytes(100)) * 3 + b"\0", (_SIZE, 1000)) == 4800


def test_what_is_torn_is_reported(impl: Any) -> None:
    data = made.archive() + b"\xff" * 100
    with pytest.warns(impl.MrtWarning, match="100 octets in 1 place could not be read"):
        found = impl.mrt.open(data).statistics()
    assert shown(found) == plain(impl.mrt.open(made.archive()))
    found = impl.mrt.Statistics()
    with pytest.raises(impl.MrtError):
        list(found.read(impl.mrt.open(data, strict=True)))
    assert shown(found) == plain(impl.mrt.open(made.archive()))  # what was counted before it


def test_a_reader_that_is_left(impl: Any, tmp_path: Path) -> None:
    """The file is closed, by hand or with the iterator; what was given is what is counted."""
    path = tmp_path / "updates.mrt"
    path.write_bytes(made.archive() * 20000)
    for leave in (lambda numbers: numbers.close(), lambda _: None):
        file = impl.mrt.open(path)
        found = impl.mrt.Statistics()
        numbers = found.read(file)
        number = next(numbers)
        assert 0 < number < 160_000
        leave(numbers)
        del numbers
        gc.collect()
        assert file._last.input.closed
        assert found.types.total() == number
        gone = weakref.ref(file._last)
        del file
        gc.collect()
        assert gone() is None  # statistics hold no file


def test_counts_are_read_by_one_at_a_time(impl: Any) -> None:
    """A callback that asks for more, or ends what runs, is told so, as by a generator."""
    data = made.archive() + bytes(100) + made.archive()
    for act in (next, lambda numbers: numbers.close()):
        held: list[Any] = []
        found = impl.mrt.Statistics()
        held.append(found.read(impl.mrt.open(data, on_skip=lambda _, act=act, held=held: act(held[0]))))
        with pytest.raises(ValueError, match=r"being read|generator already executing"):
            list(held[0])
        assert shown(found) == plain(impl.mrt.open(made.archive()))


def test_threads_that_share_counts(impl: Any) -> None:
    """Each route counts once, whichever thread asks; two at a time are told so."""
    data = made.archive() * 600
    found = impl.mrt.Statistics()
    numbers = found.read(impl.mrt.open(data))
    seen: list[int] = []

    def read() -> None:
        while True:
            try:
                seen.append(next(numbers))
            except StopIteration:
                return
            except ValueError:
                continue

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(seen) == found.types.total() == 4800
    assert found.attribute_blocks == 3000
