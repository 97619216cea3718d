"""Nothing is claimed that no vector shows: docs/coverage.toml against the vectors it names, and coverage.md against it.

That every vector decodes to its expected JSON and gives its octets back is ``test_vectors``, and that it is the same on
both implementations when cut at any length ``test_parity``. Here each named file is bent two hundred times (``--long``:
twenty thousand) and must come to the same on both implementations, or to the same ``DecodeError``.
"""

from __future__ import annotations

import random
import re
import runpy
import subprocess
import sys
import tomllib
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from support.built import BUILT, malformed
from support.each import each
from support.glance import Glance
from support.mutation import examples
from support.places import ROOT
from support.vectors import ABSENT, VECTORS, Vector

if TYPE_CHECKING:
    from support.implementations import Implementation

SOURCE = ROOT / "docs" / "coverage.toml"
# The documents are not in an installed package's tests.
DOCUMENT: dict[str, Any] = tomllib.loads(SOURCE.read_text("utf-8")) if SOURCE.is_file() else {"row": [], "peers": []}
ROWS: list[dict[str, Any]] = DOCUMENT["row"]
NAMED = sorted({path for row in ROWS for path in row.get("vectors", [])})
OF_FILE: dict[str, list[Vector]] = {}
for one in VECTORS:
    OF_FILE.setdefault(one.path.relative_to(ROOT).as_posix(), []).append(one)

needs_documents = pytest.mark.skipif(not ROWS, reason="docs/coverage.toml is not there")
_EDGES = (0, 1, 0x7F, 0x80, 0xFF, 33, 129)


@needs_documents
def test_rows() -> None:
    """543 rows, each once, in 16 groups, with a cell for each peer."""
    assert len(ROWS) == 543
    assert [key for key, n in Counter((row["group"], row["item"], row["code"]) for row in ROWS).items() if n > 1] == []
    cells = {"Y", "part", "raw", "-", "wrong", "breaks"}
    for row in ROWS:
        assert set(row) <= {"group", "item", "code", "rfc", "tier", "peers", "vectors", "tests", "encode", "why"}, row
        assert row["tier"] in (1, 2, 3)
        assert len(row["peers"]) == len(DOCUMENT["peers"]) == 8
        assert set(row["peers"]) <= cells, row
    assert {row["group"] for row in ROWS} == {group["number"] for group in DOCUMENT["group"]} == set(range(1, 17))


@needs_documents
def test_what_is_encoded() -> None:
    """``test_encode`` builds the vectors of an encoded row: all that are sound, and one at least. Others say why."""
    for row in ROWS:
        assert ("encode" in row) == bool(row.get("vectors") or row.get("tests")), row
        vectors = [vector for path in row.get("vectors", []) for vector in OF_FILE[path]]
        if row.get("encode"):
            assert any(vector in BUILT for vector in vectors) or "test_encode.py" in str(row["tests"]), row
            assert all(vector in BUILT or malformed(vector) for vector in vectors), row
        else:
            assert row.get("why") or "encode" not in row, row


@needs_documents
def test_documents_are_generated() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "make_coverage.py"), "--check"], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


@needs_documents
def test_named_tests_exist() -> None:
    for row in ROWS:
        for name in row.get("tests", []):
            path, _, function = name.partition("::")
            text = (ROOT / path).read_text("utf-8")
            assert not function or re.search(rf"^def {re.escape(function)}\(", text, re.MULTILINE), name


@each("path", NAMED, of=lambda path: path.split("/")[2])
def test_named_vectors_exist(path: str) -> None:
    assert path in OF_FILE, f"no vectors in {path}"
    assert not any(vector.xfail for vector in OF_FILE[path]), "a row that does not work is not claimed"
    assert any(vector.expected is not ABSENT or vector.error is not None for vector in OF_FILE[path])


def bent(data: bytes, dice: random.Random, other: bytes) -> bytes:
    """Octets with one to three changes: another value, a length at its edge, a piece gone, doubled or replaced."""
    out = bytearray(data)
    for _ in range(dice.randint(1, 3)):
        if not out:
            break
        at = dice.randrange(len(out))
        how = dice.randrange(7)
        if how < 2:
            out[at] ^= dice.randrange(1, 256)
        elif how < 4:
            out[at] = dice.choice((*_EDGES, max(0, out[at] - 1), min(255, out[at] + 1)))
        elif how == 4:
            del out[at : at + dice.randint(1, 8)]
        elif how == 5:
            piece = out[at : at + dice.randint(1, 40)]
            out[at:at] = piece
        else:
            out[at:] = other[dice.randrange(len(other)) if other else 0 :]
    return bytes(out)


@each("path", NAMED, of=lambda path: path.split("/")[2])
def test_survives(both: list[Implementation], path: str) -> None:
    """Bent two hundred times: the same from both, and never anything but a DecodeError."""
    vectors = OF_FILE[path]
    dice = random.Random(path)
    jobs: dict[str, list[bytes]] = {vector.name: [] for vector in vectors}
    for index in range(examples(200)):
        vector = vectors[index % len(vectors)]
        jobs[vector.name].append(bent(vector.data, dice, dice.choice(vectors).data))
    seen: list[list[str]] = []
    for loaded in both:
        with loaded.active() as package:
            glances = {vector.name: Glance(package, vector) for vector in vectors}
            seen.append([glances[name].look(octets) for name, many in jobs.items() for octets in many])
    if seen[0] != seen[-1]:
        flat = [(name, octets) for name, many in jobs.items() for octets in many]
        at = next(n for n, pair in enumerate(zip(seen[0], seen[-1], strict=True)) if pair[0] != pair[1])
        pytest.fail(f"{flat[at][0]}: {flat[at][1].hex()}: {seen[0][at]} and {seen[-1][at]}")


@needs_documents
def test_generator_runs_alone() -> None:
    """The generator needs nothing but the standard library."""
    module = runpy.run_path(str(ROOT / "scripts" / "make_coverage.py"))
    assert len(module["render"](module["load"]())) > 50_000
