"""What a predicate of Polars asks of routes, as a filter that is applied before there are rows."""

from __future__ import annotations

import json
from io import StringIO
from typing import TYPE_CHECKING, Any

from bgpwire.columns.terms import criteria_of, filter_with

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bgpwire.route.filter import Filter

__all__ = ["filter_of"]

_MIRRORED = {"Eq": "Eq", "Lt": "Gt", "LtEq": "GtEq", "Gt": "Lt", "GtEq": "LtEq"}


def filter_of(predicate: Any, other: Filter | None = None) -> Filter | None:
    """A filter that each row meets for which ``predicate``, an expression of Polars, is true, and that ``other`` keeps.

    It may keep more: the predicate is still to be applied. Of an expression, the terms are taken that compare a column
    with a literal and that AND joins; others, and whatever shape is not known, are left aside. The filter asks only for
    values, which takes no object; ``other`` comes back as it is where no such filter can be made of both.
    """
    try:
        found = criteria_of(_terms(json.loads(predicate.meta.serialize(format="json"))))
    except Exception:
        return other
    return filter_with(found, other)


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
