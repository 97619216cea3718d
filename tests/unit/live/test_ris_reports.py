"""What RIS Live's lines have that cannot be used, and fields that say something else than the octets."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.ris import RAW, UPDATE, line

ONE = [{"next_hop": "192.0.2.1", "prefixes": ["203.0.113.0/24"]}]
IPV6 = (
    "ff" * 16 + "0053 02 0000 003c 40010100 400206 0201 0000fbf4"
    " 800e2c 0002 01 20 20010db8000000000000000000000001 fe800000000000000000000000000001 00 30 20010db80001"
).replace(" ", "")
"""With a global and a link-local next hop (RFC 2545 section 3)."""


def _read(package: Any, *lines: str) -> tuple[list[Any], list[Any]]:
    """Events and reports."""
    reports: list[Any] = []
    return list(package.live.ris.events(lines, on_report=reports.append)), reports


# --- differences ------------------------------------------------------------------------------------------------

DIFFERENT = [
    ({"path": [64500, 64501]}, ("path", "64500 64501", "64500 64501 64502 261608")),
    ({"path": [64500, 64501, [64502], 261608]}, ("path", "64500 64501 {64502} 261608", "64500 64501 64502 261608")),
    ({"path": ...}, ("path", "", "64500 64501 64502 261608")),
    ({"raw": RAW.replace("0204", "0205"), "path": ...}, ("path", "", "malformed")),
    ({"origin": "EGP"}, ("origin", "EGP", "IGP")),
    ({"origin": ...}, ("origin", "", "IGP")),
    ({"med": 0}, ("med", "0", "")),
    ({"aggregator": "64500:192.0.2.9"}, ("aggregator", "64500:192.0.2.9", "")),
    ({"community": [[64500, 100], [64500, 101]]}, ("community", "64500:101", "")),
    ({"community": []}, ("community", "", "64500:100")),
    ({"withdrawals": ["10.0.0.0/8"]}, ("withdrawals", "10.0.0.0/8", "")),
    (
        {"announcements": [{"next_hop": "192.0.2.1", "prefixes": ["203.0.112.0/24"]}]},
        ("announcements", "203.0.112.0/24", "203.0.113.0/24"),
    ),
    ({"announcements": ...}, ("announcements", "", "203.0.113.0/24")),
    (
        {"announcements": [{"next_hop": "192.0.2.7", "prefixes": ["203.0.113.0/24"]}]},
        ("next_hop", "203.0.113.0/24 192.0.2.7", "203.0.113.0/24 192.0.2.1"),
    ),
    ({"type": "KEEPALIVE"}, ("type", "KEEPALIVE", "UPDATE")),
    ({"raw": RAW[:36] + "07" + RAW[38:]}, ("type", "UPDATE", "TYPE_7")),
]


@pytest.mark.parametrize(("changes", "expected"), DIFFERENT, ids=lambda value: str(value)[:40])
def test_a_difference(impl: Any, changes: dict[str, Any], expected: tuple[str, str, str]) -> None:
    """It is named, with both values; the event is that of the octets all the same. In strict mode it is an error."""
    (event,), (report,) = _read(impl, "\n", line(**changes))
    assert (report.kind, report.offset) == ("difference", 1)
    assert (report.field, report.said, report.raw) == expected
    assert event.octets.hex() == changes.get("raw", RAW)
    with pytest.raises(impl.live.ris.RisError) as caught:
        list(impl.live.ris.events([line(**changes)], strict=True))
    assert isinstance(caught.value, impl.DecodeError)
    assert str(report) == f"{caught.value.reason}, at offset 1"


def test_what_is_no_difference(impl: Any) -> None:
    """Order of communities and of a set, the case of a word, the form of an address, an empty list for none, and a
    MED of 0, which RIS Live leaves out."""
    raw = (
        RAW.replace("0043", "0047").replace("00000028", "0000002c").replace("c00804fbf40064", "c00808fbf40064fbf40065")
    )
    lines = [
        line(raw=raw, community=[[64500, 101], [64500, 100]]),
        line(raw=raw, community=["64500:100", "64500:101", "64500:100"]),
        line(origin="IGP", withdrawals=[], med=None, aggregator=None),
        line(raw=RAW.upper(), peer_asn=64500, med=...),
        line(raw=RAW.replace("0043", "004a").replace("00000028", "0000002f").replace("c00804", "80040400000000c00804")),
    ]
    assert _read(impl, *lines)[1] == []


@pytest.mark.parametrize(
    ("announcements", "differ"),
    [
        ([["2001:db8::1", "2001:db8:1::/48"], ["fe80::1", "2001:db8:1::/48"]], False),
        ([["2001:db8::1,fe80::1", "2001:db8:1:0:0:0:0:0/48"]], False),
        ([["2001:DB8:0:0:0:0:0:1", "2001:db8:1::/48"]], False),
        ([["fe80::1", "2001:db8:1::/48"]], True),
        ([["2001:db8::2", "2001:db8:1::/48"]], True),
    ],
)
def test_the_next_hops_of_ipv6(impl: Any, announcements: list[list[str]], differ: bool) -> None:
    """The link-local one may be left out, the global one may not."""
    said = [{"next_hop": hop, "prefixes": [prefix]} for hop, prefix in announcements]
    _, reports = _read(impl, line(raw=IPV6, path=[64500], community=[], announcements=said))
    assert [report.field for report in reports] == ["next_hop"] * differ


def test_other_messages(impl: Any) -> None:
    opened = bytes(impl.Open.build(64500, "192.0.2.1", 180)).hex()
    closed = bytes(impl.Notification.build(6, 2)).hex()
    fields = {"version": 4, "asn": 64500, "hold_time": 180, "router_id": "192.0.2.1"}
    ended = {"code": 6, "subcode": 2}
    assert _read(impl, line(type="OPEN", raw=opened, **fields))[1] == []
    assert _read(impl, line(type="NOTIFICATION", raw=closed, notification=ended))[1] == []
    for field, value, raw in (
        ("asn", 64501, "64500"),
        ("hold_time", 90, "180"),
        ("router_id", "192.0.2.2", "192.0.2.1"),
    ):
        _, (report,) = _read(impl, line(type="OPEN", raw=opened, **(fields | {field: value})))
        assert (report.kind, report.field, report.said, report.raw) == ("difference", field, str(value), raw)
    _, (report,) = _read(impl, line(type="NOTIFICATION", raw=closed, notification=ended | {"subcode": 3}))
    assert (report.said, report.raw) == ("6/3", "6/2")
    assert _read(impl, line(type="OPEN", raw=opened))[1] == []
    _, (report,) = _read(impl, line(type="OPEN", raw=opened, **(fields | {"hold_time": "x"})))
    assert (report.kind, report.field) == ("field", "hold_time")


# --- what cannot be used ----------------------------------------------------------------------------------------

HOSTILE = [
    ("x", "json"),
    ("[1, 2]", "json"),
    ("[" * 100_000, "json"),
    ('{"type": "ris_message", "data": ' + '{"a":' * 100_000, "json"),
    (line()[:-10], "json"),
    (" " * (1 << 20) + "1", "json"),
    ('{"type": "ris_message", "data": 1' + "0" * 5000 + "}", "json"),
    ("{}", "type"),
    ('{"type": [[]], "data": {}}', "type"),
    ('{"type": "ris_other", "data": {}}', "type"),
    ('{"type": "ris_error", "data": {"message": "no \\u001b[1m"}}', "error"),
    ('{"type": "ris_error", "data": [[1]]}', "error"),
    ('{"type": "ris_message"}', "field"),
    ('{"type": "ris_message", "data": [1]}', "field"),
    (line(type="OTHER"), "type"),
    (line(type=["UPDATE"]), "type"),
    (line(type=...), "type"),
    (line(timestamp=...), "field"),
    (line(timestamp="1"), "field"),
    (line(timestamp=True), "field"),
    (line(timestamp=-0.1), "field"),
    (line(timestamp=4294967295.9999999), "field"),
    (line(timestamp=float("nan")), "field"),
    (line(timestamp=float("inf")), "field"),
    (line(peer=...), "field"),
    (line(peer="192.0.2.1%eth0"), "field"),
    (line(peer={"a": 1}), "field"),
    (line(peer="\ud800"), "field"),
    (line(peer_asn=...), "field"),
    (line(peer_asn="4294967296"), "field"),
    (line(peer_asn="-1"), "field"),
    (line(peer_asn="٣"), "field"),
    (line(type="RIS_PEER_STATE", state="odd"), "field"),
    (line(type="RIS_PEER_STATE", state=[[]]), "field"),
    (line(type="RIS_PEER_STATE"), "field"),
    (line(type="ROUTE_REFRESH", raw=...), "field"),
    (line(type="NOTIFICATION", raw=...), "field"),
    (line(raw=..., announcements=[]), "field"),
    (line(raw=..., announcements=[*ONE, {"next_hop": "192.0.2.2", "prefixes": ["203.0.113.0/24"]}]), "field"),
]


@pytest.mark.parametrize(("text", "kind"), HOSTILE, ids=lambda value: repr(value)[:60])
def test_lines_that_give_nothing(impl: Any, text: str, kind: str) -> None:
    """The stream goes on behind them; reports have no control characters."""
    (event,), (report,) = _read(impl, text + "\n", line())
    assert (report.kind, report.offset) == (kind, 0)
    assert event.offset == len(text.encode(errors="replace")) + 1
    assert str(report).isprintable()
    with pytest.raises(impl.live.ris.RisError):
        list(impl.live.ris.events([text], strict=True))


FIELDS = [
    {"path": 5},
    {"path": [-1]},
    {"path": [1 << 32]},
    {"path": [True]},
    {"path": [[[1]]]},
    {"origin": "best"},
    {"med": "x"},
    {"med": 1.5},
    {"aggregator": "64500"},
    {"aggregator": 5},
    {"community": [[1]]},
    {"community": [[1, 70000]]},
    {"community": ["no such"]},
    {"announcements": {"a": 1}},
    {"announcements": [1]},
    {"announcements": [{"next_hop": "192.0.2.1"}]},
    {"announcements": [{"prefixes": ["10.0.0.0/8"]}]},
    {"announcements": [{"next_hop": 1, "prefixes": ["10.0.0.0/8"]}]},
    {"announcements": [{"next_hop": "x", "prefixes": ["10.0.0.0/8"]}]},
    {"announcements": [{"next_hop": "192.0.2.1", "prefixes": "10.0.0.0/8"}]},
    {"announcements": [{"next_hop": "192.0.2.1,192.0.2.2,192.0.2.3", "prefixes": ["203.0.113.0/24"]}]},
    {"announcements": [{"next_hop": f"10.0.{n >> 8}.{n & 255}", "prefixes": ["0.0.0.0/0"]} for n in range(10_000)]},
    {"withdrawals": ["10.0.0.0/33"]},
    {"withdrawals": ["10.0.0.0/" + "9" * 5000]},
    {"withdrawals": ["10.0.0.0"]},
    {"withdrawals": [5]},
]


@pytest.mark.parametrize("changes", FIELDS, ids=lambda value: str(value)[:50])
def test_fields_that_say_nothing(impl: Any, changes: dict[str, Any]) -> None:
    """The field is named, and the octets count."""
    (event,), reports = _read(impl, line(**changes))
    assert event.octets.hex() == RAW
    assert (reports[0].kind, reports[0].field) == ("field", *changes)
    assert all((report.kind, report.said) == ("difference", "") for report in reports[1:])


def test_reports_are_bounded(impl: Any) -> None:
    """The first hundred and the latest, of so many characters; all are counted. At the end there is one warning."""
    ris = impl.live.ris
    events = ris.events(["x" * number + "\n" for number in range(1, 300)] + [line(host="y" * 5000, path=[1] * 5000)])
    with pytest.warns(ris.RisWarning, match="301 reports of RIS Live, the first: no JSON"):
        assert len(list(events)) == 1
    reports = events.decoder.reports
    assert reports.counts == {"json": 299, "field": 1, "difference": 1}
    assert len(reports.kept) == 101
    assert [report.offset for report in reports.kept[:3]] == [0, 2, 5]
    assert (reports.kept[-1].field, len(reports.kept[-1].said)) == ("path", 500)
    assert reports.kept[-1].said.endswith(" … (9999 characters)")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("x", "json"),
        (line(path=5), "field"),
        (line(raw="x"), "raw"),
        (line(raw=..., origin=...), "field"),
        (line(path=[1]), "difference"),
        (line(raw=RAW[:-8] + "21cb0071"), "raw"),
        (line(type="NOTIFICATION", raw="ff" * 16 + "0015030602", notification=5), "field"),
    ],
)
@pytest.mark.parametrize("error", [KeyError, ValueError, TypeError, StopIteration])
def test_what_a_callback_raises_comes_out(impl: Any, text: str, kind: str, error: type[Exception]) -> None:
    """It is not taken for a fault of the line, nor for the end."""

    def refuse(report: Any) -> None:
        raise error(str(report.kind))

    expected = RuntimeError if error is StopIteration else error
    with pytest.raises(expected) as caught:
        list(impl.live.ris.events([text], on_report=refuse))
    assert kind in str(caught.value) or error is StopIteration
    with pytest.raises(impl.live.ris.RisError):
        list(impl.live.ris.events([text], strict=True))


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["10.0.0.0/8", RAW]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["next_hop", "prefixes"]), inner),
    max_leaves=6,
)
_FIELDS = st.sampled_from([*UPDATE, "med", "aggregator", "withdrawals", "state", "notification", "direction"])


@given(changes=st.dictionaries(_FIELDS, _VALUES, max_size=3), cut=st.integers(0, len(RAW)), octet=st.integers(0, 255))
def test_any_fields_and_octets(both: list[Any], changes: dict[str, Any], cut: int, octet: int) -> None:
    """Nothing but events and reports, the same with both implementations."""
    raw = RAW[: cut & ~1] + f"{octet:02x}" + RAW[(cut & ~1) + 2 :]
    text = json.dumps({"type": "ris_message", "data": UPDATE | {"raw": raw} | changes})
    found = []
    for implementation in both:
        with implementation.active() as package:
            events, reports = _read(package, text)
            found.append(
                ([(event.octets, event.session.asn4, event.file) for event in events], list(map(tuple, reports)))
            )
    assert found[0] == found[-1]
    assert found[0][0] or found[0][1]
