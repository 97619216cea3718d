"""Routes as columns, for Arrow and what reads it (docs/columns.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bgpwire.columns.files import read
    from bgpwire.columns.polars import scan
    from bgpwire.columns.reader import Columns, RouteBatch
    from bgpwire.columns.schema import COLUMNS, DEFAULT
else:
    from bgpwire._lazy import lazy

    __getattr__ = lazy(
        __name__,
        {
            "COLUMNS": "bgpwire.columns.schema",
            "Columns": "bgpwire.columns.reader",
            "DEFAULT": "bgpwire.columns.schema",
            "RouteBatch": "bgpwire.columns.reader",
            "read": "bgpwire.columns.files",
            "scan": "bgpwire.columns.polars",
        },
    )

__all__ = ["COLUMNS", "DEFAULT", "Columns", "RouteBatch", "read", "scan"]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
