"""What is heard in a database: a table with the types of the columns, batches that are there whole or not at all."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support.heard import BEGIN, Clock, Heard

if TYPE_CHECKING:
    from pathlib import Path

duckdb = pytest.importorskip("duckdb")


def sink_of(path: Path, **options: Any) -> Any:
    return import_module("bgpwire.listen.sink_duckdb").DuckDbSink(path, **{"clock": Clock()} | options)


def asked(path: Path, query: str) -> list[Any]:
    with duckdb.connect(str(path)) as connection:
        return connection.execute(query).fetchall()  # type: ignore[no-any-return]


def test_rows(impl: Any, tmp_path: Path) -> None:
    path, clock, heard = tmp_path / "bgp.duckdb", Clock(), Heard(impl)
    sink = sink_of(path, clock=clock)
    sink.write(heard.records(10))
    sink.tick(BEGIN + 9)
    assert sink.messages == 0
    sink.tick(BEGIN + 10)
    assert (sink.routes, sink.messages) == (10, 10)
    sink.write(heard.records(10))
    sink.close()
    sink.close()
    assert sink.routes == 20
    assert asked(path, "select count(*), count(distinct prefix), any_value(file) from routes") == [(20, 20, "router")]
    assert asked(path, "select as_path, peer_asn from routes where prefix = '10.0.0.3/32'") == [([64500, 64501], 64501)]
    kinds = dict(asked(path, "select column_name, column_type from (describe routes)"))
    assert (kinds["timestamp"], kinds["as_path"], kinds["type"]) == (
        "TIMESTAMP WITH TIME ZONE",
        "UINTEGER[]",
        "VARCHAR",
    )


def test_a_table_that_is_there(impl: Any, tmp_path: Path) -> None:
    """It is appended to, by the names of columns; other columns of it are null."""
    path, heard = tmp_path / "bgp.duckdb", Heard(impl)
    with duckdb.connect(str(path)) as connection:
        connection.execute('create table "my ""routes" (note text, prefix text, peer_asn bigint)')
        connection.execute("""insert into "my ""routes" values ('first', '::/0', 1)""")
    for _ in range(2):
        sink = sink_of(path, table='my "routes', fields=["peer_asn", "prefix"])
        sink.write(heard.records(2))
        sink.close()
    found = asked(path, 'from "my ""routes"')
    rows = [(None, f"10.0.0.{number}/32", 64500 + number % 2) for number in range(4)]
    assert found == [("first", "::/0", 1), *rows]
    SinkError = import_module("bgpwire.listen.sink").SinkError
    with pytest.raises(SinkError, match=r"has no column type, med"):
        sink_of(path, table='my "routes', fields=["prefix", "type", "med"])


def test_a_batch_that_fails(impl: Any, tmp_path: Path) -> None:
    """Nothing of it is in the table, and all of it still waits."""
    SinkError = import_module("bgpwire.listen.sink").SinkError
    path, heard = tmp_path / "bgp.duckdb", Heard(impl)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table routes (prefix text check (prefix <> '10.0.0.15/32'))")
    sink = sink_of(path, fields=["prefix"])
    sink.write(heard.records(10))
    sink.flush()
    sink.write(heard.records(10))
    with pytest.raises(SinkError, match=r"duckdb: .*CHECK"):
        sink.flush()
    assert (sink.routes, sink.messages) == (10, 10)
    with pytest.raises(SinkError, match="CHECK"):
        sink.close()
    assert sink.lost == {"not written": 10}
    assert asked(path, "select count(*) from routes") == [(10,)]


def test_files_that_cannot_be_opened(impl: Any, tmp_path: Path) -> None:
    SinkError = import_module("bgpwire.listen.sink").SinkError
    (tmp_path / "text").write_text("no database, whatever it is called\n" * 1000)
    for path in (tmp_path / "text", tmp_path / "nowhere" / "bgp.duckdb"):
        with pytest.raises(SinkError, match="duckdb: "):
            sink_of(path)


def test_what_waits_is_bounded(impl: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("bgpwire.listen.sink_gathering"), "_WAITING", 4000)
    heard = Heard(impl)
    sink = sink_of(tmp_path / "bgp.duckdb", filter=impl.Filter(peer_asn=64500))
    for _ in range(20):
        sink.write(heard.records(10))
        assert sink._waiting.size <= 4000
    sink.close()
    assert (sink.routes, sink.messages) == (100, 200)
