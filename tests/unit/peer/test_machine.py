"""The state machine: every state and every event (RFC 4271 section 8), timers, and what is said when a session ends."""

from __future__ import annotations

import importlib
from itertools import pairwise
from typing import Any

import pytest
from support.context import message
from support.peering import END_OF_RIB, KEEPALIVE, UPDATE, config, kinds, machine, names, peer_open

STATES = ("IDLE", "CONNECT", "ACTIVE", "OPEN_SENT", "OPEN_CONFIRM", "ESTABLISHED")
BAD_UPDATE = message(2, bytes.fromhex("00ff0000"))
NOTIFICATION = message(3, bytes((6, 2)))


def _message(octets: bytes) -> Any:
    return lambda m: m.received(octets, 1)


EVENTS: dict[str, Any] = {
    "start": lambda m: m.start(1),
    "start passive": lambda m: m.start(1, passive=True),
    "stop": lambda m: m.stop(1),
    "connected": lambda m: m.connected(1),
    "refused": lambda m: m.refused(1),
    "closed": lambda m: m.closed(1),
    "tick": lambda m: m.tick(10_000),
    "update": _message(UPDATE),
    "bad update": _message(BAD_UPDATE),
    "keepalive": _message(KEEPALIVE),
    "notification": _message(NOTIFICATION),
    "refresh": _message(message(5, bytes((0, 1, 0, 1)))),
    "bad marker": _message(bytes(19)),
    "bad length": _message(b"\xff" * 16 + b"\0\x12\4"),
    "bad type": _message(message(9, b"")),
    "short keepalive": _message(message(4, b"\0")),
}
ERROR = "ValueError"
# State by state: where each event leads, and which NOTIFICATION is sent.
NOTHING: dict[str, Any] = dict.fromkeys(EVENTS, (None, None))
EXPECTED: dict[str, dict[str, Any]] = {
    "IDLE": NOTHING | {"start": ("CONNECT", None), "start passive": ("ACTIVE", None), "connected": ERROR},
    "CONNECT": NOTHING
    | {"start": ERROR, "start passive": ERROR, "stop": ("IDLE", None), "connected": ("OPEN_SENT", None)}
    | {"refused": ("IDLE", None), "tick": ("IDLE", None)},
    "ACTIVE": NOTHING
    | {"start": ERROR, "start passive": ERROR, "stop": ("IDLE", None), "connected": ("OPEN_SENT", None)},
}
for _state, _subcode in (("OPEN_SENT", 1), ("OPEN_CONFIRM", 2), ("ESTABLISHED", 3)):
    _unexpected = ("IDLE", f"5/{_subcode}")
    EXPECTED[_state] = NOTHING | {
        "start": ERROR,
        "start passive": ERROR,
        "connected": ERROR,
        "stop": ("IDLE", "6/2"),
        "closed": ("IDLE", None),
        "tick": ("IDLE", "4/0"),
        "update": _unexpected,
        "bad update": _unexpected,
        "keepalive": _unexpected,
        "refresh": _unexpected,
        "open": _unexpected,
        "notification": ("IDLE", None),
        "bad marker": ("IDLE", "1/1"),
        "bad length": ("IDLE", "1/2"),
        "bad type": ("IDLE", "1/3"),
        "short keepalive": ("IDLE", "1/2"),
    }
EXPECTED["OPEN_SENT"]["open"] = ("OPEN_CONFIRM", None)
EXPECTED["OPEN_CONFIRM"]["keepalive"] = ("ESTABLISHED", None)
EXPECTED["ESTABLISHED"] |= {"update": (None, None), "keepalive": (None, None), "refresh": (None, None)}
EXPECTED["ESTABLISHED"]["bad update"] = ("IDLE", "3/1")


@pytest.mark.parametrize("state", STATES)
def test_every_event_in_every_state(impl: Any, state: str) -> None:
    """None: nothing changes. A session that has ended says so once, and its connection is to be closed."""
    opened = {"open": _message(peer_open(impl))}
    for name, event in (EVENTS | opened).items():
        found = machine(impl, state)
        want = EXPECTED[state].get(name, (None, None))
        if want == ERROR:
            with pytest.raises(ValueError, match=state):
                event(found)
            continue
        event(found)
        after, code = want
        assert found.state.name == (after or state), name
        told = kinds(found.events())
        ended = after == "IDLE"
        assert told.count("Closed") == ended == found.closing, name
        sent = names(found.take())
        assert [said for said in sent if said.startswith("notification")] == ([f"notification {code}"] if code else [])
        if ended:
            assert found.deadline is None
            assert str(found.reason)
            found.tick(20_000)
            found.received(UPDATE, 20_000)
            assert not found.take()
            assert not found.events()


def test_a_session_from_end_to_end(impl: Any) -> None:
    package = importlib.import_module("bgpwire.peer")
    found = package.Machine(config(impl, peer_asn=65001))
    found.start(0)
    assert kinds(found.events()) == ["ConnectionWanted"]
    found.connected(1)
    assert names(found.take()) == ["open"]
    found.received(peer_open(impl, hold_time=30), 2)
    assert names(found.take()) == ["keepalive"]
    found.received(KEEPALIVE + UPDATE + END_OF_RIB, 3)
    opened, update, end = (event for event in found.events() if type(event).__name__ != "StateChanged")
    assert opened.session == found.session
    assert (opened.session.hold_time, opened.session.peer_asn, opened.open.asn) == (30, 65001, 65001)
    assert bytes(update.update) == UPDATE
    assert (update.action, update.ignored) == (None, frozenset())
    assert end.update.end_of_rib == (1, 1)
    found.send(impl.Message.decode(UPDATE, found.session), 4)
    assert found.take() == UPDATE
    communication = impl.Notification.of_values(6, 2, communication="maintenance")
    found.stop(5, communication)
    assert found.take() == bytes(communication)
    assert (found.reason.cause, found.reason.sent) == (package.Cause.LOCAL, communication)
    with pytest.raises(package.SessionClosed, match=r"closed by this side, sent NOTIFICATION 6/2 .*: maintenance"):
        found.send(impl.Message.decode(UPDATE), 6)
    found.start(7)
    assert (found.state.name, found.reason, found.closing) == ("CONNECT", None, False)


def test_states_are_told_as_mrt_numbers_them(impl: Any) -> None:
    found = importlib.import_module("bgpwire.peer").Machine(config(impl))
    found.start(0)
    found.connected(0)
    found.received(peer_open(impl) + KEEPALIVE, 0)
    found.closed(0)
    changes = [(int(e.old), int(e.new)) for e in found.events() if type(e).__name__ == "StateChanged"]
    assert changes == [*pairwise((1, 2, 4, 5, 6, 1))]


@pytest.mark.parametrize("size", [1, 7, 18, 19, 20, 4096])
def test_octets_come_in_any_pieces(impl: Any, size: int) -> None:
    found = machine(impl, "OPEN_SENT")
    octets = peer_open(impl) + KEEPALIVE + UPDATE * 20
    for at in range(0, len(octets), size):
        found.received(octets[at : at + size], 1)
    assert kinds(found.events()) == ["Opened", *["Received"] * 20]


# --- timers -------------------------------------------------------------------------------------------------------


def test_hold_and_keepalive(impl: Any) -> None:
    """A third of the smaller hold time; every message holds, all that is sent keeps."""
    found = machine(impl, "ESTABLISHED", peer_open(impl, hold_time=30))
    assert found.deadline == 10
    found.tick(9)
    assert not found.take()
    found.tick(10)
    assert names(found.take()) == ["keepalive"]
    found.send(impl.Message.decode(UPDATE), 15)
    assert found.deadline == 25
    for octets, now in ((KEEPALIVE, 29), (UPDATE, 58)):
        found.received(octets, now)
        found.tick(now)
        assert found.state.name == "ESTABLISHED"
    found.tick(87.9)
    assert found.state.name == "ESTABLISHED"
    found.take()
    found.tick(88)
    assert names(found.take())[-1] == "notification 4/0"
    assert found.reason.cause == "hold_timer"


def test_jitter_shortens_what_is_waited(impl: Any) -> None:
    package = importlib.import_module("bgpwire.peer")
    found = package.Machine(config(impl, connect_time=100), jitter=0.75)
    found.start(0)
    assert found.deadline == 75
    found.connected(0)
    found.received(peer_open(impl) + KEEPALIVE, 0)
    assert found.deadline == 22.5


@pytest.mark.parametrize("opened", [0, 90])
def test_without_a_hold_time(impl: Any, opened: int) -> None:
    """Neither side sends KEEPALIVEs; a peer that does not confirm its OPEN is not waited for without end."""
    found = machine(impl, "OPEN_CONFIRM", peer_open(impl, hold_time=0), hold_time=opened)
    assert found.deadline == 240
    found.received(KEEPALIVE, 1)
    assert found.state.name == "ESTABLISHED"
    assert found.deadline is None
    found.tick(1e9)
    assert not found.take()


def test_an_open_that_never_comes(impl: Any) -> None:
    """RFC 4271 section 8.2.2: a large hold time; octets that make no message do not put it off."""
    found = machine(impl, "OPEN_SENT")
    assert found.deadline == 240
    found.received(peer_open(impl)[:-1], 200)
    found.tick(240)
    assert names(found.take()) == ["notification 4/0"]


def test_the_hold_timer_stands_still_while_nothing_is_read(impl: Any) -> None:
    found = machine(impl, "ESTABLISHED")
    found.pause()
    found.received(KEEPALIVE, 80)
    found.tick(1000)
    assert found.state.name == "ESTABLISHED"
    assert names(found.take()) == ["keepalive"]
    found.resume(1000)
    found.tick(1089)
    assert found.state.name == "ESTABLISHED"
    found.tick(1090)
    assert found.reason.cause == "hold_timer"


@pytest.mark.parametrize(("given", "least"), [(None, 480), (20, 20)])
def test_a_peer_that_takes_nothing(impl: Any, given: float | None, least: float) -> None:
    """RFC 9687: KEEPALIVEs do not queue up behind what is not taken, and after a time the session ends."""
    found = machine(impl, "ESTABLISHED", send_hold_time=given)
    found.blocked(0)
    found.unblocked()
    found.received(KEEPALIVE, 80)
    found.blocked(100)
    found.blocked(110)
    for now in range(120, 100 + int(least), 10):
        found.received(KEEPALIVE, now)
        found.tick(now)
    assert not found.take()
    found.tick(100 + least)
    assert names(found.take()) == ["notification 8/0"]
    assert found.reason.cause == "send_hold_timer"


def test_a_connection_is_wanted_again(impl: Any) -> None:
    """ConnectRetryTimer (RFC 4271 section 8): from Connect, from OpenSent by way of Active, never behind a session."""
    found = machine(impl, "CONNECT", retry=True, connect_time=10)
    found.tick(10)
    assert (found.state.name, kinds(found.events())) == ("CONNECT", ["ConnectionWanted"])
    found.refused(11, OSError("no route"))
    assert (found.state.name, kinds(found.events()), found.deadline) == ("ACTIVE", [], 21)
    found.tick(21)
    assert (found.state.name, kinds(found.events())) == ("CONNECT", ["ConnectionWanted"])
    found.connected(22)
    found.closed(23)
    assert (found.state.name, found.closing, found.deadline) == ("ACTIVE", False, 33)
    found.connected(24, outgoing=False)
    found.received(peer_open(impl) + KEEPALIVE, 25)
    found.closed(26, ConnectionResetError("reset"))
    assert (found.state.name, found.deadline) == ("IDLE", None)
    assert "the connection ended: reset" in str(found.reason)


# --- what may be sent ---------------------------------------------------------------------------------------------


def test_what_is_not_sent(impl: Any) -> None:
    found = machine(impl, "ESTABLISHED", extended_messages=False)
    with pytest.raises(ValueError, match="4096 at most"):
        found.send(impl.Message.of(message(2, bytes(5000))), 1)
    for said in (impl.Notification.build(6, 2), impl.Message.decode(peer_open(impl))):
        with pytest.raises(ValueError, match="for the state machine"):
            found.send(said, 1)
    with pytest.raises(ValueError, match="OPEN_CONFIRM sends nothing"):
        machine(impl, "OPEN_CONFIRM").send(impl.Keepalive.build(), 1)
    assert not found.take()


def test_extended_messages(impl: Any) -> None:
    """RFC 8654: longer ones come, and go, where both sides know them, and from the message behind the OPEN on."""
    long = message(2, bytes.fromhex("00001068d0ff1064") + bytes(0x1064))
    found = machine(impl, "OPEN_SENT")
    found.received(peer_open(impl) + KEEPALIVE + long, 1)
    assert kinds(found.events()) == ["Opened", "Received"]
    found.send(impl.Message.decode(long, found.session), 1)
    assert found.take().endswith(long)
    found = machine(impl, "ESTABLISHED", peer_open(impl, extended_messages=False))
    found.received(long, 1)
    assert names(found.take()) == ["notification 1/2"]


def test_an_exception_of_this_side(impl: Any) -> None:
    found = machine(impl, "ESTABLISHED")
    found.fail(MemoryError())
    assert names(found.take()) == ["notification 6/8"]
    assert (found.reason.cause, type(found.reason.__cause__)) == ("internal", MemoryError)
    found.fail(MemoryError())
    assert not found.take()


def test_what_a_peer_says_is_visible(impl: Any) -> None:
    found = machine(impl, "ESTABLISHED")
    found.received(bytes(impl.Notification.of_values(6, 4, communication="bye\x1b[2J")), 1)
    assert found.reason.received.communication == "bye\x1b[2J"
    assert r"bye\x1b[2J" in str(found.reason)
    assert "administrative_reset" in str(found.reason)
    copy = found.reason.fresh()
    assert copy is not found.reason
    assert copy.args == found.reason.args
