"""Which messages each peer showed whole when that was recorded: what it shows less of now is open, whatever settles it.

``python -m oracle --record`` writes whole.json anew. It holds for the versions that it names, and for no others.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("whole.json")


def whole(version: str) -> frozenset[str]:
    """The names of the cases that this version of a peer showed whole; none where it was not asked."""
    return frozenset(_read().get(version, ()))


def record(found: dict[str, set[str]]) -> None:
    """Keep what was found, by version."""
    text = json.dumps(
        {version: sorted(names) for version, names in sorted(found.items())}, indent=1, ensure_ascii=False
    )
    _FILE.write_text(text + "\n", "utf-8")
    _read.cache_clear()


@cache
def _read() -> dict[str, list[str]]:
    return json.loads(_FILE.read_text("utf-8")) if _FILE.is_file() else {}  # type: ignore[no-any-return]
