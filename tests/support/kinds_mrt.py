"""Vectors that are MRT files: see :mod:`support.kinds`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from support.context import family as parse_family
from support.context import told
from support.result import Result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.vectors import Vector


def decode_mrt(package: Any, vector: Vector) -> Result:
    """A whole file: ``routes`` (as ``bgpwire dump`` prints them), ``messages`` (with ``timestamp`` and peer),
    ``records`` (type, subtype and length of each), ``bodies`` and ``skips``; of these, what ``expected`` names."""
    given = [parse_family(package, item) for item in vector.get("add_path", [])]
    out: dict[str, Any] = {}
    file = package.mrt.open(vector.data, add_path=given, on_skip=told)
    line = package.text.jsonl.formatter()
    out["routes"] = [json.loads(line(route)) for route in file.routes()]
    out["skips"] = [skip._asdict() for skip in file.skips]
    out["messages"] = [found.json() for found in package.mrt.open(vector.data, add_path=given, on_skip=told).messages()]
    records = list(package.mrt.open(vector.data, add_path=given, on_skip=told).records())
    out["records"] = [{"type": r.type, "subtype": r.subtype, "length": len(r.data)} for r in records]
    out["bodies"] = _bodies(package, records, given)
    wire = b"".join(map(bytes, records))
    if isinstance(vector.expected, dict):
        out = {key: value for key, value in out.items() if key in vector.expected or (key == "skips" and value)}
    return Result(out, wire if wire == vector.data or not file.skips else None, [])


def _bodies(package: Any, records: list[Any], given: list[tuple[int, int]]) -> list[Any]:
    """``record_json`` of each record; what it raises as ``{"error": …}``."""
    out = []
    for record in records:
        try:
            out.append(package.mrt.record_json(record, add_path=given))
        except package.DecodeError as error:
            out.append({"error": error.json()})
    return out


def mrt_views(package: Any, vector: Vector) -> Iterator[tuple[str, Any]]:
    import bz2
    import gzip
    import lzma

    for name, pack in (("gzip", gzip.compress), ("bzip2", bz2.compress), ("xz", lzma.compress)):
        if vector.data:
            yield name, lambda pack=pack: _packed(package, vector, pack(vector.data))


def _packed(package: Any, vector: Vector, octets: bytes) -> Result:
    result = decode_mrt(package, vector.with_data(octets))
    result.wire = None
    return result
