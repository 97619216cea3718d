"""Every vector says where its octets come from and what confirms them; coverage.md says which rows nothing does."""

from __future__ import annotations

import re
import runpy
import tomllib
from typing import Any

import pytest
from support.each import of_vectors
from support.places import ROOT
from support.vectors import VECTORS, Vector

SCRIPT = ROOT / "scripts" / "make_coverage.py"
ORIGIN = re.compile(
    r"built by hand$|capture: \S|peer: \S|(RFC \d+|draft-[a-z0-9-]+)( section [\dA-Z.]+)?, example( \d+)?$"
)
TEXTS = re.compile(r"checked against (RFC \d+|draft-[a-z]+-|ISO |IANA's registry|[A-Z])")

# Neither scripts nor documents are in an installed package's tests.
needs_documents = pytest.mark.skipif(not SCRIPT.is_file(), reason="scripts/make_coverage.py is not there")


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(SCRIPT))


@needs_documents
@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ("built by hand; text not at hand", set()),
        ("built by hand; checked against RFC 9514 section 4.1", {"text"}),
        ("RFC 8955 section 4.3.1, example 1", {"text"}),
        ("draft-ietf-idr-bgp-ct-19 section 4, example", {"text"}),
        ("built by hand; layout as in wireshark packet-bgp.c; checked against ISO 10589", {"text", "peer"}),
        ("peer: GoBGP's test Test_RFC5512", {"peer"}),
        ("capture: samples/confederation.mrt, written by FRR; checked against RFC 6396", {"text", "capture"}),
        ("built by hand; a peer: of no kind is named", set()),
        ("built by hand, checked against nothing", set()),
    ],
)
def test_confirmation(script: dict[str, Any], source: str, kinds: set[str]) -> None:
    assert script["confirmation"](source) == kinds


@needs_documents
@of_vectors(VECTORS)
def test_source(script: dict[str, Any], vector: Vector) -> None:
    clauses = vector.source.split("; ")
    assert ORIGIN.match(clauses[0]), "the first clause says where the octets come from"
    assert len(set(clauses)) == len(clauses)
    for clause in clauses:
        assert not clause.startswith("checked against ") or TEXTS.match(clause), "a text is named"
    unconfirmed = script["UNCONFIRMED"] in clauses
    assert unconfirmed == (not script["confirmation"](vector.source)), "confirmed by something, or said not to be"


@needs_documents
def test_unconfirmed_rows(script: dict[str, Any]) -> None:
    """The rows that coverage.md calls unconfirmed are those of whose vectors none is confirmed."""
    sources: dict[str, list[str]] = {}
    for vector in VECTORS:
        sources.setdefault(vector.path.relative_to(ROOT).as_posix(), []).append(vector.source)
    rows = tomllib.loads((ROOT / "docs" / "coverage.toml").read_text("utf-8"))["row"]
    expected = [
        (row["item"], row["code"])
        for row in rows
        if row.get("vectors")
        and not any(script["confirmation"](source) for path in row["vectors"] for source in sources[path])
    ]
    lines = (ROOT / "docs" / "coverage.md").read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.split(" | ")] for line in lines if "| **unconfirmed** |" in line]
    assert [(row[0].removeprefix("| "), row[1]) for row in cells if len(row) > 4] == expected
