"""``bgpwire dump``: the routes of MRT files as JSON, text, pipe-separated values, or as bgpdump prints them."""

from __future__ import annotations

import io
import sys
from contextlib import ExitStack, closing
from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING, Any, TextIO

from bgpwire.cli import filters, options
from bgpwire.cli.output import refusal
from bgpwire.cli.progress import Progress
from bgpwire.cli.report import Outcome, complain, fault_of_opening, prepare
from bgpwire.mrt.places import is_stream, names_of
from bgpwire.text import bgpdump, human, jsonl, psv
from bgpwire.text.paint import can_colour, painter

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterator

    from bgpwire.cli.forked import ForkedArchive
    from bgpwire.mrt import Archive

_PIECE = 2048
"""Routes rendered at a time; small enough for an even flow, large enough to be written at speed."""

DESCRIPTION = """\
Print the routes of MRT files: updates (BGP4MP and what came before it), TABLE_DUMP and TABLE_DUMP_V2, compressed or
not, - for standard input. JSON lines on a pipe, coloured text on a terminal."""


def register(parser: ArgumentParser) -> None:
    options.add_files(parser)
    options.add_merge(parser)
    options.add_jobs(parser)
    parser.add_argument(
        "--format",
        "-f",
        choices=("json", "text", "psv", "bgpdump"),
        help="json: one object a line; text: for people; psv: as bgpkit-parser --psv; bgpdump: as bgpdump -m",
    )
    parser.add_argument("--output", "-o", metavar="FILE", help="write there and not to standard output")
    parser.add_argument("--force", action="store_true", help="let --output write over a file that is there")
    parser.add_argument("--limit", "-n", type=options.count, metavar="N", help="stop after N routes")
    options.add_what_no_file_says(parser)
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="of --format text")
    parser.add_argument("--messages", action="store_true", help="whole BGP messages as JSON, not routes")
    filters.register(parser)
    parser.set_defaults(run=run)


def formatter(args: Namespace, out: TextIO) -> tuple[str, Callable[[Any], str]]:
    """What stands above the first line, and the function from route to line."""
    if args.messages:
        return "", lambda message: jsonl.compact(message.json()) + "\n"
    match args.format or ("text" if out.isatty() else "json"):
        case "text":
            wanted = args.color == "always" or (args.color == "auto" and can_colour(out))
            return "", human.formatter(painter(wanted))
        case "psv":
            return psv.HEADER, psv.formatter()
        case "bgpdump":
            return "", bgpdump.formatter()
    return "", jsonl.formatter()


def _flow(routes: Iterator[Any], archive: Archive, out: TextIO, line: Callable[[Any], str], progress: Progress) -> None:
    """As ``_write``, of a source that is still being written: before each wait for more all is written so far."""
    lines: list[str] = []

    def write() -> None:
        out.write("".join(lines))
        progress.advance(len(lines))
        lines.clear()

    def flush() -> None:
        write()
        out.flush()

    archive.on_wait = flush
    for route in routes:
        lines.append(line(route))
        if len(lines) == _PIECE:
            write()
    write()


def _takes_lines(args: Namespace) -> bool:
    """Whether lines are made many at a time, and written as octets. A terminal may have an encoding of its own, and
    people see lines come one by one."""
    plain = args.format != "text" and not args.messages and args.limit is None
    if not plain or args.output is not None:
        return plain
    return isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty()


def _pour(
    pieces: Iterator[bytes], archive: Archive, begin: Callable[[], tuple[Any, Any]], progress: Progress, watched: bool
) -> None:
    """Write lines as they come."""
    for piece in pieces:
        out, _ = begin()
        out.flush()
        out.buffer.write(piece)
        if archive.live:
            out.flush()
        if watched:
            progress.advance(piece.count(b"\n"))


def _divide(
    archive: ForkedArchive, begin: Callable[[], tuple[TextIO, Any]], args: Namespace, progress: Progress, watched: bool
) -> None:
    """Have the processes write the lines that they make."""
    descriptor = -1
    if args.output is None or any(fault_of_opening(name) is None for name in archive.names):
        out, _ = begin()
        out.flush()
        descriptor = out.fileno()
    for lines in archive.write(descriptor, args.format or "json", filters.chosen(args), watched):
        progress.advance(lines)


def _write(pieces: Iterator[Any], begin: Callable[[], tuple[TextIO, Callable[[Any], str]]], progress: Progress) -> None:
    """Render and write all there are."""
    size = _PIECE
    while piece := list(islice(pieces, size)):
        out, line = begin()
        size = 64 if out.isatty() else _PIECE
        out.write("".join(map(line, piece)))
        progress.advance(len(piece))


def _begin(args: Namespace, stack: ExitStack) -> tuple[TextIO, Callable[[Any], str]]:
    """Where the lines go, and what makes them. A file is emptied when there is something to read, not before."""
    out = sys.stdout
    if args.output is not None:
        out = stack.enter_context(open(args.output, "w", encoding="utf-8", newline="\n"))  # noqa: SIM115
    prepare(out)
    header, line = formatter(args, out)
    out.write(header)
    return out, line


def run(args: Namespace) -> int:
    outcome = Outcome()
    try:
        accept = filters.for_messages(args) if args.messages else filters.predicate(args)
    except ValueError as error:
        complain(str(error))
        return 2
    archive = outcome.archive(
        names_of(args.files), args.add_path, args.multiple_labels, args.jobs, args.merge, forks=_takes_lines(args)
    )
    if args.output is not None and (refused := refusal(args.output, archive.names, args.force)):
        complain(refused)
        return 2
    from bgpwire.cli.forked import ForkedArchive as Forked

    with ExitStack() as stack:
        begin = cache(partial(_begin, args, stack))
        if args.output is None or args.limit == 0:
            begin()
        if args.limit == 0:
            return outcome.status
        watched = sys.stderr.isatty() and (args.output is not None or not sys.stdout.isatty())
        with Progress(archive, watched) as progress:
            if isinstance(archive, Forked):
                _divide(archive, begin, args, progress, watched)
            elif _takes_lines(args):
                text = archive.text(args.format or "json", filters.chosen(args), header=False)
                _pour(text, archive, begin, progress, watched)
            else:
                # Closed before what was left unread is counted.
                with closing(archive.messages() if args.messages else archive.routes()) as source:
                    routes: Iterator[Any] = islice(filter(accept, source) if accept else source, args.limit)
                    if any(map(is_stream, archive.names)):
                        _flow(routes, archive, *begin(), progress)
                    else:
                        _write(routes, begin, progress)
        if any(report.opened for report in archive.reports):
            out, _ = begin()
            out.flush()
    return outcome.status
