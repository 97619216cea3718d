"""Metrics: a text that scrapers read, values whatever labels hold, and bounded however many peers there are."""

from __future__ import annotations

import os
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from support.exposition import parsed
from support.heard import BEGIN, Clock, Heard, odd_event
from support.places import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

ODD = ['a"b', "a\\b", "a\nb", 'a\\"\\n', "", "ü☃", "a,b={}", "\ud800", "a\r\x00\x85\u2028b", 'x"} 1\nbgpwire_up 1\n#']


def registry(**options: Any) -> Any:
    return import_module("bgpwire.listen.metrics").Registry(**options)


def test_text(impl: Any) -> None:
    made = registry()
    plain = made.counter("a_total", "What is \\ counted\nand how.")
    named = made.gauge("b", "A gauge.", ("x", "y"))
    made.gauge("c", "No value, no line.")
    plain.add(2)
    plain.add(0.5)
    named.set(-1, "1", "2")
    named.set(1e300, "1", "3")
    assert made.render().decode() == (
        "# HELP a_total What is \\\\ counted\\nand how.\n# TYPE a_total counter\na_total 2.5\n"
        '# HELP b A gauge.\n# TYPE b gauge\nb{x="1",y="2"} -1\nb{x="1",y="3"} ' + f"{int(1e300)}\n"
    )
    assert parsed(made.render())["b", frozenset({("x", "1"), ("y", "2")})] == -1


def test_numbers(impl: Any) -> None:
    gauge = registry().gauge("a", "", ("n",))
    values = [0, -0.0, 1, 1.5, 1e-9, 2**70, float("inf"), float("-inf")]
    for number, value in enumerate(values):
        gauge.set(value, str(number))
    found = parsed(gauge.text().encode())
    assert [found["a", frozenset({("n", str(number))})] for number in range(len(values))] == values
    gauge.set(float("nan"), "0")
    assert "NaN" in gauge.text()


@pytest.mark.parametrize("value", ODD)
def test_odd_labels(impl: Any, value: str) -> None:
    """They come back as they are, but for what is no UTF-8."""
    made = registry()
    made.counter("a_total", "A.", ("x",)).add(1, value)
    assert parsed(made.render()) == {("a_total", frozenset({("x", value.replace("\ud800", "?"))})): 1}


def test_labels_are_bounded(impl: Any) -> None:
    made = registry(most=3)
    counter = made.counter("a_total", "A.", ("x", "y"))
    for number in range(100):
        counter.add(1, str(number % 10), "y")
    found = {dict(labels)["x"]: value for (_, labels), value in parsed(made.render()).items()}
    assert found == {"0": 10, "1": 10, "2": 10, "other": 70}
    counter.read(lambda: [((str(number), ""), 1) for number in range(50)])
    found = {dict(labels)["x"]: value for (_, labels), value in parsed(made.render()).items()}
    assert found == {"0": 1, "1": 1, "2": 1, "other": 47}


def test_wrong_names(impl: Any) -> None:
    made = registry()
    made.gauge("a", "")
    with pytest.raises(ValueError, match="there is a metric a"):
        made.counter("a", "")
    for name, labels in (("a-b", ()), ("", ()), ("ü", ()), ("b", ("x-y",)), ("b", ("__x",))):
        with pytest.raises(ValueError, match="no name"):
            made.gauge(name, "", labels)
    with pytest.raises(ValueError, match="has the labels"):
        made.counter("c", "", ("x",)).add(1)


# --- messages by peer -----------------------------------------------------------------------------------------


def traffic(**options: Any) -> Any:
    return import_module("bgpwire.listen.traffic").Traffic(**options)


def slowly(*several: Any) -> dict[tuple[str, ...], int]:
    """What there is to be counted, event by event."""
    names = import_module("bgpwire.listen.traffic").TYPES
    out: dict[tuple[str, ...], int] = {}
    for records in several:
        for (_, _, (peer, _, source)), event in zip(records.places(), records.events(), strict=True):
            kind = names[event.octets[18]] if event.message is not None else "state"
            key = source or "", "" if peer.address is None else str(peer.address), str(peer.asn), kind
            out[key] = out.get(key, 0) + 1
    return out


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.mrt")), ids=lambda path: path.stem)
def test_messages_of_samples(impl: Any, path: Any) -> None:
    """IPv4 and IPv6, AS numbers of two and four octets, with microseconds and without, changes of state."""
    events = [event for event in impl.mrt.open(path, on_skip=id).messages() if event.mrt_type in (16, 17)]
    if not events:
        pytest.skip("a table")
    records = Heard(impl, path.stem).of(events)
    counted = traffic()
    counted.add(records)
    counted.add(records)
    expected = {key: 2 * count for key, count in slowly(records).items()}
    assert counted.counts() == counted.counts() == expected
    assert counted.messages == 2 * len(events)
    assert counted.octets == 2 * len(records.octets)
    assert counted.latest == pytest.approx(events[-1].timestamp)


def test_messages_of_several_sources(impl: Any) -> None:
    """And a message without a form of its own, and types that are none of BGP's."""
    first, second = Heard(impl, "a"), Heard(impl, "b")
    header = b"\xff" * 16 + (19).to_bytes(2)
    peer = impl.Peer(impl.Address("2001:db8::1"), 64500)
    others = [impl.Event(header + bytes((kind,)), BEGIN, 0, peer, impl.Session()) for kind in (4, 6, 255)]
    parts = first.records(3), second.records(2), first.records(3), second.of([odd_event(impl)]), first.of(others[:1])
    counted = traffic()
    for records in parts:
        counted.add(records)
    assert counted.counts() == slowly(*parts)
    counted.add(first.of(others[1:]))
    assert counted.counts()["a", "2001:db8::1", "64500", "other"] == 2
    assert counted.messages == 12


def test_peers_are_bounded(impl: Any) -> None:
    """Who speaks BMP may name any number of peers."""
    counted = traffic(most=10)
    for _ in range(3):
        counted.add(Heard(impl, peers=100).records(500))
    counts = counted.counts()
    assert len(counts) == 11
    assert sum(counts.values()) == 1500
    assert counts["other", "other", "other", "update"] == 1500 - 150


def test_counting_while_it_is_asked(impl: Any) -> None:
    """None is lost, whatever thread asks."""
    heard = Heard(impl)
    several = [heard.records(50) for _ in range(40)]
    counted = traffic()
    asking = Thread(target=lambda: [counted.counts() for _ in range(200)])
    asking.start()
    for records in several:
        counted.add(records)
    asking.join()
    assert sum(counted.counts().values()) == 2000


# --- all of it ------------------------------------------------------------------------------------------------


def test_measured(impl: Any) -> None:
    sinks = import_module("bgpwire.listen.sink")
    clock = Clock(BEGIN + 7.5)
    sink = sinks.SinkBase("mrt")
    sink.messages, sink.octets = 5, 600
    sink.lost["no place"] += 2
    measured = import_module("bgpwire.listen.measured").Measured([sink], clock=clock)
    before = _named(parsed(measured.render()))
    assert before("bgpwire_errors_total", action="session_reset") == 0
    with pytest.raises(KeyError):
        before("bgpwire_lag_seconds")
    measured.heard(Heard(impl, 'r"1').records(4))
    measured.fault(impl.DecodeError("wrong", action=impl.errors.Action.TREAT_AS_WITHDRAW))
    measured.gap(100)
    measured.gap(20)
    measured.peers_up.set(3)
    measured.routers.set(1)
    measured.sink_failed(sink)
    value = _named(parsed(measured.render()))
    assert value("bgpwire_messages_total", source='r"1', peer="192.0.2.1", asn="64500", type="update") == 2
    assert value("bgpwire_octets_total") == measured.traffic.octets
    assert value("bgpwire_errors_total", action="treat_as_withdraw") == 1
    assert (value("bgpwire_gaps_total"), value("bgpwire_gap_octets_total")) == (2, 120)
    assert (value("bgpwire_peers_up"), value("bgpwire_routers")) == (3, 1)
    assert value("bgpwire_lag_seconds") == pytest.approx(7.499995)
    assert value("bgpwire_sink_messages_total", sink="mrt") == 5
    assert value("bgpwire_sink_octets_total", sink="mrt") == 600
    assert value("bgpwire_sink_lost_total", sink="mrt", reason="no place") == 2
    assert value("bgpwire_sink_errors_total", sink="mrt") == 1
    assert value("process_start_time_seconds") == BEGIN + 7.5
    assert value("process_cpu_seconds_total") > 0
    if os.path.exists("/proc/self/statm"):
        assert value("process_resident_memory_bytes") > 1 << 20


def _named(samples: Any) -> Callable[..., float]:
    return lambda name, **labels: samples[name, frozenset(labels.items())]
