"""``bgpwire table``: the table of a collector at an instant, out of its files."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

from bgpwire.cli import filters, options
from bgpwire.cli.conversion import kind_of, writing
from bgpwire.cli.dump import formatter
from bgpwire.cli.output import NewFile, packing, refusal
from bgpwire.cli.progress import Progress
from bgpwire.cli.report import Outcome, complain, prepare
from bgpwire.errors import MrtError
from bgpwire.mrt.places import names_of
from bgpwire.rib import Plan, Table, plan

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from bgpwire.cli.conversion import Kind
    from bgpwire.mrt import MrtFile
    from bgpwire.route.filter import Filter

DESCRIPTION = """\
Print the table of a collector at an instant: the last table (bview, rib) that is of that time or before it, and the
updates from then on, whichever of them are needed; what they are, and from when, their names say. --output writes a
file instead: OUT.parquet, OUT.arrow, OUT.csv, or an archive that is a table itself, OUT.mrt, OUT.mrt.gz, OUT.mrt.zst.
Updates that are missing are named, and the exit status is 1."""


def register(parser: ArgumentParser) -> None:
    options.add_files(parser)
    parser.add_argument("--at", metavar="TIME", help="2016-08-11T16:03:00, UTC, or seconds since 1970; else the end")
    parser.add_argument(
        "--empty", action="store_true", help="begin with an empty table where no file is one, with the first updates"
    )
    parser.add_argument("--format", "-f", choices=("json", "text", "psv", "bgpdump"), help="of lines, as of dump")
    parser.add_argument("--output", "-o", metavar="OUT", help="write a file: what it is, its name says")
    parser.add_argument("--force", action="store_true", help="let --output write over a file that is there")
    parser.add_argument("--limit", "-n", type=options.count, metavar="N", help="stop after N routes, of lines")
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="of --format text")
    options.add_what_no_file_says(parser)
    filters.register(parser)
    parser.set_defaults(run=run, messages=False)


def run(args: Namespace) -> int:
    outcome = Outcome()
    try:
        names = names_of(args.files)
        kind = None if args.output is None else _kind(args, names)
        wanted = filters.chosen(args)
        chosen = plan(args.at, names, args.empty)
    except (ValueError, OSError, MrtError) as error:
        complain(str(error))
        return 2
    table = _table(args, chosen, outcome)
    for first, last in [*chosen.missing, *chosen.silence(table)]:
        complain(f"no updates from {_utc(first)} to {_utc(last)} are among the files")
        outcome.skipped = True
    if outcome.unreadable:
        return outcome.status
    timestamp = None if args.at is None else chosen.time
    if kind is not None:
        _write(args, table, timestamp, kind, wanted)
    else:
        _print(args, table.archive(timestamp), wanted)
    return outcome.status


def _kind(args: Namespace, names: list[str]) -> Kind:
    """What the name of OUT asks for. ValueError for what cannot be."""
    found = kind_of(os.path.basename(args.output))
    if found is None:
        raise ValueError(f"{args.output}: the name of what is written says what it is: OUT.parquet, OUT.mrt.gz …")
    if args.format is not None or args.limit is not None:
        raise ValueError("--format and --limit are for lines")
    if found.form == "mrt" and filters.chosen(args) is not None:
        raise ValueError("an archive has the whole table: filters are for lines and columns")
    if refused := refusal(args.output, names, args.force, whole=True):
        raise ValueError(refused)
    return found


def _table(args: Namespace, chosen: Plan, outcome: Outcome) -> Table:
    table = Table()
    for names, filter in chosen.steps:
        archive = outcome.archive(names, args.add_path, args.multiple_labels)
        with Progress(archive, sys.stderr.isatty()) as progress:
            for count in table.loading(archive, filter):
                progress.advance(count)
    return table


def _write(args: Namespace, table: Table, timestamp: float | None, kind: Kind, wanted: Filter | None) -> None:
    count = table.routes if kind.form == "mrt" else 0
    with NewFile(args.output) as (new, out), packing(out, kind.packed) as packed:
        if kind.form == "mrt":
            table.write(packed, timestamp)
        else:
            columns = table.archive(timestamp).columns(filter=wanted)
            with ExitStack() as stack:
                write = stack.enter_context(writing(packed, kind, columns))
                for batch in columns:
                    write(batch)
                    count += len(batch)
        new.keep()
    print(f"{count} routes in {args.output}")


def _print(args: Namespace, archive: MrtFile, wanted: Filter | None) -> None:
    out = sys.stdout
    prepare(out)
    header, line = formatter(args, out)
    if args.format == "text" or args.limit is not None or out.isatty():
        out.write(header)
        routes = (route for route in archive if wanted is None or wanted(route))
        out.writelines(map(line, islice(routes, args.limit)))
        return
    out.flush()
    for octets in archive.text(args.format or "json", wanted):
        out.buffer.write(octets)


def _utc(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}"
