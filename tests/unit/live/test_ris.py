"""RIS Live: events out of its lines, of the octets and, where there are none, of the fields."""

from __future__ import annotations

import io
import json
import pickle
from itertools import islice
from typing import Any

import pytest
from support.context import record, told
from support.places import SAMPLES
from support.ris import RAW, UPDATE, line, line_of


def _events(package: Any, *lines: str, strict: bool = True) -> list[Any]:
    return list(package.live.ris.events(lines, strict=strict))


def test_an_update(impl: Any) -> None:
    """Time, peer, collector and octets; 4-octet AS numbers fit, which is a guess."""
    ris = impl.live.ris
    first, second = _events(impl, "\n", line(), line(timestamp=1700000001))
    assert (first.seconds, first.microseconds, second.seconds, second.microseconds) == (
        1700000000,
        250000,
        1700000001,
        0,
    )
    assert (str(first.peer_address), first.peer_asn, first.file) == ("192.0.2.1", 64500, "rrc00")
    assert first.peer is second.peer
    assert (first.offset, second.offset) == (1, 1 + len(line()))
    assert first.octets == bytes.fromhex(RAW)
    assert (first.session.asn4, first.session.asn4_from, first.session.add_path_from) == (True, "guessed", "guessed")
    assert not ris.is_built(first)
    (route,) = impl.routes_of(first)
    assert (route.type, str(route.prefix), str(route.as_path)) == ("A", "203.0.113.0/24", "64500 64501 64502 261608")
    assert ris.routes_of(first) == [route]


def test_where_lines_come_from(impl: Any) -> None:
    """Text, octets, an open file; not a text itself, whose lines would be its characters; and without the envelope."""
    ris = impl.live.ris
    (event,) = _events(impl, line())
    assert list(ris.events([line().encode()], strict=True)) == [event]
    assert list(ris.events(io.StringIO(line()), strict=True)) == [event]
    assert list(ris.events(io.BytesIO(line().encode()), strict=True)) == [event]
    assert list(ris.events([json.dumps(UPDATE)], strict=True)) == [event]
    for text in (line(), line().encode()):
        with pytest.raises(TypeError, match="lines, such as an open file has them"):
            ris.events(text)


def test_the_collector_in_its_forms(impl: Any) -> None:
    """As archives name it, also with its domain, which it has since 2023."""
    assert [event.file for event in _events(impl, line(host="rrc25.ripe.net"), line(host=...))] == ["rrc25", None]
    seen: list[Any] = []
    assert [event.file for event in impl.live.ris.events([line(host="a\x1b[1m")], on_report=seen.append)] == [None]
    assert [(report.kind, report.field) for report in seen] == [("field", "host")]


def _archive(package: Any, path: Any, most: int) -> list[Any]:
    """Events whose routes are prefixes, which is all that RIS Live shows."""
    events = islice(package.mrt.open(path, on_skip=told).messages(), most)
    return [event for event in events if all(route.prefix is not None for route in package.routes_of(event))]


def _agree(package: Any, path: Any, most: int) -> list[Any]:
    """The sessions that are found for the messages of an archive: strict, so each field and its octets agree."""
    before = _archive(package, path, most)
    after = _events(package, *(line_of(package, event) for event in before))
    assert [event.octets for event in after] == [event.octets for event in before]
    for one, other in zip(before, after, strict=True):
        for route, again in zip(package.routes_of(one), package.routes_of(other), strict=True):
            assert (again.type, again.family, again.nlri) == (route.type, route.family, route.nlri)
            assert (again.as_path, again.next_hop) == (route.as_path, route.next_hop)
    return [event.session for event in after]


@pytest.mark.parametrize(
    "name", ["demo", "add-path-bird", "two-octet-as", "confederation", "resets-in", "labelled", "multicast", "opens"]
)
def test_messages_of_daemons(impl: Any, name: str) -> None:
    """AS numbers of 2 octets and path identifiers are found by what fits, as the archive's own records say them."""
    sessions = _agree(impl, SAMPLES / f"{name}.mrt", 200)
    assert any(not session.asn4 for session in sessions) is (name == "two-octet-as")
    assert any(session.add_path for session in sessions) is (name == "add-path-bird")


@pytest.mark.parametrize("name", ["ris-updates.20160811.1600.gz", "ris-updates.20070211.0141.gz"])
def test_messages_of_ris(impl: Any, data_dir: Any, name: str) -> None:
    """2007 was before 4-octet AS numbers: what has no path is read like the peer's other messages."""
    sessions = _agree(impl, data_dir / name, 1000)
    assert any(not session.asn4 for session in sessions) is ("2007" in name)


def test_the_path_of_a_session_of_two_octets(impl: Any) -> None:
    """AS_TRANS in AS_PATH and the number in AS4_PATH (RFC 6793): the field may show either."""
    path = bytes.fromhex("40020602 02fbf4 5ba0".replace(" ", ""))
    attributes = bytes.fromhex("40010100") + path + bytes.fromhex("400304c0000201 c0110a 0202 0000fbf4 0003fde8")
    body = bytes(2) + len(attributes).to_bytes(2) + attributes + bytes.fromhex("18cb0071")
    raw = (b"\xff" * 16 + (19 + len(body)).to_bytes(2) + b"\2" + body).hex()
    for said in ([64500, 261608], [64500, 23456]):
        (event,) = _events(impl, line(path=said, community=[], raw=raw))
        assert not event.session.asn4
        assert str(impl.routes_of(event)[0].as_path) == "64500 261608"


def test_the_order_of_a_set_tells_nothing(impl: Any) -> None:
    """AS_PATH of 64500 and a set of 64502 and 64501 (RFC 4271 section 4.3)."""
    (update,) = impl.Update.announce(["203.0.113.0/24"], next_hop="192.0.2.1", as_path="64500 {64502,64501}").messages()
    raw = bytes(update).hex()
    for said in ([64500, [64501, 64502]], [64500, [64502, 64501]]):
        (event,) = _events(impl, line(path=said, community=[], raw=raw))
        assert event.octets == bytes(update)
    with pytest.raises(impl.live.ris.RisError, match=r"path: 64500 64501 64502, in raw: 64500 \{64501,64502\}"):
        _events(impl, line(path=[64500, 64501, 64502], community=[], raw=raw))


# --- without octets ---------------------------------------------------------------------------------------------


def test_an_update_of_its_fields(impl: Any) -> None:
    """All that the fields say, and nothing else; it can be told from one that came in octets, pickled too."""
    ris = impl.live.ris
    changes = {
        "path": [64500, [64502, 64501]],
        "origin": "INCOMPLETE",
        "med": 7,
        "aggregator": "64501:198.51.100.1",
        "community": [[64500, 1], "no-export"],
    }
    decoder = ris.Decoder(strict=True)
    (event,) = decoder.feed(line(raw=..., **changes))
    assert decoder.built == 1
    assert (event.session.asn4_from, event.session.asn4) == ("given", True)
    assert ris.is_built(event)
    assert ris.is_built(pickle.loads(pickle.dumps(event)))
    (route,) = impl.routes_of(event)
    attributes = route.attributes
    assert sorted(attribute.code for attribute in attributes) == [1, 2, 3, 4, 7, 8]
    assert (str(route.prefix), str(route.next_hop), str(route.as_path)) == (
        "203.0.113.0/24",
        "192.0.2.1",
        "64500 {64501,64502}",
    )
    assert (str(route.origin), attributes.med, str(attributes.aggregator)) == ("INCOMPLETE", 7, "64501 198.51.100.1")
    assert sorted(map(str, route.communities)) == ["64500:1", "no-export"]
    assert event.message.errors == []


def test_several_updates_of_one_line(impl: Any) -> None:
    """Withdrawals, two next hops, and of IPv6 a link-local one beside the global one (RFC 2545 section 3)."""
    hops = [
        {"next_hop": "192.0.2.1", "prefixes": ["203.0.113.0/24"]},
        {"next_hop": "192.0.2.2", "prefixes": ["198.51.100.0/25", "198.51.100.128/25"]},
        {"next_hop": "2001:db8:0:0:0:0:0:1", "prefixes": ["2001:db8:1:0:0:0:0:0/48"]},
        {"next_hop": "fe80::1", "prefixes": ["2001:db8:1::/48"]},
    ]
    events = _events(impl, line(raw=..., announcements=hops, withdrawals=["10.0.0.0/8", "2001:db8:2::/48"]))
    assert len({event.offset for event in events}) == 1
    routes = [route for event in events for route in impl.routes_of(event)]
    assert [(route.type, str(route.prefix), route.next_hop and str(route.next_hop)) for route in routes] == [
        ("W", "10.0.0.0/8", None),
        ("W", "2001:db8:2::/48", None),
        ("A", "203.0.113.0/24", "192.0.2.1"),
        ("A", "198.51.100.0/25", "192.0.2.2"),
        ("A", "198.51.100.128/25", "192.0.2.2"),
        ("A", "2001:db8:1::/48", "2001:db8::1"),
    ]
    assert str(routes[-1].attributes.mp_reach.next_hop) == "2001:db8::1,fe80::1"
    both = [{"next_hop": "2001:db8::1,fe80::1", "prefixes": ["2001:db8:1::/48"]}]
    (event,) = _events(impl, line(raw=..., announcements=both))
    assert event.octets == events[-1].octets


def test_messages_without_octets(impl: Any) -> None:
    """A KEEPALIVE and a NOTIFICATION are all in their fields; an OPEN has capabilities that are not."""
    notification = {"code": 6, "subcode": 2, "data": "0474657374"}
    lines = line(type="KEEPALIVE", raw=...), line(type="NOTIFICATION", raw=..., notification=notification)
    one, other = _events(impl, *lines)
    assert (one.message.name, other.message.code, other.message.communication) == ("keepalive", 6, "test")
    assert impl.live.ris.is_built(one)
    with pytest.raises(impl.live.ris.RisError, match="no OPEN can be made of the fields"):
        _events(impl, line(type="OPEN", raw=..., version=4))


def test_octets_that_are_no_message(impl: Any) -> None:
    """They are reported, and what the fields say is given."""
    ris = impl.live.ris
    for raw in ("zz", "f", "", "ff" * 18, RAW[:-2], RAW + "00", RAW[:32] + "0017" + RAW[36:], 5):
        seen: list[Any] = []
        (event,) = ris.events([line(raw=raw)], on_report=seen.append)
        assert [(report.kind, report.field) for report in seen] == [("raw", "raw")], raw
        assert ris.is_built(event)
        assert [str(route.prefix) for route in impl.routes_of(event)] == ["203.0.113.0/24"]


@pytest.mark.parametrize("nlri", ["21cb0071", "21cb007100"])
def test_octets_whose_routes_cannot_be_read(impl: Any, nlri: str) -> None:
    """The message is there, and ``routes_of`` says what is wrong with it, as in archives; a session in which the octets
    make some other sense is not taken for theirs."""
    seen: list[Any] = []
    raw = RAW.replace("0043", f"{67 - 4 + len(nlri) // 2:04x}")[:-8] + nlri
    (event,) = impl.live.ris.events([line(raw=raw)], on_report=seen.append)
    assert [(report.kind, report.field) for report in seen] == [("raw", "raw")]
    assert not impl.live.ris.is_built(event)
    assert (event.session.asn4, event.session.add_path) == (True, frozenset())
    with pytest.raises(impl.DecodeError):
        impl.routes_of(event)


def test_what_a_peer_sends_without_a_path(impl: Any) -> None:
    """A withdrawal fits 2- and 4-octet AS numbers: it is read as the peer's other messages."""
    raw = bytes(impl.Update.withdraw(["10.0.0.0/8"]).messages()[0]).hex()
    gone = {"path": [], "community": [], "origin": ..., "announcements": [], "withdrawals": ["10.0.0.0/8"], "raw": raw}
    (update,) = impl.Update.announce(["203.0.113.0/24"], next_hop="192.0.2.1", as_path="1 2").messages(
        impl.Session(asn4=False)
    )
    two = {"path": [1, 2], "community": [], "raw": bytes(update).hex()}
    lines = [line(**gone), line(**two), line(**gone), line(**gone, peer_asn="64501"), line(), line(**gone)]
    assert [event.session.asn4 for event in _events(impl, *lines)] == [True, False, False, True, True, True]


# --- other messages ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["RIS_PEER_STATE", "STATE"])
@pytest.mark.parametrize(("word", "state"), [("down", 1), ("connected", 2), ("up", 6)])
@pytest.mark.parametrize("peer", ["192.0.2.1", "2001:db8::1"])
def test_changes_of_state(impl: Any, kind: str, word: str, state: int, peer: str) -> None:
    """They are what an archive has for them (RFC 6396 section 4.4.4): in one, they are read as such."""
    (event,) = _events(impl, line(type=kind, raw=..., state=word, peer=peer))
    assert (event.message, event.mrt_type, event.mrt_subtype) == (None, 17, 5)
    assert impl.routes_of(event) == []
    (route,) = impl.live.ris.routes_of(event)
    assert (route.type, route.states, route.peer, route.timestamp) == ("S", (0, state), event.peer, 1700000000.25)
    (read,) = impl.mrt.open(record(17, 5, event.octets, event.seconds)).routes()
    assert (read.type, read.states, read.timestamp) == ("S", (0, state), route.timestamp)
    assert (read.peer.address, read.peer.asn) == (route.peer.address, 64500)


def test_the_open_that_the_collector_sent(impl: Any) -> None:
    """It has the subtype that archives have for what was sent to the peer (RFC 6396 section 4.4.5)."""
    opened = impl.Open.build(64500, "192.0.2.1", 180)
    fields = {"version": 4, "asn": 64500, "hold_time": 180, "router_id": "192.0.2.1", "raw": bytes(opened).hex()}
    sent, received = _events(
        impl, line(type="OPEN", direction="sent", **fields), line(type="OPEN", direction="received", **fields)
    )
    assert sent.octets == received.octets == bytes(opened)
    assert (sent.mrt_type, sent.mrt_subtype, received.mrt_type, received.mrt_subtype) == (17, 7, None, None)
    assert sent.microseconds == received.microseconds == 250000


def test_kept_in_an_archive(impl: Any) -> None:
    """What is written of the events is read as they were, the state and the collector's own OPEN among them."""
    opened = bytes(impl.Open.build(64500, "192.0.2.1", 180)).hex()
    events = _events(
        impl,
        line(),
        line(type="RIS_PEER_STATE", raw=..., state="up"),
        line(type="OPEN", raw=opened, direction="sent"),
        line(raw=...),
    )
    archive = io.BytesIO()
    with impl.mrt.Writer(archive) as writer:
        for event in events:
            writer.event(event)
    octets = archive.getvalue()
    assert [(record.type, record.subtype) for record in impl.mrt.open(octets).records()] == [
        *((17, 4), (17, 5), (17, 7), (17, 4))
    ]
    routes = [route for event in events for route in impl.live.ris.routes_of(event)]
    for route, read in zip(routes, impl.mrt.open(octets).routes(), strict=True):
        assert (read.type, read.nlri, read.as_path, read.states) == (
            route.type,
            route.nlri,
            route.as_path,
            route.states,
        )
        assert (read.timestamp, read.peer.address, read.peer.asn) == (route.timestamp, route.peer.address, 64500)


def test_what_says_nothing_of_bgp(impl: Any) -> None:
    lines = [
        '{"type": "pong"}',
        '{"type": "ris_subscribe_ok", "data": {"subscription": {}, "socketOptions": {}}}',
        '{"type": "ris_rrc_list", "data": ["rrc00", "rrc01"]}',
        " \r\n",
    ]
    assert _events(impl, *lines) == []


def test_the_end_of_the_routes_of_a_family(impl: Any) -> None:
    """RFC 4724 section 2; the fields have had a word for it, and have had nothing."""
    raw = bytes(impl.Update.build_end_of_rib("ipv4-unicast")).hex()
    empty = {"path": ..., "community": ..., "origin": ..., "raw": raw}
    said = [{"next_hop": "192.0.2.1", "prefixes": ["eor"]}]
    one, other = _events(impl, line(**empty, announcements=said), line(**empty, announcements=[]))
    assert one.message.end_of_rib == other.message.end_of_rib == (1, 1)
    seen: list[Any] = []
    list(impl.live.ris.events([line(announcements=said)], on_report=seen.append))
    assert [(report.field, report.said, report.raw) for report in seen] == [
        ("announcements", "", "203.0.113.0/24"),
        ("announcements", "end of RIB", ""),
    ]
    with pytest.raises(impl.live.ris.RisError, match="which family ends is not said"):
        _events(impl, line(**(empty | {"raw": ...}), announcements=said))
