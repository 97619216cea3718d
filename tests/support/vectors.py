"""The vectors: files of hex and expected JSON. ``tests/vectors/README.md`` describes them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).resolve().parent.parent / "vectors"
ABSENT: Any = type("Absent", (), {"__repr__": lambda self: "ABSENT"})()

KEYS = {
    "name", "rfc", "source", "kind", "not_canonical", "hex", "context", "expected", "text", "error", "errors", "note",
    "xfail",
}  # fmt: skip
CONTEXT = {
    # of the session
    "asn4",
    "add_path",
    "multiple_labels",
    "extended_message",
    "extended_next_hop",
    "ibgp",
    "peer_asn",
    "local_asn",
    # of what is decoded
    "afi",
    "safi",
    "withdraw",
    "code",
    "flags",
    "rib_family",
    "strict",
    "path_id",
}


@dataclass(frozen=True)
class Vector:
    """One vector: octets, the context they are read in, and what they must come to."""

    name: str
    kind: str
    data: bytes
    path: Path
    context: dict[str, Any] = field(default_factory=dict)
    expected: Any = ABSENT
    text: Any = None
    error: dict[str, Any] | None = None
    errors: list[dict[str, Any]] | None = None
    rfc: str = ""
    source: str = ""
    xfail: str | None = None
    not_canonical: tuple[str, ...] = ()
    """In which ways the octets are others than those that we build of the same values."""

    def __repr__(self) -> str:
        return self.name

    def get(self, key: str, default: Any = None) -> Any:
        return self.context.get(key, default)

    def with_data(self, data: bytes) -> Vector:
        """The same context around other octets."""
        return replace(self, data=data)


def _read(path: Path) -> Iterator[Vector]:
    document = json.loads(path.read_text("utf-8"))
    for entry in document if isinstance(document, list) else [document]:
        unknown = set(entry) - KEYS
        if unknown:
            raise ValueError(f"{path.name}: {entry.get('name')}: unknown keys {sorted(unknown)}")
        unknown = set(entry.get("context", {})) - CONTEXT
        if unknown:
            raise ValueError(f"{path.name}: {entry.get('name')}: unknown context {sorted(unknown)}")
        if "expected" not in entry and "error" not in entry:
            raise ValueError(f"{path.name}: {entry.get('name')}: neither expected nor error")
        hex_text = entry["hex"]
        yield Vector(
            name=entry["name"],
            kind=entry["kind"],
            data=bytes.fromhex("".join(hex_text) if isinstance(hex_text, list) else hex_text),
            path=path,
            context=entry.get("context", {}),
            expected=entry.get("expected", ABSENT),
            text=entry.get("text"),
            error=entry.get("error"),
            errors=entry.get("errors"),
            rfc=entry.get("rfc", ""),
            source=entry.get("source", ""),
            xfail=entry.get("xfail"),
            not_canonical=_names(entry.get("not_canonical", [])),
        )


def _names(given: str | list[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def load() -> list[Vector]:
    """Every vector of every file, in the order of their paths."""
    return [vector for path in sorted(FOLDER.rglob("*.json")) for vector in _read(path)]


VECTORS = load()
