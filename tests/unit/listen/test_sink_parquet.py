"""Parquet files of what is heard: the rows of the routes, whole files only, bounded memory."""

from __future__ import annotations

import errno
import os
import signal
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support import made_bmp as made
from support.heard import BEGIN, Clock, Heard, settle
from support.killed import killed

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("pyarrow")


def sink_of(folder: Path, clock: Clock | None = None, **options: Any) -> Any:
    return import_module("bgpwire.listen.sink_parquet").ParquetSink(folder, clock=clock or Clock(), **options)


def visible(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def hidden(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.endswith((".spool", ".part")))


def table(*paths: Path) -> Any:
    import pyarrow as pa
    from pyarrow import parquet

    return pa.concat_tables([parquet.read_table(path, partitioning=None) for path in paths], promote_options="default")


def numbered(begin: int, end: int) -> list[str]:
    return [f"10.0.{number >> 8}.{number & 255}/32" for number in range(begin, end)]


def test_rotation(impl: Any, tmp_path: Path) -> None:
    """What waits when a period ends stands in the file of that period."""
    clock, heard = Clock(), Heard(impl)
    sink = sink_of(tmp_path, clock)
    for moment in (1, 299.9, 300, 650):
        clock.now = BEGIN + moment
        sink.write(heard.records(100))
        sink.tick(clock.now)
    sink.close()
    sink.close()
    names = [f"routes.20260811.{time}.parquet" for time in ("1600", "1605", "1610")]
    assert visible(tmp_path) == names
    assert hidden(tmp_path) == []
    assert [table(tmp_path / name).num_rows for name in names] == [200, 100, 100]
    found = table(*(tmp_path / name for name in names))
    assert found["prefix"].to_pylist() == numbered(0, 400)
    assert found.column_names[-3:] == ["file", "rib", "distinguisher"]
    assert set(found["file"].to_pylist()) == {"router"}
    assert found["as_path"][0].as_py() == [64500, 64501]
    assert (sink.routes, sink.messages, sink.files) == (400, 400, 3)


def test_a_tick_ends_a_period(impl: Any, tmp_path: Path) -> None:
    clock, heard = Clock(BEGIN + 290), Heard(impl)
    sink = sink_of(tmp_path, clock)
    sink.write(heard.records(5))
    sink.tick(BEGIN + 299)
    assert sink.messages == 0
    sink.tick(BEGIN + 300)
    settle(sink)
    assert visible(tmp_path) == ["routes.20260811.1600.parquet"]
    sink.write(heard.records(5))
    sink.tick(BEGIN + 302)
    assert sink.messages == 10, "the clock of what waits and that of the tick are apart"
    sink.close()


def test_columns_and_filter(impl: Any, tmp_path: Path) -> None:
    """Tables of one router, by name; and what a filter leaves out."""
    opens = made.open_message(64500, made.asn4(64500)), made.open_message(64501, made.asn4(64501))
    pre, post = made.monitoring(made.update()), made.monitoring(made.update("18 0a0001"), flags=0x40)
    monitor = impl.bmp.Monitor()
    events = [event for octets in (made.peer_up(*opens), pre, post, pre) for event in monitor.events(octets)]
    fields = ["rib", "prefix", "large_communities"]
    sink = sink_of(tmp_path / "all", fields=fields)
    sink.write(Heard(impl).of(events))
    sink.close()
    found = table(tmp_path / "all" / "routes.20260811.1600.parquet")
    assert found.column_names == fields
    rows = [(row["rib"], row["prefix"]) for row in found.to_pylist()]
    assert sorted(rows) == [("adj-rib-in-post", "10.0.1.0/24"), *2 * [("adj-rib-in-pre", "10.0.0.0/24")]]
    sink = sink_of(tmp_path / "some", filter=impl.Filter(prefix="10.0.1.0/24"))
    sink.write(Heard(impl).of(events))
    sink.close()
    assert (sink.routes, sink.messages) == (1, 3)


def test_nothing_for_the_file(impl: Any, tmp_path: Path) -> None:
    """There is no file without rows."""
    sink = sink_of(tmp_path, filter=impl.Filter(origin_asn=1))
    sink.write(Heard(impl).records(3))
    sink.close()
    assert visible(tmp_path) == []
    assert hidden(tmp_path) == []


def test_row_groups(impl: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces are joined to row groups, and none is larger than it may be."""
    from pyarrow import parquet

    module = import_module("bgpwire.listen.sink_parquet")
    monkeypatch.setattr(module, "_ROWS", 70)
    heard = Heard(impl)
    sink = sink_of(tmp_path)
    for count in (30, 30, 30, 100, 10, 10):
        sink.write(heard.records(count))
        sink.flush()
    sink.close()
    read = parquet.ParquetFile(tmp_path / "routes.20260811.1600.parquet")
    groups = [read.metadata.row_group(number).num_rows for number in range(read.num_row_groups)]
    assert groups == [60, 30, 70, 50]
    assert read.read()["prefix"].to_pylist() == numbered(0, 210)


def test_what_waits_is_bounded(impl: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("bgpwire.listen.sink_gathering"), "_WAITING", 4000)
    heard = Heard(impl)
    sink = sink_of(tmp_path)
    for _ in range(50):
        sink.write(heard.records(10))
        assert sink._waiting.size <= 4000
    sink.close()
    assert table(tmp_path / "routes.20260811.1600.parquet")["prefix"].to_pylist() == numbered(0, 500)


def test_a_full_disk(impl: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither what waits is lost, nor is anything written twice."""
    SinkError = import_module("bgpwire.listen.sink").SinkError
    clock, heard = Clock(), Heard(impl)
    sink = sink_of(tmp_path, clock)
    sink.write(heard.records(10))
    sink.flush()
    sink.write(heard.records(10))
    records = heard.records(10)
    with monkeypatch.context() as patch:
        write = os.write

        def full(descriptor: int, octets: Any) -> int:
            if len(octets) < 1000:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return write(descriptor, octets[:1000])

        patch.setattr("bgpwire.listen.spool.os.write", full)
        with pytest.raises(SinkError, match=os.strerror(errno.ENOSPC)):
            sink.flush()
        clock.now += 300
        with pytest.raises(SinkError, match=os.strerror(errno.ENOSPC)):
            sink.write(records)
    sink.write(records)
    sink.close()
    names = ["routes.20260811.1600.parquet", "routes.20260811.1605.parquet"]
    assert visible(tmp_path) == names
    assert table(*(tmp_path / name for name in names))["prefix"].to_pylist() == numbered(0, 30)


def test_closing_on_a_full_disk(impl: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SinkError = import_module("bgpwire.listen.sink").SinkError
    sink = sink_of(tmp_path)
    sink.write(Heard(impl).records(10))

    def full(*_: Any) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("bgpwire.listen.spool.os.write", full)
    with pytest.raises(SinkError):
        sink.close()
    assert sink.lost == {"not written": 10}
    sink.close()


def test_a_torn_spool(impl: Any, tmp_path: Path) -> None:
    """Wherever it is cut, the pieces in front of the cut are in the file."""
    heard = Heard(impl)
    sink = sink_of(tmp_path / "whole")
    ends = []
    spool = tmp_path / "whole" / ".routes.20260811.1600.parquet.spool"
    for _ in range(3):
        sink.write(heard.records(10))
        sink.flush()
        ends.append(spool.stat().st_size)
    octets = spool.read_bytes()
    sink.close()
    for cut in (1, 100, ends[0] - 1, ends[0], ends[0] + 1, ends[0] + 9, ends[1] - 9, ends[1], ends[1] + 700, ends[2]):
        folder = tmp_path / str(cut)
        folder.mkdir()
        (folder / spool.name).write_bytes(octets[:cut])
        sink_of(folder).close()
        assert hidden(folder) == []
        rows = 10 * sum(cut >= end for end in ends)
        # Of a piece whose end alone is missing the rows are there.
        found = table(*(folder / name for name in visible(folder)))["prefix"].to_pylist() if visible(folder) else []
        assert found in (numbered(0, rows), numbered(0, rows + 10))
        assert rows <= len(found)


def test_a_spool_that_becomes_no_file(impl: Any, tmp_path: Path) -> None:
    """It is put aside and told, and those behind it become files."""
    heard = Heard(impl)
    pieces = []
    for name, fields in (("one", ["prefix"]), ("two", ["type", "med"])):
        sink = sink_of(tmp_path / name, fields=fields)
        sink.write(heard.records(10))
        sink.flush()
        pieces.append((tmp_path / name / ".routes.20260811.1600.parquet.spool").read_bytes())
        sink.close()
    folder = tmp_path / "both"
    folder.mkdir()
    (folder / ".routes.20260811.1500.parquet.spool").write_bytes(b"".join(pieces))
    (folder / ".routes.20260811.1505.parquet.spool").write_bytes(pieces[0])
    sink = sink_of(folder)
    with pytest.raises(
        import_module("bgpwire.listen.sink").SinkError, match=r"1500.parquet.broken: no file can be made"
    ):
        sink.close()
    assert sorted(path.name for path in folder.iterdir() if not path.name.endswith(".lock")) == [
        ".routes.20260811.1500.parquet.broken",
        "routes.20260811.1505.parquet",
    ]
    assert table(folder / "routes.20260811.1505.parquet")["prefix"].to_pylist() == numbered(0, 10)


def test_faults(impl: Any, tmp_path: Path) -> None:
    opens = made.open_message(64500, made.asn4(64500)), made.open_message(64501, made.asn4(64501))
    monitor = impl.bmp.Monitor()
    wrong = made.monitoring(made.update("21 0a0001"))
    told: list[Any] = []
    sink = sink_of(tmp_path, on_fault=lambda event, error: told.append(error))
    messages = (made.peer_up(*opens), wrong, made.monitoring(made.update()))
    sink.write(Heard(impl).of([event for octets in messages for event in monitor.events(octets)]))
    sink.close()
    assert sink.routes == 1
    assert [type(error) for error in told] == [impl.UpdateMessageError]


def test_unknown_columns(impl: Any, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no column 'nothing'"):
        sink_of(tmp_path, fields=["nothing"])


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL")
@pytest.mark.parametrize("lines", [1, 20])
def test_kill_9(impl: Any, tmp_path: Path, lines: int) -> None:
    """Nothing that was flushed is missing after the next start."""
    count = killed(impl, "Parquet", tmp_path, lines)
    for name in visible(tmp_path):
        table(tmp_path / name)
    sink_of(tmp_path, rotate=60).close()
    assert hidden(tmp_path) == []
    found = table(*(tmp_path / name for name in visible(tmp_path)))["prefix"].to_pylist()
    assert found == numbered(0, len(found))
    assert len(found) >= count
