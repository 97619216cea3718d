"""A lazy frame over archives says what the whole frame says, and decodes no more than its query asks for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.made_mrt import archive
from support.places import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.implementations import Implementation

pl = pytest.importorskip("polars")
pytest.importorskip("polars.io.plugins")

FILES = [SAMPLES / "demo.mrt", SAMPLES / "demo-rib.mrt"]
QUERIES: dict[str, Callable[[Any], Any]] = {
    "all": lambda frame: frame,
    "projection": lambda frame: frame.select("prefix", "type"),
    "order": lambda frame: frame.select("type", "prefix", pl.col("as_path").list.len().alias("hops")),
    "count": lambda frame: frame.select(pl.len()),
    "predicate": lambda frame: frame.filter(pl.col("origin_asn") == 64497),
    "predicate of what is not selected": lambda frame: frame.filter(pl.col("type") == "A").select("prefix"),
    "predicate and count": lambda frame: frame.filter(pl.col("type") == "W").select(pl.len()),
    "limit": lambda frame: frame.head(23),
    "no rows": lambda frame: frame.head(0),
    "slice": lambda frame: frame.slice(15, 30),
    "tail": lambda frame: frame.tail(3),
    "limit behind a predicate": lambda frame: frame.filter(pl.col("peer_asn") > 0).head(5),
    "predicate behind a limit": lambda frame: frame.head(50).filter(pl.col("type") == "W"),
    "groups": lambda frame: frame.group_by("origin_asn").len().sort("origin_asn"),
    "nothing met": lambda frame: frame.filter(pl.col("prefix") == "nowhere"),
}


@pytest.fixture(scope="module")
def frames(both: list[Implementation]) -> dict[str, Any]:
    """All rows, by implementation."""
    found = {}
    for loaded in both:
        with loaded.active() as package:
            fields = [name for name in package.columns.COLUMNS if not name.endswith("_text")]
            found[loaded.name] = package.columns.read(FILES, fields).to_polars()
    return found


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("options", [{}, {"batch_size": 7}, {"threads": 2}], ids=str)
def test_as_the_whole_frame(impl: Any, frames: dict[str, Any], query: str, options: dict[str, int]) -> None:
    whole = frames[impl.IMPLEMENTATION]
    lazy = impl.columns.scan(FILES, whole.columns, **options)
    assert lazy.collect_schema() == whole.schema
    for _ in range(2):
        found, expected = QUERIES[query](lazy).collect(), QUERIES[query](whole.lazy()).collect()
        assert found.schema == expected.schema
        assert found.rows() == expected.rows()


def test_what_polars_calls(impl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same where no thread of Polars calls it: columns, a predicate, and a limit, which counts before that."""
    monkeypatch.setattr("polars.io.plugins.register_io_source", lambda batches, schema: (batches, schema))
    batches, schema = impl.columns.scan(FILES, ["type", "prefix", "peer_asn"], batch_size=50)
    whole = impl.columns.read(FILES, ["type", "prefix", "peer_asn"]).to_polars()
    withdrawn = pl.col("type") == "W"

    def frame(*given: Any) -> Any:
        return pl.concat(batches(*given))

    assert schema == whole.schema
    assert frame(None, None, None, None).equals(whole)
    assert frame(["prefix"], None, None, 7).equals(whole.select("prefix"))
    assert frame(None, withdrawn, None, None).equals(whole.filter(withdrawn))
    assert frame(None, withdrawn, 60, None).equals(whole.head(60).filter(withdrawn))
    assert frame(None, None, 60, None).equals(whole.head(60))
    assert list(batches(None, None, 0, None)) == []


def test_what_a_query_does_not_use_is_not_decoded(impl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    polars = sys.modules["bgpwire.columns.polars"]
    asked: list[tuple[Any, ...]] = []

    def read(files: Any, fields: Any, **options: Any) -> Any:
        asked.append((tuple(fields), options["batch_size"]))
        return impl.columns.read(files, fields, **options)

    lazy = impl.columns.scan(FILES)
    monkeypatch.setattr(polars, "read", read)
    lazy.filter(pl.col("type") == "A").select("prefix").collect()
    lazy.select("med").head(5).collect()
    assert [fields for fields, _ in asked] == [("type", "prefix"), ("med",)]
    assert asked[1][1] == 5


def test_a_limit_ends_the_reading(impl: Any, tmp_path: Path) -> None:
    """The second file is not there, and not looked for."""
    lazy = impl.columns.scan([FILES[0], tmp_path / "missing"])
    assert len(lazy.head(5).collect()) == 5
    with pytest.raises(Exception, match="missing"):
        lazy.collect()


def test_nothing_is_opened_before(impl: Any, tmp_path: Path) -> None:
    path = tmp_path / "later.mrt"
    lazy = impl.columns.scan(path, ["prefix"], filter=impl.Filter(type="A"))
    path.write_bytes(archive())
    assert len(lazy.collect()) == 4


def test_wrong_arguments(impl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="no column 'prefx'"):
        impl.columns.scan(FILES, ["prefx"])
    with pytest.raises(TypeError, match="list of names"):
        impl.columns.scan(FILES, "prefix")
    monkeypatch.setitem(sys.modules, "polars.io.plugins", None)
    with pytest.raises(ImportError, match=r"bgpwire\[polars\]"):
        impl.columns.scan(FILES)
