"""Labels of a route (RFC 8277): one without the Multiple Labels capability, a stack with it, and what is reported."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

import pytest
from support.context import ATTRIBUTES, attribute, bgp4mp, rib_generic, update
from support.places import SAMPLES

NO_BOTTOM = (
    "ffffffffffffffffffffffffffffffff003702000000204001010040020602010000fde7800e1000010404c00002010030000010cb0071"
)
HOP = {1: "04c0000201", 2: "1020010db8000000000000000000000001"}
VPN_HOP = {1: "0c0000000000000000c0000201", 2: "18000000000000000020010db8000000000000000000000001"}


def announce(afi: int, safi: int, nlri: str) -> bytes:
    """An UPDATE of labelled routes."""
    hop = (HOP if safi == 4 else VPN_HOP)[afi]
    value = bytes.fromhex(f"{afi:04x}{safi:02x}{hop}00{nlri}")
    return update(b"", ATTRIBUTES[:7] + attribute(0x80, 14, value))


def withdraw(afi: int, safi: int, nlri: str) -> bytes:
    return update(b"", attribute(0x80, 15, bytes.fromhex(f"{afi:04x}{safi:02x}{nlri}")))


def told(routes: Any) -> list[tuple[str, str]]:
    """Prefix and labels of each route."""
    return [(str(route.prefix), str(route.labels)) for route in routes]


# --- one label (section 2.2) ---------------------------------------------------------------------------------------


def test_the_command(impl: Any, capsys: pytest.CaptureFixture[str]) -> None:
    main = import_module("bgpwire.cli").main
    for options, expected in (
        ([], {"prefix": "203.0.113.0/24", "labels": [1]}),
        (["--multiple-labels", "ipv4-labelled-unicast"], {"prefix": "0.0.0.0/0", "labels": [1, 831495]}),
        (["--multiple-labels", "all"], {"prefix": "0.0.0.0/0", "labels": [1, 831495]}),
        (["--multiple-labels", "ipv6-labelled-unicast"], {"prefix": "203.0.113.0/24", "labels": [1]}),
    ):
        assert main(["decode", *options, NO_BOTTOM]) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["attributes"][-1]["value"]["nlri"] == [expected], options
        assert "errors" not in found


# Octets whose S bit is 0: prefixes of every length that leaves room for one label alone.
@pytest.mark.parametrize("safi", [4, 76, 128])
@pytest.mark.parametrize("afi", [1, 2])
def test_the_bottom_of_stack_bit_is_ignored(impl: Any, afi: int, safi: int) -> None:
    rd = b"" if safi == 4 else bytes.fromhex("0000fce800000064")
    address = bytes.fromhex("c0000201" if afi == 1 else "20010db8000000000000000000000001")
    for length in range(len(address) * 8 + 1):
        bits = 24 + len(rd) * 8 + length
        octets = bytes((bits,)) + b"\0\6\x40" + rd + address[: (length + 7) >> 3]
        routes = impl.MpNlriCollection(octets * 2, afi=afi, safi=safi)
        assert [route.prefix.length for route in routes] == [length, length]
        assert {str(route.labels) for route in routes} == {"100"}
        assert bytes(routes[0]) == octets
        assert routes.route_errors == []


# tests/bgpd/test_mp_attr.c of FRR, by name: the NLRI behind its next hop, and what "must parse" comes to.
_FRR_SECOND = "69 ff0000 0000c0a8 00010a02 030000"
FRR: dict[str, tuple[str, list[tuple[str, str, str]] | None]] = {
    "IPv4-VPNv4": (
        f"68 000102 00000002 00ff0304 0a01 {_FRR_SECOND}",
        [("2:16712452", "10.1.0.0/16", "16"), ("49320:68098", "3.0.0.0/17", "1044480")],
    ),
    "IPv4-VPNv4-bogus-rd-type": (
        f"68 000102 ff000002 00ff0304 0a01 {_FRR_SECOND}",
        [("0xff00:000200ff0304", "10.1.0.0/16", "16"), ("49320:68098", "3.0.0.0/17", "1044480")],
    ),
    "IPv4-VPNv4-bogus-plen": ("10 0a01 11 0a0203 00", None),
    "IPv4-VPNv4-plen1-short": (f"59 000102 00000002 00ff0304 0a01 {_FRR_SECOND}", None),
    "IPv4-VPNv4-plen1-long": (f"78 000102 00000002 00ff0304 0a01 {_FRR_SECOND}", None),
    "IPv4-VPNv4-plenn-long": (f"68 000102 00000002 00ff0304 0a01 {_FRR_SECOND} 59", None),
    "IPv4-VPNv4-plenn-short": ("68 000102 00000002 00ff0304 0a01 5a ff0000 0000c0a8 00010a02 030000", None),
    "IPv4-VPNv4-0-nlri": (f"68 000102 00000002 00ff0304 0a01 {_FRR_SECOND} 00", None),
}


@pytest.mark.parametrize("name", FRR)
def test_segments_of_frr(impl: Any, name: str) -> None:
    nlri, expected = FRR[name]
    found = impl.Message.decode(announce(1, 128, nlri))
    if expected is None:
        assert found.action == "session_reset"
        return
    assert found.errors == []
    routes = found.attributes.mp_reach.nlri.values
    assert [(str(route.rd), str(route.prefix), str(route.labels)) for route in routes] == expected
    assert [str(route.prefix) for route in impl.mrt.open(bgp4mp(bytes(found))).routes()] == [e[1] for e in expected]


def test_withdrawal_of_frr(impl: Any) -> None:
    """IPv4-unreach-VPNv4 of the same file, which must parse."""
    found = impl.Message.decode(withdraw(1, 128, FRR["IPv4-VPNv4"][0]))
    assert found.errors == []
    assert told(found.attributes.mp_unreach.nlri) == [("10.1.0.0/16", "16"), ("3.0.0.0/17", "1044480")]


# --- a stack where one label cannot be (RFC 3107 section 3) --------------------------------------------------------

# AFI, SAFI, octets, prefix: labels 100 and 200 in front of a prefix that one label would leave too long.
STACKS = [
    (1, 4, "48 000640 000c81 0a0102", "10.1.2.0/24"),
    (2, 4, "b0 000640 000c81 20010db8000000000000000000000001", "2001:db8::1/128"),
    (1, 128, "90 000640 000c81 0000fde800000064 c0000201", "192.0.2.1/32"),
    (2, 128, "f0 000640 000c81 0000fde800000064 20010db8000000000000000000000001", "2001:db8::1/128"),
]


@pytest.mark.parametrize("route", STACKS, ids=lambda route: f"{route[0]}/{route[1]}")
def test_a_stack_is_kept_and_reported(impl: Any, route: tuple[int, int, str, str]) -> None:
    afi, safi, octets, prefix = route
    one = f"{0x18 + (64 if safi == 128 else 0):02x} 000641 {'0000fde800000064' if safi == 128 else ''}"
    begin = len(bytes.fromhex(one))
    data = announce(afi, safi, one + octets + one)
    found = impl.Message.decode(data)
    assert told(found.attributes.mp_reach.nlri)[1] == (prefix, "100/200")
    (error,) = found.errors
    start = len(data) - len(bytes.fromhex(one + octets + one))
    assert (error.code, error.subcode, error.action, error.offset) == (3, 10, "keep", start + begin)
    assert found.action == "keep"
    assert found.json()["errors"][0]["action"] == "keep"
    with pytest.raises(impl.UpdateMessageError, match="2 labels in place of one"):
        impl.Message.decode(data, strict=True)
    # An archive has no session: it is read in the same way, and every route of the UPDATE tells.
    routes = list(impl.mrt.open(bgp4mp(data)).routes())
    assert told(r.nlri for r in routes)[1] == (prefix, "100/200")
    assert [[e.action for e in r.errors] for r in routes] == [["keep"]] * 3


def test_a_stack_in_a_table(impl: Any) -> None:
    for afi, safi, octets, prefix in STACKS:
        (route,) = impl.mrt.open(rib_generic(afi, safi, bytes.fromhex(octets))).routes()
        assert told([route.nlri]) == [(prefix, "100/200")]
        (error,) = route.errors
        assert (error.action, error.offset) == ("keep", 7)
    (route,) = impl.mrt.open(rib_generic(1, 4, bytes.fromhex("30 000640 0a0102"))).routes()
    assert (told([route.nlri]), route.errors) == ([("10.1.2.0/24", "100")], [])


def test_a_stack_without_an_end(impl: Any) -> None:
    found = impl.Message.decode(announce(1, 4, "18 000641 48 000640 000c80 0a0102"))
    assert told(found.attributes.mp_reach.nlri.values) == [("0.0.0.0/0", "100")]
    assert [(e.subcode, e.action) for e in found.errors] == [(10, "session_reset")]


def test_keep_is_the_mildest(impl: Any) -> None:
    """RFC 7606 section 3 h: the strongest action counts."""
    octets = announce(1, 4, STACKS[0][2])[23:] + attribute(0xC0, 8, b"\0")
    found = impl.Message.decode(update(b"", octets))
    assert [error.action for error in found.errors] == ["keep", "treat_as_withdraw"]
    assert found.action == "treat_as_withdraw"


# --- withdrawals (section 2.4) -------------------------------------------------------------------------------------


@pytest.mark.parametrize("multiple", [False, True])
def test_a_withdrawal_has_one_field_to_be_ignored(impl: Any, multiple: bool) -> None:
    """Used whether or not the capability was sent; a stack is what speakers of RFC 3107 put there."""
    session = impl.Session(multiple_labels=frozenset({(1, 4)}) if multiple else frozenset())
    octets = "30 800000 0a0102 30 000000 0a0102 30 123450 0a0102 30 000641 0a0102 38 000640 000c81 0a"
    found = impl.Message.decode(withdraw(1, 4, octets), session)
    assert [prefix for prefix, _ in told(found.attributes.mp_unreach.nlri)] == ["10.1.2.0/24"] * 4 + ["0.12.129.10/32"]
    assert found.errors == []
    found = impl.Message.decode(withdraw(1, 4, STACKS[0][2]), session)
    assert told(found.attributes.mp_unreach.nlri) == [("10.1.2.0/24", "100/200")]
    assert [error.action for error in found.errors] == ["keep"]


# --- a stack by agreement (sections 2.1 and 2.3) -------------------------------------------------------------------


def session_of(impl: Any, ours: str, theirs: str) -> Any:
    """What two OPENs agree on, each with capability 8 of these octets (none for no octets)."""
    sent, received = (
        impl.Open.build(asn, "192.0.2.1", 90, [(8, bytes.fromhex(text))] if text else [])
        for asn, text in ((64500, ours), (64501, theirs))
    )
    return impl.Session.from_opens(sent, received)


def test_both_sides_must_say_so(impl: Any) -> None:
    assert session_of(impl, "00010403", "").multiple_labels == frozenset()
    assert session_of(impl, "", "00010403").multiple_labels == frozenset()
    session = session_of(impl, "00010403 00018002 0002 80 ff", "0002 80 04 0001 04 05")
    assert session.multiple_labels == {(1, 4), (2, 128)}
    assert session.reversed().multiple_labels == session.multiple_labels
    assert session.reversed().reversed() == session


def test_whose_count_bounds_what(impl: Any) -> None:
    """A count is what its sender can process: ours bounds the routes we receive; 255 is no limit."""
    session = session_of(impl, "00010403 000280ff", "00010402 00028004")
    assert session.label_limits == {(1, 4, 3)}
    assert session.label_limits_send == {(1, 4, 2), (2, 128, 4)}
    assert session.reversed().label_limits == session.label_limits_send
    three = announce(1, 4, "60 000640 000c80 0012d1 0a0102 48 000640 000c81 0a0103")
    assert impl.Message.decode(three, session).errors == []
    (error,) = impl.Message.decode(three, session.reversed()).errors
    assert (error.subcode, error.action, error.offset) == (10, "treat_as_withdraw", len(three) - 23)
    assert told(impl.Message.decode(three, session.reversed()).attributes.mp_reach.nlri) == [
        ("10.1.2.0/24", "100/200/301"),
        ("10.1.3.0/24", "100/200"),
    ]


def test_triples_that_are_ignored(impl: Any) -> None:
    """Counts of 0 and 1, all but the first triple of a family, all but the first capability, one that is malformed."""
    assert session_of(impl, "00010401 00018000 00020402", "00010402 00018002 00020402").multiple_labels == {(2, 4)}
    assert session_of(impl, "00010402 00010405", "00010409").label_limits == {(1, 4, 2)}
    assert session_of(impl, "00010402 00", "00010402").multiple_labels == frozenset()
    twice = [(8, bytes.fromhex("00010402")), (8, bytes.fromhex("00028002"))]
    opened = impl.Open.build(64500, "192.0.2.1", 90, twice)
    assert opened.multiple_labels == {(1, 4): 2}
    assert opened.repeated == [
        {"code": 8, "name": "multiple_labels", "count": 2, "identical": False, "used": "first"},
    ]
    torn = [(8, b"\0"), *twice]
    assert impl.Open.build(64500, "192.0.2.1", 90, torn).multiple_labels == {}


@pytest.mark.parametrize("safi", [4, 76, 128])
@pytest.mark.parametrize("afi", [1, 2])
def test_a_stack_to_its_bottom(impl: Any, afi: int, safi: int) -> None:
    session = impl.Session(multiple_labels=frozenset({(afi, safi)}))
    rd = "" if safi == 4 else "0000fde800000064"
    for count in range(1, 8):
        stack = "000640" * (count - 1) + "000641"
        octets = bytes.fromhex(f"{count * 24 + len(rd) * 4 + 16:02x}{stack}{rd}2001")
        (route,) = impl.MpNlriCollection(octets, session, afi=afi, safi=safi)
        assert (len(route.labels), route.prefix.length, bytes(route)) == (count, 16, octets)


def test_a_stack_needs_its_bottom(impl: Any) -> None:
    """Section 2.3: without it the NLRI cannot be parsed."""
    session = impl.Session(multiple_labels=frozenset({(1, 4)}))
    found = impl.Message.decode(announce(1, 4, "30 000640 0a0102"), session)
    assert [(e.subcode, e.action) for e in found.errors] == [(10, "session_reset")]


@pytest.mark.parametrize("first", ["000000", "800000"])
@pytest.mark.parametrize("safi", [4, 128])
def test_only_a_withdrawal_may_end_at_such_a_label(impl: Any, safi: int, first: str) -> None:
    """0x800000 and 0x000000 stand in for a stack in withdrawals (section 2.4); elsewhere they are labels 524288 and 0,
    Explicit NULL, which may be above others (RFC 4182)."""
    session = impl.Session(multiple_labels=frozenset({(1, safi)}))
    rd = "" if safi == 4 else "0000fde800000064"
    octets = bytes.fromhex(f"{48 + len(rd) * 4 + 24:02x}{first}000c81{rd}0a0102")
    (route,) = impl.MpNlriCollection(octets, session, afi=1, safi=safi)
    assert (str(route.labels), str(route.prefix)) == (f"{int(first, 16) >> 4}/200", "10.1.2.0/24")
    # Of a session without the capability too, where one label would leave more than a prefix has.
    (route,) = impl.MpNlriCollection(
        bytes.fromhex(f"{48 + len(rd) * 4 + 32:02x}{first}000c81{rd}0a010203"), afi=1, safi=safi
    )
    assert (str(route.labels), str(route.prefix)) == (f"{int(first, 16) >> 4}/200", "10.1.2.3/32")


def test_the_kernels_argument(impl: Any) -> None:
    kernels = import_module("bgpwire._impl")
    octets = bytes.fromhex("38 000640 000c81 0a")
    routes, error = kernels.read_labelled(octets, 0, 8, 1, False)
    assert (told(routes), error) == ([("0.12.129.10/32", "100")], None)
    routes, error = kernels.read_labelled(octets, 0, 8, 1, False, multiple=True)
    assert (told(routes), error) == ([("10.0.0.0/8", "100/200")], None)
    octets = bytes.fromhex("78 000640 000c81 0000fde800000064 0a")
    routes, error = kernels.read_vpn(octets, 0, 16, 1, False, multiple=True)
    assert (told(routes), error) == ([("10.0.0.0/8", "100/200")], None)


# --- who else reads labels -----------------------------------------------------------------------------------------


def test_nsap(impl: Any) -> None:
    """AFI 3, SAFI 128: one label too, and 0x800000 to withdraw."""
    for label, withdrawn in (("3e8000", False), ("800000", True)):
        octets = bytes.fromhex(f"80 {label} 0000fde800000064 4700050001")
        (route,) = impl.MpNlriCollection(octets, afi=3, safi=128, withdraw=withdrawn)
        assert (str(route.prefix), str(route.rd), len(route.labels)) == ("47.0005.0001/40", "65000:100", 1)


def test_spans(impl: Any) -> None:
    labels = []

    def look(span: Any) -> None:
        if span.name == "labels":
            labels.append((span.offset, span.length))
        for child in span.children or ():
            look(child)

    data = bytes.fromhex(NO_BOTTOM)
    look(impl.dissect.dissect(data))
    assert labels == [(len(data) - 6, 3)]


def test_guessing_add_path(impl: Any) -> None:
    """A label without its bottom-of-stack bit is odd: no router sends it (section 2.2)."""
    guess = import_module("bgpwire.nlri.guess").guess_add_path
    plain = bytes.fromhex("30 000641 0a0102") * 3
    assert guess(plain, 1, 4).add_path is False
    assert guess(b"".join(bytes((0, 0, 0, at)) + plain[:7] for at in (1, 2, 3)), 1, 4).add_path is True


def test_an_archive_can_be_told(impl: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """GoBGP recorded with the route 2001:db8:10:1::/64 and labels 1004, 1005 and 1006, no capability negotiated."""
    path = str(SAMPLES / "labelled.mrt")

    def told(**context: Any) -> list[tuple[str, tuple[int, ...]]]:
        routes = [route for route in impl.mrt.open(path, **context).routes() if route.type == "A"]
        return [(str(route.prefix), route.nlri.labels.labels) for route in routes if route.peer_asn == 64500]

    configured = ("2001:db8:10:1::/64", (1004, 1005, 1006))
    assert configured in told(multiple_labels=[(2, 4)])
    assert configured not in told()
    assert impl.cli.main(["dump", "--format", "json", "--multiple-labels", "ipv6-labelled-unicast", path]) == 0
    assert '"prefix":"2001:db8:10:1::/64"' in capsys.readouterr().out
    records = impl.mrt.open(path).records()
    bodies = [json.dumps(impl.mrt.record_json(record, multiple_labels=[(2, 4)])) for record in records]
    assert any('"prefix": "2001:db8:10:1::/64", "labels": [1004, 1005, 1006]' in body for body in bodies)


@pytest.mark.parametrize(
    ("form", "octets"),
    [({"label": 100}, "000640"), ({"vni": 100}, "000064"), ({"label": 6, "vni": 100, "raw": "000641"}, "000641")],
)
def test_an_evpn_label_by_hand(impl: Any, form: dict[str, Any], octets: str) -> None:
    """RFC 7432 section 7.2, RFC 8365 section 5.1.3: one of the two readings is enough; ``raw`` is all of it."""
    field = import_module("bgpwire.nlri.label").evpn_label
    assert field.encode_json(form).hex() == octets
    for wrong in ({}, {"label": 1 << 20}, {"vni": -1}, {"raw": "1000000"}, 100):
        with pytest.raises(ValueError, match=r"."):
            field.encode_json(wrong)
