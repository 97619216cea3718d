"""BMP messages of each type, from their octets."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest
from support import made_bmp as made
from support.context import message


def decoded(impl: Any, octets: bytes) -> Any:
    found = impl.bmp.decode_bmp(octets)
    assert bytes(found) == octets
    assert json.loads(json.dumps(found.json())) == found.json()
    return found


def test_per_peer_header(impl: Any) -> None:
    """RFC 7854 section 4.2."""
    found = decoded(impl, made.monitoring(made.update()))
    assert found.json()["peer"] == {
        "type": "global_instance",
        "rib": "adj-rib-in-pre",
        "flags": [],
        "address": "192.0.2.1",
        "asn": 64501,
        "bgp_id": "198.51.100.1",
        "timestamp": 1_700_000_000.25,
    }
    assert found.peer.key == (0, bytes(8), impl.Address("192.0.2.1"))
    assert found.peer.rd is None


@pytest.mark.parametrize(
    ("kind", "flags", "rib", "names"),
    [
        (0, 0x40, "adj-rib-in-post", ["post_policy"]),
        (0, 0x10, "adj-rib-out-pre", ["adj_rib_out"]),  # RFC 8671 section 4
        (2, 0x50, "adj-rib-out-post", ["post_policy", "adj_rib_out"]),
        (0, 0x20, "adj-rib-in-pre", ["as_path_of_2_octets"]),
        (0, 0x0F, "adj-rib-in-pre", ["bit_4", "bit_5", "bit_6", "bit_7"]),
        (3, 0x00, "loc-rib", []),  # RFC 9069 section 4.2
        (3, 0x80, "loc-rib", ["filtered"]),
    ],
)
def test_flags(impl: Any, kind: int, flags: int, rib: str, names: list[str]) -> None:
    header = decoded(impl, made.monitoring(made.update(), kind=kind, flags=flags)).peer
    assert header.rib == rib
    assert header.json()["flags"] == names
    assert header.asn4 is (not flags & 0x20)
    assert header.out is ("out" in rib)
    assert (header.address is None) is (kind == 3)


def test_an_instance_with_a_distinguisher(impl: Any) -> None:
    rd = bytes.fromhex("0000fbf400000007")
    found = decoded(impl, made.bmp(0, made.header(1, distinguisher=rd) + made.update())).peer
    assert str(found.rd) == found.json()["distinguisher"] == "64500:7"
    local = decoded(impl, made.bmp(0, made.header(2, distinguisher=rd) + made.update())).peer
    assert local.json()["distinguisher"] == rd.hex()  # not structured: RFC 7854 section 4.2
    address = bytes.fromhex("20010db8000000000000000000000001")
    six = decoded(impl, made.bmp(0, made.header(0, 0x80, address=address) + made.update())).peer
    assert str(six.address) == "2001:db8::1"


def test_route_monitoring(impl: Any) -> None:
    found = decoded(impl, made.monitoring(made.update()))
    assert (found.name, found.type, found.version) == ("route_monitoring", 0, 3)
    assert list(map(str, found.message.nlri)) == ["10.0.0.0/24"]
    assert found.json()["message"]["nlri"] == ["10.0.0.0/24"]
    assert not found.errors


def test_as_paths_as_wide_as_the_flag_says(impl: Any) -> None:
    """RFC 7854 section 4.2, the A flag."""
    for flags, path in ((0, "400206 0201 0000fbf4"), (0x20, "400204 0201 fbf4")):
        octets = made.monitoring(made.update(attributes="400101 00 400304 c0000201" + path), flags=flags)
        assert str(decoded(impl, octets).message.attributes.as_path) == "64500"


def test_peer_up(impl: Any) -> None:
    """RFC 7854 section 4.10; information: RFC 9736 section 3, RFC 9069 section 4.4."""
    sent = made.open_message(64500, made.asn4(64500), made.add_path(3))
    received = made.open_message(64501, made.asn4(64501), made.add_path(2))
    tlvs = made.tlv(3, b"red") + made.tlv(4, b"label") + made.tlv(0, "é".encode()) + made.tlv(9, b"\xff")
    found = decoded(impl, made.peer_up(sent, received, tlvs))
    assert (str(found.local_address), found.local_port, found.remote_port) == ("192.0.2.254", 179, 50000)
    assert (found.sent.asn, found.received.asn) == (64500, 64501)
    assert found.session == impl.Session.from_opens(found.sent, found.received)
    assert found.session.add_path == {(1, 1)}
    assert [(one.name, one.value) for one in found.information] == [
        ("vrf_table_name", "red"),
        ("admin_label", "label"),
        ("string", "é"),
        (None, None),
    ]
    assert found.table_name == "red"
    assert found.json()["information"][3] == {"type": 9, "value": "ff"}


def test_peer_up_without_an_open(impl: Any) -> None:
    """FRR sends one for a peer that is idle: what is no OPEN is said, and the rest kept."""
    found = decoded(impl, made.peer_up(made.open_message(64500), message(4, b"")))
    assert found.received is None
    assert found.session is None
    assert [error.reason for error in found.errors] == ["received OPEN: it is a keepalive"]
    found = decoded(impl, made.peer_up(made.open_message(64500), b"\0" * 40))
    assert [error.reason for error in found.errors] == ["BGP message without its marker"]


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b"\1" + message(3, b"\6\2"), {"reason": "local_notification", "notification": {"code": 6, "subcode": 2}}),
        (b"\2\0\x12", {"reason": "local_fsm_event", "event": 18}),
        (b"\3" + message(3, b"\4\0"), {"reason": "remote_notification", "notification": {"code": 4, "subcode": 0}}),
        (b"\4", {"reason": "remote_no_notification"}),
        (b"\5", {"reason": "peer_deconfigured"}),
        (
            b"\6" + made.tlv(3, b"red"),  # RFC 9069 section 5.3
            {"reason": "local_tlv", "information": [{"type": 3, "name": "vrf_table_name", "value": "red"}]},
        ),
        (b"\x63\1\2", {"reason": "reason_99", "data": "0102"}),
    ],
)
def test_peer_down(impl: Any, body: bytes, form: dict[str, Any]) -> None:
    found = decoded(impl, made.bmp(2, made.header() + body))
    shown = found.json()
    notification = shown.get("notification")
    if notification is not None:
        shown["notification"] = {name: notification[name] for name in ("code", "subcode")}
    assert {name: value for name, value in shown.items() if name not in ("type", "version", "peer")} == form
    assert not found.errors


def test_initiation_and_termination(impl: Any) -> None:
    """RFC 7854 sections 4.3, 4.4 and 4.5; no per-peer header."""
    tlvs = made.tlv(1, b"IOS XR") + made.tlv(2, b"router\0") + made.tlv(0, b"hello")
    found = decoded(impl, made.bmp(4, tlvs))
    assert (found.sys_descr, found.sys_name, found.peer) == ("IOS XR", "router", None)
    found = decoded(impl, made.bmp(5, made.tlv(1, b"\0\3") + made.tlv(0, b"bye")))
    assert found.reason == 3
    assert found.json()["information"] == [
        {"type": 1, "name": "reason", "value": "redundant_connection"},
        {"type": 0, "name": "string", "value": "bye"},
    ]
    assert decoded(impl, made.bmp(5, made.tlv(1, b"\3"))).reason is None
    reasons = ("administratively_closed", "unspecified", "out_of_resources", "redundant_connection")
    for code, name in enumerate((*reasons, "permanently_administratively_closed", "reason_5")):
        assert decoded(impl, made.bmp(5, made.tlv(1, bytes((0, code))))).json()["information"][0]["value"] == name


def test_statistics(impl: Any) -> None:
    """RFC 7854 section 4.8: counters of 32 bits, gauges of 64, families in front of some; RFC 8671, RFC 9972."""
    family = b"\0\2\1"
    numbers = [
        (0, b"\0\0\0\5", {"name": "prefixes_rejected_by_inbound_policy", "value": 5}),
        (7, bytes(7) + b"\7", {"name": "routes_in_adj_rib_in", "value": 7}),
        (
            9,
            family + bytes(7) + b"\x09",
            {"name": "routes_in_adj_rib_in_of_family", "family": "ipv6-unicast", "value": 9},
        ),
        (13, b"\0\0\0\1", {"name": "duplicate_updates", "value": 1}),
        (14, bytes(7) + b"\2", {"name": "routes_in_adj_rib_out_pre_policy", "value": 2}),
        (
            43,
            family + bytes(8),
            {"name": "routes_out_not_found_by_roa_of_family", "family": "ipv6-unicast", "value": 0},
        ),
        (24, bytes(8), {"name": "statistic_24", "value": 0}),  # not assigned
        (999, b"\1\2\3", {"name": "statistic_999", "value": "010203"}),
        (65531, b"\0\0\0\1", {"name": "statistic_65531", "value": 1}),  # experimental: no enterprise in version 3
    ]
    body = made.header() + struct.pack(">I", len(numbers)) + b"".join(made.tlv(code, data) for code, data, _ in numbers)
    found = decoded(impl, made.bmp(1, body))
    assert found.json()["statistics"] == [{"type": code} | form for code, _, form in numbers]
    assert not found.errors
    # Wrong sizes are said; a number is a number all the same.
    body = made.header() + struct.pack(">I", 3) + made.tlv(0, bytes(7) + b"\1") + made.tlv(9, bytes(8))
    found = decoded(impl, made.bmp(1, body))
    assert [statistic.value for statistic in found.statistics] == [1, None]
    assert [statistic.error is None for statistic in found.statistics] == [False, False]
    assert [error.reason for error in found.errors] == ["3 statistics, 2 there"]


def test_all_statistics_have_names(impl: Any) -> None:
    """0 to 43, but 24 and 25 (RFC 9972 section 5)."""
    assert sorted(impl.numbers.bmp.STATISTICS) == [*range(24), *range(26, 44)]
    assert len(set(impl.numbers.bmp.STATISTICS.values())) == 42


def test_route_mirroring(impl: Any) -> None:
    """RFC 7854 section 4.7."""
    tlvs = made.tlv(1, b"\0\0") + made.tlv(0, made.update()) + made.tlv(1, b"\0\1")
    tlvs += made.tlv(0, b"torn") + made.tlv(7, b"")
    found = decoded(impl, made.bmp(6, made.header() + tlvs))
    assert found.information == (0, 1)
    assert len(found.messages) == 1
    shown = found.json()["tlvs"]
    assert [one.get("name") for one in shown] == ["information", "bgp_message", "information", "bgp_message", None]
    assert [one["value"] for one in shown[::2]] == ["errored_pdu", "messages_lost", ""]
    assert shown[3]["value"] == b"torn".hex()
    assert "error" in shown[3]


def test_what_is_unknown_is_kept(impl: Any) -> None:
    found = decoded(impl, made.bmp(77, b"\1\2\3"))
    assert found.json() == {"type": "type_77", "version": 3, "value": "010203"}
    trace = decoded(impl, made.bmp(100, made.header() + b"\1\2"))
    assert trace.json()["value"] == "0102"


def test_headers_that_cannot_be_right(impl: Any) -> None:
    for octets in (b"", b"\3\0\0\0\6", b"\5\0\0\0\6\4", b"\3\0\0\0\7\4"):
        with pytest.raises(impl.BmpError):
            impl.bmp.decode_bmp(octets)


def test_cut_and_bent(impl: Any) -> None:
    """At every length, and with every octet changed: something is said, nothing else is raised."""
    opens = made.open_message(64500, made.asn4(64500)), made.open_message(64501, made.asn4(64501), made.add_path(2))
    whole = [
        made.monitoring(made.update()),
        made.peer_up(*opens, made.tlv(3, b"red")),
        made.bmp(2, made.header() + b"\1" + message(3, b"\6\2\5hello")),
        made.bmp(4, made.tlv(1, b"x") + made.tlv(2, b"y")),
        made.bmp(1, made.header() + struct.pack(">I", 2) + made.tlv(0, bytes(4)) + made.tlv(9, bytes(11))),
        made.bmp(6, made.header() + made.tlv(0, made.update()) + made.tlv(1, b"\0\1")),
        made.bmp(0, made.header() + made.tlv(4, made.update(), 0) + made.tlv(1, made.add_path(1), 0), 4),
    ]
    for octets in whole:
        for end in range(6, len(octets)):
            cut = octets[:1] + end.to_bytes(4) + octets[5:end]
            json.dumps(impl.bmp.decode_bmp(cut).json())
        for at in range(5, len(octets)):
            for value in (0, 255, octets[at] ^ 1):
                json.dumps(impl.bmp.decode_bmp(octets[:at] + bytes((value,)) + octets[at + 1 :]).json())
