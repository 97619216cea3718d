"""SQL over archives, on DuckDB (docs/sql.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bgpwire.sql.answer import Answer, query
else:
    from bgpwire._lazy import lazy

    __getattr__ = lazy(__name__, {"Answer": "bgpwire.sql.answer", "query": "bgpwire.sql.answer"})

__all__ = ["Answer", "query"]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
