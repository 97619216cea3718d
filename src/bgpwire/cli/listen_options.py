"""The options of ``bgpwire listen``."""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import TYPE_CHECKING

from bgpwire.cli import filters, options
from bgpwire.listen.periods import seconds_of

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable

_SOURCES = """\
bmp://[HOST][:PORT] (routers connect), bgp://[HOST][:PORT] (neighbours connect), ris-live[?host=rrc00&prefix=…],
kafka://HOST[:PORT]/TOPIC[,TOPIC][?group=…], mrt:FILE, bmp:FILE, capture:FILE, or FILE; - is MRT on stdin"""


def register(parser: ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", metavar="SOURCE", help=_SOURCES)
    parser.add_argument(
        "--format",
        "-f",
        choices=("json", "text", "psv", "bgpdump", "none"),
        help="lines, as of dump: text on a terminal, json on a pipe, none where there is another sink",
    )
    parser.add_argument("--buffer", action="store_true", help="write lines 256 KiB or a second together, not at once")
    _sources(parser)
    _sinks(parser)
    parser.add_argument(
        "--kafka-config",
        metavar="FILE",
        help="TLS and SASL of kafka:// and --to-kafka: name=value lines as kcat's (security.protocol, sasl.username …)",
    )
    group = parser.add_argument_group("what is seen of it")
    group.add_argument(
        "--metrics", type=_place("--metrics", 9179), metavar="HOST:PORT", help="Prometheus, GET /metrics"
    )
    group.add_argument("--watch", action="store_true", help="peers and rates, live on this terminal (bgpwire[cli])")
    group.add_argument("--quiet", action="store_true", help="say nothing of connections that come and go")
    filters.register(parser)


def _sources(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("sources")
    group.add_argument(
        "--allow",
        action="append",
        metavar="PREFIX",
        help="who may connect by BMP or BGP: a prefix or address; repeat it",
    )
    group.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"), help="BMP by TLS: certificate and key, PEM files")
    group.add_argument("--local-as", type=options.count, metavar="ASN", help="of this side, for bgp://")
    group.add_argument("--bgp-id", metavar="ADDRESS", help="BGP identifier of this side, for bgp://")
    group.add_argument(
        "--bgp-family", action="append", metavar="FAMILY", help="families to ask for (ipv4-unicast, ipv6-unicast)"
    )
    group.add_argument("--withdraw", action="store_true", help="BMP: withdraw what a peer announced when it goes")
    group.add_argument("--strip-asn", type=options.count, metavar="ASN", help="Kafka: the collector's own AS, as 6447")
    group.add_argument(
        "--follow", action="store_true", help="read on where a file grows, and where another takes its name"
    )


def _sinks(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("sinks")
    group.add_argument("--mrt", metavar="DIR", help="MRT files, updates.20260811.1600.gz")
    group.add_argument("--compress", choices=("gz", "bz2", "xz", "zst", "none"), default="gz", help="of --mrt (gz)")
    group.add_argument("--parquet", metavar="DIR", help="Parquet files, routes.20260811.1600.parquet (bgpwire[arrow])")
    group.add_argument("--rotate", type=_period, default=300, metavar="TIME", help="a file for so long: 5m, 1h (5m)")
    group.add_argument("--duckdb", metavar="FILE", help="a table in this DuckDB database (bgpwire[sql])")
    group.add_argument("--table", default="routes", metavar="NAME", help="of --duckdb (routes)")
    group.add_argument("--fields", metavar="NAMES", help="columns of --parquet and --duckdb, with commas between")
    group.add_argument("--to-kafka", metavar="HOST:PORT/TOPIC", help="JSON lines into a topic (bgpwire[kafka])")


def _period(text: str) -> int:
    try:
        return seconds_of(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None


def _place(option: str, port: int) -> Callable[[str], tuple[str, int]]:
    """Reads ``HOST:PORT``, ``:PORT`` or ``HOST``; the host is the loopback unless it is said."""

    def read(text: str) -> tuple[str, int]:
        host, colon, number = text.rpartition(":")
        if not colon or (text.startswith("[") and text.endswith("]")):
            host, number = text, str(port)
        if not number.isascii() or not number.isdecimal() or int(number) > 0xFFFF:
            raise ArgumentTypeError(f"{option}: {text!r} is no HOST:PORT")
        return host.strip("[]") or "127.0.0.1", int(number)

    return read
