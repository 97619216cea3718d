"""What ``bgpwire listen`` writes to."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, BinaryIO

from bgpwire.cli.report import prepare
from bgpwire.listen.sink import SinkBase
from bgpwire.listen.sink_lines import LinesSink
from bgpwire.text import human
from bgpwire.text.paint import can_colour, painter

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from bgpwire.errors import DecodeError
    from bgpwire.listen.records import Records
    from bgpwire.listen.sink import Sink
    from bgpwire.route.filter import Filter
    from bgpwire.route.kernels import Event

    type OnFault = Callable[[Event, DecodeError], object]


class TextSink(SinkBase):
    """Lines for people, as ``dump`` has them."""

    def __init__(self, wanted: Filter | None, on_fault: OnFault) -> None:
        super().__init__("text")
        self._wanted = None if wanted is None else wanted.predicate
        self._on_fault = on_fault
        self._line = human.formatter(painter(can_colour(sys.stdout)))

    def write(self, records: Records) -> None:
        lines = [
            self._line(route) for route in records.routes(self._on_fault) if self._wanted is None or self._wanted(route)
        ]
        self.routes += len(lines)
        self.messages += records.messages
        sys.stdout.write("".join(lines))
        sys.stdout.flush()

    def tick(self, now: float) -> None:
        """All is written."""

    def close(self) -> None:
        """All is written."""


async def sinks_of(args: Namespace, wanted: Filter | None, on_fault: OnFault) -> list[Sink]:
    """What the options ask for; faults are heard by the first that decodes, so that none is told twice. ImportError for
    what is not installed, ValueError for columns that there are not, OSError."""
    out: list[Sink] = []
    hear: Any = on_fault

    def heard_once() -> Any:
        nonlocal hear
        found, hear = hear, None
        return found

    fields = None if args.fields is None else args.fields.split(",")
    format = args.format
    if format is None:
        others = args.mrt or args.parquet or args.duckdb or args.to_kafka or args.watch
        format = "none" if others else "text" if sys.stdout.isatty() else "json"
    if format == "text":
        prepare(sys.stdout)
        out.append(TextSink(wanted, heard_once()))
    elif format != "none":
        out.append(LinesSink(_stdout(), format, wanted, args.buffer, heard_once()))
    if args.mrt is not None:
        from bgpwire.listen.sink_mrt import MrtSink

        suffix = "" if args.compress == "none" else f".{args.compress}"
        out.append(MrtSink(args.mrt, args.rotate, "updates.{time}" + (suffix or ".mrt")))
    if args.parquet is not None:
        from bgpwire.listen.sink_parquet import ParquetSink

        out.append(ParquetSink(args.parquet, args.rotate, fields=fields, filter=wanted, on_fault=heard_once()))
    if args.duckdb is not None:
        from bgpwire.listen.sink_duckdb import DuckDbSink

        out.append(DuckDbSink(args.duckdb, args.table, fields, wanted, heard_once()))
    if args.to_kafka is not None:
        from bgpwire.listen.sink_kafka import KafkaSink

        servers, slash, topic = args.to_kafka.removeprefix("kafka://").partition("/")
        if not slash or not topic:
            raise ValueError(f"--to-kafka: {args.to_kafka!r} is no HOST:PORT/TOPIC")
        sink = KafkaSink(servers, topic, wanted, heard_once(), args.kafka)
        await sink.open()
        out.append(sink)
    return out


def _stdout() -> BinaryIO:
    sys.stdout.flush()
    return sys.stdout.buffer
