"""``bgpwire query``: SQL over MRT files, on DuckDB; its answer as a table, CSV, JSON, Parquet or a chart."""

from __future__ import annotations

import os
import re
import shutil
import sys
from typing import TYPE_CHECKING, BinaryIO

from bgpwire.cli import options
from bgpwire.cli.bars import has_blocks
from bgpwire.cli.chart import SERIES, chart_of
from bgpwire.cli.grid import table
from bgpwire.cli.output import NewFile, refusal
from bgpwire.cli.plot import bars, lines
from bgpwire.cli.progress import Progress
from bgpwire.cli.report import Outcome, complain, prepare
from bgpwire.cli.rows import write_csv, write_json
from bgpwire.cli.svg import svg_bars, svg_lines
from bgpwire.columns.reader import Columns
from bgpwire.errors import MrtError
from bgpwire.mrt.places import names_of
from bgpwire.text.paint import can_colour, painter

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from bgpwire.columns.kernels import Batch
    from bgpwire.mrt import Report
    from bgpwire.route.filter import Filter
    from bgpwire.sql.answer import Answer

_ROWS = 100
_SUFFIXES = {".csv": "csv", ".json": "json", ".jsonl": "json", ".parquet": "parquet", ".svg": "svg"}
_BATCH = 8192
"""Routes that are decoded at a time: of a query that wants few, not many more are."""
_PIECE = 2048
"""Rows that are taken from DuckDB at a time."""

DESCRIPTION = """\
Answer a query in SQL (DuckDB's) over the routes of MRT files, which are its table `routes`; docs/columns.md lists its
columns, docs/sql.md has examples. A table on a terminal, CSV on a pipe."""


class _Unreadable(Exception):
    """A file cannot be read, which has been said."""


def register(parser: ArgumentParser) -> None:
    parser.add_argument("sql", metavar="SQL", help="one query: select … from routes …")
    options.add_files(parser)
    parser.add_argument(
        "--format",
        "-f",
        choices=("table", "csv", "json", "parquet"),
        help="table: for people; csv; json: one object a line; parquet: with --output",
    )
    parser.add_argument(
        "--output", "-o", metavar="FILE", help=f"write there; without --format by its suffix: {', '.join(_SUFFIXES)}"
    )
    parser.add_argument("--force", action="store_true", help="let --output take the place of a file that is there")
    parser.add_argument(
        "--csv", action="append", default=[], metavar="NAME=FILE", help="a CSV file is the table NAME of the query"
    )
    parser.add_argument(
        "--rows", type=options.count, default=_ROWS, metavar="N", help=f"rows that a table shows ({_ROWS}; 0: all)"
    )
    parser.add_argument(
        "--chart",
        choices=("bars", "lines"),
        help="draw the answer, over its first column; with --output FILE.svg into a file",
    )
    options.add_jobs(parser)
    options.add_what_no_file_says(parser)
    parser.set_defaults(run=run)


class _Files(Columns):
    """The routes of all files; what is wrong with one is told once, however often it is read."""

    def __init__(
        self,
        args: Namespace,
        names: list[str],
        outcome: Outcome,
        told: set[str],
        fields: list[str],
        chosen: Filter | None,
    ) -> None:
        super().__init__(tuple, fields, chosen, _BATCH)
        self._args = args
        self._names = names
        self._outcome = outcome
        self._told = told

    def _batches(self) -> Iterator[Batch]:
        args = self._args
        archive = self._outcome.archive(
            self._names, args.add_path, args.multiple_labels, args.jobs, on_report=self._hear
        )
        columns = archive.columns(self.column_names, self._filter, _BATCH)
        with Progress(archive, sys.stderr.isatty() and not self._told) as progress:
            for batch in columns._batches():
                progress.advance(batch.num_rows)
                yield batch

    def _hear(self, report: Report) -> None:
        """An answer without a file that cannot be read would be a wrong one."""
        if report.file not in self._told:
            self._told.add(report.file)
            self._outcome.tell(report)
        if report.error is not None and not (report.opened and isinstance(report.error, MrtError)):
            raise _Unreadable


def run(args: Namespace) -> int:
    names = names_of(args.files)
    try:
        form = _form(args, names)
        tables = _tables(args)
    except ValueError as error:
        complain(str(error))
        return 2
    outcome = Outcome()
    outcome.check(names)
    if outcome.unreadable:
        return outcome.status
    try:
        return _answer(args, names, form, tables, outcome)
    except _Unreadable:
        outcome.unreadable = True
    except (ImportError, ValueError) as error:  # and UnsupportedOperation
        complain(str(error))
        return 2
    return outcome.status


def _form(args: Namespace, names: list[str]) -> str:
    """What is made: ``table``, ``csv``, ``json``, ``parquet``, ``svg`` or ``chart``. ValueError for what cannot be."""
    form = args.format
    if args.output is not None:
        inputs = [*names, *(text.partition("=")[2] for text in args.csv)]
        if refused := refusal(args.output, inputs, args.force, whole=True):
            raise ValueError(refused)
        form = form or _SUFFIXES.get(os.path.splitext(args.output)[1])
        if form is None:
            raise ValueError(f"{args.output}: --format, or a name that ends in {', '.join(_SUFFIXES)}")
        if form == "table":
            raise ValueError("--output: a table is for the terminal; csv, json, parquet or svg")
        if (form == "svg") != (args.chart is not None):
            raise ValueError("--chart and --output FILE.svg go together")
        return str(form)
    if form == "parquet":
        raise ValueError("--format parquet goes into a file: --output")
    if args.chart is not None:
        if form not in (None, "table"):
            raise ValueError(f"--chart draws, --format {form} writes")
        return "chart"
    return form or ("table" if sys.stdout.isatty() else "csv")


def _tables(args: Namespace) -> dict[str, str]:
    """The files of ``--csv`` by name. ValueError for what is none."""
    found: dict[str, str] = {}
    for text in args.csv:
        name, equals, path = text.partition("=")
        if not equals or not name or not path:
            raise ValueError(f"--csv {text}: write NAME=FILE")
        if name in found:
            raise ValueError(f"--csv: two files are {name}")
        try:
            with open(path, "rb"):
                found[name] = path
        except OSError as error:
            raise ValueError(f"{path}: {error.strerror or error}") from None
    return found


def _answer(args: Namespace, names: list[str], form: str, tables: dict[str, str], outcome: Outcome) -> int:
    """Ask, and print or write what is found; the exit status."""
    from bgpwire.sql.answer import ask, duckdb, read_once

    told: set[str] = set()
    db = duckdb()
    try:
        answer = ask(
            args.sql,
            lambda fields, chosen: _Files(args, names, outcome, told, fields, chosen),
            tables,
            once=read_once(names),
        )
        prepare(sys.stdout)
        if args.output is not None:
            _write(args, form, answer, outcome)
        elif form == "chart":
            chart = chart_of(answer.columns, answer.fetchall())
            paint = painter(can_colour(sys.stdout))
            for line in (bars if args.chart == "bars" else lines)(chart, _width() or 80, paint):
                print(line)
            _left_out(chart.left_out)
        elif form == "table":
            _print(answer, args.rows)
        else:
            sys.stdout.flush()
            _pour(answer, form, sys.stdout.buffer)
    except db.Error as error:
        complain(one_line(str(error)))
        return 2
    return outcome.status


def _width() -> int | None:
    """Columns of the terminal; none where there is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _print(answer: Answer, most: int) -> None:
    """The first rows as a table, and whether there are more."""
    found = (answer.limit(most + 1) if most else answer).fetchall()
    rows = found[:most] if most else found
    paint = painter(can_colour(sys.stdout))
    for line in table(answer.columns, [str(kind) for kind in answer.types], rows, _width(), paint, has_blocks()):
        print(line)
    if len(found) > len(rows):
        print(paint("dim", f"the first {len(rows):,} rows; there are more (--rows, --format csv)"))
    else:
        print(paint("dim", f"{len(rows):,} row{'' if len(rows) == 1 else 's'}"))


def _pour(answer: Answer, form: str, out: BinaryIO) -> None:
    rows = answer.rows(_PIECE)  # if that fails, not even the names are written
    if form == "csv":
        write_csv(out, answer.columns, rows, out is sys.stdout.buffer and sys.stdout.isatty())
    else:
        write_json(out, answer.columns, rows)


def _left_out(names: list[str]) -> None:
    if names:
        some = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
        complain(f"{len(names)} of {len(names) + SERIES} series are not drawn, the smallest: {some}")


def _write(args: Namespace, form: str, answer: Answer, outcome: Outcome) -> None:
    """Into the file of ``--output``, which appears when it is whole."""
    with NewFile(args.output) as (new, out):
        if form == "parquet":
            answer.to_parquet(new.part, compression="zstd")
        elif form == "svg":
            chart = chart_of(answer.columns, answer.fetchall())
            out.write((svg_bars if args.chart == "bars" else svg_lines)(chart).encode("utf-8"))
            _left_out(chart.left_out)
        else:
            _pour(answer, form, out)
        if not outcome.foreign:
            new.keep()
    if outcome.foreign:
        complain(f"{args.output} is not written")


def one_line(text: str) -> str:
    """An error of DuckDB in one line: without the place in the query, which it shows by an arrow below it."""
    head = re.split(r"\n+LINE \d+:", text, maxsplit=1)[0]
    return " ".join(head.split())
