"""Commands that read much in several processes: what they print, say and end with is what they do in one."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from support.cut_archives import MADE
from support.made_mrt import archive

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there are threads")

PROGRAM = """
import sys
from bgpwire.cli import forked, main, worker
from bgpwire.mrt import archive, guesses, parts
forked._MUCH = 0
parts.LONG = 500
archive.PIECE = archive.LARGE_PIECE = 300
guesses._BEGINNING = 200
guesses._CHAIN = 1
guesses._WINDOW = 200
sys.exit(main())
"""
"""Archives of some hundred octets are long, and long ones are cut, where two octets that look like it are enough."""
SAFETY = 30


def _start(impl: Any, *words: str) -> subprocess.Popen[bytes]:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "BGPWIRE_IMPLEMENTATION": impl.IMPLEMENTATION}
    given = [sys.executable, "-c", PROGRAM, *words]
    return subprocess.Popen(given, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def _run(impl: Any, *words: str) -> tuple[bytes, bytes, int]:
    with _start(impl, *words) as process:
        out, err = process.communicate(timeout=2 * SAFETY)
        return out, err, process.returncode


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sound archives, odd ones and torn ones, plain and packed."""
    path = tmp_path / "in"
    path.mkdir()
    for number, octets in enumerate(MADE.values()):
        (path / f"{number:02}.mrt").write_bytes(octets)
        (path / f"{number:02}.mrt.gz").write_bytes(gzip.compress(octets))
    (path / "30.none").write_bytes(b"no MRT, but text" * 50)
    return path


@pytest.fixture
def long(tmp_path: Path) -> list[str]:
    """Two files, of which more is printed than a pipe holds."""
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(archive() * 2000)
    return [str(tmp_path / "a"), str(tmp_path / "b")]


@pytest.mark.parametrize("words", ["dump", "dump -f psv", "dump -f bgpdump --type A", "stats -f json", "stats"])
def test_as_one_process(impl: Any, folder: Path, words: str) -> None:
    given = (*words.split(), str(folder), str(folder / "gone"), str(folder / "00.mrt"))
    one = _run(impl, *given, "--jobs", "1")
    assert len(one[0]) > 300
    assert b"gone: No such file" in one[1]
    assert one[2] == 2
    assert _run(impl, *given, "--jobs", "3") == one


@pytest.mark.parametrize("words", ["dump", "dump -f psv --type A"])
@pytest.mark.parametrize("waiting", [0, 100, 1 << 20])
def test_lines_leave_while_a_piece_is_read(
    impl: Any, folder: Path, monkeypatch: pytest.MonkeyPatch, words: str, waiting: int
) -> None:
    """One at a time, of pieces whose end is a guess; where next to nothing may wait, pieces are read again."""
    given = (*words.split(), str(folder))
    one = _run(impl, *given, "--jobs", "1")
    small = f"from bgpwire.text import lines\nlines._SIZE_BESIDE = 1\nworker._WAITING = {waiting}\nsys.exit"
    monkeypatch.setattr(sys.modules[__name__], "PROGRAM", PROGRAM.replace("sys.exit", small))
    for jobs in ("2", "3"):
        assert _run(impl, *given, "--jobs", jobs) == one


def test_into_a_file(impl: Any, folder: Path, tmp_path: Path) -> None:
    expected = _run(impl, "dump", "-f", "psv", "--jobs", "1", str(folder))
    out = tmp_path / "out.psv"
    assert _run(impl, "dump", "-f", "psv", "-o", str(out), str(folder)) == (b"", *expected[1:])
    assert out.read_bytes() == expected[0]
    again = _run(impl, "dump", "-f", "psv", "-o", str(out), str(folder))
    assert again[2] == 2
    assert b"--force" in again[1]
    full = _run(impl, "dump", "-f", "psv", "--force", "-o", "/dev/full", str(folder))
    assert full == (b"", b"bgpwire: cannot write: No space left on device\n", 2)


def test_small_files(impl: Any, tmp_path: Path) -> None:
    """Several of which one process reads, one after the other."""
    for number in range(9):
        (tmp_path / f"{number}.gz").write_bytes(gzip.compress(archive() * (number + 1)))
    code = PROGRAM.replace("archive.PIECE = archive.LARGE_PIECE = 300", "forked._TOGETHER = 500")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "BGPWIRE_IMPLEMENTATION": impl.IMPLEMENTATION}
    found = [
        subprocess.run(
            [sys.executable, "-c", code, "dump", "--jobs", jobs, str(tmp_path)],
            env=env,
            capture_output=True,
            check=True,
        ).stdout
        for jobs in ("1", "2")
    ]
    assert found[0].count(b"\n") > 45
    assert found[0] == found[1]


def _children(process: subprocess.Popen[bytes], number: int) -> list[int]:
    """Those that were made, when there are so many, and one of them waits for its output to be read."""
    end = time.monotonic() + SAFETY
    path = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while len(found := path.read_text().split()) < number:
        assert time.monotonic() < end
        time.sleep(0.01)
    assert process.stdout is not None
    assert process.stdout.read(1)
    return [int(one) for one in found]


def _gone(children: list[int]) -> bool:
    end = time.monotonic() + SAFETY
    while any(Path(f"/proc/{child}").exists() for child in children) and time.monotonic() < end:
        time.sleep(0.01)
    return not any(Path(f"/proc/{child}").exists() for child in children)


def test_reader_that_leaves(impl: Any, long: list[str]) -> None:
    with _start(impl, "dump", *long) as process:
        children = _children(process, 2)
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141
    assert _gone(children)


def test_interrupt(impl: Any, long: list[str]) -> None:
    with _start(impl, "dump", *long) as process:
        children = _children(process, 2)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=SAFETY)[1] == b""
    assert process.returncode == 130
    assert _gone(children)


@pytest.mark.parametrize("which", [0, 1])
def test_process_that_is_killed(impl: Any, long: list[str], which: int) -> None:
    """What it has read is missing: an error, that names the file."""
    with _start(impl, "dump", *long) as process:
        children = _children(process, 2)
        os.kill(children[which], signal.SIGKILL)
        _, err = process.communicate(timeout=SAFETY)
    assert err.startswith(b"bgpwire: a process that read ")
    assert err.endswith(b" was ended by signal 9\n")
    assert process.returncode == 2
    assert _gone(children)


def test_the_others_are_killed_with_the_first(impl: Any, long: list[str]) -> None:
    with _start(impl, "dump", *long) as process:
        children = _children(process, 2)
        process.kill()
        process.communicate(timeout=SAFETY)
    assert _gone(children)


def test_little_is_read_in_one(impl: Any, long: list[str]) -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "BGPWIRE_IMPLEMENTATION": impl.IMPLEMENTATION}
    code = "import sys; from bgpwire.cli import main; main(); sys.exit('bgpwire.cli.processes' in sys.modules)"
    words = [sys.executable, "-c", code, "stats", *long]
    assert subprocess.run(words, env=env, stdout=subprocess.DEVNULL, check=False).returncode == 0
