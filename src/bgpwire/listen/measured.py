"""The metrics of ``bgpwire listen``: what there is under which name."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bgpwire.errors import Action
from bgpwire.listen.metrics import Registry
from bgpwire.listen.traffic import TYPES, Traffic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bgpwire.errors import DecodeError
    from bgpwire.listen.metrics import Values
    from bgpwire.listen.records import Records
    from bgpwire.listen.sink import Sink

__all__ = ["Measured"]

_STATM: Final = Path("/proc/self/statm")


class Measured:
    """Is told what happens, and :meth:`render` says it as metrics. ``sinks`` are asked each time."""

    def __init__(
        self, sinks: Sequence[Sink] = (), most_peers: int = 1000, clock: Callable[[], float] = time.time
    ) -> None:
        """``most_peers`` is how many peers are told apart."""
        self.traffic = Traffic(most_peers)
        self._sinks = sinks
        self._clock = clock
        self._registry = registry = Registry()
        labels = ("source", "peer", "asn", "type")
        # Of a peer there is a value for each type of message: it is the traffic that bounds them.
        most = (most_peers + 1) * (len(TYPES) + 1)
        messages = registry.counter("bgpwire_messages_total", "Messages that were heard.", labels, most)
        messages.read(lambda: self.traffic.counts().items())
        octets = registry.counter("bgpwire_octets_total", "Octets of MRT records of what was heard.")
        octets.read(lambda: _one(self.traffic.octets))
        self._errors = registry.counter(
            "bgpwire_errors_total", "Errors in messages, by what RFC 7606 asks for.", ("action",)
        )
        for action in Action:
            self._errors.add(0, str(action))
        self._gaps = registry.counter("bgpwire_gaps_total", "Places where octets of a source were stepped over.")
        self._gap_octets = registry.counter("bgpwire_gap_octets_total", "Octets that were stepped over.")
        self._gaps.add(0)
        self._gap_octets.add(0)
        self.peers_up = registry.gauge("bgpwire_peers_up", "Sessions that stand.")
        """To be set by who knows."""
        self.routers = registry.gauge("bgpwire_routers", "Routers, collectors or files that are listened to.")
        """To be set by who knows."""
        lag = registry.gauge("bgpwire_lag_seconds", "Now less the time that the message heard last has of its source.")
        lag.read(self._lag)
        self._sink_counts(registry)
        self._process(registry)

    def heard(self, records: Records) -> None:
        """Count records."""
        self.traffic.add(records)

    def fault(self, error: DecodeError) -> None:
        """Count an error of a message."""
        self._errors.add(1, str(error.action))

    def gap(self, octets: int) -> None:
        """Count octets that were stepped over in one place."""
        self._gaps.add(1)
        self._gap_octets.add(octets)

    def sink_failed(self, sink: Sink) -> None:
        """Count an error of a sink."""
        self._failures.add(1, sink.name)

    def render(self) -> bytes:
        """All of it in Prometheus' text format."""
        return self._registry.render()

    def _sink_counts(self, registry: Registry) -> None:
        labels = ("sink",)
        written: tuple[tuple[str, str, Callable[[Sink], float]], ...] = (
            ("messages", "Messages that a sink took.", lambda sink: sink.messages),
            ("routes", "Routes that a sink wrote.", lambda sink: sink.routes),
            ("octets", "Octets that a sink wrote.", lambda sink: sink.octets),
        )
        for name, text, value in written:
            metric = registry.counter(f"bgpwire_sink_{name}_total", text, labels)
            metric.read(partial(self._of_sinks, value))
        lost = registry.counter("bgpwire_sink_lost_total", "Messages that a sink has no place for.", ("sink", "reason"))
        lost.read(
            lambda: [((sink.name, why), count) for sink in self._sinks for why, count in sink.lost.copy().items()]
        )
        self._failures = registry.counter("bgpwire_sink_errors_total", "Errors of a sink.", labels)

    def _of_sinks(self, value: Callable[[Sink], float]) -> Values:
        return [((sink.name,), value(sink)) for sink in self._sinks]

    def _lag(self) -> Values:
        latest = self.traffic.latest
        return () if latest is None else _one(self._clock() - latest)

    def _process(self, registry: Registry) -> None:
        started = self._clock()
        begun = registry.gauge("process_start_time_seconds", "When listening began, in seconds since 1970.")
        begun.set(started)
        spent = registry.counter("process_cpu_seconds_total", "Seconds of processor time.")
        spent.read(lambda: _one(time.process_time()))
        resident = registry.gauge("process_resident_memory_bytes", "Memory that is held, in octets.")
        resident.read(_resident)


def _one(value: float) -> Iterable[tuple[Sequence[str], float]]:
    return (((), value),)


def _resident() -> Iterator[tuple[Sequence[str], float]]:
    """Of this process, where the system says it."""
    with suppress(OSError, ValueError, IndexError, AttributeError):
        yield (), float(int(_STATM.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE"))
