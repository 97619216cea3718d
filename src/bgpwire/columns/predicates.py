"""What a predicate of Polars asks of routes, as a filter that is applied before there are rows."""

from __future__ import annotations

import json
from datetime import datetime
from io import StringIO
from typing import TYPE_CHECKING, Any

from bgpwire.route.criteria import PLACES, moment
from bgpwire.route.filter import Filter

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["filter_of"]

_CRITERIA = frozenset(("type", "peer_asn", "peer_address", "prefix", "origin_asn"))
"""Columns that are criteria of that name, which their values meet."""
_NUMBERS = frozenset(("afi", "safi"))
"""Columns that together are one."""
_MIRRORED = {"Eq": "Eq", "Lt": "Gt", "LtEq": "GtEq", "Gt": "Lt", "GtEq": "LtEq"}
_ROUNDED = 0.001
"""Seconds, of which a time as a float may be wrong by some millionth."""
_MOST = 1000
"""Values of a list; families made of two."""


def filter_of(predicate: Any, other: Filter | None = None) -> Filter | None:
    """A filter that each row meets for which ``predicate``, an expression of Polars, is true, and that ``other`` keeps.

    It may keep more: the predicate is still to be applied. Of an expression, the terms are taken that compare a column
    with a literal and that AND joins; others, and whatever shape is not known, are left aside. The filter asks only for
    values, which takes no object; ``other`` comes back as it is where no such filter can be made of both.
    """
    if other is not None and other.criteria is None:
        return other
    given = dict(other.criteria or {}) if other is not None else {}
    try:
        found = _criteria(predicate)
    except Exception:
        return other
    if any(name in given for name in PLACES):
        found.pop("prefix", None)  # the places of a filter are alternatives
    for name, value in found.items():
        try:
            given = dict(Filter(**{name: value} | given).criteria or ())
        except (TypeError, ValueError):  # no value of that criterion, or one that no route could meet: rows decide
            continue
    return Filter(**given) if given else None


def _criteria(predicate: Any) -> dict[str, Any]:
    """Criteria by name. The first of several terms for one counts."""
    found: dict[str, Any] = {}
    numbers: dict[str, list[int]] = {}
    for column, operator, value in _terms(json.loads(predicate.meta.serialize(format="json"))):
        if column == "timestamp":
            if isinstance(value, datetime) and operator in ("Eq", "Gt", "GtEq"):
                found.setdefault("start", moment(value) - _ROUNDED)
            if isinstance(value, datetime) and operator in ("Eq", "Lt", "LtEq"):
                found.setdefault("end", moment(value) + _ROUNDED)
        elif operator in ("Eq", "In") and (column in _CRITERIA or column in _NUMBERS):
            values = value if operator == "In" else [value]
            if values and len(values) <= _MOST and None not in values:
                (numbers if column in _NUMBERS else found).setdefault(column, values)
    if len(numbers) == 2 and len(numbers["afi"]) * len(numbers["safi"]) <= _MOST:
        found["family"] = [(afi, safi) for afi in numbers["afi"] for safi in numbers["safi"]]
    return found


def _terms(node: Any) -> Iterator[tuple[str, str, Any]]:
    """Column, operator and value of each comparison that the expression needs to be true; In has a list of values."""
    waiting = [node]
    while waiting:
        match waiting.pop():
            case {"BinaryExpr": {"left": left, "op": "And" | "LogicalAnd", "right": right}}:
                waiting += (right, left)
            case {"BinaryExpr": {"left": {"Column": str(name)}, "op": str(operator), "right": {"Literal": _} as one}}:
                if operator in _MIRRORED:
                    yield name, operator, _value(one)
            case {"BinaryExpr": {"left": {"Literal": _} as one, "op": str(operator), "right": {"Column": str(name)}}}:
                if operator in _MIRRORED:
                    yield name, _MIRRORED[operator], _value(one)
            case {"Function": {"input": [{"Column": str(name)}, *rest], "function": {"Boolean": kind}}}:
                yield from _of_function(name, kind if isinstance(kind, str) else next(iter(kind)), rest)


def _of_function(name: str, kind: str, rest: list[Any]) -> Iterator[tuple[str, str, Any]]:
    match kind, rest:
        case "IsIn", [{"Literal": _} as one]:
            values = _value(one)
            if isinstance(values, list):
                yield name, "In", values
        case "IsBetween", [{"Literal": _} as least, {"Literal": _} as most]:
            yield name, "GtEq", _value(least)
            yield name, "LtEq", _value(most)


def _value(literal: Any) -> Any:
    """The value of a literal, however this version of Polars writes it down."""
    import polars as pl

    expression = pl.Expr.deserialize(StringIO(json.dumps(literal)), format="json")
    values = pl.select(expression).to_series().to_list()
    return values[0] if len(values) == 1 else values
