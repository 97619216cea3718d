"""Archives of what is heard: rotation, names, compression, and what a process leaves that was killed."""

from __future__ import annotations

import errno
import os
import signal
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support.heard import BEGIN, Clock, Heard, odd_event, settle
from support.killed import killed

if TYPE_CHECKING:
    from pathlib import Path

SUFFIXES = (".gz", ".bz2", ".xz", ".zst", "")


def sink_of(folder: Path, clock: Clock | None = None, **options: Any) -> Any:
    return import_module("bgpwire.listen.sink_mrt").MrtSink(folder, clock=clock or Clock(), **options)


def visible(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def hidden(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.endswith((".spool", ".part")))


def prefixes(impl: Any, *paths: Path) -> list[str]:
    return [str(route.prefix) for path in paths for route in impl.mrt.open(path, strict=True)]


def numbered(begin: int, end: int) -> list[str]:
    return [f"10.0.{number >> 8}.{number & 255}/32" for number in range(begin, end)]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_rotation(impl: Any, tmp_path: Path, suffix: str) -> None:
    """Files of five minutes, by the time at which records were taken, not by that of the records."""
    clock, heard = Clock(BEGIN + 1), Heard(impl)
    try:
        sink = sink_of(tmp_path / "new", clock, name=f"updates.{{time}}{suffix}")
    except ImportError as error:  # zstd, before Python 3.14
        pytest.skip(str(error))
    folder = tmp_path / "new"
    for moment in (1, 200, 299.9, 300, 650, 1600):
        clock.now = BEGIN + moment
        sink.write(heard.records(100, BEGIN + 5000))
        sink.tick(clock.now)
        assert len(hidden(folder)) >= 1
    sink.close()
    sink.close()
    names = [f"updates.20260811.{time}{suffix}" for time in ("1600", "1605", "1610", "1625")]
    assert visible(folder) == names
    assert hidden(folder) == []
    assert prefixes(impl, folder / names[0]) == numbered(0, 300)
    assert prefixes(impl, *(folder / name for name in names)) == numbered(0, 600)
    assert (sink.messages, sink.files, sink.lost) == (600, 4, {})
    name = import_module("bgpwire.mrt.collectors").ArchiveName.of(str(folder / names[1]))
    assert (name.kind, name.time) == ("updates", BEGIN + 300)


def test_time_ends_a_file(impl: Any, tmp_path: Path) -> None:
    """A file gets its name when its period is over, whether anything is heard or not; a silent period has none."""
    clock, heard = Clock(), Heard(impl)
    sink = sink_of(tmp_path, clock, rotate=60)
    sink.write(heard.records(3))
    sink.tick(BEGIN + 59)
    assert visible(tmp_path) == []
    sink.tick(BEGIN + 60)
    settle(sink)
    assert visible(tmp_path) == ["updates.20260811.1600.gz"]
    for now in range(61, 300):
        sink.tick(BEGIN + now)
    sink.close()
    assert visible(tmp_path) == ["updates.20260811.1600.gz"]


def test_one_stream(impl: Any, tmp_path: Path) -> None:
    """bgpdump reads of bzip2 the first stream alone."""
    import bz2

    heard = Heard(impl)
    sink = sink_of(tmp_path, name="updates.{time}.bz2")
    for _ in range(5):
        sink.write(heard.records(10))
        sink.tick(BEGIN + 1)
    sink.close()
    stream = bz2.BZ2Decompressor()
    stream.decompress((tmp_path / "updates.20260811.1600.bz2").read_bytes())
    assert stream.eof
    assert stream.unused_data == b""


def test_a_second_start_in_a_period(impl: Any, tmp_path: Path) -> None:
    """Nothing that is there is written over, whoever wrote it."""
    heard = Heard(impl)
    for _ in range(3):
        sink = sink_of(tmp_path)
        sink.write(heard.records(10))
        if heard.count == 30:
            (tmp_path / "updates.20260811.1600_3.gz").write_bytes(b"by another program")
        sink.close()
    names = ["updates.20260811.1600.gz", "updates.20260811.1600_2.gz", "updates.20260811.1600_4.gz"]
    assert visible(tmp_path) == [*names[:2], "updates.20260811.1600_3.gz", names[2]]
    assert prefixes(impl, *(tmp_path / name for name in names)) == numbered(0, 30)
    assert (tmp_path / "updates.20260811.1600_3.gz").read_bytes() == b"by another program"


def test_a_clock_that_is_set_back(impl: Any, tmp_path: Path) -> None:
    clock, heard = Clock(), Heard(impl)
    sink = sink_of(tmp_path, clock)
    for moment in (299, 301, 298, 302):
        clock.now = BEGIN + moment
        sink.write(heard.records(10))
    sink.close()
    names = [f"updates.20260811.{time}.gz" for time in ("1600", "1605", "1600_2", "1605_2")]
    assert visible(tmp_path) == sorted(names)
    assert prefixes(impl, *(tmp_path / name for name in names)) == numbered(0, 40)


def test_two_at_a_time(impl: Any, tmp_path: Path) -> None:
    """They would take each other's spools for what was left."""
    pytest.importorskip("fcntl")
    errors = import_module("bgpwire.listen.sink")
    sink = sink_of(tmp_path)
    with pytest.raises(errors.SinkError, match="another process writes updates"):
        sink_of(tmp_path)
    sink_of(tmp_path, name="other.{time}.gz").close()
    sink.close()
    sink_of(tmp_path).close()


def test_what_an_archive_has_no_place_for(impl: Any, tmp_path: Path) -> None:
    heard = Heard(impl)
    sink = sink_of(tmp_path)
    sink.write(heard.of([odd_event(impl)]))
    assert hidden(tmp_path) == []
    sink.write(heard.records(2))
    sink.close()
    assert sink.messages == 2
    assert sink.lost == {"path identifiers of some families only": 1}


@pytest.mark.parametrize("name", ["updates.gz", "{time}/{time}.gz", "a/{time}.gz", "{time}{time}"])
def test_names_that_cannot_be(impl: Any, tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="the name of files"):
        sink_of(tmp_path, name=name)


def test_periods(impl: Any) -> None:
    periods = import_module("bgpwire.listen.periods")
    asked = ["300", "300s", "5m", "1h", "1d"]
    assert [periods.seconds_of(text) for text in asked] == [300, 300, 300, 3600, 86400]
    for text in ("", "0", "5 m", "m", "-5m", "5w", "1e3", "0h", "99999d", "٣"):
        with pytest.raises(ValueError, match="period"):
            periods.seconds_of(text)
    odd = periods.Periods("updates.{time}.gz", 90)
    assert odd.file(odd.begin(BEGIN + 91)) == "updates.20260811.160130.gz"
    assert odd.owns("updates.20260811.160130_12.gz")
    assert not odd.owns("updates.20260811.160130.bz2")
    assert not odd.owns("updates.20260811.gz")


# --- errors and ends ------------------------------------------------------------------------------------------


class _Full:
    """Writes some octets of each call, and then the disk is full."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
        self.room = room
        self._write = os.write
        monkeypatch.setattr("bgpwire.listen.spool.os.write", self)

    def __call__(self, descriptor: int, octets: Any) -> int:
        if not self.room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        done = self._write(descriptor, octets[: self.room])
        self.room -= done
        return done


def test_a_full_disk(impl: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What raised is not taken, not in parts either, and may be given again."""
    SinkError = import_module("bgpwire.listen.sink").SinkError
    heard = Heard(impl)
    sink = sink_of(tmp_path)
    sink.write(heard.records(10))
    records = heard.records(10)
    with monkeypatch.context() as patch:
        _Full(patch, 333)
        with pytest.raises(SinkError) as raised:
            sink.write(records)
    assert raised.value.errno == errno.ENOSPC
    assert raised.value.sink == "mrt"
    assert str(raised.value) == f"mrt: {os.strerror(errno.ENOSPC)}"
    assert sink.messages == 10
    sink.write(records)
    sink.close()
    assert prefixes(impl, tmp_path / "updates.20260811.1600.gz") == numbered(0, 20)


def test_a_file_that_cannot_be_made(impl: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full when the period is over: it is said, what was heard stays, and becomes a file later."""
    SinkError = import_module("bgpwire.listen.sink").SinkError
    clock, heard = Clock(), Heard(impl)
    sink = sink_of(tmp_path, clock)
    sink.write(heard.records(10))
    with monkeypatch.context() as patch:

        def full(_: int) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        patch.setattr("bgpwire.listen.rotation.os.fsync", full)
        with pytest.raises(SinkError, match="mrt"):  # noqa: PT012  by one of them, for it is a thread that makes it
            sink.tick(BEGIN + 300)
            settle(sink)
            sink.tick(BEGIN + 301)
        assert visible(tmp_path) == []
        assert hidden(tmp_path) == [".updates.20260811.1600.gz.spool"]
    sink.tick(BEGIN + 302)
    clock.now = BEGIN + 303
    sink.write(heard.records(10))
    sink.close()
    names = ["updates.20260811.1600.gz", "updates.20260811.1605.gz"]
    assert visible(tmp_path) == names
    assert prefixes(impl, *(tmp_path / name for name in names)) == numbered(0, 20)


def test_a_folder_that_is_none(impl: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(import_module("bgpwire.listen.sink").SinkError, match=r"mrt: .*file"):
        sink_of(tmp_path / "file")


def test_what_was_left(impl: Any, tmp_path: Path) -> None:
    """A spool with a torn end is completed; a part beside its spool is made anew; one without is whole."""
    heard = Heard(impl)
    octets, _ = heard.records(20).archive()
    size = len(octets) // 20
    (tmp_path / ".updates.20260811.1500.gz.spool").write_bytes(octets[: size * 10 + 17])
    (tmp_path / ".updates.20260811.1500.gz.part").write_bytes(b"\x1f\x8b")
    (tmp_path / ".updates.20260811.1505.gz.spool").write_bytes(octets[size * 10 :] + bytes(4096))
    (tmp_path / ".updates.20260811.1510.gz.spool").write_bytes(octets[: size - 1])
    (tmp_path / ".updates.20260811.1515.gz.part").write_bytes(b"whole")
    (tmp_path / ".updates.20260811.1520.bz2.spool").write_bytes(octets)
    sink = sink_of(tmp_path)
    assert sink.recovered == tuple(f"updates.20260811.{time}.gz" for time in (1500, 1505, 1510, 1515))
    sink.close()
    names = ["updates.20260811.1500.gz", "updates.20260811.1505.gz"]
    assert visible(tmp_path) == [*names, "updates.20260811.1515.gz"]
    assert hidden(tmp_path) == [".updates.20260811.1520.bz2.spool"]
    assert prefixes(impl, *(tmp_path / name for name in names)) == numbered(0, 20)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL")
@pytest.mark.parametrize("lines", [1, 7, 40])
def test_kill_9(impl: Any, tmp_path: Path, lines: int) -> None:
    """Each file that has its name is whole then, and after the next start nothing that was taken is missing."""
    count = killed(impl, "Mrt", tmp_path, lines)
    for name in visible(tmp_path):
        prefixes(impl, tmp_path / name)
    sink_of(tmp_path, rotate=60).close()
    assert hidden(tmp_path) == []
    found = prefixes(impl, *(tmp_path / name for name in visible(tmp_path)))
    assert found == numbered(0, len(found))
    assert len(found) >= count
