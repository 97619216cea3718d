"""What a query needs of routes, as DuckDB plans it: which columns, and what is asked of their values.

The plan is made over a table of the same columns that has no rows, and written down by ``json_serialize_plan``. So
names are found where DuckDB finds them: behind aliases, in subqueries, CTEs and macros, through ``*``, and not where a
CTE of the query has the name. It counts only where its shape is known; of anything else all is decoded.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from bgpwire.columns.schema import COLUMNS
from bgpwire.columns.terms import criteria_of, either

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["EVERYTHING", "Needs", "needs", "planned"]

_OPERATORS = {
    "COMPARE_EQUAL": "Eq",
    "COMPARE_LESSTHAN": "Lt",
    "COMPARE_LESSTHANOREQUALTO": "LtEq",
    "COMPARE_GREATERTHAN": "Gt",
    "COMPARE_GREATERTHANOREQUALTO": "GtEq",
}
_INTEGERS = frozenset(("UTINYINT", "USMALLINT", "UINTEGER"))
_MOST = 1000
"""Numbers of a range that become a list."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Needs(NamedTuple):
    columns: frozenset[str]
    criteria: dict[str, Any]
    """Of :class:`bgpwire.Filter`, by name; each row meets them that the query can see."""


EVERYTHING = Needs(frozenset(COLUMNS), {})


def planned(connection: Any, sql: str) -> str:
    """The plan of a query as JSON; empty for one of which DuckDB makes none.

    Statistics are left aside: they would say that a table without rows needs no reading.
    """
    connection.execute("set disabled_optimizers = 'statistics_propagation'")
    try:
        statement = "select json_serialize_plan(?, optimize := true, skip_null := true, skip_empty := true)"
        return str(connection.execute(statement, [sql]).fetchone()[0])
    except Exception:
        # Of whatever kind: then there is no plan, and what is wrong with the query comes out when it runs.
        return ""
    finally:
        connection.execute("set disabled_optimizers = ''")


def needs(plan: str, table: str) -> Needs:
    """What a plan needs of ``table``, which has the columns of routes, in their order."""
    try:
        root = json.loads(plan)
        if root["error"]:
            return EVERYTHING
        scans = list(_scans(root, table))
        columns = frozenset(name for scan in scans for name in _columns(scan))
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return EVERYTHING
    try:
        criteria = either([criteria_of(_terms(scan)) for scan in scans])
    except (ValueError, KeyError, TypeError, IndexError, OverflowError, RecursionError):
        criteria = {}
    return Needs(columns, criteria)


def _scans(root: Any, table: str) -> Iterator[dict[str, Any]]:
    """The operators that read the table."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if node.get("type") == "LOGICAL_GET" and node.get("function_data", {}).get("table") == table:
                yield node
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node


def _read(scan: dict[str, Any]) -> list[str | None]:
    """The names of the columns that a scan reads, in its order; None is the number of a row."""
    names = list(COLUMNS)
    if scan["names"] != names:
        raise ValueError("another table")
    found = (
        item["index"] if isinstance(item, dict) else item for item in scan.get("column_indexes") or scan["column_ids"]
    )
    return [names[index] if index < len(names) else None for index in found]


def _columns(scan: dict[str, Any]) -> Iterable[str]:
    return [name for name in _read(scan) if name is not None]


def _terms(scan: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Column, operator and value of what the scan asks of each row."""
    if scan.get("table_filters_by_projection") is not True:
        return  # then the numbers of filters have another meaning
    read = _read(scan)
    for item in scan["table_filters"].get("filters", ()):
        name = read[item["key"]]
        if name is None:
            continue
        found = list(_asked(item["value"]))
        yield from ((name, operator, value) for operator, value in found)
        yield from ((name, "In", values) for values in _range(item["value"], found))


def _asked(node: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Operators and values that are all asked for; what is not known is left aside."""
    match node:
        case {"filter_type": "LEGACY_CONSTANT_COMPARISON", "comparison_type": str(name), "constant": one}:
            if name in _OPERATORS:
                yield _OPERATORS[name], _value(one)
        case {"filter_type": "LEGACY_CONJUNCTION_AND", "child_filters": list(several)}:
            for child in several:
                yield from _asked(child)
        case {"filter_type": "LEGACY_IN_FILTER", "values": list(values)}:
            yield "In", [_value(one) for one in values]
        case {"filter_type": "LEGACY_OPTIONAL_FILTER", "child_filter": dict(child)}:
            # Optional for the scan, which DuckDB looks at again; that each row of the answer meets it is sure.
            yield from _asked(child)
        case {"filter_type": "LEGACY_CONJUNCTION_OR", "child_filters": list(several)}:
            found = [list(_asked(child)) for child in several]
            if all(len(terms) == 1 and terms[0][0] in ("Eq", "In") for terms in found):
                lists = [value if operator == "In" else [value] for ((operator, value),) in found]
                yield "In", [value for values in lists for value in values]


def _range(node: dict[str, Any], found: list[tuple[str, Any]]) -> Iterator[list[int]]:
    """The numbers between two bounds, as which DuckDB writes lists of neighbours."""
    least = [value for operator, value in found if operator == "GtEq" and type(value) is int]
    most = [value for operator, value in found if operator == "LtEq" and type(value) is int]
    if least and most and 0 <= min(most) - max(least) < _MOST:
        yield list(range(max(least), min(most) + 1))


def _value(constant: dict[str, Any]) -> Any:
    """A value of a type that criteria know. ValueError for others, and for null."""
    kind, value = constant["type"]["id"], constant.get("value")
    if constant["is_null"]:
        raise ValueError("null")
    if kind == "VARCHAR" and isinstance(value, str):
        return value
    if kind in _INTEGERS and type(value) is int:
        return value
    if kind == "TIMESTAMP WITH TIME ZONE" and type(value) is int:
        return _EPOCH + timedelta(microseconds=value)
    if kind in ("BOOLEAN", "UBIGINT", "BLOB"):
        return None  # of columns that are no criteria
    raise ValueError(kind)
