"""The engines that analysts use take columns as they are, any number of times, and count the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support.places import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = SAMPLES / "demo.mrt"


@pytest.fixture
def columns(impl: Any) -> Any:
    return impl.mrt.open(SAMPLE).columns(list(impl.columns.COLUMNS), batch_size=100)


@pytest.fixture
def expected(impl: Any) -> tuple[int, int, int]:
    """Rows, AS numbers in all paths, announcements."""
    routes = list(impl.mrt.open(SAMPLE).routes())
    return len(routes), sum(len(route.as_path or ()) for route in routes), sum(route.type == "A" for route in routes)


def test_duckdb(columns: Any, expected: tuple[int, int, int]) -> None:
    duckdb = pytest.importorskip("duckdb")
    query = "select count(*), sum(len(as_path)), count(*) filter (type = 'A') from columns"
    for _ in range(2):
        assert duckdb.sql(query).fetchall() == [expected]
    joined = "select count(*) from columns a, columns b where a.offset = b.offset and a.prefix = b.prefix"
    assert duckdb.sql(joined).fetchall()[0][0] >= expected[2]
    assert len(duckdb.sql("select * from columns limit 1").fetchall()) == 1


def test_polars(columns: Any, expected: tuple[int, int, int]) -> None:
    pl = pytest.importorskip("polars")
    for _ in range(2):
        frame = columns.to_polars()
        found = frame.select(pl.len(), pl.col("as_path").list.len().sum(), (pl.col("type") == "A").sum())
        assert found.row(0) == expected


def test_pandas(columns: Any, expected: tuple[int, int, int]) -> None:
    pytest.importorskip("pandas")
    for _ in range(2):
        frame = columns.to_pandas()
        assert (len(frame), sum(map(len, frame["as_path"].dropna())), (frame["type"] == "A").sum()) == expected


def test_pyarrow(columns: Any, expected: tuple[int, int, int]) -> None:
    pytest.importorskip("pyarrow")
    compute = pytest.importorskip("pyarrow.compute")
    for _ in range(2):
        table = columns.to_arrow()
        table.validate(full=True)
        hops = compute.sum(compute.list_value_length(table["as_path"])).as_py()
        assert (len(table), hops, compute.sum(compute.equal(table["type"], "A")).as_py()) == expected
        assert [len(chunk) for chunk in table["type"].chunks][:-1] == [100] * (table["type"].num_chunks - 1)


def test_parquet(impl: Any, columns: Any, expected: tuple[int, int, int], tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "routes.parquet"
    assert columns.to_parquet(path) == expected[0]
    table = parquet.read_table(path)
    assert table.num_rows == expected[0]
    for name in ("prefix", "as_path", "peer_address", "timestamp", "large_communities"):
        assert table[name].to_pylist() == columns.to_arrow()[name].to_pylist()


def test_one_batch(impl: Any, columns: Any) -> None:
    """A batch is taken alone too."""
    pa = pytest.importorskip("pyarrow")
    batch = next(iter(columns))
    taken = pa.record_batch(batch)
    assert taken.num_rows == 100
    assert taken.column("prefix").to_pylist() == batch["prefix"]
    assert pa.schema(batch) == pa.schema(columns) == taken.schema
