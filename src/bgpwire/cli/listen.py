"""``bgpwire listen``: routes the moment they are heard, as lines, files, a database, a topic, metrics."""

from __future__ import annotations

import asyncio
import signal
import warnings
from contextlib import AsyncExitStack, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from bgpwire.cli import filters, listen_options
from bgpwire.cli.listen_sinks import sinks_of
from bgpwire.cli.listen_sources import sources_of
from bgpwire.cli.listen_watch import Watch
from bgpwire.cli.report import complain
from bgpwire.errors import BgpwireError
from bgpwire.listen.measured import Measured
from bgpwire.listen.places import place_of
from bgpwire.listen.pump import Pump
from bgpwire.listen.serve_metrics import serve_metrics
from bgpwire.listen.sink import SinkBase

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from bgpwire.errors import DecodeError
    from bgpwire.listen.places import Place
    from bgpwire.listen.sink import Sink
    from bgpwire.route.kernels import Event

DESCRIPTION = """\
Print routes the moment they are heard: of routers by BMP, of neighbours by BGP, of RIS Live, of Kafka, of captures,
pipes and files that grow; or write them to MRT or Parquet files, a DuckDB database, a topic of Kafka. SIGTERM and ^C
end it when all that was received is written. Without a host it listens on the loopback: BMP authenticates nobody."""


def register(parser: ArgumentParser) -> None:
    listen_options.register(parser)
    parser.set_defaults(run=run)


class Told:
    """What is said on standard error, and what the exit status comes to."""

    def __init__(self, quiet: bool) -> None:
        self.faults = 0
        self.unreadable = False
        self.measured: Measured | None = None
        self._quiet = quiet
        self._said: set[str] = set()

    @property
    def status(self) -> int:
        return 2 if self.unreadable else 1 if self.faults else 0

    def render(self) -> bytes:
        """The metrics, once there is something to measure."""
        return b"" if self.measured is None else self.measured.render()

    def say(self, text: str) -> None:
        """What goes well."""
        if not self._quiet:
            complain(text)

    def fault(self, event: Event, error: DecodeError) -> None:
        """A message whose routes cannot be read: the first ten are shown."""
        self.faults += 1
        if self.measured is not None:
            self.measured.fault(error)
        if self.faults <= _SHOWN:
            complain(f"{event.file or 'message'}: {error}")
        elif self.faults == _SHOWN + 1:
            complain("and more that cannot be read; they are counted")

    def sink_trouble(self, sink: Sink, text: str) -> None:
        """What went wrong with a sink, which goes on."""
        if self.measured is not None:
            self.measured.sink_failed(sink)
        complain(f"{sink.name}: {text}")

    def trouble(self, text: str) -> None:
        """What went wrong with a source, which the others go on without."""
        self.faults += 1
        complain(text)


_SHOWN = 10


def run(args: Namespace) -> int:
    told = Told(args.quiet)
    try:
        places = [place_of(word) for word in args.sources]
        wanted = filters.chosen(args)
        args.kafka = _kafka(args, places)
    except (ValueError, OSError) as error:
        complain(_reason(error))
        return 2
    # What a reader of a file says at its end.
    warnings.showwarning = lambda message, *_: told.trouble(str(message))
    try:
        asyncio.run(_listen(args, places, wanted, told))
    except (ValueError, ImportError, BgpwireError) as error:
        complain(_reason(error))
        return 2
    except BrokenPipeError:
        raise
    except OSError as error:
        complain(_reason(error))
        return 2
    return told.status


def _kafka(args: Namespace, places: list[Place]) -> dict[str, Any] | None:
    """What ``--kafka-config`` says, read once: it may be a pipe. ValueError, OSError."""
    if args.kafka_config is None:
        return None
    if args.to_kafka is None and all(place.kind != "kafka" for place in places):
        raise ValueError("--kafka-config: there is neither a kafka:// source nor --to-kafka")
    from bgpwire.live.kafka import read_config

    return read_config(args.kafka_config)


async def _listen(args: Namespace, places: list[Place], wanted: Any, told: Told) -> None:
    loop = asyncio.get_running_loop()
    async with AsyncExitStack() as stack:
        # What may fail comes before the sinks: they are opened to be written to.
        sources = sources_of(args, places, told)
        if args.watch:
            Watch.check()
        if args.metrics is not None:
            host, port = args.metrics
            server = await stack.enter_async_context(await serve_metrics(host, port, told.render))
            for host, port in server.addresses:
                told.say(f"metrics at http://{host}:{port}/metrics")
        sinks = await sinks_of(args, wanted, told.fault)
        pump = Pump(sinks)
        told.measured = measured = Measured(sinks)
        pump.on_records = measured.heard
        measured.routers.read(lambda: [((), sum(source.routers for source in sources))])
        measured.peers_up.read(lambda: [((), sum(source.peers_up for source in sources))])
        for sink in sinks:
            if isinstance(sink, SinkBase):
                sink.on_trouble = partial(told.sink_trouble, sink)
            for name in getattr(sink, "recovered", ()):
                told.say(f"{sink.name}: {name} was left by an earlier process, and is completed")
        if args.watch:
            await stack.enter_async_context(Watch(measured, sources))
        work = asyncio.ensure_future(pump.run([source.run(pump) for source in sources]))
        for number in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError):  # no signals of this kind on this system
                loop.add_signal_handler(number, work.cancel)
        with suppress(asyncio.CancelledError):
            await work
    if pump.unusable:
        complain(f"{pump.unusable} messages name no peer, and are left out")


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror)
    return str(error)
