"""Which vectors went through which door of which implementation: ``BGPWIRE_DOORS`` names the file to write it to.

A *door* is a public way to have octets decoded. ``scripts/guards`` holds what a run of the suite writes here against
what one wrote before, so that no door is left untested by mistake.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict

_FILE = os.environ.get("BGPWIRE_DOORS")
_passed: dict[str, set[str]] = defaultdict(set)


def passed(implementation: str, vector: str, door: str) -> None:
    """Remember it, where somebody asks."""
    if _FILE:
        _passed[f"{door} {implementation}"].add(vector)


def write() -> None:
    """At the end of the run: by door and implementation, the names of the vectors."""
    if _FILE:
        with open(_FILE, "w", encoding="utf-8") as out:
            json.dump({door: sorted(names) for door, names in sorted(_passed.items())}, out)
