"""Rows of a query as CSV and as JSON lines."""

from __future__ import annotations

import csv
import io
import math
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bgpwire.text.jsonl import compact
from bgpwire.value.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import BinaryIO

__all__ = ["write_csv", "write_json"]

_PIECE = 1000
"""Rows written at a time."""


def write_csv(out: BinaryIO, names: Sequence[str], rows: Iterable[Sequence[Any]], watched: bool = False) -> None:
    """CSV (RFC 4180) in UTF-8 with a line of names, in the forms of :func:`bgpwire.columns.writers.csv_text`.

    ``watched`` by people, on a terminal, its text has no controls: they are written out.
    """
    text = io.TextIOWrapper(out, "utf-8", newline="", write_through=False)
    try:
        writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_STRINGS)
        writer.writerow(map(visible, names) if watched else names)
        for row in rows:
            cells = [_cell(value) for value in row]
            if watched:
                cells = [visible(value) if isinstance(value, str) else value for value in cells]
            writer.writerow(cells if cells != [None] else [""])
        text.flush()
    finally:
        text.detach()


def _cell(value: Any) -> Any:
    """Numbers stand as they are, None is nothing at all, everything else is text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, (str, int, float, Decimal)):
        return value
    if isinstance(value, dict):
        return ":".join(map(_part, value.values()))
    if isinstance(value, (list, tuple, set, frozenset)):
        return " ".join(map(_part, value))
    return _text(value)


def _part(value: Any) -> str:
    found = _cell(value)
    return "" if found is None else str(found)


def _text(value: Any) -> str:
    """What neither CSV nor JSON has a value for."""
    match value:
        case bytes() | bytearray() | memoryview():
            return bytes(value).hex()
        case datetime() if value.tzinfo is not None:
            return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
        case datetime():
            return value.isoformat(timespec="microseconds")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
    return str(value)


def write_json(out: BinaryIO, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """An object a line (https://jsonlines.org). Times and octets are text as in CSV; numbers that are none are null.

    ValueError for two columns of one name, of which an object has one.
    """
    twice = sorted({name for name in names if list(names).count(name) > 1})
    if twice:
        raise ValueError(f"two columns are named {', '.join(twice)}: name them apart (as)")
    lines: list[str] = []
    for row in rows:
        lines.append(compact({name: _plain(value) for name, value in zip(names, row, strict=True)}) + "\n")
        if len(lines) == _PIECE:
            out.write("".join(lines).encode("utf-8"))
            lines.clear()
    out.write("".join(lines).encode("utf-8"))


def _plain(value: Any) -> Any:
    """The value in the types of JSON."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, (float, Decimal)):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key if isinstance(key, str) else _part(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    return _text(value)
