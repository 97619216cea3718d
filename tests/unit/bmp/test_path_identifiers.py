"""Path identifiers that were negotiated and are not there: FRR and GoBGP leave them out of some tables."""

from __future__ import annotations

from typing import Any

import pytest
from support import made_bmp as made

BOTH = (
    made.open_message(64500, made.asn4(64500), made.add_path(1), made.add_path(1, 2)),
    made.open_message(64501, made.asn4(64501), made.add_path(2), made.add_path(2, 2)),
)
FAULT = "adj-rib-in-post of 192.0.2.1: ipv4-unicast without the path identifiers that were negotiated"


def read(impl: Any, monitor: Any, *nlri: str, flags: int = 0x40) -> list[tuple[str, int | None]]:
    octets = b"".join(made.monitoring(made.update(text), flags=flags) for text in nlri)
    routes = [route for event in monitor.events(octets) for route in impl.routes_of(event)]
    return [(str(route.prefix), route.path_id) for route in routes]


def monitored(impl: Any) -> Any:
    monitor = impl.bmp.Monitor()
    list(monitor.events(made.peer_up(*BOTH)))
    return monitor


def test_they_are_missing(impl: Any) -> None:
    """Said once, and what comes of it is marked as a guess; another table of the peer is read as it was negotiated."""
    monitor = monitored(impl)
    assert read(impl, monitor, "18 0a0400", "18 0a0500", "20 0a000007") == [
        ("10.4.0.0/24", None),
        ("10.5.0.0/24", None),
        ("10.0.0.7/32", None),
    ]
    assert [error.reason for error in monitor.router.faults] == [FAULT]
    (event,) = monitor.events(made.monitoring(made.withdrawal("18 0a0400"), flags=0x40))
    assert event.session.add_path_from == "guessed"
    assert event.session.add_path == {(2, 1)}
    assert [(route.type, str(route.prefix)) for route in impl.routes_of(event)] == [("W", "10.4.0.0/24")]
    assert read(impl, monitor, "00000007 18 0a0400", flags=0) == [("10.4.0.0/24", 7)]
    list(monitor.events(made.peer_up(*BOTH)))  # a new session, of which nothing is known
    assert read(impl, monitor, "80000001 18 0a0400") == [("10.4.0.0/24", 0x80000001)]


@pytest.mark.parametrize("nlri", ["80000001 18 0a0400", "21000001 19 0a040080"])
def test_they_are_there(impl: Any, nlri: str) -> None:
    """Identifiers that no router counts to are no reason to doubt them, once they cannot be prefixes."""
    monitor = monitored(impl)
    assert len(read(impl, monitor, nlri)) == 1
    assert read(impl, monitor, "18ffffff 18 0a0400") == [("10.4.0.0/24", 0x18FFFFFF)]
    assert monitor.router.faults == []


def test_what_can_be_read_both_ways(impl: Any) -> None:
    """It decides nothing; an identifier of 2^24 and more is odd, and a prefix without bits behind its length is not."""
    monitor = monitored(impl)
    assert read(impl, monitor, "19 0a010100") == [("10.1.1.0/25", None)]
    assert read(impl, monitor, "00000001 00") == [("0.0.0.0/0", 1)]
    assert read(impl, monitor, "00000007 18 0a0400") == [("10.4.0.0/24", 7)]
    assert monitor.router.faults == []


def test_other_families_and_withdrawn_routes(impl: Any) -> None:
    monitor = monitored(impl)
    reach = "800e 1c 0002 01 10 20010db8000000000000000000000001 00 30 20010db80001"
    octets = made.update("", f"400101 00 400200 {reach}")
    (event,) = monitor.events(made.monitoring(octets, flags=0x40))
    assert [str(route.prefix) for route in impl.routes_of(event)] == ["2001:db8:1::/48"]
    (event,) = monitor.events(made.monitoring(made.withdrawal("18 0a0400"), flags=0x40))
    assert [str(route.prefix) for route in impl.routes_of(event)] == ["10.4.0.0/24"]
    assert monitor.router.fault_count == 2
    assert event.session.add_path == {(2, 1)}


def test_some_have_them(impl: Any) -> None:
    """GoBGP tells without of what is there, and with them of what comes."""
    monitor = monitored(impl)
    assert read(impl, monitor, "18 0a0400", "00000007 18 0a0500", "19 0a010100", "00000001 00", "00 18 0a0600") == [
        *[("10.4.0.0/24", None), ("10.5.0.0/24", 7), ("10.1.1.0/25", None), ("0.0.0.0/0", 1)],
        *[("0.0.0.0/0", None), ("10.6.0.0/24", None)],
    ]
    assert [error.reason for error in monitor.router.faults] == [FAULT]
    assert read(impl, monitor, "80000001 18 0a0400", "18 0a0400", flags=0) == [
        ("10.4.0.0/24", 0x80000001),
        ("10.4.0.0/24", None),
    ]
    assert monitor.router.fault_count == 2


def test_withdrawn_as_it_was_read(impl: Any) -> None:
    monitor = impl.bmp.Monitor(withdraw=True)
    list(monitor.events(made.peer_up(*BOTH)))
    read(impl, monitor, "18 0a0400")
    events = monitor.events(made.bmp(2, made.header() + b"\4"))
    found = [(route.type, str(route.prefix), route.path_id) for event in events for route in impl.routes_of(event)]
    assert found == [("W", "10.4.0.0/24", None)]


def test_what_is_malformed_either_way(impl: Any) -> None:
    """It is reported as it was negotiated."""
    monitor = monitored(impl)
    (event,) = monitor.events(made.monitoring(made.update("21 0a"), flags=0x40))
    assert event.session.add_path == {(1, 1), (2, 1)}
    assert event.session.add_path_from == "negotiated"
    assert monitor.router.faults == []
