"""``bgpwire.query``: what it decodes, and that it answers as if it decoded all."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support.context import told
from support.made_mrt import archive
from support.places import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.implementations import Implementation

duckdb = pytest.importorskip("duckdb")

FILES = [SAMPLES / "demo.mrt", SAMPLES / "demo-rib.mrt", SAMPLES / "attributes.mrt"]
EVERY = "every column"
BY_PREFIX = {"type", "prefix"}
SINCE = datetime(2016, 8, 11, 16, tzinfo=UTC)

DECODED: dict[str, tuple[set[str] | str, dict[str, Any] | None]] = {
    "select origin_asn, count(*) n from routes group by 1 order by n desc limit 20": ({"origin_asn"}, None),
    "select * from routes": (EVERY, None),
    "from routes": (EVERY, None),
    "select * exclude (error) from routes": (EVERY + " but error", None),
    "select prefix from (select * from routes)": ({"prefix"}, None),
    'select r."PREFIX" as "type" from routes as r order by R.Med': ({"prefix", "med"}, None),
    "select prefix, max(med) from routes group by all having count(origin) > 0 order by all": (
        {"prefix", "med", "origin"}, None),
    "select columns('^peer_a') from routes": ({"peer_asn", "peer_address"}, None),
    "select count(*) from routes where med > 5": ({"med"}, None),
    # Rows alone are counted by a column that is cheap.
    "select count(*) from routes": ({"type"}, None),
    "select count(*) from (select * from routes)": ({"type"}, None),
    "select 1 from routes limit 1": ({"type"}, None),
    "describe routes": ({"type"}, None),
    # The name belongs to another.
    "with routes as (select 1 as prefix) select prefix from routes": ({"type"}, None),
    "with a as (select * from routes where type = 'A') select prefix from a": (BY_PREFIX, {"type": "A"}),
    "with a as materialized (from routes) select prefix from a where type = 'A'": (BY_PREFIX, {"type": "A"}),
    "select routes.prefix from routes, (select 1 as med) as t where t.med = 1": ({"prefix"}, None),
    "select routes from routes": (EVERY, None),
    "select * from routes as r(a, b, c) order by a": (EVERY, None),
    "select prefix as type from routes where type = 'W'": (BY_PREFIX, {"type": "W"}),
    "select prefix from main.routes where type = 'W'": (EVERY, None),  # only a plan of another table is made
    # What is asked of values.
    "select prefix from routes where type = 'A' and origin_asn in (64496, 64500)": (
        BY_PREFIX | {"origin_asn"}, {"type": "A", "origin_asn": [64496, 64500]}),
    "select prefix from routes where peer_asn in (1, 2, 3)": ({"prefix", "peer_asn"}, {"peer_asn": [1, 2, 3]}),
    "select prefix from routes where 64500 = peer_asn and 'W' = type": (
        BY_PREFIX | {"peer_asn"}, {"peer_asn": 64500, "type": "W"}),
    "select prefix from routes where type = 'A' or type = 'W'": (BY_PREFIX, {"type": "AW"}),
    "select prefix from routes where afi = 1 and safi in (1, 2)": (
        {"prefix", "afi", "safi"}, {"family": ["ipv4-unicast", "ipv4-multicast"]}),
    "select med from routes where prefix = '10.0.0.0/8' and peer_address = '192.0.2.1'": (
        {"med", "prefix", "peer_address"}, {"prefix": "10.0.0.0/8", "peer_address": "192.0.2.1"}),
    "select prefix from (select prefix, type, med from routes) where type = 'A' and med = 1": (
        BY_PREFIX | {"med"}, {"type": "A"}),
    # What is not asked of each row, or not of values.
    "select prefix from routes where type = 'A' or med = 1": (BY_PREFIX | {"med"}, None),
    "select prefix from routes where not (type = 'A')": (BY_PREFIX, None),
    "select prefix from routes where type is distinct from 'A'": (BY_PREFIX, None),
    "select prefix from routes where lower(type) = 'a'": (BY_PREFIX, None),
    "select prefix from routes where type in ('A', null)": (BY_PREFIX, None),
    "select prefix from routes where prefix = 'nowhere'": ({"prefix"}, None),
    "select prefix from routes where type = origin": (BY_PREFIX | {"origin"}, None),
    "select count(*) filter (type = 'A') from routes": ({"type"}, None),
    "select max(prefix) from routes group by type having type = 'A'": (BY_PREFIX, {"type": "A"}),
    # Used twice: what all uses ask for.
    "select prefix from routes where type = 'A' union all select prefix from routes where type = 'W'": (
        BY_PREFIX, {"type": ["A", "W"]}),
    "select prefix from routes where type = 'A' union all select prefix from routes": (BY_PREFIX, None),
    "select a.prefix from routes a join routes b using (prefix) where a.type = 'A' and b.type = 'W'": (
        BY_PREFIX, {"type": ["A", "W"]}),
    "select prefix from routes a where type = 'A' and exists (from routes b where b.prefix = a.prefix and b.med > 1)": (
        BY_PREFIX | {"med"}, None),
    "select a.prefix from routes a left join routes b on a.prefix = b.prefix and b.type = 'W'": (BY_PREFIX, None),
    "select v.a, r.prefix from (values (1), (2)) v(a) left join routes r on r.peer_asn = v.a and r.type = 'A'": (
        BY_PREFIX | {"peer_asn"}, {"type": "A"}),
    "select * from (select type, prefix from routes) natural join (select 'A' as type)": (BY_PREFIX, None),
}  # fmt: skip

OF_TIME = {
    "select type from routes where timestamp >= '2016-08-11 16:00:00'": ("start",),
    "select type from routes where timestamp < timestamptz '2016-08-11 16:00:00+00'": ("end",),
    "select type from routes where timestamp between '2016-08-11 16:00:00' and '2016-08-11 16:00:00'": ("start", "end"),
    "select type from routes where timestamp = '2016-08-11 18:00:00+02'": ("start", "end"),
}


@pytest.fixture
def asked(impl: Any, monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], Any]]:
    """The columns and the filter that a query reads with."""
    found: list[tuple[list[str], Any]] = []
    answer = import_module("bgpwire.sql.answer")
    real = answer.read

    def read(paths: Any, fields: Any, **options: Any) -> Any:
        found.append((list(fields), options["filter"]))
        return real(paths, fields, **options)

    monkeypatch.setattr(answer, "read", read)
    return found


def rows_of(answer: Any) -> list[str]:
    return sorted(map(repr, answer.fetchall()))


MORE = (
    "select type, peer_asn, count(*), max(med), list(prefix order by prefix) from routes group by all order by all",
    "select * from routes where type = 'W' order by all",
    "select prefix from routes where origin_asn = 64497 and type in ('A', 'R') and peer_asn > 0 order by all",
    "select prefix from routes where peer_asn between 64490 and 64510 and timestamp > '2020-01-01'",
    "select prefix, origin_asn from routes where origin_asn is null and type = 'A'",
    "select prefix from routes where type = 'A' except select prefix from routes where type = 'W'",
    "select a.prefix, b.med from routes a full join routes b on a.prefix = b.prefix and a.type = 'A' and b.type = 'W'",
    "select a.prefix from routes a left join routes b on a.prefix = b.prefix and b.type = 'R' where b.prefix is null",
    "select prefix, (select count(*) from routes b where b.prefix = a.prefix and b.type = 'W') from routes a",
    'select prefix, row_number() over (partition by prefix order by timestamp, "offset") from routes where med > 1',
    "select unnest(communities) as c, count(*) from routes where afi = 1 and safi = 1 group by c",
    "pivot routes on type in ('A', 'W', 'R') using count(*) group by peer_asn",
    "select distinct on (prefix) prefix, type from routes order by prefix, timestamp, \"offset\"",
    "select prefix from routes where prefix in (select prefix from routes where type = 'W') and type = 'A'",
    "select prefix from routes a anti join (from routes where type = 'W') b using (prefix) where type = 'A'",
    "with recursive t(n) as (select 1 union all select n + 1 from t where n < 3) select n, prefix from t, routes"
    " where type = 'W'",
    "summarize select type, prefix, as_path_text from routes where type = 'A'",
    "select prefix from routes where (type = 'A' and peer_asn = 64500) or (type = 'W' and peer_asn = 64501)",
    "select prefix from routes where type = 'A' and false",
    "select prefix from routes where (type, peer_asn) = ('A', 64500)",
    "select prefix from routes where case when type = 'A' then med > 10 else true end",
    "select prefix from routes where coalesce(type = 'W', true)",
    "select prefix from routes where type in (select unnest(['A', 'W']))",
    "select len(as_path) as hops, count(*) from routes where origin_asn = 64497 group by hops order by hops",
)  # fmt: skip


class Once:
    """Columns that are decoded once, however often they are read."""

    def __init__(self, columns: Any) -> None:
        self._columns = columns._columns
        self._schema = columns.__arrow_c_schema__
        self._read = list(columns._batches())
        self._watched = import_module("bgpwire.sql.source").Watched(self)

    def __arrow_c_schema__(self) -> Any:
        return self._schema()

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        return self._watched.__arrow_c_stream__(requested_schema)

    def _batches(self) -> Iterator[Any]:
        return iter(self._read)


@pytest.fixture(scope="module")
def all_columns(both: list[Implementation]) -> dict[str, Once]:
    """By implementation."""
    found = {}
    for loaded in both:
        with loaded.active() as package:
            found[loaded.name] = Once(package.columns.read(FILES, list(package.columns.COLUMNS), on_skip=told))
    return found


def check_what_is_decoded(package: Any, sql: str, fields: list[str], chosen: Any) -> None:
    """The columns and the filter of a query of DECODED or OF_TIME."""
    if sql in DECODED:
        columns, criteria = DECODED[sql]
        every = set(package.columns.COLUMNS)
        assert set(fields) == {EVERY: every, EVERY + " but error": every - {"error"}}.get(str(columns), columns)
        assert chosen == (None if criteria is None else package.Filter(**criteria))
    elif sql in OF_TIME:
        assert tuple(chosen.criteria) == OF_TIME[sql]
        assert all(abs(value[0] - SINCE.timestamp()) < 0.01 for value in chosen.criteria.values())


@pytest.mark.parametrize("sql", [*DECODED, *OF_TIME, *MORE])
def test_as_if_all_were_decoded(
    impl: Any, asked: list[Any], monkeypatch: pytest.MonkeyPatch, all_columns: dict[str, Once], sql: str
) -> None:
    """What is needed is decoded, and there are the same rows as where no plan says it; columns and types are those of
    DuckDB's own relation."""
    found = impl.query(sql, FILES, on_skip=told)
    check_what_is_decoded(impl, sql, *asked[-1])
    rows = rows_of(found)
    answer = import_module("bgpwire.sql.answer")
    monkeypatch.setattr(answer, "planned", lambda connection, text: "")
    monkeypatch.setattr(answer, "read", lambda paths, fields, **options: everything(fields, options))

    def everything(fields: list[str], options: Any) -> Once:
        assert (set(fields), options["filter"]) == (set(impl.columns.COLUMNS), None)
        return all_columns[impl.IMPLEMENTATION]

    expected = impl.query(sql, FILES, on_skip=told)
    assert (found.columns, found.types) == (expected.columns, expected.types)
    if "limit 1" not in sql:
        assert rows == rows_of(expected)


def test_beside_a_filter(impl: Any) -> None:
    for chosen in (
        impl.Filter(type="AR"),
        impl.Filter(type="W") | impl.Filter(origin_asn=64497),
        impl.Filter(type="W"),
    ):
        routes = [route for route in impl.mrt.open(FILES[0]) if chosen(route)]
        found = impl.query("select count(*) from routes where type in ('A', 'W')", FILES[0], filter=chosen).fetchall()
        assert found == [(sum(route.type in "AW" for route in routes),)]


PLANS = (
    "",
    "{",
    "[]",
    "null",
    "[" * 100_000,
    '{"error": true, "error_type": "not implemented"}',
    '{"error": false, "plans": [{"type": "LOGICAL_GET", "function_data": {"table": "t"}}]}',
    '{"error": false, "plans": [{"type": "LOGICAL_GET", "names": ["a"], "column_ids": [0],'
    ' "function_data": {"table": "t"}}]}',
)


@pytest.mark.parametrize("plan", PLANS)
def test_a_plan_of_a_shape_that_is_not_known(impl: Any, plan: str) -> None:
    module = import_module("bgpwire.sql.plan")
    assert module.needs(plan, "t") == module.EVERYTHING


def test_a_column_that_is_missing_is_never_null(impl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the plan said too little, the query fails."""
    answer = import_module("bgpwire.sql.answer")
    plan = import_module("bgpwire.sql.plan")
    monkeypatch.setattr(answer, "needs", lambda text, table: plan.Needs(frozenset(("type",)), {}))
    assert impl.query("select prefix from routes where type = 'A'", FILES, on_skip=told).fetchall()
    monkeypatch.setattr(answer, "planned", lambda connection, text: "{}")
    with pytest.raises(duckdb.Error, match="not decoded: prefix"):
        impl.query("select prefix from routes where type = 'A'", FILES, on_skip=told).fetchall()


def test_a_table_beside_routes_leaves_columns_out(impl: Any, asked: list[Any], tmp_path: Path) -> None:
    made, names = tmp_path / "made.mrt", tmp_path / "names.csv"
    made.write_bytes(archive())
    names.write_text("asn,name\n64496,north\n")
    sql = "select name from routes join names on origin_asn = asn where type = 'A'"
    assert impl.query(sql, made, tables={"names": names}).fetchall() == [("north",)]
    assert set(asked[-1][0]) == {"type", "origin_asn"}
