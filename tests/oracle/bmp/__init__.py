"""BMP: the captures that lie beside another decoder's words, and two JSON trees held against each other."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import bgpwire
from oracle import DATA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER = DATA / "bmp"

SETTLED: dict[str, str] = {}
"""Why a difference is settled: what the peer does, and the section that says who is right."""


def settled(**reasons: str) -> None:
    """Add to :data:`SETTLED`; underscores of a name are blanks."""
    SETTLED.update({name.replace("_", " "): reason for name, reason in reasons.items()})


def captures() -> list[Path]:
    """The captures of packets that have BMP in them."""
    return sorted(FOLDER.glob("*.pcap"))


def records(path: Path, package: Any = bgpwire) -> list[Any]:
    """The messages of a capture. What is wrong in them is among the differences, and needs no warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", package.BmpWarning)
        return list(package.bmp.open(path).records())


def differences(ours: Any, theirs: Any, where: str = "") -> Iterator[str]:
    """Where two JSON trees differ, one line each: the path, ours, theirs."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in sorted({*ours, *theirs}):
            yield from differences(ours.get(name), theirs.get(name), f"{where}.{name}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for number, pair in enumerate(zip(ours, theirs, strict=True)):
            yield from differences(*pair, f"{where}[{number}]")
    elif type(ours) is not type(theirs) or ours != theirs:
        yield f"{where}: {ours!r} and {theirs!r}"


def without(tree: Any, names: frozenset[str]) -> Any:
    """A JSON tree without the members of these names, at any depth."""
    if isinstance(tree, dict):
        return {name: without(value, names) for name, value in tree.items() if name not in names}
    if isinstance(tree, list):
        return [without(value, names) for value in tree]
    return tree
