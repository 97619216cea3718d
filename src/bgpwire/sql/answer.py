"""Queries over archives, and their answers."""

from __future__ import annotations

import os
from functools import wraps
from typing import TYPE_CHECKING, Any

from bgpwire.columns.files import read
from bgpwire.columns.schema import COLUMNS, DEFAULT
from bgpwire.columns.terms import filter_with
from bgpwire.mrt.places import is_stream, names_of
from bgpwire.sql.macros import MACROS
from bgpwire.sql.plan import EVERYTHING, Needs, needs, planned
from bgpwire.sql.source import Watched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from bgpwire.columns.reader import Columns
    from bgpwire.route.filter import Filter

    type Read = Callable[[list[str], Filter | None], Columns]
    type Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]

__all__ = ["Answer", "ask", "duckdb", "query", "read_once"]

_SOURCE = "_routes_decoded"
_SETTINGS = {
    "TimeZone": "UTC",
    # A query is not to fetch code from elsewhere because it names a function that an extension of DuckDB has,
    "autoinstall_known_extensions": "false",
    # nor to find the variables of this module by the names of tables.
    "python_enable_replacements": "false",
}
_EMPTY = "_routes_of_no_file"
_PLANNED = "_planned"
_ANY = "type"
"""The column that is decoded where none is needed."""
_ORDER = (*DEFAULT, *(name for name in COLUMNS if name not in DEFAULT))
"""Of the columns of routes: what people look for comes first."""
_MISSING = "a column of routes that was not decoded"


def query(
    sql: str, files: Paths, *, tables: Mapping[str, Any] | None = None, filter: Filter | None = None, **options: Any
) -> Answer:
    """What a query of DuckDB's SQL finds in the routes of MRT files, which are its table ``routes`` (docs/sql.md).

    >>> bgpwire.query("select origin_asn, count(*) n from routes group by 1 order by n desc limit 20", "rib.bz2").df()

    ``routes`` has all columns of :data:`bgpwire.columns.COLUMNS`; those that the query needs are decoded, and what its
    WHERE asks that a :class:`bgpwire.Filter` can say is asked before there are rows. ``tables`` are others by name: a
    path of a CSV file (with a line of names), or what DuckDB reads (a data frame, a table of Arrow). ``filter`` and the
    other options are those of :func:`bgpwire.columns.read`.

    Files are read when the answer is, and anew each time. DuckDB's own error for SQL that is wrong, ValueError for more
    than one query, ImportError without DuckDB.
    """
    paths = names_of(files)

    def reading(fields: list[str], found: Filter | None) -> Columns:
        return read(paths, fields, filter=found, **options)

    return ask(sql, reading, tables or {}, filter, read_once(paths))


def read_once(paths: Iterable[str]) -> str:
    """The first of the files that can be read only once: standard input, a pipe; empty if there is none."""
    found = next(filter(is_stream, paths), "")
    return "standard input" if found == "-" else found


def duckdb() -> Any:
    """The module. ImportError that names the extra where it is not installed."""
    try:
        import duckdb as module
    except ImportError as error:
        raise ImportError("queries take duckdb: pip install 'bgpwire[sql]'") from error
    return module


def ask(sql: str, reading: Read, tables: Mapping[str, Any], filter: Filter | None = None, once: str = "") -> Answer:
    """As :func:`query`, of what ``reading(fields, filter)`` gives; ``once`` names a file that can be read only once."""
    db = duckdb()
    connection = db.connect(":memory:")
    for name, value in _SETTINGS.items():
        connection.execute(f"set {name} = '{value}'")
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise ValueError(f"one query, not {len(statements)} statements")
    if statements[0].type not in (db.StatementType.SELECT, db.StatementType.EXPLAIN):
        raise ValueError(
            "a query is asked for (select …), which changes nothing; of a pivot, one that names values (in …)"
        )
    text = statements[0].query or sql
    for macro in MACROS:
        connection.execute(macro)
    for name, table in tables.items():
        _add(connection, name, table)
    wanted, kinds = _wanted(connection, text, reading, tables)
    fields = [name for name in COLUMNS if name in wanted.columns]
    source = Watched(reading(fields, filter_with(wanted.criteria, filter)), once)
    connection.register(_SOURCE, source)
    _show(connection, wanted, _SOURCE, kinds)
    return Answer(connection, connection.sql(text), source)


def _wanted(connection: Any, text: str, reading: Read, tables: Iterable[str]) -> tuple[Needs, dict[str, str]]:
    """What the query needs, as DuckDB's plans over tables without rows say, and the types of all columns."""
    connection.execute(f"create schema {_PLANNED}")
    connection.execute(f"set search_path = '{_PLANNED},main'")
    connection.register(_SOURCE, reading(list(COLUMNS), None))
    connection.execute(f"create table {_EMPTY} as select * from {_SOURCE} limit 0")
    connection.unregister(_SOURCE)
    for name in tables:
        # A file or an object of Python has no place in a plan that is written down.
        named = _quoted(name)
        connection.execute(f"create table {named} as select * from main.{named} limit 0")
    kinds = dict(connection.execute(f"select column_name, column_type from (describe {_EMPTY})").fetchall())
    _show(connection, EVERYTHING, _EMPTY, kinds)
    wanted = needs(planned(connection, text), _EMPTY)
    if not wanted.columns:
        wanted = wanted._replace(columns=frozenset((_ANY,)))  # rows are counted by any column
    if wanted.columns != EVERYTHING.columns:
        _show(connection, wanted, _EMPTY, kinds)
        if _MISSING in (planned(connection, text) or _MISSING):
            wanted = EVERYTHING
    connection.execute("set search_path = 'main'")
    connection.execute(f"drop schema {_PLANNED} cascade")
    return wanted, kinds


def _show(connection: Any, wanted: Needs, table: str, kinds: Mapping[str, str]) -> None:
    """Make the view ``routes`` of a table: it has all columns, and those that are not wanted fail if they are read."""
    columns = (
        f'"{name}"' if name in wanted.columns else f"error('{_MISSING}: {name}')::{kinds[name]} as \"{name}\""
        for name in _ORDER
    )
    connection.execute(f"create or replace view routes as select {', '.join(columns)} from {table}")


def _quoted(name: str) -> str:
    """A name as SQL takes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def _add(connection: Any, name: str, table: Any) -> None:
    """A table of a CSV file or of an object."""
    if name.lower() == "routes":
        raise ValueError("a table of another name than routes, which are those of the archives")
    if isinstance(table, (str, os.PathLike)):
        connection.read_csv(os.fspath(table), header=True).create_view(name)
    else:
        connection.register(name, table)


class Answer:
    """What a query finds: DuckDB's relation with all that it does (``fetchall()``, ``df()``, ``pl()``, ``limit()`` …).

    What reading the files raises comes out as it is (OSError, :class:`bgpwire.MrtError`), and not as an error of
    DuckDB; only of ``__arrow_c_stream__``, which is read later by others, it is an error of theirs. Each call reads the
    files anew.
    """

    def __init__(self, connection: Any, relation: Any, source: Watched) -> None:
        self._connection = connection
        self._relation = relation
        self._source = source

    @property
    def relation(self) -> Any:
        """DuckDB's relation itself."""
        return self._relation

    def arrow(self) -> Any:
        """All rows as a ``pyarrow.Table``."""
        names = ("to_arrow_table", "fetch_arrow_table", "arrow")
        return self._called(next(getattr(self._relation, name) for name in names if hasattr(self._relation, name)))

    def rows(self, size: int = 2048) -> Iterator[tuple[Any, ...]]:
        """Row by row, ``size`` at a time in memory; nothing else can be asked of the answer meanwhile."""
        result = self._called(self._connection.execute, self._relation.sql_query())
        # What fails before there is a row, fails here.
        return self._pieces(result, size, self._called(result.fetchmany, size))

    def _pieces(self, result: Any, size: int, piece: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        while piece:
            yield from piece
            piece = self._called(result.fetchmany, size)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # of an object that copy or pickle makes there is no relation yet
            raise AttributeError(name)
        found = getattr(self._relation, name)
        if not callable(found):
            return self._of(found)
        return wraps(found)(lambda *words, **options: self._called(found, *words, **options))

    def __getitem__(self, name: Any) -> Any:
        return self._called(self._relation.__getitem__, name)

    def __len__(self) -> int:
        return int(self._called(self._relation.__len__))

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        return self._called(self._relation.__arrow_c_stream__, requested_schema)

    def __str__(self) -> str:
        return str(self._called(self._relation.__str__))

    def __repr__(self) -> str:
        return str(self)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *dir(self._relation)})

    def _called(self, function: Callable[..., Any], *words: Any, **options: Any) -> Any:
        """What ``function`` gives; what ended a reading meanwhile is raised, whatever DuckDB makes of it."""
        self._source.error = None
        try:
            found = function(*words, **options)
        except Exception:
            self._check()
            raise
        self._check()
        return self._of(found)

    def _check(self) -> None:
        error, self._source.error = self._source.error, None
        try:
            if error is not None:
                raise error
        finally:
            del error  # which holds this frame

    def _of(self, found: Any) -> Any:
        """What is a relation too is an answer."""
        if isinstance(found, type(self._relation)):
            return Answer(self._connection, found, self._source)
        return found
