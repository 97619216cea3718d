"""``bgpwire dump``: the routes of MRT files as JSON, text, pipe-separated values, or as bgpdump prints them."""

from __future__ import annotations

import io
import sys
from contextlib import ExitStack
from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING, Any, TextIO, TypeGuard

from bgpwire.cli import filters, options
from bgpwire.cli.output import refusal
from bgpwire.cli.progress import Progress
from bgpwire.cli.report import Outcome, complain, prepare
from bgpwire.text import bgpdump, human, jsonl, psv
from bgpwire.text.paint import can_colour, painter

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterator

    from bgpwire.mrt import MrtFile

_PIECE = 2048
"""Routes rendered at a time; small enough for an even flow, large enough to be written at speed."""

DESCRIPTION = """\
Print the routes of MRT files: updates (BGP4MP and what came before it), TABLE_DUMP and TABLE_DUMP_V2, compressed or
not, - for standard input. JSON lines on a pipe, coloured text on a terminal."""


def register(parser: ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="MRT, plain, gzip, bzip2, xz or zstd; - is stdin")
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


def _formatter(args: Namespace, out: TextIO) -> tuple[str, Callable[[Any], str]]:
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


def _source(file: MrtFile, args: Namespace, accept: Callable[[Any], bool] | None) -> Iterator[Any]:
    source: Iterator[Any] = file.messages() if args.messages else file.routes()
    return source if accept is None else filter(accept, source)


def _flow(routes: Iterator[Any], file: MrtFile, out: TextIO, line: Callable[[Any], str], progress: Progress) -> int:
    """As ``_write``, of a source that is still being written: before each wait for more all is written so far."""
    number = 0
    lines: list[str] = []

    def write() -> None:
        nonlocal number
        out.write("".join(lines))
        number += len(lines)
        progress.advance(len(lines))
        lines.clear()

    def flush() -> None:
        write()
        out.flush()

    file.on_wait = flush
    for route in routes:
        lines.append(line(route))
        if len(lines) == _PIECE:
            write()
    write()
    return number


def _takes_lines(out: TextIO, args: Namespace) -> TypeGuard[io.TextIOWrapper]:
    """Whether lines are made many at a time, and written as octets. A terminal may have an encoding of its own, and
    people see lines come one by one."""
    plain = args.format != "text" and not args.messages and args.limit is None
    return plain and isinstance(out, io.TextIOWrapper) and not out.isatty()


def _pour(pieces: Iterator[bytes], file: MrtFile, out: io.TextIOWrapper, progress: Progress, watched: bool) -> None:
    """Write lines as they come."""
    out.flush()
    for piece in pieces:
        out.buffer.write(piece)
        if file.live:
            out.flush()
        if watched:
            progress.advance(piece.count(b"\n"))
    out.flush()


def _write(pieces: Iterator[Any], out: TextIO, line: Callable[[Any], str], progress: Progress) -> int:
    """Render and write all there are; gives their number."""
    number = 0
    size = 64 if out.isatty() else _PIECE
    while piece := list(islice(pieces, size)):
        out.write("".join(map(line, piece)))
        number += len(piece)
        progress.advance(len(piece))
    return number


def _begin(args: Namespace, stack: ExitStack) -> tuple[TextIO, Callable[[Any], str]]:
    """Where the lines go, and what makes them. A file is emptied when there is something to read, not before."""
    out = sys.stdout
    if args.output is not None:
        out = stack.enter_context(open(args.output, "w", encoding="utf-8", newline="\n"))  # noqa: SIM115
    prepare(out)
    header, line = _formatter(args, out)
    out.write(header)
    return out, line


def run(args: Namespace) -> int:
    outcome = Outcome()
    left: int | None = args.limit
    try:
        accept = filters.for_messages(args) if args.messages else filters.predicate(args)
    except ValueError as error:
        complain(str(error))
        return 2
    if args.output is not None and (refused := refusal(args.output, args.files, args.force)):
        complain(refused)
        return 2
    with ExitStack() as stack:
        begin = cache(partial(_begin, args, stack))
        if args.output is None or left == 0:
            begin()
        for path in args.files:
            if left == 0:
                break
            with outcome.reading(path, add_path=args.add_path, multiple_labels=args.multiple_labels) as file:
                if file is None:
                    continue
                out, line = begin()
                watched = sys.stderr.isatty() and not out.isatty()
                with Progress(path, file, watched) as progress:
                    if _takes_lines(out, args):
                        text = file.text(args.format or "json", filters.chosen(args), header=False)
                        _pour(text, file, out, progress, watched)
                        continue
                    routes = islice(_source(file, args, accept), left)
                    if file.live:
                        number = _flow(routes, file, out, line, progress)
                    else:
                        number = _write(routes, out, line, progress)
                out.flush()
                if left is not None:
                    left -= number
    return outcome.status
