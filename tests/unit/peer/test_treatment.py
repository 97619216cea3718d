"""What is done with errors in UPDATEs (RFC 7606, RFC 4760 section 7), and with ROUTE-REFRESHes (RFC 2918, RFC 7313)."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from support.context import message
from support.peering import KEEPALIVE, UPDATE, kinds, machine, names, peer_open

ORIGIN, PATH, HOP = "40010100", "40020602010000fde9", "400304c0000201"
BAD_ORIGIN = "40010109"
NLRI = "180a0001"
EVPN = ("l2vpn-evpn", "ipv4-unicast")
EVPN_ROUTE = "03110001c000020100010000000020c0000201"
EVPN_TORN = "03400001"


def update(attributes: str, nlri: str = "", withdrawn: str = "") -> bytes:
    parts = [bytes.fromhex(part) for part in (withdrawn, attributes, nlri)]
    return message(2, len(parts[0]).to_bytes(2) + parts[0] + len(parts[1]).to_bytes(2) + parts[1] + parts[2])


def reach(routes: str) -> str:
    value = "00194604c000020100" + routes
    return f"800e{len(value) // 2:02x}{value}"


def unreach(routes: str) -> str:
    value = "001946" + routes
    return f"800f{len(value) // 2:02x}{value}"


def changed(found: Any) -> list[tuple[str, str, bool]]:
    """Family, route, whether it is announced; of all that was received."""
    changes = importlib.import_module("bgpwire.peer").changes
    events = [event for event in found.events() if type(event).__name__ == "Received"]
    rows = [row for event in events for row in changes(event.update, event.ignored)]
    return [(str(row.family), bytes(row.nlri).hex(), row.attributes is not None) for row in rows]


SOUND = [
    (UPDATE, [("ipv4-unicast", NLRI, True)]),
    (update("", "", NLRI), [("ipv4-unicast", NLRI, False)]),
    (update(ORIGIN + PATH + HOP, NLRI, "080b"), [("ipv4-unicast", "080b", False), ("ipv4-unicast", NLRI, True)]),
    (update(ORIGIN + PATH + reach(EVPN_ROUTE)), [("l2vpn-evpn", EVPN_ROUTE, True)]),
    (update(unreach(EVPN_ROUTE)), [("l2vpn-evpn", EVPN_ROUTE, False)]),
    (message(2, bytes(4)), []),
    (update(unreach("")), []),
]


@pytest.mark.parametrize("case", range(len(SOUND)))
def test_sound(impl: Any, case: int) -> None:
    octets, want = SOUND[case]
    found = machine(impl, "ESTABLISHED", peer_open(impl, families=EVPN), families=EVPN)
    found.received(octets, 1)
    assert changed(found) == want


def test_treated_as_withdrawn(impl: Any) -> None:
    """RFC 7606 section 2: the session goes on, the routes are gone."""
    found = machine(impl, "ESTABLISHED")
    found.received(update(BAD_ORIGIN + PATH + HOP, NLRI), 1)
    event = found.events()[0]
    assert event.action is impl.Action.TREAT_AS_WITHDRAW
    assert event.update.action is event.action
    found.received(update(BAD_ORIGIN + PATH + HOP, NLRI + "080b"), 1)
    assert changed(found) == [("ipv4-unicast", NLRI, False), ("ipv4-unicast", "080b", False)]
    assert not found.take()
    assert found.state.name == "ESTABLISHED"


def test_an_attribute_is_discarded(impl: Any) -> None:
    """RFC 7606 section 7.7: an AGGREGATOR of a wrong length; the route stands."""
    found = machine(impl, "ESTABLISHED")
    found.received(update(ORIGIN + PATH + HOP + "c00703000000", NLRI), 1)
    event = found.events()[0]
    assert event.action is impl.Action.ATTRIBUTE_DISCARD
    found.received(update(ORIGIN + PATH + HOP + "c00703000000", NLRI), 1)
    assert changed(found) == [("ipv4-unicast", NLRI, True)]


RESETS = {
    "sections over the end": (message(2, bytes.fromhex("00ff0000")), "3/1"),
    "attributes over the end": (message(2, bytes.fromhex("000000ff")), "3/1"),
    "no route that could be withdrawn": (update(BAD_ORIGIN + PATH + HOP), "3/6"),
    "MP_REACH_NLRI twice": (update(ORIGIN + PATH + reach(EVPN_ROUTE) * 2), "3/1"),
    "routes that cannot be read": (update(ORIGIN + PATH + reach(EVPN_ROUTE + EVPN_TORN)), "3/9"),
    "withdrawn routes that cannot be read": (update("", "", "21"), "3/10"),
}


@pytest.mark.parametrize("case", RESETS)
def test_reset(impl: Any, case: str) -> None:
    octets, code = RESETS[case]
    found = machine(impl, "ESTABLISHED", peer_open(impl, families=EVPN), families=EVPN)
    found.received(UPDATE + octets + UPDATE, 1)
    assert kinds(found.events()) == ["Received", "Closed"]
    out = found.take()
    assert names(out) == [f"notification {code}"]
    assert out == bytes(found.reason.error.notification())
    read = importlib.import_module("bgpwire.peer").changes
    if found.reason.error.action is impl.Action.SESSION_RESET:
        with pytest.raises(impl.DecodeError):
            list(read(impl.Message.decode(octets, found.session)))
    else:  # a family of which nothing is told, where this was not asked for
        assert not list(read(impl.Message.decode(octets, found.session)))


def test_a_family_is_given_up(impl: Any) -> None:
    """RFC 4760 section 7: one family's routes are no longer told, the others' are, in the same UPDATE too."""
    found = machine(impl, "ESTABLISHED", peer_open(impl, families=EVPN), families=EVPN, disable_families=True)
    found.received(update(ORIGIN + PATH + reach(EVPN_ROUTE)), 1)
    assert changed(found) == [("l2vpn-evpn", EVPN_ROUTE, True)]
    found.received(update(ORIGIN + PATH + HOP + reach(EVPN_ROUTE + EVPN_TORN), NLRI), 2)
    disabled, received = found.events()
    assert (str(disabled.family), disabled.error.action) == ("l2vpn-evpn", impl.Action.AFI_SAFI_DISABLE)
    assert (received.action, received.ignored) == (None, {disabled.family})
    assert found.ignored == 0
    found.received(update(ORIGIN + PATH + reach(EVPN_ROUTE)) + update(unreach(EVPN_TORN)), 3)
    assert not found.events()
    assert found.ignored == 2
    found.received(update(ORIGIN + PATH + HOP + reach(EVPN_ROUTE), NLRI), 4)
    assert changed(found) == [("ipv4-unicast", NLRI, True)]
    assert (found.state.name, found.take()) == ("ESTABLISHED", b"")


# --- ROUTE-REFRESH ------------------------------------------------------------------------------------------------


def _refresh(subtype: int = 0, afi: int = 1, more: bytes = b"") -> bytes:
    return message(5, bytes((0, afi, subtype, 1)) + more)


@pytest.mark.parametrize(
    ("octets", "told"),
    [
        (_refresh(), "request"),
        (_refresh(1), "begin"),
        (_refresh(2), "end"),
        (_refresh(3), None),
        (_refresh(255), None),
        (_refresh(afi=25), None),
    ],
)
def test_refresh(impl: Any, octets: bytes, told: str | None) -> None:
    """A request is told where this side offered to answer it, BoRR and EoRR where both sides know them."""
    enhanced = {"enhanced_route_refresh": True}
    for fields, opened, wanted in (
        ({"route_refresh": True, **enhanced}, enhanced, {"request", "begin", "end"}),
        ({"route_refresh": True, **enhanced}, {}, {"request"}),
        (enhanced, enhanced, {"begin", "end"}),
        ({}, enhanced, set()),
    ):
        found = machine(impl, "ESTABLISHED", peer_open(impl, **opened), **fields)
        found.received(octets + KEEPALIVE, 1)
        assert kinds(found.events()) == (["Refresh"] if told in wanted else [])
        assert found.ignored == (told not in wanted)
        assert found.state.name == "ESTABLISHED"


def test_a_refresh_of_a_wrong_length(impl: Any) -> None:
    """7/1, the whole message in Data (RFC 7313 section 5); one that is to be ignored resets nothing."""
    octets = _refresh(1, more=b"\0")
    enhanced = {"enhanced_route_refresh": True}
    found = machine(impl, "ESTABLISHED", peer_open(impl, **enhanced), **enhanced)
    found.received(octets, 1)
    assert (names(found.take()), found.reason.sent.reason_data) == (["notification 7/1"], octets)
    found = machine(impl, "ESTABLISHED")
    found.received(octets, 1)
    assert found.state.name == "ESTABLISHED"
