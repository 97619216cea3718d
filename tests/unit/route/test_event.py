"""Events: when which peer sent which octets, and the routes in them, without the file they came from."""

from __future__ import annotations

import copy
import pickle
import warnings
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from support.context import ATTRIBUTES, attribute, bgp4mp, next_hop, peer_index, record, told, update
from support.frozen import check_frozen
from support.places import SAMPLES

SAMPLES = sorted(SAMPLES.glob("*.mrt"))
TEN = b"\x08\x0a"
HEADER = bytes.fromhex("0000fbf4 0000fbf5 0000 0001 c0000202 c0000201")
STATES = bytes.fromhex("0005 0006")


def _routes(package: Any, data: bytes | Path) -> list[Any]:
    return list(package.mrt.open(data, on_skip=told).routes())


def test_what_an_event_of_an_archive_says(impl: Any) -> None:
    """RFC 6396 section 3: the record's time, with microseconds; section 4.4.2: the peer; and the message."""
    message = update(b"", ATTRIBUTES, TEN + TEN)
    first = record(16, 4, HEADER + message)
    both = first + record(17, 4, (7).to_bytes(4) + HEADER + message)
    routes = _routes(impl, both)
    one, other = routes[0].event, routes[2].event
    assert [route.event is one for route in routes] == [True, True, False, False]
    assert (one.microseconds, other.microseconds) == (None, 7)
    assert other.timestamp == other.seconds + 7e-6
    assert (one.offset, other.offset) == (0, len(first))
    assert (one.mrt_type, one.mrt_subtype, other.mrt_type) == (16, 4, 17)
    assert one.octets == bytes(one) == other.octets == message
    assert one.peer is routes[0].peer
    assert (one.peer_asn, str(one.peer_address)) == (64500, "192.0.2.2")
    assert one.session.asn4
    assert one.message is routes[0].update is routes[1].update
    # Offsets count from the message, whatever stands in front of it in the file.
    for route in routes:
        assert [a.offset for a in route.attributes] == [a.offset for a in route.update.attributes] == [23, 27, 30]


def test_what_comes_of_an_archive_does_not_change(impl: Any) -> None:
    """Routes of each kind with their events and peers, events of messages, the event of a fault, records."""
    entry = b"\0\0" + bytes(4) + len(ATTRIBUTES).to_bytes(2) + ATTRIBUTES
    message = update(b"", ATTRIBUTES, TEN)
    table = peer_index() + record(13, 2, bytes(4) + TEN + b"\0\1" + entry)
    dump = record(12, 1, bytes(4) + bytes((10, 0, 0, 0, 8, 1)) + bytes(4) + bytes((192, 0, 2, 1, 0, 1)) + entry[6:])
    data = record(16, 4, HEADER + message) + record(17, 5, bytes(4) + HEADER + STATES) + table + dump
    routes = _routes(impl, data)
    assert [route.type for route in routes] == ["A", "S", "R", "R"]
    for route in routes:
        check_frozen(route)
        check_frozen(route.event)
        check_frozen(route.peer)
        assert copy.copy(route) is route
        assert copy.copy(route.event) is route.event
    for event in impl.mrt.open(data).messages():
        check_frozen(event)
    for one in impl.mrt.open(data).records():
        check_frozen(one)
    check_frozen(impl.Event(message, peer=impl.Peer(impl.Address("192.0.2.1"), 64500)))


def test_an_event_without_a_message(impl: Any) -> None:
    """A change of state and a table's record are all of what stands behind the MRT header."""
    entry = b"\0\0" + bytes(4) + len(ATTRIBUTES).to_bytes(2) + ATTRIBUTES
    table = bytes(4) + TEN + b"\0\1" + entry
    state, rib = _routes(impl, record(16, 5, HEADER + STATES) + peer_index() + record(13, 2, table))
    assert (state.event.octets, state.event.message, state.update) == (HEADER + STATES, None, None)
    assert (rib.event.octets, rib.event.message, rib.event.peer) == (table, None, None)
    assert rib.peer is not None
    assert state.event.json()["octets"] == (HEADER + STATES).hex()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_routes_of_the_event_are_those_of_the_archive(impl: Any, path: Path) -> None:
    """An UPDATE gives the same routes whatever its octets stand in: an event made of its message alone gives them."""
    for event in impl.mrt.open(path, on_skip=told).messages():
        alone = impl.Event(event.octets, event.seconds, event.microseconds, event.peer, event.session)
        found = []
        for one in (event, alone):
            try:
                found.append(([], impl.routes_of(one)))
            except impl.DecodeError as error:
                found.append(([error.reason], error.routes))
        (fault, routes), (same_fault, same) = found
        assert fault == same_fault
        assert [route.json() for route in routes] == [route.json() for route in same]
        if event.message.name != "update":
            assert routes == []


def test_an_event_of_ones_own(impl: Any) -> None:
    """What a daemon writes that has one message off a socket."""
    peer = impl.Peer(impl.Address("192.0.2.1"), 64500)
    event = impl.Event(update(b"", ATTRIBUTES, TEN), seconds=1, microseconds=5, peer=peer)
    (route,) = impl.routes_of(event)
    assert (route.type, str(route.prefix), route.timestamp) == ("A", "10.0.0.0/8", 1.000005)
    assert (route.peer, route.event, route.family) == (peer, event, (1, 1))
    assert (event.mrt_type, event.mrt_subtype, event.offset) == (None, None, 0)
    assert "10.0.0.0/8" in repr(route)
    assert repr(event).startswith("<Event 1.000005 AS64500 192.0.2.1 <Update")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(ValueError, match="no MRT record"):
            _ = event.record


def test_routes_need_a_peer(impl: Any) -> None:
    with pytest.raises(ValueError, match="peer"):
        impl.routes_of(impl.Event(update(b"", ATTRIBUTES, TEN)))


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ({"octets": bytes(18)}, ValueError),
        ({"octets": "text"}, TypeError),
        ({"seconds": -1}, ValueError),
        ({"seconds": 1 << 32}, ValueError),
        ({"seconds": None}, TypeError),
        ({"microseconds": 1 << 32}, ValueError),
        ({"microseconds": 1.5}, TypeError),
        ({"offset": -1}, ValueError),
        ({"offset": 1 << 63}, ValueError),
        ({"mrt_type": 1 << 16}, ValueError),
        ({"mrt_subtype": "4"}, TypeError),
        ({"session": None}, TypeError),
        ({"peer": 64500}, TypeError),
    ],
    ids=str,
)
def test_what_no_event_can_have(impl: Any, wrong: dict[str, Any], kind: type[Exception]) -> None:
    with pytest.raises(kind):
        impl.Event(**{"octets": update(b"", ATTRIBUTES, TEN)} | wrong)


def test_a_message_that_cannot_be_read(impl: Any) -> None:
    """RFC 4271 section 6.1: a length that is not the message's."""
    event = impl.Event(update(b"", ATTRIBUTES, TEN) + b"\0\0", peer=impl.Peer(None, 64500))
    with pytest.raises(impl.DecodeError, match="message of"):
        impl.routes_of(event)


def test_routes_before_a_fault(impl: Any) -> None:
    peer = impl.Peer(impl.Address("192.0.2.1"), 64500)
    event = impl.Event(update(b"", ATTRIBUTES, TEN + b"\x21"), peer=peer)
    with pytest.raises(impl.DecodeError) as caught:
        impl.routes_of(event)
    assert [str(route.prefix) for route in caught.value.routes] == ["10.0.0.0/8"]
    assert caught.value.offset == len(event.octets) - 1


# --- pickles --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_routes_pickle(impl: Any, path: Path) -> None:
    """All a route says survives, and what routes share they share again."""
    routes = _routes(impl, path)
    again = pickle.loads(pickle.dumps(routes))
    assert again == routes
    for route, same in zip(routes, again, strict=True):
        assert hash(same) == hash(route)
        assert same.json() == route.json()
        assert [error.args for error in same.errors] == [error.args for error in route.errors]
        assert bytes(same.event) == bytes(route.event)
    for name in ("event", "attributes"):
        assert len({id(getattr(route, name)) for route in again}) == len({id(getattr(route, name)) for route in routes})
    for form in ("bgpdump", "jsonl", "psv", "human"):
        module = getattr(impl.text, form)
        assert list(map(module.formatter(), again)) == list(map(module.formatter(), routes))


def test_a_pickle_has_a_routes_own_octets(impl: Any) -> None:
    """Not those of the record around it, of which a table's has thousands of entries."""
    (route, *_) = _routes(impl, bgp4mp(update(b"", ATTRIBUTES, TEN)))
    alone = pickle.loads(pickle.dumps(route))
    assert bytes(alone.attributes) == ATTRIBUTES
    assert alone.event.octets == route.event.octets
    assert copy.copy(route) == copy.deepcopy(route) == route


@pytest.mark.slow
def test_routes_go_to_other_processes(impl: Any) -> None:
    routes = _routes(impl, bgp4mp(update(b"", ATTRIBUTES, TEN)))
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        assert list(pool.map(attrgetter("prefix"), routes)) == [routes[0].prefix]


# --- routes as values -------------------------------------------------------------------------------------------------


def test_equal_routes(impl: Any) -> None:
    octets = bgp4mp(update(TEN, ATTRIBUTES, TEN))
    routes, same = (_routes(impl, octets) for _ in range(2))
    assert routes == same
    assert len({*routes, *same}) == 2
    reach = attribute(0x80, 14, b"\0\1\2" + next_hop(1, 2) + b"\0" + TEN)
    unicast, multicast = _routes(impl, bgp4mp(update(b"", ATTRIBUTES + reach, TEN)))
    assert unicast != multicast
    assert (unicast.family, multicast.family) == ((1, 1), (1, 2))
    assert routes[0] != routes[0].event


def test_the_name_of_a_message_in_an_archive_is_deprecated(impl: Any) -> None:
    with pytest.warns(DeprecationWarning, match=r"bgpwire\.Event"):
        assert impl.mrt.MrtMessage is impl.Event


def test_the_record_is_deprecated(impl: Any) -> None:
    (route,) = _routes(impl, bgp4mp(update(b"", ATTRIBUTES, TEN)))
    for holder in (route, route.event):
        with pytest.warns(DeprecationWarning, match="event"):
            found = holder.record
        assert (found.type, found.subtype, found.offset) == (16, 4, 0)
        assert found.data.endswith(route.event.octets)
