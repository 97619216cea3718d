"""MRT as a data source of Spark: ``spark.read.format("mrt").load("…/*.gz")`` (docs/scale.md)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from bgpwire.afi_safi import Family
from bgpwire.columns.files import read as read_files
from bgpwire.columns.profiles import pyarrow
from bgpwire.columns.reader import BATCH_SIZE
from bgpwire.columns.terms import criteria_of, filter_with
from bgpwire.spread.planning import plan
from bgpwire.spread.reading import read

try:
    from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition
except ModuleNotFoundError as error:
    raise ModuleNotFoundError("this takes pyspark 4: pip install 'bgpwire[spark]'", name=error.name) from None

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bgpwire.columns.reader import Columns
    from bgpwire.columns.terms import Term
    from bgpwire.route.filter import Filter

__all__ = ["MrtDataSource"]

_OPERATORS = {
    "EqualTo": "Eq",
    "EqualNullSafe": "Eq",
    "In": "In",
    "LessThan": "Lt",
    "LessThanOrEqual": "LtEq",
    "GreaterThan": "Gt",
    "GreaterThanOrEqual": "GtEq",
}
"""Of Spark's filters, by the name of the class: releases before 4.1 have none of these."""
_FAMILIES = ("add_path", "multiple_labels")
_OPTIONS = ("path", "fields", "size", "batch_size", "strict", "pushdown", *_FAMILIES)
_WORDS = {"true": True, "false": False}


class MrtDataSource(DataSource):
    """``spark.dataSource.register(MrtDataSource)``; then ``spark.read.format("mrt").load(path)``.

    ``path`` is a file, a folder or a pattern, which driver and executors find under the same name. Options: ``fields``
    (names of columns with commas between them; the usual ones without), ``size`` (octets of a partition),
    ``batch_size`` (rows), ``strict`` (``true``: what cannot be read ends the job), ``add_path`` and ``multiple_labels``
    (families with commas between them) and ``pushdown`` (``true``: filters of the query leave routes out before there
    are rows, which takes Spark 4.1 and ``spark.sql.python.filterPushdown.enabled``). ValueError for another option.
    """

    def __init__(self, options: dict[str, str]) -> None:
        super().__init__(options)
        given = {str(name).lower(): str(value) for name, value in options.items()}
        unknown = sorted(set(given) - set(_OPTIONS))
        if unknown:
            raise ValueError(f"no option {', '.join(map(repr, unknown))}; there are {', '.join(_OPTIONS)}")
        fields = given.get("fields")
        self._path = given.get("path")
        self._fields = None if fields is None else [name.strip() for name in fields.split(",")]
        self._size = _number(given, "size")
        self._pushdown = _yes(given, "pushdown")
        self._how = {
            "batch_size": _number(given, "batch_size") or BATCH_SIZE,
            "strict": _yes(given, "strict"),
            **{name: _families(given.get(name, "")) for name in _FAMILIES},
        }

    @classmethod
    def name(cls) -> str:
        return "mrt"

    def schema(self) -> Any:
        return _schema(self._fields)

    def reader(self, schema: Any) -> _Reader:
        """Of the columns in ``schema``. ValueError where one has another type there than it has here."""
        names = [field.name for field in schema]
        for field, own in zip(schema, _schema(names), strict=True):
            if field.dataType.simpleString() != own.dataType.simpleString():
                raise ValueError(
                    f"{field.name} is {own.dataType.simpleString()}, and not {field.dataType.simpleString()}"
                )
        if self._path is None:
            raise ValueError("no path: load(path)")
        made = _PushingReader if self._pushdown else _Reader
        return made(self._path, names, self._size, self._how)


class _Reader(DataSourceReader):
    """Reads the pieces of files, each of which is a partition."""

    def __init__(self, path: str, fields: list[str], size: int | None, how: dict[str, Any]) -> None:
        self._path = path
        self._fields = fields
        self._size = size
        self._how = how
        self._filter: Filter | None = None

    def partitions(self) -> list[Any]:
        return [InputPartition(piece) for piece in plan(self._path, size=self._size)]

    def read(self, partition: Any) -> Iterator[Any]:
        """Record batches of pyarrow."""
        pa = pyarrow()
        columns = read(partition.value, self._fields, filter=self._filter, profile="spark", **self._how)
        for batch in columns:
            yield pa.record_batch(batch)


class _PushingReader(_Reader):
    """The same with filters. Spark refuses a reader that takes them where it has not been told to offer any."""

    def pushFilters(self, filters: list[Any]) -> Iterable[Any]:
        """All of them come back, to be applied by Spark: what is read may be more than they ask for."""
        self._filter = filter_with(criteria_of(term for given in filters if (term := _term(given)) is not None))
        return filters


def _term(given: Any) -> Term | None:
    """What a filter of Spark compares; ``None`` where rows decide."""
    operator = _OPERATORS.get(type(given).__name__)
    if operator is None or len(given.attribute) != 1:
        return None
    value = given.value
    if isinstance(value, datetime) and value.tzinfo is None:
        return None
    return given.attribute[0], operator, list(value) if operator == "In" else value


def _schema(fields: list[str] | None) -> Any:
    """Spark's schema of these columns."""
    from pyspark.sql.pandas.types import from_arrow_schema

    columns: Columns = read_files((), fields, profile="spark")
    return from_arrow_schema(pyarrow().schema(columns))


def _number(given: dict[str, str], name: str) -> int | None:
    text = given.get(name)
    if text is None:
        return None
    if not text.isdecimal() or not int(text):
        raise ValueError(f"{name}: {text!r} is no number above 0")
    return int(text)


def _yes(given: dict[str, str], name: str) -> bool:
    text = given.get(name, "false").lower()
    if text not in _WORDS:
        raise ValueError(f"{name}: {text!r} is neither true nor false")
    return _WORDS[text]


def _families(text: str) -> frozenset[tuple[int, int]]:
    """``ipv4-unicast,1/128`` as pairs of AFI and SAFI."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return frozenset((family.afi, family.safi) for family in map(Family.parse, parts))
