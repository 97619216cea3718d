"""``bgpwire convert FILE… FOLDER/``: a file for each input, whole, or not there at all."""

from __future__ import annotations

import csv
import gzip
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.cut_archives import MADE
from support.made_mrt import archive
from support.places import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

DEMO, RIB = SAMPLES / "demo.mrt", SAMPLES / "demo-rib.mrt"
PROGRAM = """
import os, signal, sys, time
from contextlib import contextmanager
from bgpwire.cli import convert_folder, forked, main
forked._MUCH = 0
forked._TOGETHER = 1
@contextmanager
def interrupted(out, kind, columns):
    out.write(b"half")
    os.kill(os.getppid(), signal.SIGINT)
    time.sleep(30)
    yield
if sys.argv[1] == "interrupted":
    convert_folder.writing = interrupted
sys.exit(main(sys.argv[2:]))
"""
"""Small archives are read in processes; one that is interrupted has written a part."""


@pytest.fixture
def run(impl: Any) -> Callable[..., int]:
    return lambda *words: import_module("bgpwire.cli").main(["convert", *map(str, words)])


def _program(impl: Any, *words: object) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "BGPWIRE_IMPLEMENTATION": impl.IMPLEMENTATION}
    command = [sys.executable, "-c", PROGRAM, *map(str, words)]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)


def _found(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_rows_are_those_of_dump(run: Any, impl: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    for words, wanted in (((), None), (("--type", "A"), impl.Filter(type="A"))):
        assert run(DEMO, RIB, f"{out}/", "--format", "csv", "--force", *words) == 0
        total = 0
        for name in (DEMO, RIB):
            with (out / f"{name.stem}.csv").open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            routes = [route for route in impl.mrt.open(name) if wanted is None or wanted(route)]
            assert [row["prefix"] for row in rows] == [str(route.prefix or "") for route in routes]
            total += len(rows)
        assert capsys.readouterr().out == f"{total} routes in 2 files in {out}/\n"
    assert sorted(_found(out)) == ["demo-rib.csv", "demo.csv"]


def test_parquet_is_what_is_made_where_nothing_is_said(run: Any, impl: Any, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    assert run(DEMO, tmp_path, "--fields", "prefix,file") == 0
    found = parquet.read_table(tmp_path / "demo.parquet")
    assert found.to_pylist() == impl.mrt.open(DEMO).columns(["prefix", "file"]).to_arrow().to_pylist()


def test_names(run: Any, tmp_path: Path) -> None:
    """Without the folder, ``.mrt`` and how it is packed; all else of a name is kept. Records are copied too."""
    names = ("updates.20160811.1600.gz", "rib.20140523.0600.bz2.gz", "a.mrt.gz", "b.MRT", ".gz", "c.dump")
    inside, out = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    for name in names:
        (inside / name).write_bytes(gzip.compress(archive()) if name.endswith(".gz") else archive())
    assert run(*(inside / name for name in names), f"{out}{os.sep}", "--format", "mrt", "--jobs", "3") == 0
    made = ("updates.20160811.1600", "rib.20140523.0600.bz2", "a", "b", ".gz", "c.dump")
    assert _found(out) == {f"{name}.mrt": archive() for name in made}


def test_what_cannot_be_read_is_no_file(run: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    page, out = tmp_path / "page.html", tmp_path / "out"
    page.write_text("<html>" * 100)
    assert run(DEMO, tmp_path / "missing", f"{out}/") == 2
    assert not out.exists()
    capsys.readouterr()
    assert run(page, DEMO, f"{out}/", "--format", "csv") == 1
    told = capsys.readouterr()
    assert told.err.splitlines()[-1] == f"bgpwire: {out}/page.html.csv is not written"
    assert told.out.endswith(f" routes in 1 file in {out}/\n")
    assert list(_found(out)) == ["demo.csv"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("a.mrt", "b/a.gz", "out/"), "a.mrt and b/a.gz would both be out/a.parquet"),
        (("a.mrt", "a.mrt", "out/"), "would both be out/a.parquet"),
        (("-", "out/"), "standard input has no name"),
        (("a.mrt", "out/", "-n", "3"), "--limit and --merge"),
        (("a.mrt", "out/", "--merge"), "--limit and --merge"),
        (("a.mrt", "out.csv", "--format", "csv"), "--format is for a folder"),
        (("a.mrt", "a.mrt/"), "is there, and no folder"),
        (("a.mrt", "b", "--format", "mrt"), "b/a.mrt: is there; --force replaces it"),
        (("b/a.mrt", "b", "--format", "mrt", "--force"), "also an input"),
        (("a.mrt", "out/", "--fields", "prefx"), "no column 'prefx'"),
        (("a.mrt", "out/", "--format", "mrt", "--type", "A"), "records are copied"),
        (("a.mrt", "no such folder/out/"), "cannot write"),
    ],
)
def test_what_is_refused(
    run: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path, words: tuple[str, ...], reason: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Path("b").mkdir()
    for name in ("a.mrt", "b/a.gz", "b/a.mrt"):
        Path(name).write_bytes(archive())
    assert run(*words) == 2
    assert reason in capsys.readouterr().err
    assert sorted(path.as_posix() for path in Path().rglob("*")) == ["a.mrt", "b", "b/a.gz", "b/a.mrt"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device")])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_left_in_the_middle(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, jobs: str
) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(import_module("bgpwire.cli.progress").Progress, "advance", fail)
    assert run(DEMO, RIB, tmp_path / "out/", "--format", "csv", "--jobs", jobs) in (130, 2)
    assert not [name for name in _found(tmp_path) if name.endswith(".part")]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there are threads")
def test_processes_write_and_say_what_one_does(
    run: Any, impl: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    for number, octets in enumerate(MADE.values()):
        (inside / f"{number:02}.mrt").write_bytes(octets)
    (inside / "30.none").write_bytes(b"no MRT, but text" * 50)
    one, several = tmp_path / "1", tmp_path / "3"
    assert run(inside, f"{one}/", "--format", "csv", "--jobs", "1") == 1
    told = capsys.readouterr()
    found = _program(impl, "", "convert", inside, f"{several}/", "--format", "csv", "--jobs", "3")
    assert found.returncode == 1
    assert found.stdout.replace(str(several), "") == told.out.replace(str(one), "")
    assert found.stderr.replace(str(several), "") == told.err.replace(str(one), "")
    assert _found(several) == _found(one)
    assert len(_found(one)) + told.err.count("is not written") == len(MADE) + 1


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there are threads")
def test_nothing_half_written_stays_of_processes(impl: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = _program(impl, "interrupted", "convert", DEMO, RIB, f"{out}/", "--format", "csv")
    assert (found.returncode, found.stdout, found.stderr) == (130, "", "")
    assert not out.exists()
