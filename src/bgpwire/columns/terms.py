"""What the terms of a query ask of routes, as a filter that is applied before there are rows.

A term is a column, an operator and a value: ``("origin_asn", "Eq", 64496)``, ``("type", "In", ["A", "W"])``,
``("timestamp", "GtEq", datetime(…))``. The operators are ``Eq``, ``In``, ``Lt``, ``LtEq``, ``Gt`` and ``GtEq``.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from bgpwire.route.criteria import PLACES, moment
from bgpwire.route.filter import Filter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    type Term = tuple[str, str, Any]

__all__ = ["criteria_of", "either", "filter_with"]

_CRITERIA = frozenset(("type", "peer_asn", "peer_address", "prefix", "origin_asn"))
"""Columns that are criteria of that name, which their values meet."""
_NUMBERS = frozenset(("afi", "safi"))
"""Columns that together are one."""
_ROUNDED = 0.001
"""Seconds, of which a time as a float may be wrong by some millionth."""
_MOST = 1000
"""Values of a list; families made of two."""


def criteria_of(terms: Iterable[Term]) -> dict[str, Any]:
    """Criteria by name that each row meets for which all terms are true. The first of several terms for one counts.

    Terms that no criterion can say are left aside.
    """
    found: dict[str, Any] = {}
    numbers: dict[str, list[int]] = {}
    for column, operator, value in terms:
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


def either(several: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Criteria that each row meets which meets all of one of ``several``: those that all of them have, made wider."""
    if not several:
        return {}
    out: dict[str, Any] = {}
    for name in set.intersection(*map(set, several)):
        values = [found[name] for found in several]
        if name in ("start", "end"):
            out[name] = min(values) if name == "start" else max(values)
        else:
            out[name] = list(dict.fromkeys(value for one in values for value in one))
    return out


def filter_with(found: dict[str, Any], other: Filter | None = None) -> Filter | None:
    """A filter of criteria, and of what ``other`` asks; it keeps each route that meets both, and may keep more.

    It asks only for values, which takes no object. ``other`` comes back as it is where no such filter can be made of
    both; ``None`` is a filter that keeps all.
    """
    if other is not None and other.criteria is None:
        return other
    given = dict(other.criteria or {}) if other is not None else {}
    taken = any(name in given for name in PLACES)  # the places of a filter are alternatives
    for name, value in found.items():
        if taken and name == "prefix":
            continue
        try:
            given = dict(Filter(**{name: value} | given).criteria or ())
        except (TypeError, ValueError):  # no value of that criterion, or one that no route could meet: rows decide
            continue
    return Filter(**given) if given else None
