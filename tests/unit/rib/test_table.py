"""Tables of archives: what the kernel does without objects is what each route does, and what a dictionary says."""

from __future__ import annotations

import gzip
import struct
import threading
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest
from support import made_mrt as made
from support.archives import ARCHIVES, QUIRKS, bend, head, mix, of_vectors
from support.odd_archives import ODD
from support.places import REAL
from support.tables import content, counts, place, replayed

if TYPE_CHECKING:
    from pathlib import Path

GOOD = made.IGP + made.PATH + made.HOP
ELEVEN = made.prefix("11.0.0.0/8")


def compare(package: Any, octets: bytes, _number: int = 0) -> None:
    """Load an archive, and apply each of its routes."""
    with_routes = package.mrt.open(octets, on_skip=lambda skip: None)
    try:
        routes = list(with_routes)
    except package.MrtError:
        return
    table = package.rib.Table()
    table.load(package.mrt.open(octets, on_skip=lambda skip: None))
    other = replayed(package, routes)
    assert content(table) == content(other)
    assert counts(table)[:5] == counts(other)[:5]
    told = package.rib.Table()
    changes = list(told.updates(package.mrt.open(octets, on_skip=lambda skip: None)))
    assert content(told) == content(table)
    assert applied(changes) == content(table)


def applied(changes: Any) -> dict[Any, Any]:
    """What a table has after its changes, each of which begins where the last one of its route ended."""
    out: dict[Any, Any] = {}
    for change in changes:
        route = change.old if change.new is None else change.new
        where = place(route)
        old = None if change.old is None else (change.old.originated, bytes(change.old.attributes))
        assert out.pop(where, None) == old
        if change.new is not None:
            out[where] = change.new.originated, bytes(change.new.attributes)
    return out


@pytest.mark.parametrize("path", ARCHIVES, ids=lambda path: path.stem)
def test_samples(impl: Any, path: Path) -> None:
    compare(impl, path.read_bytes())


@pytest.mark.parametrize("name", REAL)
def test_real_files(impl: Any, data_dir: Path, name: str) -> None:
    compare(impl, head(impl, data_dir / name))


@pytest.mark.parametrize(("subtype", "kind"), [(4, 16), (1, 16), (9, 17)])
def test_all_vectors(impl: Any, subtype: int, kind: int) -> None:
    compare(impl, of_vectors(impl, subtype, kind))


@pytest.mark.parametrize("name", ODD)
def test_odd_archives(impl: Any, name: str) -> None:
    compare(impl, ODD[name])


def test_archives_with_octets_changed(both: Any) -> None:
    path = next(path for path in ARCHIVES if "demo" in path.name)
    with both[0].active() as package:
        data = head(package, path)[:6000]
    bend(both, data, compare)


def test_any_mixture_of_records(both: Any) -> None:
    mix(both, QUIRKS, (1,), compare, 60)


def loaded(package: Any, *records: bytes) -> Any:
    table = package.rib.Table()
    table.load(package.mrt.open(b"".join(records)))
    return table


def state(old: int, new: int, seconds: int = 1_000_000_100) -> bytes:
    return made.at(seconds, made.bgp4mp(struct.pack(">HH", old, new), 5))


def test_what_a_user_sees(impl: Any) -> None:
    first = made.bgp4mp(made.update(GOOD + made.attribute(8, b"\0\1\0\2"), made.TEN + ELEVEN))
    later = made.at(1_000_000_060, made.bgp4mp(made.update(GOOD, made.TEN, ELEVEN)))
    table = loaded(impl, first, later)
    assert repr(table) == "<Table of 1 routes to 1 prefixes from 1 peers>"
    (route,) = table["10.0.0.0/8"]
    assert (route.type, str(route.as_path), str(route.next_hop), route.communities) == (
        "R",
        "65551 64496",
        "192.0.2.1",
        None,
    )
    assert (route.originated, route.timestamp, str(route.peer)) == (1_000_000_060, 1_000_000_060, "AS65551 192.0.2.1")
    assert "10.0.0.0/8" in table
    assert "11.0.0.0/8" not in table
    with pytest.raises(KeyError, match=r"11\.0\.0\.0/8"):
        table["11.0.0.0/8"]
    assert table.families == [(1, 1)]
    assert [str(one) for one in table.covering("10.1.2.3")] == ["10.0.0.0/8"]
    assert [str(one) for one in table.covered("8.0.0.0/5")] == ["10.0.0.0/8"]
    assert table.routes_to("10.0.0.0/8", (1, 2)) == []
    assert str(table.longest_match("10.2.3.4")) == "10.0.0.0/8"
    assert table.longest_match(impl.Address("2001:db8::1")) is None
    assert [one and str(one) for one in table.longest_matches(["11.1.1.1", impl.Address("10.1.1.1")])] == [
        None,
        "10.0.0.0/8",
    ]
    assert table.longest_matches(bytes(32), afi=2) == [None, None]
    with pytest.raises(ValueError, match="::1 among addresses of AFI 1"):
        table.longest_matches(["::1"])
    assert [table.count(peer) for peer in table.peers] == [1]


def test_changes(impl: Any) -> None:
    """What it was and what it is, with the time of the message; what changes nothing is none."""
    records = [
        made.bgp4mp(made.update(GOOD, made.TEN)),
        made.at(1_000_000_001, made.bgp4mp(made.update(GOOD, made.TEN))),
        made.at(1_000_000_002, made.bgp4mp(made.update(GOOD + made.attribute(4, bytes(4), 0x80), made.TEN), kind=17)),
        made.at(1_000_000_003, made.bgp4mp(made.update(withdrawn=made.TEN + ELEVEN))),
    ]
    table = impl.rib.Table()
    found = list(table.updates(impl.mrt.open(b"".join(records))))
    shown = [
        (change.timestamp, str(change.nlri), *(one and (one.originated, one.attributes.get(4)) for one in change[3:]))
        for change in found
    ]
    assert shown == [
        (1_000_000_000, "10.0.0.0/8", None, (1_000_000_000, None)),
        (1_000_000_002.000042, "10.0.0.0/8", (1_000_000_000, None), (1_000_000_002, 0)),
        (1_000_000_003, "10.0.0.0/8", (1_000_000_002, 0), None),
    ]
    assert table.routes == len(table) == 0


def test_changes_are_told_to_one_at_a_time(impl: Any) -> None:
    table = impl.rib.Table()
    data = made.bgp4mp(made.update(GOOD, made.TEN)) * 3
    first = table.updates(impl.mrt.open(data))
    next(first)
    with pytest.raises(RuntimeError, match="another iterator"):
        next(table.updates(impl.mrt.open(data)))
    first.close()
    assert list(table.updates(impl.mrt.open(data))) == []


@pytest.mark.parametrize(("new", "left"), [(1, 1), (2, 1), (6, 3)])
def test_a_change_of_state_takes_the_routes_of_its_peer_out(impl: Any, new: int, left: int) -> None:
    update = made.update(GOOD + made.reach(2, made.HOP6, made.SIX), made.TEN)
    records = (made.bgp4mp(update), made.bgp4mp(made.update(GOOD, made.TEN), six=True))
    assert loaded(impl, *records, state(6, new)).routes == left
    table = loaded(impl, *records)
    found = list(table.updates(impl.mrt.open(state(6, new))))
    assert len(found) == 3 - left
    assert {(change.timestamp, change.new) for change in found} <= {(1_000_000_100, None)}
    assert table.routes == left


def test_changes_come_in_the_order_of_time(impl: Any) -> None:
    """Those of many routes of a peer that goes too, and of families that are kept apart."""
    nlri = bytes((96, 0, 0, 0x11)) + bytes((0, 0, 0, 1, 0, 0, 0, 1, 10))
    vpn = made.update(made.IGP + made.PATH + made.reach(1, bytes(8) + bytes((192, 0, 2, 1)), nlri, 128))
    many = b"".join(made.prefix(f"10.{n >> 8}.{n & 255}.0/24") for n in range(2500))
    records = (
        made.at(1, made.bgp4mp(vpn)),
        made.at(2, made.bgp4mp(made.update(GOOD, many))),
        made.at(3, made.bgp4mp(vpn, six=True)),
        state(6, 1, 4),
        made.at(5, made.bgp4mp(made.update(GOOD, made.TEN), six=True)),
    )
    table = impl.rib.Table()
    found = list(table.updates(impl.mrt.open(b"".join(records))))
    assert [change.timestamp for change in found] == [1] + [2] * 2500 + [3] + [4] * 2501 + [5]
    assert {change.new is None for change in found[2502:-1]} == {True}
    assert (table.routes, len(table)) == (2, 2)


def test_a_peer_goes(impl: Any) -> None:
    records = (made.bgp4mp(made.update(GOOD, made.TEN + ELEVEN)), made.bgp4mp(made.update(GOOD, made.TEN), six=True))
    table = loaded(impl, *records)
    four, six = table.peers
    assert table.detach(four) == 2
    assert table.detach(four) == 0
    assert (table.routes, len(table)) == (1, 1)
    table = loaded(impl, *records)
    found = list(table.withdraw(four, 5.5))
    assert sorted(str(change.nlri) for change in found) == ["10.0.0.0/8", "11.0.0.0/8"]
    assert {(change.timestamp, change.new) for change in found} == {(5.5, None)}
    assert list(table.withdraw(four)) == []
    assert [str(route.peer) for route in table["10.0.0.0/8"]] == [str(six)]


@pytest.mark.parametrize(
    "wrong",
    [
        made.PATH + made.HOP,  # no ORIGIN
        made.IGP + made.HOP,
        made.IGP + made.PATH,
        made.IGP + made.PATH + made.attribute(3, bytes(3), 0x40),
        made.attribute(1, b"\7", 0x40) + made.PATH + made.HOP,
        made.attribute(1, b"\0", 0x80) + made.PATH + made.HOP,  # flags
        made.IGP + made.attribute(2, b"\2\0", 0x40) + made.HOP,  # an empty segment
        made.IGP + made.PATH + made.HOP + b"\x40\4",  # runs over the end
    ],
)
def test_what_is_treated_as_withdrawn_is_withdrawn(impl: Any, wrong: bytes) -> None:
    """RFC 7606 sections 3 and 7: the route that was there is not used any more."""
    table = loaded(impl, made.bgp4mp(made.update(GOOD, made.TEN)), made.bgp4mp(made.update(wrong, made.TEN + ELEVEN)))
    assert (table.routes, table.unsound) == (0, 1)


def test_what_is_discarded_is_no_reason_to_withdraw(impl: Any) -> None:
    """RFC 7606 section 7.7: AGGREGATOR of a wrong length."""
    table = loaded(impl, made.bgp4mp(made.update(GOOD + made.attribute(7, bytes(3)), made.TEN)))
    assert (table.routes, table.unsound) == (1, 0)


def test_next_hops(impl: Any) -> None:
    """Of MP_REACH_NLRI the next hop is kept, with its link-local address; of IPv4 too (RFC 8950)."""
    both = made.HOP6 + bytes.fromhex("fe80") + bytes(14)
    block = made.IGP + made.PATH + made.HOP
    records = (
        made.bgp4mp(made.update(block + made.reach(2, both, made.SIX), made.TEN)),
        made.bgp4mp(made.update(block + made.reach(1, made.HOP6, ELEVEN))),
        made.bgp4mp(
            made.update(made.IGP + made.PATH + made.reach(1, bytes((192, 0, 2, 9)), made.prefix("12.0.0.0/8")))
        ),
    )
    table = loaded(impl, *records)
    hops = {text: str(table[text][0].next_hop) for text in ("10.0.0.0/8", "2001:db8::/32", "11.0.0.0/8", "12.0.0.0/8")}
    assert hops == {
        "10.0.0.0/8": "192.0.2.1",
        "2001:db8::/32": "2001:db8::1",
        "11.0.0.0/8": "2001:db8::1",
        "12.0.0.0/8": "192.0.2.9",
    }
    codes = {text: [one.code for one in table[text][0].attributes.walk()] for text in hops}
    assert codes == {
        "10.0.0.0/8": [1, 2, 3],
        "2001:db8::/32": [1, 2, 14],
        "11.0.0.0/8": [1, 2, 14],
        "12.0.0.0/8": [1, 2, 3],
    }
    assert table["2001:db8::/32"][0].attributes.raw(14) == b"\x20" + both


def test_labels_are_no_part_of_the_key(impl: Any) -> None:
    """RFC 8277 section 2.4: another label replaces the route, and a withdrawal need not have the same."""
    hop = bytes(8) + bytes((192, 0, 2, 1))

    def announced(label: str) -> bytes:
        nlri = bytes.fromhex("70" + label) + bytes((0, 0, 0, 1, 0, 0, 0, 1)) + b"\x0a"
        return made.bgp4mp(made.update(made.IGP + made.PATH + made.reach(1, hop, bytes((96,)) + nlri[1:], 128)))

    table = loaded(impl, announced("000011"), announced("000021"))
    assert (table.routes, len(table), table.families) == (1, 1, [(1, 128)])
    (nlri,) = table.nlri((1, 128))
    assert str(nlri.labels) == "2"
    (route,) = table.routes_to(nlri, (1, 128))
    assert str(route.next_hop) == "192.0.2.1"
    with pytest.raises(TypeError, match="the family of"):
        table.routes_to(nlri)
    gone = (
        bytes.fromhex("0001808000")[:0]
        + bytes((0, 1, 128, 96))
        + bytes.fromhex("800000")
        + bytes((0, 0, 0, 1, 0, 0, 0, 1, 10))
    )
    withdrawal = made.bgp4mp(made.update(made.attribute(15, gone, 0x80)))
    assert [(change.old is None, change.new) for change in table.updates(impl.mrt.open(withdrawal))] == [(False, None)]
    assert table.routes == 0


def test_attributes_that_no_entry_has_room_for(impl: Any) -> None:
    """65,535 octets are the most; a path of a session with AS numbers of 2 octets becomes longer."""
    path = b"".join(b"\2\xff" + bytes((1, 2)) * 255 for _ in range(80))
    record = made.bgp4mp(made.update(made.IGP + made.attribute(2, path, 0x40) + made.HOP, made.TEN), 1)
    skips: list[Any] = []
    table = impl.rib.Table()
    table.load(impl.mrt.open(record, on_skip=skips.append))
    assert table.routes == 0
    assert "65535 are the most" in skips[0].reason


def test_a_table_is_read_while_it_is_written(impl: Any, data_dir: Path) -> None:
    """Two threads: routes that are read are whole, and a route of the archive."""
    table = impl.rib.Table()
    octets = gzip.decompress((data_dir / "ris-updates.20160811.1600.gz").read_bytes())[:200_000]
    done = threading.Event()

    def write() -> None:
        try:
            for _ in range(2):
                table.load(impl.mrt.open(octets, on_skip=lambda skip: None))
                for peer in table.peers:
                    table.detach(peer)
        finally:
            done.set()

    thread = threading.Thread(target=write)
    thread.start()
    while not done.is_set():
        for prefix in islice(table.covered("0.0.0.0/0"), 20):
            for route in table.routes_to(prefix):
                assert str(route.prefix) == str(prefix)
                assert route.as_path is not None
    thread.join()
    assert table.routes == 0
