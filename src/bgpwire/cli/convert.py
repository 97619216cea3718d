"""``bgpwire convert``: the routes of MRT files as a file of columns, or their records packed anew."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, closing
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from bgpwire.cli import filters, options
from bgpwire.cli.conversion import KINDS, PIECE, Kind, kind_of, writing
from bgpwire.cli.convert_folder import Folder, is_folder
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
only with --force. Where OUT is a folder (OUT/), each input becomes a file in it, named after it, of the kind that
--format says, as many at a time as --jobs says. docs/columns.md lists columns."""


def register(parser: ArgumentParser) -> None:
    options.add_files(parser)
    parser.add_argument("output", metavar="OUT", help=f"the file to write: {', '.join(KINDS)}; or a folder")
    forms = [suffix[1:] for suffix in KINDS]
    parser.add_argument("--format", choices=forms, help="of the files in a folder (parquet)")
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
    folder = None
    try:
        if is_folder(args.output):
            if args.limit is not None or args.merge:
                raise ValueError("--limit and --merge are for one file, not for a folder")
            folder = Folder(args.output, args.format or "parquet", names, args.force)
        kind = _kind(args, names) if folder is None else folder.kind
        wanted = filters.chosen(args)
        columns = _columns(args, kind, wanted)
    except ValueError as error:
        complain(str(error))
        return 2
    outcome = Outcome()
    archive = outcome.archive(
        names, args.add_path, args.multiple_labels, args.jobs, args.merge, forks=folder is not None
    )
    outcome.check(archive.names)
    if outcome.unreadable:
        return outcome.status
    if folder is not None:
        return _fill(folder, archive, columns, wanted, args.profile, outcome)
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
    found = kind_of(name)
    if found is None:
        raise ValueError(f"{args.output}: the name of what is written ends in {', '.join(KINDS)}")
    if args.format is not None:
        raise ValueError("--format is for a folder: the name of a file says what it is")
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
    count = 0
    most = _ROWS if args.limit is None else min(args.limit, _ROWS)
    with ExitStack() as stack:
        write = stack.enter_context(writing(out, kind, columns))
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


def _fill(
    folder: Folder,
    archive: Archive,
    columns: Columns | None,
    wanted: Filter | None,
    profile: str | None,
    outcome: Outcome,
) -> int:
    """Write a file for each input; the exit status."""
    counted = "records" if columns is None else "routes"
    count = 0
    done: set[str] = set()
    try:
        with (
            Progress(archive, sys.stderr.isatty(), counted) as progress,
            closing(folder.write(archive, columns, wanted, _ROWS, profile)) as items,
        ):
            for made in items:
                count += made.more
                progress.advance(made.more)
                if made.name is not None:
                    done.add(made.name)
    except ImportError as error:
        complain(str(error))
        return 2
    for name in archive.names:
        if name not in done:
            complain(f"{folder.output(name)} is not written")
    print(f"{count} {counted} in {len(done)} file{'' if len(done) == 1 else 's'} in {folder.path}")
    return outcome.status


def _copy(archive: Archive, out: BinaryIO, outcome: Outcome) -> int:
    """Copy the octets of all files; how many records there are in them."""
    count = 0
    with (
        Progress(archive, sys.stderr.isatty(), "records") as progress,
        closing(archive._in_turn(lambda file: file.copy(out.write))) as records,
    ):
        while number := sum(1 for _ in islice(records, PIECE)):
            count += number
            progress.advance(number)
            if outcome.unreadable or outcome.foreign:
                break
    return count
