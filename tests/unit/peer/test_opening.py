"""OPENs that are refused (RFC 4271 section 6.2), what a config says, collisions (RFC 4271 section 6.8, RFC 6286)."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from support.context import message
from support.peering import END_OF_RIB, KEEPALIVE, LOCAL, LOCAL_ID, REMOTE_ID, config, machine, names, peer_open


def _open(body: str) -> bytes:
    return message(1, bytes.fromhex(body))


REFUSED: dict[str, tuple[dict[str, Any], Any, str]] = {
    "version 3": ({}, _open("03 fde9 005a c0000201 00"), "2/1"),
    "parameters over the end": ({}, _open("04 fde9 005a c0000201 05 0203"), "2/0"),
    "another AS": ({"peer_asn": 65002}, {}, "2/2"),
    "AS 0": ({}, _open("04 0000 005a c0000201 00"), "2/2"),
    "identifier 0": ({}, _open("04 fde9 005a 00000000 00"), "2/3"),
    "our identifier, our AS": ({}, {"asn": LOCAL, "bgp_id": LOCAL_ID}, "2/3"),
    "an unknown parameter": ({}, _open("04 fde9 005a c0000201 03 630100"), "2/4"),
    "a hold time of 1": ({}, _open("04 fde9 0001 c0000201 00"), "2/6"),
    "less than we want": ({"least_hold_time": 30}, {"hold_time": 20}, "2/6"),
    "0 is less, too": ({"least_hold_time": 3}, {"hold_time": 0}, "2/6"),
    "no family in common": ({"families": ["l2vpn-evpn"]}, {}, "2/7"),
    "without what is required": ({"required": [70, 2]}, {"route_refresh": True}, "2/7"),
    "role": ({"role": "provider"}, {"role": "peer"}, "2/11"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(impl: Any, case: str) -> None:
    fields, opened, code = REFUSED[case]
    found = machine(impl, "OPEN_SENT", **fields)
    found.received(opened if isinstance(opened, bytes) else peer_open(impl, **opened), 1)
    assert names(found.take()) == [f"notification {code}"]
    assert f"{found.reason.error.code}/{found.reason.error.subcode}" == code
    assert found.reason.__cause__ is found.reason.error


def test_what_a_refusal_says(impl: Any) -> None:
    """2/1 the version that is known; 2/7 the capabilities that are missed (RFC 5492 section 5)."""
    found = machine(impl, "OPEN_SENT")
    found.received(_open("03 fde9 005a c0000201 00"), 1)
    assert found.reason.sent.reason_data == b"\0\4"
    found = machine(impl, "OPEN_SENT", families=["l2vpn-evpn", "1/134"])
    found.received(peer_open(impl), 1)
    assert found.reason.sent.reason_data.hex() == "010400190046010400010086"
    found = machine(impl, "OPEN_SENT", required=[65, 200, 70], enhanced_route_refresh=True)
    found.received(peer_open(impl, asn4=False, asn=64500), 1)
    assert found.reason.sent.reason_data.hex() == "41040000fde8c8004600"


ACCEPTED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "our identifier in another AS": ({}, {"bgp_id": LOCAL_ID}),
    "our AS": ({"peer_asn": LOCAL}, {"asn": LOCAL}),
    "capabilities that nobody knows": ({"capabilities": [(250, b"xy")]}, {"capabilities": [(251, b""), (251, b"z")]}),
    "a role, and none": ({"role": "provider"}, {}),
    "roles that fit": ({"role": "rs_server"}, {"role": "rs_client"}),
    "what is required": ({"required": [2]}, {"route_refresh": True}),
    "a peer of 2 octets": ({}, {"asn4": False}),
    "an AS of 4 octets": ({"peer_asn": 4200000000}, {"asn": 4200000000}),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_accepted(impl: Any, case: str) -> None:
    fields, opened = ACCEPTED[case]
    found = machine(impl, "OPEN_CONFIRM", peer_open(impl, **opened), **fields)
    assert found.session == impl.Session.from_opens(found.sent_open, found.received_open)


def test_what_a_config_says(impl: Any) -> None:
    found = config(
        impl,
        families=["ipv4-unicast", (2, 1), impl.Family(25, 70), "1/1"],
        add_path={"ipv4-unicast": "both", (2, 1): "receive"},
        extended_next_hop=[(1, 1, 2)],
        multiple_labels={"1/4": 3},
        route_refresh=True,
        enhanced_route_refresh=True,
        role="customer",
        capabilities=[(250, b"xy")],
    ).open()
    assert [(item.code, item.data.hex()) for item in found.capabilities] == [
        *((1, "00010001"), (1, "00020001"), (1, "00190046"), (5, "000100010002"), (2, ""), (70, ""), (6, "")),
        *((64, "0000"), (69, "000101030002010 1".replace(" ", "")), (8, "00010403"), (9, "03"), (250, "7879")),
        (65, "0000fde8"),
    ]
    assert (found.asn, found.hold_time, str(found.bgp_id)) == (LOCAL, 90, LOCAL_ID)
    assert not found.errors


@pytest.mark.parametrize(
    "fields",
    [
        {"asn": 1 << 32},
        {"bgp_id": "0.0.0.0"},
        {"bgp_id": "::1"},
        {"hold_time": 2},
        {"families": []},
        {"families": ["ipv9-unicast"]},
        {"families": [(1, 256)]},
        {"add_path": {"ipv4-unicast": "all"}},
        {"multiple_labels": {"1/4": 256}},
        {"role": "boss"},
        {"peer_asn": 0},
        {"capabilities": [(1, bytes(256))]},
        {"open_time": 0},
        {"connect_time": -1},
        {"send_hold_time": -1},
        {"least_hold_time": -1},
        {"extended_next_hop": [(1, 1)]},
    ],
)
def test_what_no_config_says(impl: Any, fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        config(impl, **fields)


def test_configs_are_values(impl: Any) -> None:
    first, second = (config(impl, families=["1/1"], add_path={"1/1": "send"}) for _ in range(2))
    assert first == second
    assert hash(first) == hash(second)
    with pytest.raises(AttributeError):
        first.asn = 1


# --- collisions ---------------------------------------------------------------------------------------------------

HIGHER, LOWER = "192.0.2.200", "192.0.2.1"
COLLISIONS = {
    # who made the older connection and who the newer, the peer's identifier and AS: whether the newer stays
    "the higher made the newer": (True, False, HIGHER, 65001, True),
    "the higher made the older": (False, True, HIGHER, 65001, False),
    "we are higher, and made the older": (True, False, LOWER, 65001, False),
    "we are higher, and made the newer": (False, True, LOWER, 65001, True),
    "equal, the larger AS made the newer": (True, False, LOCAL_ID, 65001, True),
    "equal, the larger AS made the older": (True, False, LOCAL_ID, 64999, False),
    "both by the peer": (False, False, HIGHER, 65001, False),
    "both by us": (True, True, HIGHER, 65001, False),
}


@pytest.mark.parametrize("case", COLLISIONS)
def test_collision(impl: Any, case: str) -> None:
    older_out, newer_out, bgp_id, asn, newer_stays = COLLISIONS[case]
    woken = []
    group = {"collisions": importlib.import_module("bgpwire.peer").Collisions(), "remote": "192.0.2.1"}
    opened = peer_open(impl, bgp_id=bgp_id, asn=asn)
    older = machine(impl, "OPEN_CONFIRM", opened, outgoing=older_out, wake=lambda: woken.append(1), **group)
    newer = machine(impl, "OPEN_SENT", outgoing=newer_out, **group)
    newer.received(opened, 1)
    stays, goes = (newer, older) if newer_stays else (older, newer)
    assert stays.state.name == "OPEN_CONFIRM"
    assert names(goes.take()) == ["notification 6/7"]
    assert (goes.state.name, goes.reason.cause, goes.closing) == ("IDLE", "collision", True)
    assert woken == [1] * newer_stays
    stays.received(KEEPALIVE, 2)
    assert stays.state.name == "ESTABLISHED"


def test_what_is_no_collision(impl: Any) -> None:
    """Another address, another identifier, a connection that is over or that has no OPEN yet."""
    peer = importlib.import_module("bgpwire.peer")
    group = peer.Collisions()
    machine(impl, "OPEN_CONFIRM", collisions=group, remote="192.0.2.1")
    machine(impl, "OPEN_SENT", collisions=group, remote="192.0.2.3")
    machine(impl, "ESTABLISHED", collisions=group, remote="192.0.2.4").closed(1)
    for remote, bgp_id in (("192.0.2.2", REMOTE_ID), ("192.0.2.1", HIGHER), ("192.0.2.3", REMOTE_ID)):
        found = machine(impl, "OPEN_SENT", collisions=group, remote=remote)
        found.received(peer_open(impl, bgp_id=bgp_id), 1)
        assert found.state.name == "OPEN_CONFIRM"
    found = machine(impl, "OPEN_CONFIRM", collisions=group, remote="192.0.2.4")


def test_an_established_session_stays(impl: Any) -> None:
    """RFC 4271 section 6.8: whatever the identifiers, once the peer has sent routes; before that these decide."""
    group = {"collisions": importlib.import_module("bgpwire.peer").Collisions(), "remote": "192.0.2.1"}
    opened = peer_open(impl, bgp_id=HIGHER)
    older = machine(impl, "ESTABLISHED", opened, **group)
    older.received(END_OF_RIB, 1)
    newer = machine(impl, "OPEN_SENT", outgoing=False, **group)
    newer.received(opened, 1)
    assert (older.state.name, names(newer.take())) == ("ESTABLISHED", ["notification 6/7"])
    older.stop(2)
    newer.start(3, passive=True)
    newer.connected(3, outgoing=False)
    newer.received(opened + KEEPALIVE, 4)
    assert newer.state.name == "ESTABLISHED"
    group["remote"] = "192.0.2.2"
    older = machine(impl, "ESTABLISHED", opened, **group)
    newer = machine(impl, "OPEN_SENT", outgoing=False, **group)
    newer.received(opened, 1)
    assert (names(older.take()), newer.state.name) == (["notification 6/7"], "OPEN_CONFIRM")
