"""What is heard, put together to records: lines, columns and archives of it are those of the events one by one."""

from __future__ import annotations

import io
import json
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support import made_bmp as made
from support.places import SAMPLES, SHARED

if TYPE_CHECKING:
    from collections.abc import Iterable

CAPTURES = sorted((SHARED / "data" / "bmp").glob("*.pcap"))


def collected(impl: Any, events: Iterable[Any], source: str | None = None) -> list[Any]:
    collected = import_module("bgpwire.listen.collected").Collected()
    for event in events:
        collected.event(event, source)
    return collected.take()  # type: ignore[no-any-return]


def routes_of(impl: Any, event: Any) -> list[Any]:
    if event.message is None:
        return list(impl.mrt.open(_record(impl, event)))
    try:
        return list(impl.routes_of(event))
    except impl.DecodeError as error:
        return list(getattr(error, "routes", []))


def _record(impl: Any, event: Any) -> bytes:
    out = io.BytesIO()
    with impl.mrt.Writer(out) as writer:
        writer.event(event)
    return out.getvalue()


def same(impl: Any, events: list[Any], source: str | None) -> None:
    """The routes of the events are those of their records, in every form."""
    found = collected(impl, events, source)
    assert sum(map(len, found)) == len(events)
    heard = [route for event in events for route in routes_of(impl, event)]
    lines = [json.loads(line) for records in found for line in records.text("json").splitlines()]
    expected = [({} if source is None else {"source": source}) | route.json() for route in heard]
    assert [line if source else _without_source(line) for line in lines] == expected
    formatter = import_module("bgpwire.text.lines").FORMATS["psv"][0]()
    assert b"".join(records.text("psv") for records in found).decode() == "".join(map(formatter, heard))
    archive = b"".join(records.archive()[0] for records in found)
    dumped = b"".join(records.text("bgpdump") for records in found)
    assert dumped == (b"".join(impl.mrt.open(archive, on_skip=id).text("bgpdump")) if archive else b"")
    again = [event for records in found for event in records.events()]
    assert [(event.octets, event.timestamp, event.session) for event in again] == [
        (event.octets, event.timestamp, event.session) for event in events
    ]
    routes = [route for records in found for route in records.routes()]
    assert [(route.type, route.nlri, route.peer.rib) for route in routes] == [
        (route.type, route.nlri, route.peer.rib) for route in heard
    ]
    rows = [row for records in found for batch in records.columns(["prefix", "rib", "file"]) for row in rows_of(batch)]
    files = [source if source else event.file for event in events for _ in routes_of(impl, event)]
    assert sorted(rows, key=str) == sorted(
        (
            (None if route.prefix is None else str(route.prefix), route.peer.rib, file)
            for route, file in zip(heard, files, strict=True)
        ),
        key=str,
    )


def rows_of(batch: Any) -> list[tuple[Any, ...]]:
    return list(zip(*batch.to_pydict().values(), strict=True))


def _without_source(line: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name != "source"}


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.mrt")), ids=lambda path: path.stem)
def test_samples(impl: Any, path: Any) -> None:
    events = [event for event in impl.mrt.open(path, on_skip=id).messages() if event.mrt_type in (16, 17)]
    same(impl, events, None)
    same(impl, events, "rrc00")
    # An archive of what was heard is the one that it was read of.
    octets = b"".join(records.archive()[0] for records in collected(impl, events))
    assert octets == b"".join(_record(impl, event) for event in events)


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_captures_of_bmp(impl: Any, path: Any) -> None:
    events = list(impl.bmp.open(path).messages())
    same(impl, events, "router")


def heard(impl: Any, *messages: bytes) -> list[Any]:
    monitor = impl.bmp.Monitor()
    return [event for octets in messages for event in monitor.events(octets)]


def test_tables_of_one_router(impl: Any) -> None:
    """Lines name the source and the table; columns too; what they share is said once."""
    opens = made.open_message(64500, made.asn4(64500)), made.open_message(64501, made.asn4(64501))
    pre = made.monitoring(made.update())
    post = made.monitoring(made.update(), flags=0x40)
    events = heard(impl, made.peer_up(*opens), pre, post, pre)
    (records,) = collected(impl, events, 'r"1')
    lines = [json.loads(line) for line in records.text("json").splitlines()]
    assert [(line["source"], line["rib"]) for line in lines] == [
        ('r"1', "adj-rib-in-pre"),
        ('r"1', "adj-rib-in-post"),
        ('r"1', "adj-rib-in-pre"),
    ]
    assert len(records.contexts.all) == 2
    (first, second) = records.columns(["rib", "distinguisher", "prefix"])
    assert rows_of(first) == [("adj-rib-in-pre", None, "10.0.0.0/24")] * 2
    assert rows_of(second) == [("adj-rib-in-post", None, "10.0.0.0/24")]


def test_long_names(impl: Any) -> None:
    """No line is cut off, however long the name of a source is."""
    opens = made.open_message(64500, made.asn4(64500)), made.open_message(64501, made.asn4(64501))
    events = heard(impl, made.peer_up(*opens), made.monitoring(made.update()))
    for size in (1, 100, 200, 240, 250, 256, 300, 5000):
        (records,) = collected(impl, events, "x" * size)
        (line,) = records.text("json").splitlines()
        assert json.loads(line)["source"] == "x" * size


def test_path_identifiers_of_one_family(impl: Any) -> None:
    """An UPDATE of two families of which one has path identifiers has no form in MRT: it is kept, and read as it came;
    an archive leaves it out, and says so."""
    session = impl.Session(add_path={(2, 1)}, add_path_send={(2, 1)})
    turned = session.reversed()
    v4 = impl.Update.announce(["192.0.2.0/24"], next_hop="192.0.2.1", as_path="64500").messages(turned)[0].data
    v6 = impl.Update.announce(["2001:db8::/32"], next_hop="2001:db8::1", as_path="64500", path_id=7).messages(turned)
    block = bytes(v6[0].attributes)
    nexthop = bytes(impl.Update.decode(v4).attributes)
    attributes = block + nexthop[nexthop.index(b"\x40\x03") : nexthop.index(b"\x40\x03") + 7]
    body = bytes(2) + len(attributes).to_bytes(2) + attributes + b"\x18\xc0\0\2"
    octets = b"\xff" * 16 + (len(body) + 19).to_bytes(2) + b"\2" + body
    peer = impl.Peer(impl.Address("192.0.2.9"), 64500)
    event = impl.Event(octets, 1, 5, peer, session)
    same(impl, [event], "r1")
    (records,) = collected(impl, [event])
    assert records.archive() == (b"", 1)
    assert len(list(records.routes())) == 2


def test_more_contexts_than_there_are_numbers(impl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("bgpwire.listen.contexts"), "MOST", 3)
    update = impl.Update.announce(["192.0.2.0/24"], next_hop="192.0.2.1", as_path="64500").messages()[0]
    events = [
        impl.Event(update.data, 1, None, impl.Peer(impl.Address(f"192.0.2.{number}"), 64500)) for number in range(8)
    ]
    found = collected(impl, events, "r1")
    assert [len(records) for records in found] == [3, 3, 2]
    assert [str(route.peer.address) for records in found for route in records.routes()] == [
        str(event.peer.address) for event in events
    ]


def test_faults(impl: Any) -> None:
    """A message whose routes cannot be read is told, and the others have lines."""
    opens = made.open_message(64500, made.asn4(64500)), made.open_message(64501, made.asn4(64501))
    sound = made.monitoring(made.update())
    events = heard(impl, made.peer_up(*opens), sound, made.monitoring(made.update("21 0a0001")), sound)
    (records,) = collected(impl, events)
    told: list[Any] = []
    text = records.text("json", on_fault=lambda event, error: told.append(error))
    assert len(text.splitlines()) == 2
    assert len(told) == 1
    assert isinstance(told[0], impl.DecodeError)
