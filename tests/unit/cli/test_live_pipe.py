"""A pipe that is still being written: what is whole comes out, without waiting for what is not there yet."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from support.context import ATTRIBUTES, bgp4mp, record, told, update

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GOOD = bgp4mp(update(b"", ATTRIBUTES, b"\x08\x0a"))
NEXT = bgp4mp(update(b"", ATTRIBUTES, b"\x08\x0b"))
SAFETY = 10


def _gzip() -> Callable[[bytes], bytes]:
    """Octets as gzip writes them when it is flushed after each piece."""
    stream = zlib.compressobj(wbits=31)
    return lambda data: stream.compress(data) + stream.flush(zlib.Z_SYNC_FLUSH)


PACKERS = {"plain": lambda: bytes, "gzip": _gzip}


def _start(impl: Any, *arguments: str, **how: Any) -> subprocess.Popen[bytes]:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "BGPWIRE_IMPLEMENTATION": impl.IMPLEMENTATION}
    return subprocess.Popen(
        [sys.executable, "-m", "bgpwire", *arguments], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how
    )


def _line(process: subprocess.Popen[bytes]) -> bytes:
    """The line that stands in the output; a failure if none comes."""
    assert process.stdout is not None
    line = b""
    while not line.endswith(b"\n"):
        assert select.select([process.stdout], [], [], SAFETY)[0], f"no line, but {line!r}"
        piece = os.read(process.stdout.fileno(), 1)
        assert piece, process.communicate()[1]
        line += piece
    return line


@pytest.mark.parametrize("packer", PACKERS)
@pytest.mark.parametrize("form", ["json", "text", "psv", "messages"])
def test_dump_of_standard_input(impl: Any, packer: str, form: str) -> None:
    """The line of each record is read before the next record is written."""
    pack = PACKERS[packer]()
    how = ["--messages"] if form == "messages" else ["--format", form]
    with _start(impl, "dump", *how, "-", stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        for n, prefix in enumerate([b"10.0.0.0/8", b"11.0.0.0/8", b"10.0.0.0/8"]):
            process.stdin.write(pack(NEXT if n == 1 else GOOD))
            process.stdin.flush()
            if form == "psv" and not n:
                assert _line(process).startswith(b"type|")
            assert prefix in _line(process)
        # A record of an unregistered type, and half of one that is not: neither is waited for to show what is known.
        process.stdin.write(pack(record(77, 0, b"x" * 50) + GOOD + NEXT[:30]))
        process.stdin.flush()
        assert b"10.0.0.0/8" in _line(process)
        process.stdin.write(pack(NEXT[30:]))
        process.stdin.flush()
        assert b"11.0.0.0/8" in _line(process)
        _, errors = process.communicate()
        if packer == "plain":
            assert (errors, process.returncode) == (b"", 0)


def test_dump_of_a_fifo(impl: Any, tmp_path: Path) -> None:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    with _start(impl, "dump", str(path)) as process:
        with path.open("wb", buffering=0) as fifo:
            for _ in range(3):
                fifo.write(GOOD)
                assert b"10.0.0.0/8" in _line(process)
        assert process.communicate() == (b"", b"")
        assert process.returncode == 0


@pytest.mark.parametrize("packer", PACKERS)
@pytest.mark.parametrize("kind", ["pipe", "buffered", "socket"])
def test_routes_and_records(impl: Any, packer: str, kind: str) -> None:
    pack = PACKERS[packer]()
    if kind == "socket":
        ours, theirs = socket.socketpair()
        reader, write, close = ours.makefile("rb"), theirs.sendall, theirs.close
    else:
        read_end, write_end = os.pipe()
        reader = os.fdopen(read_end, "rb", buffering=0 if kind == "pipe" else -1)
        writer = os.fdopen(write_end, "wb", buffering=0)
        write, close = writer.write, writer.close
    waits = []
    with reader:
        write(pack(GOOD))
        file = impl.mrt.open(reader, on_skip=told)
        assert file.live
        file.on_wait = lambda: waits.append(file.offset)
        routes = file.routes()
        assert str(next(routes).prefix) == "10.0.0.0/8"
        write(pack(NEXT))
        assert str(next(routes).prefix) == "11.0.0.0/8"
        write(pack(GOOD + NEXT))
        assert [str(next(routes).prefix) for _ in range(2)] == ["10.0.0.0/8", "11.0.0.0/8"]
        close()
        assert list(routes) == []
    if kind == "socket":
        ours.close()


def test_a_tear_in_a_live_pipe(impl: Any) -> None:
    """Behind junk, too, a record that is whole and all there is comes out at once."""
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb", buffering=0) as reader, os.fdopen(write_end, "wb", buffering=0) as writer:
        writer.write(GOOD + b"\xee" * 40 + GOOD)
        file = impl.mrt.open(reader, on_skip=told)
        routes = file.routes()
        assert [str(next(routes).prefix) for _ in range(2)] == ["10.0.0.0/8"] * 2
        assert [(skip.offset, skip.length) for skip in file.skips] == [(len(GOOD), 40)]
        writer.close()
        assert list(routes) == []


def test_a_pipe_with_all_in_it_is_read_as_a_file_is(impl: Any) -> None:
    """Data that waits to be read is looked at: the header behind a record, a record that is torn."""
    for data in (GOOD * 3 + GOOD[:-5] + GOOD * 3, GOOD + record(77, 1, b"abc") * 3 + GOOD, GOOD + GOOD[:40]):
        expected = impl.mrt.open(data, on_skip=told)
        read_end, write_end = os.pipe()
        os.write(write_end, data)
        os.close(write_end)
        with os.fdopen(read_end, "rb", buffering=0) as reader:
            file = impl.mrt.open(reader, on_skip=told)
            assert list(file.records()) == list(expected.records())
            assert file.skips == expected.skips


def test_a_pipe_that_does_not_block(impl: Any) -> None:
    read_end, write_end = os.pipe()
    os.set_blocking(read_end, False)
    with os.fdopen(read_end, "rb", buffering=0) as reader, _start_writer(write_end) as writer:
        assert len(list(impl.mrt.open(reader).routes())) == 3
        assert writer.wait() == 0


def _start_writer(descriptor: int) -> subprocess.Popen[bytes]:
    """A process that writes three records, each a moment behind the other."""
    code = f"import os, time\nfor _ in range(3):\n    os.write({descriptor}, {GOOD!r})\n    time.sleep(0.05)"
    process = subprocess.Popen([sys.executable, "-c", code], pass_fds=[descriptor])
    os.close(descriptor)
    return process
