"""Many routers over OpenBMP's bus: events, what is kept of each, what is guessed, and what is reported."""

from __future__ import annotations

import pickle
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import made_bmp as made
from support.growth import lines
from support.made_openbmp import COLLECTOR, ROUTER, in_text, openbmp

if TYPE_CHECKING:
    from pathlib import Path

BMP = made.monitoring(made.update())
BOTH = (
    made.open_message(64500, made.asn4(64500), made.add_path(1)),
    made.open_message(64501, made.asn4(64501), made.add_path(2)),
)
OTHER = bytes(16)
TWO = "400101 00 400304 c0000201 400206 0202 fbf4 fbf5"
"""Attributes with AS_PATH 64500 64501 in 2 octets, which is no path of 4."""
FOUR = "400101 00 400304 c0000201 40020a 0202 0000fbf4 0000fbf5"


def _decoder(impl: Any, **options: Any) -> tuple[Any, list[Any]]:
    reports: list[Any] = []
    return impl.live.openbmp.Decoder(on_report=reports.append, **options), reports


def test_events(impl: Any) -> None:
    """Time, peer, table and session of BMP; who it came from, and where it stood."""
    decoder, reports = _decoder(impl)
    assert decoder.feed(openbmp(made.peer_up(*BOTH))) == []
    update = made.update(path_id="00000007")
    (event,) = decoder.feed(bytearray(openbmp(made.monitoring(update))))
    assert (event.octets, event.timestamp, event.file) == (update, 1_700_000_000.25, "rv2/amsix")
    assert event.offset == len(openbmp(made.peer_up(*BOTH)))
    assert event.session.add_path_from == "negotiated"
    (route,) = impl.routes_of(event)
    assert (str(route.prefix), route.path_id, route.peer.rib) == ("10.0.0.0/24", 7, "adj-rib-in-pre")
    assert (event.peer.asn, route.file) == (64501, "rv2/amsix")
    (again,) = decoder.routes(openbmp(made.monitoring(update)), offset=5, source="t[0]")
    assert (again.event.offset, again.nlri) == (5, route.nlri)
    assert again.peer is route.peer
    assert (decoder.values, decoder.messages, decoder.stripped, reports) == (3, 3, 0, [])
    assert pickle.loads(pickle.dumps(event)) == event


def test_routers_are_told_apart(impl: Any) -> None:
    """By the hashes of collector and router: the same peer of another one has another session."""
    decoder, _ = _decoder(impl)
    decoder.feed(openbmp(made.peer_up(*BOTH)))
    with_id = openbmp(made.monitoring(made.update(path_id="00000007")))
    for changes in ({"router": OTHER}, {"collector": OTHER}):
        (event,) = decoder.feed(openbmp(BMP, **changes))
        assert impl.routes_of(event)[0].path_id is None
    assert decoder.routes(with_id)[0].path_id == 7
    hashes = f"C_HASH_ID: {COLLECTOR.hex()}", f"R_HASH_ID: {ROUTER.hex()}"
    assert decoder.routes(in_text(made.monitoring(made.update(path_id="00000007")), "V: 1.7", *hashes))[0].path_id == 7
    assert [router.name for router in decoder.routers.values()] == ["rv2/amsix"] * 3
    assert list(decoder.routers)[-1] == (COLLECTOR, ROUTER)


def test_it_makes_room(impl: Any) -> None:
    """The router that was silent longest is let go, which is reported, and no error."""
    decoder, reports = _decoder(impl, most_routers=2, strict=True)
    for number in (1, 2, 1, 3):
        decoder.feed(openbmp(BMP, router=bytes([number] * 16), group=b"r%d" % number))
    assert [router.name for router in decoder.routers.values()] == ["rv2/r1", "rv2/r3"]
    (report,) = reports
    assert (report.kind, report.router) == ("router", "rv2/r2")
    assert str(report).startswith("rv2/r2: what was known of it was let go: 2 others were heard since, at offset ")
    with pytest.raises(ValueError, match="0 routers"):
        impl.live.openbmp.Decoder(most_routers=0)


def test_a_router_with_too_many_peers(impl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from bgpwire.live.openbmp import decoder as module

    monkeypatch.setattr(module, "PEERS", 3)
    decoder, reports = _decoder(impl)
    for number in range(6):
        decoder.feed(openbmp(made.monitoring(made.update(), address=bytes((192, 0, 2, number)))))
    assert [report.kind for report in reports] == ["router"]
    assert max(len(router.peers) for router in decoder.routers.values()) == 2


def test_several_messages_in_one_value(impl: Any) -> None:
    """Those before and behind garbage too; one that is cut off does not wait for the next value."""
    decoder, reports = _decoder(impl)
    assert len(decoder.feed(openbmp(BMP * 3))) == 3
    assert len(decoder.feed(openbmp(made.bmp(0, made.header() + made.update(), 2)[:1] + b"\0"))) == 0
    assert [report.kind for report in reports] == ["bmp"]
    assert len(decoder.feed(openbmp(BMP + b"\xff" * 7 + BMP))) == 2
    assert "7 octets are no BMP: BMP version 255, at octet " in reports[-1].reason
    assert len(decoder.feed(openbmp(BMP + BMP[:-1]))) == 1
    assert "into a message" in reports[-1].reason
    assert len(decoder.feed(openbmp(BMP))) == 1
    assert decoder.feed(openbmp(b"")) == []
    assert decoder.reports.counts == {"bmp": 3}


def test_old_versions(impl: Any) -> None:
    """Versions 1 and 2, whose messages have no length."""
    decoder, reports = _decoder(impl)
    old = b"\1\0" + made.header() + made.update()
    assert len(decoder.feed(openbmp(old + old))) == 2
    assert reports == []


HOSTILE = [
    (b"", "header"),
    (b"\0" * 50, "header"),
    (openbmp(BMP)[:-1], "header"),
    (openbmp(BMP, kind=3), "type"),
    (in_text(b"add\t", "V: 1.7", "T: peer"), "type"),
    (openbmp(b"garbage"), "bmp"),
    (openbmp(BMP[:-1]), "bmp"),
    (openbmp(made.bmp(0, made.header() + b"\xff" * 30)), "bmp"),
    (openbmp(made.bmp(0, b"short")), "bmp"),
]


@pytest.mark.parametrize(("value", "kind"), HOSTILE, ids=lambda value: repr(value)[:40])
def test_what_is_reported(impl: Any, value: bytes, kind: str) -> None:
    decoder, reports = _decoder(impl)
    assert decoder.feed(value, offset=9, source="t[1]") == []
    (report,) = reports
    assert (report.kind, report.offset, report.source) == (kind, 9, "t[1]")
    assert str(report).endswith(", at offset 9 of t[1]")
    assert str(report).isprintable()
    assert len(decoder.feed(openbmp(BMP))) == 1
    assert len(reports) == 1
    with pytest.raises(impl.OpenBmpError) as caught:
        impl.live.openbmp.Decoder(strict=True).feed(value, offset=9)
    assert caught.value.offset == 9


def test_reports_are_bounded(impl: Any) -> None:
    decoder = impl.live.openbmp.Decoder()
    for _ in range(300):
        decoder.feed(b"x")
    assert len(decoder.reports.kept) == 101
    assert decoder.reports.counts == {"header": 300}
    assert decoder.reports.kept[-1].offset == 299


def test_routes_that_cannot_be_read(impl: Any) -> None:
    """Those before them are given."""
    decoder, reports = _decoder(impl)
    routes = decoder.routes(openbmp(made.monitoring(made.update("18 0a0000 21 0a000000"))))
    assert [str(route.prefix) for route in routes] == ["10.0.0.0/24"]
    (report,) = reports
    assert (report.kind, report.router) == ("routes", "rv2/amsix")


def test_withdrawals(impl: Any) -> None:
    """Of a session that ended, and of all at the end."""
    decoder, _ = _decoder(impl, withdraw=True)
    for router in (ROUTER, OTHER):
        decoder.feed(openbmp(made.peer_up(*BOTH), router=router))
        decoder.feed(openbmp(made.monitoring(made.update(path_id="00000007")), router=router))
    down = decoder.routes(openbmp(made.bmp(2, made.header() + b"\4")))
    assert [(route.type, route.path_id, route.file) for route in down] == [("W", 7, "rv2/amsix")]
    (event,) = decoder.close()
    assert [route.type for route in impl.routes_of(event)] == ["W"]
    assert event.file == "rv2/amsix"
    assert (decoder.routers, decoder.close()) == ({}, [])


def test_no_octets(impl: Any) -> None:
    for value in ("text", 5, None):
        with pytest.raises(TypeError):
            impl.live.openbmp.Decoder().feed(value)


def _many_messages(count: int) -> bytes:
    return openbmp(BMP * count)


def _many_attributes(count: int) -> bytes:
    path = "400206 0201 0000192f"
    return openbmp(made.monitoring(made.update(attributes=f"400101 00 {path} 400304 c0000201" + "c0f0021234" * count)))


def _many_lines(count: int) -> bytes:
    return in_text(BMP, "V: 1.7", *["X: y"] * count)


def _garbage(count: int) -> bytes:
    return openbmp(b"\x03" * count * 20)


@pytest.mark.parametrize("made_of", [_many_messages, _many_attributes, _many_lines, _garbage])
def test_work_is_linear(impl: Any, made_of: Any) -> None:
    decoder = impl.live.openbmp.Decoder(strip_asn=6447)
    decoder.feed(made_of(1))
    values = {count: made_of(count) for count in (100, 400)}
    few, many = (lines(partial(decoder.feed, values[count])) for count in (100, 400))
    assert many < 5 * few + 1000


# --- peers whose Peer Up was not heard --------------------------------------------------------------------------


def test_the_width_of_as_numbers(impl: Any) -> None:
    """The A flag counts, until a path can only be read the other way; then the session is a guess."""
    decoder, _ = _decoder(impl)
    for flags, attributes, asn4, where in (
        (0x00, FOUR, True, "given"),
        (0x20, TWO, False, "given"),
        (0x00, TWO, False, "guessed"),
        (0x20, FOUR, True, "guessed"),
    ):
        # another router for each: that of the first would have decided for the third
        router = bytes([flags + asn4] * 16)
        (event,) = decoder.feed(
            openbmp(made.monitoring(made.update(attributes=attributes), flags=flags), router=router)
        )
        assert (event.session.asn4, event.session.asn4_from) == (asn4, where)
        assert [str(route.as_path) for route in impl.routes_of(event)] == ["64500 64501"]


def test_a_peer_up_ends_the_guess(impl: Any) -> None:
    decoder, _ = _decoder(impl)
    (event,) = decoder.feed(openbmp(made.monitoring(made.update(attributes=TWO))))
    assert event.session.asn4_from == "guessed"
    decoder.feed(openbmp(made.peer_up(*BOTH)))
    (event,) = decoder.feed(openbmp(made.monitoring(made.update(attributes=FOUR, path_id="00000007"))))
    assert event.session.asn4_from == "given"
    assert impl.routes_of(event)[0].path_id == 7
    decoder.feed(openbmp(made.bmp(2, made.header() + b"\4")))
    (event,) = decoder.feed(openbmp(made.monitoring(made.update(attributes=TWO))))
    assert (event.session.asn4, event.session.asn4_from) == (False, "guessed")


def test_path_identifiers(impl: Any) -> None:
    """NLRI that read better with them are read with them; the other direction of the peer is guessed for itself."""
    decoder, _ = _decoder(impl)
    many = "".join(f"{number:08x} 18 0a{number:02x}00" for number in range(1, 9))
    (event,) = decoder.feed(openbmp(made.monitoring(made.update(many))))
    assert event.session.add_path_from == "guessed"
    assert [route.path_id for route in impl.routes_of(event)] == list(range(1, 9))
    (sent,) = decoder.feed(openbmp(made.monitoring(made.update(), flags=0x10)))
    assert impl.routes_of(sent)[0].path_id is None


# --- real ones, and any -----------------------------------------------------------------------------------------


def test_captures(impl: Any, data_dir: Path) -> None:
    """What routers sent comes over the bus as it does over TCP."""
    captures = sorted((data_dir / "bmp").glob("*.pcap"))
    if not captures:
        pytest.skip(f"no captures in {data_dir / 'bmp'}")
    seen = 0
    for path in captures:
        file = impl.bmp.open(path)
        expected, streams = [], {}
        received = islice(file._received(), 2_000)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(impl.bmp.file.warnings, "warn", lambda *_, **__: None)
            for _, message in received:
                stream = streams.setdefault(id(file.monitor), len(streams))
                messages = list(file.monitor.router.events(message))
                expected.append((stream, bytes(message), messages))
        decoder, _ = _decoder(impl)
        for stream, octets, events in expected:
            found = decoder.feed(openbmp(octets, router=stream.to_bytes(16)))
            assert [event.octets for event in found] == [event.octets for event in events]
            assert [event.peer for event in found] == [event.peer for event in events]
            assert all(
                one.session == other.session or one.session.asn4_from == "guessed"
                for one, other in zip(found, events, strict=True)
            )
            seen += len(found)
    assert seen > 10


VALUES = [openbmp(made.peer_up(*BOTH)), openbmp(BMP), openbmp(made.bmp(2, made.header() + b"\4")), openbmp(BMP * 2)]


@given(
    values=st.lists(
        st.sampled_from(VALUES)
        | st.tuples(st.sampled_from(VALUES), st.integers(0, 200), st.binary(max_size=4)).map(
            lambda bent: bent[0][: bent[1]] + bent[2] + bent[0][bent[1] + len(bent[2]) :]
        )
        | st.binary(max_size=80).map(openbmp),
        max_size=4,
    ),
    strip=st.sampled_from([None, 6447]),
)
def test_any_values(both: list[Any], values: list[bytes], strip: int | None) -> None:
    """Events and reports, the same from both implementations; nothing is raised."""
    found = []
    for implementation in both:
        with implementation.active() as package:
            decoder, reports = _decoder(package, strip_asn=strip, withdraw=True, most_routers=2)
            routes = [route.json() for value in values for route in decoder.routes(value)]
            decoder.close()
            found.append((routes, list(map(tuple, reports)), decoder.messages))
    assert found[0] == found[-1]
