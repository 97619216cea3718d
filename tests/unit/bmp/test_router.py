"""What is known of a router: sessions of its peers, directions, contradictions, withdrawals that nobody sent."""

from __future__ import annotations

from typing import Any

import pytest
from support import made_bmp as made

BOTH = (
    made.open_message(64500, made.asn4(64500), made.add_path(1)),
    made.open_message(64501, made.asn4(64501), made.add_path(2)),
)


def routes(impl: Any, monitor: Any, *messages: bytes) -> list[Any]:
    return [route for one in messages for event in monitor.events(one) for route in impl.routes_of(event)]


def test_sessions(impl: Any) -> None:
    """RFC 7854 section 4.10: the OPENs say how the peer's UPDATEs are read; RFC 8671: Adj-RIB-Out is the other way."""
    monitor = impl.bmp.Monitor()
    update = made.update(path_id="00000007")
    assert routes(impl, monitor, made.peer_up(*BOTH)) == []
    (route,) = routes(impl, monitor, made.monitoring(update))
    assert (str(route.prefix), route.path_id) == ("10.0.0.0/24", 7)
    assert (route.peer.rib, route.peer.local_asn) == ("adj-rib-in-pre", 64500)
    assert str(route.peer.local_address) == "192.0.2.254"
    assert (route.timestamp, route.event.microseconds) == (1_700_000_000.25, 250_000)
    (post,) = routes(impl, monitor, made.monitoring(update, flags=0x40))
    assert post.peer.rib == "adj-rib-in-post"
    assert post.peer is not route.peer
    (out,) = routes(impl, monitor, made.monitoring(made.update(), flags=0x10))
    assert (out.peer.rib, out.path_id) == ("adj-rib-out-pre", None)
    assert out.json()["rib"] == "adj-rib-out-pre"


def test_a_peer_that_was_never_up(impl: Any) -> None:
    """Its routes are not dropped; that ADD-PATH is not known is marked."""
    (event,) = impl.bmp.Monitor().events(made.monitoring(made.update()))
    assert event.session.add_path_from == "guessed"


def test_the_same_address_twice(impl: Any) -> None:
    """Peers are told apart by type, distinguisher and address (RFC 7854 section 4.2)."""
    monitor = impl.bmp.Monitor()
    red = bytes.fromhex("0000fbf400000007")
    list(monitor.events(made.peer_up(*BOTH)))
    (event,) = monitor.events(made.bmp(0, made.header(1, distinguisher=red) + made.update()))
    assert str(event.peer.distinguisher) == "64500:7"
    (route,) = impl.routes_of(event)
    assert route.path_id is None
    assert route.json()["distinguisher"] == "64500:7"
    assert len(monitor.router.peers) == 2


def test_a_flag_that_contradicts(impl: Any) -> None:
    """Said once, and the flag is believed."""
    monitor = impl.bmp.Monitor()
    narrow = made.update(attributes="400101 00 400304 c0000201 400204 0201 fbf4", path_id="00000001")
    told = made.monitoring(narrow, flags=0x20)
    found = routes(impl, monitor, made.peer_up(*BOTH), told, told)
    assert [str(route.as_path) for route in found] == ["64500", "64500"]
    assert [error.reason for error in monitor.router.faults] == [
        "the A flag of 192.0.2.1 says AS numbers of 2 octets, its OPENs do not"
    ]


@pytest.mark.parametrize("peer", [64500, 64501])
@pytest.mark.parametrize("flags", [0, 0x40, 0x10, 0x50])
def test_what_only_a_session_asks_for(impl: Any, peer: int, flags: int) -> None:
    """An internal peer must send LOCAL_PREF, an external one must not (RFC 4271 section 5.1.5): that is asked of the
    tables that hold what is sent. A policy sets LOCAL_PREF, and takes it away."""
    without = "400101 00 400206 0201 0000fbf5 400304 c0000201"
    opens = made.open_message(64500, made.asn4(64500)), made.open_message(peer, made.asn4(peer))
    monitor = impl.bmp.Monitor()
    list(monitor.events(made.peer_up(*opens)))
    reported = [
        [error.reason for error in event.message.errors]
        for text in (without, f"{without} 40050400000064")
        for event in monitor.events(made.monitoring(made.update(attributes=text), flags=flags))
    ]
    if flags in (0x40, 0x10):
        assert reported == [[], []]
    elif peer == 64500:
        assert reported == [["local_pref is missing"], []]
    else:
        assert reported == [[], ["local_pref from an external peer"]]


def test_peers_come_and_go(impl: Any) -> None:
    monitor = impl.bmp.Monitor()
    router = monitor.router
    list(monitor.events(made.bmp(4, made.tlv(2, b"r1")) + made.peer_up(*BOTH)))
    (peer,) = router.peers.values()
    assert router.sys_name == "r1"
    assert peer.up is not None
    list(monitor.events(made.bmp(2, made.header() + b"\4")))
    assert peer.up is None
    assert peer.down.reason == 4
    list(monitor.events(made.bmp(5, made.tlv(1, b"\0\0"))))
    assert router.termination.reason == 0


@pytest.mark.parametrize("end", ["down", "up again", "termination", "close"])
def test_withdrawals_that_nobody_sent(impl: Any, end: str) -> None:
    """What is still announced when a session ends is withdrawn, in each table for itself."""
    monitor = impl.bmp.Monitor(withdraw=True)
    one, two = made.update("18 0a0000", path_id="00000001"), made.update("18 0a0001", path_id="00000002")
    found = routes(
        impl,
        monitor,
        made.peer_up(*BOTH),
        made.monitoring(one),
        made.monitoring(two),
        made.monitoring(made.withdrawal("00000001 18 0a0000")),
        made.monitoring(one, flags=0x40),
    )
    assert [route.type for route in found] == ["A", "A", "W", "A"]
    if end == "close":
        events = list(monitor.router.close())
        found = [route for event in events for route in impl.routes_of(event)]
    else:
        ends = {"down": made.bmp(2, made.header() + b"\4"), "up again": made.peer_up(*BOTH)}
        found = routes(impl, monitor, ends.get(end) or made.bmp(5, made.tlv(1, b"\0\0")))
    assert sorted((route.type, route.peer.rib, str(route.prefix), route.path_id) for route in found) == [
        ("W", "adj-rib-in-post", "10.0.0.0/24", 1),
        ("W", "adj-rib-in-pre", "10.0.1.0/24", 2),
    ]
    assert list(monitor.router.close()) == []


def test_labels_are_no_part_of_what_is_withdrawn(impl: Any) -> None:
    """RFC 8277 section 2.4: a withdrawal has the label 0x800000 or any; a route that is announced again may have
    another."""
    reach = "800e 10 0001 04 04 c0000201 00 30 {} 0a0000"
    gone = "800f 0a 0001 04 30 800000 0a0000"

    def message(text: str) -> bytes:
        return made.monitoring(made.update("", f"400101 00 400200 {text}"))

    monitor = impl.bmp.Monitor(withdraw=True)
    found = routes(impl, monitor, made.peer_up(*BOTH), message(reach.format("000101")), message(reach.format("000201")))
    assert [str(route.nlri.labels) for route in found] == ["16", "32"]
    (peer,) = monitor.router.peers.values()
    assert len(peer.routes["adj-rib-in-pre"]) == 1
    assert [route.type for route in routes(impl, monitor, message(gone))] == ["W"]
    assert peer.routes == {"adj-rib-in-pre": {}}
    routes(impl, monitor, message(reach.format("000101")))
    assert [str(route.prefix) for event in monitor.router.close() for route in impl.routes_of(event)] == ["10.0.0.0/24"]


def test_mirrored_messages_are_events(impl: Any) -> None:
    octets = made.bmp(6, made.header() + made.tlv(0, made.update()) + made.tlv(0, made.open_message(64501)))
    assert [event.message.name for event in impl.bmp.Monitor().events(octets)] == ["update", "open"]


def test_faults_are_bounded(impl: Any) -> None:
    monitor = impl.bmp.Monitor()
    for _ in range(150):
        list(monitor.events(made.bmp(2, made.header() + b"\4\4")))
    assert (len(monitor.router.faults), monitor.router.fault_count) == (100, 150)
    assert monitor.router.faults[1].offset == 2 * 50 - 1


def test_peers_with_a_table_pickle(impl: Any) -> None:
    import copy
    import pickle

    (event,) = impl.bmp.Monitor().events(made.monitoring(made.update()))
    again = pickle.loads(pickle.dumps(event))
    assert again == event
    assert again.peer.rib == "adj-rib-in-pre"
    assert copy.copy(event.peer) == event.peer
    other = impl.Peer(event.peer.address, event.peer.asn, event.peer.bgp_id)
    assert other != event.peer
