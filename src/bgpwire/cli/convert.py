"""``bgpwire convert``: the routes of MRT files as a file of columns, or their records packed anew."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, closing
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from bgpwire.cli import filters, options
from bgpwire.cli.output import NewFile, packing, refusal
from bgpwire.cli.progress import Progress
from bgpwire.cli.report import Outcome, complain
from bgpwire.mrt.places import names_of

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from bgpwire.columns import Columns
    from bgpwire.mrt import Archive
    from bgpwire.route.filter import Filter

_ROWS = 1 << 17
"""In a batch, and so in a row group of Parquet: what engines read in one go by one thread."""
_PIECE = 4096
"""Records between two looks at the progress bar."""
_TEXTS = {
    "as_path": "as_path_text",
    "communities": "communities_text",
    "large_communities": "large_communities_text",
}
"""What stands in CSV where no fields are named: there lists are text anyway."""

DESCRIPTION = """\
Write the routes of MRT files into one file of columns, OUT.parquet, OUT.arrow or OUT.csv (OUT.csv.gz, OUT.csv.zst); or
the files as they are, octet for octet, into an archive that is fast to read, OUT.mrt.zst, OUT.mrt.gz or OUT.mrt. OUT
appears when all is written, and not at all if a file cannot be opened or is no MRT; a file that is there is replaced
only with --force. docs/columns.md lists columns."""


class Kind(NamedTuple):
    """What is made: ``parquet``, ``arrow``, ``csv`` or ``mrt``, and how it is packed."""

    form: str
    packed: str = ""


_KINDS = {
    ".parquet": Kind("parquet"),
    ".arrow": Kind("arrow"),
    ".csv": Kind("csv"),
    ".csv.gz": Kind("csv", ".gz"),
    ".csv.zst": Kind("csv", ".zst"),
    ".mrt": Kind("mrt"),
    ".mrt.gz": Kind("mrt", ".gz"),
    ".mrt.zst": Kind("mrt", ".zst"),
}


def register(parser: ArgumentParser) -> None:
    options.add_files(parser)
    parser.add_argument("output", metavar="OUT", help=f"the file to write: {', '.join(_KINDS)}")
    parser.add_argument("--fields", metavar="NAME,NAME…", help="the columns, in this order")
    parser.add_argument("--profile", choices=("spark",), help="of .parquet and .arrow: the types that Spark has")
    parser.add_argument("--limit", "-n", type=options.count, metavar="N", help="stop after N routes")
    parser.add_argument("--force", action="store_true", help="let OUT take the place of a file that is there")
    options.add_jobs(parser)
    options.add_merge(parser)
    options.add_what_no_file_says(parser)
    filters.register(parser)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    names = names_of(args.files)
    try:
        kind = _kind(args, names)
        wanted = filters.chosen(args)
        columns = _columns(args, kind, wanted)
    except ValueError as error:
        complain(str(error))
        return 2
    outcome = Outcome()
    archive = outcome.archive(names, args.add_path, args.multiple_labels, args.jobs, args.merge)
    outcome.check(archive.names)
    if outcome.unreadable:
        return outcome.status
    try:
        with NewFile(args.output) as (new, out), packing(out, kind.packed) as packed:
            if columns is None:
                count = _copy(archive, packed, outcome)
            else:
                count = _write(args, archive, packed, kind, columns, wanted, outcome)
            if not outcome.unreadable and not outcome.foreign:
                new.keep()
    except ImportError as error:
        complain(str(error))
        return 2
    if outcome.unreadable or outcome.foreign:
        complain(f"{args.output} is not written")
    else:
        print(f"{count} {'records' if columns is None else 'routes'} in {args.output}")
    return outcome.status


def _kind(args: Namespace, names: list[str]) -> Kind:
    """What the name of OUT asks for. ValueError for what cannot be."""
    name = os.path.basename(args.output)
    found = next((kind for suffix, kind in _KINDS.items() if name.endswith(suffix) and name != suffix), None)
    if found is None:
        raise ValueError(f"{args.output}: the name of what is written ends in {', '.join(_KINDS)}")
    if refused := refusal(args.output, names, args.force, whole=True):
        raise ValueError(refused)
    return found


def _columns(args: Namespace, kind: Kind, wanted: Filter | None) -> Columns | None:
    """The columns of OUT, of no file; ``None`` where records are copied. ValueError for unknown names."""
    if kind.form == "mrt":
        if wanted is not None or args.fields is not None or args.limit is not None or args.profile or args.merge:
            given = "--fields, --profile, --limit, --merge and filters"
            raise ValueError(f"records are copied as they are: {given} are for routes")
        return None
    if kind.form == "csv" and args.profile is not None:
        raise ValueError("--profile: CSV has no types")
    from bgpwire import columns

    fields = None if args.fields is None else [name.strip() for name in args.fields.split(",")]
    if fields is None and kind.form == "csv":
        fields = [_TEXTS.get(name, name) for name in columns.DEFAULT]
    return columns.read((), fields, profile=args.profile)


def _write(
    args: Namespace,
    archive: Archive,
    out: BinaryIO,
    kind: Kind,
    columns: Columns,
    wanted: Filter | None,
    outcome: Outcome,
) -> int:
    """Write the routes; how many there were."""
    from bgpwire.columns import writers

    make: Any = {"parquet": writers.parquet, "arrow": writers.arrow, "csv": writers.csv_text}[kind.form]
    count = 0
    most = _ROWS if args.limit is None else min(args.limit, _ROWS)
    with ExitStack() as stack:
        write = stack.enter_context(make(out, columns))
        progress = stack.enter_context(Progress(archive, sys.stderr.isatty()))
        if not most:
            return 0
        # Closed before what was left unread is counted.
        batches = archive.columns(columns.column_names, wanted, most, args.profile)
        for batch in stack.enter_context(closing(iter(batches))):
            if args.limit is not None:
                batch = batch.head(args.limit - count)
            write(batch)
            count += len(batch)
            progress.advance(len(batch))
            if count == args.limit or outcome.unreadable or outcome.foreign:
                break
    return count


def _copy(archive: Archive, out: BinaryIO, outcome: Outcome) -> int:
    """Copy the octets of all files; how many records there are in them."""
    count = 0
    with (
        Progress(archive, sys.stderr.isatty(), "records") as progress,
        closing(archive._in_turn(lambda file: file.copy(out.write))) as records,
    ):
        while number := sum(1 for _ in islice(records, _PIECE)):
            count += number
            progress.advance(number)
            if outcome.unreadable or outcome.foreign:
                break
    return count
