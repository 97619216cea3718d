"""``bgpwire listen``: what comes is printed at once, and written; SIGTERM ends it with all that was received."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support import made_bmp as made
from support.places import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator

OPENS = made.open_message(64500, made.asn4(64500)), made.open_message(64501, made.asn4(64501))
DEMO = SAMPLES / "demo.mrt"


@contextmanager
def listening(impl: Any, *words: object) -> Iterator[subprocess.Popen[bytes]]:
    """The program, in a process of its own."""
    source = str(Path(impl.__file__).parents[1])
    env = os.environ | {"BGPWIRE_IMPLEMENTATION": impl.IMPLEMENTATION, "PYTHONPATH": source}
    command = [sys.executable, "-m", "bgpwire", "listen", *map(str, words)]
    # Without buffers here, for communicate() gives what is in none.
    pipes: Any = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    process = subprocess.Popen(command, env=env, bufsize=0, **pipes)
    try:
        with process:
            yield process
    finally:
        process.kill()


def said(process: subprocess.Popen[bytes], word: str) -> str:
    """The line of standard error with this word in it."""
    assert process.stderr is not None
    while line := process.stderr.readline().decode():
        if word in line:
            return line
    raise AssertionError(f"nothing says {word}")


def connect(process: subprocess.Popen[bytes]) -> socket.socket:
    port = int(said(process, "listening").rpartition(":")[2])
    return socket.create_connection(("127.0.0.1", port))


def lines(process: subprocess.Popen[bytes], count: int) -> list[Any]:
    assert process.stdout is not None
    return [json.loads(process.stdout.readline()) for _ in range(count)]


def end(process: subprocess.Popen[bytes]) -> tuple[int, bytes, bytes]:
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=30)
    return process.returncode, out, err


def test_routers(impl: Any) -> None:
    """Each route is there when its message is; what was received when it is told to end is written."""
    with listening(impl, "bmp://:0", "--type", "A") as process:
        with connect(process) as router:
            router.sendall(made.bmp(4, made.tlv(2, b"r1")) + made.peer_up(*OPENS))
            for number in range(3):
                router.sendall(made.monitoring(made.update(f"18 0a00{number:02x}")))
                (line,) = lines(process, 1)
                assert (line["source"], line["rib"], line["prefix"]) == ("r1", "adj-rib-in-pre", f"10.0.{number}.0/24")
            router.sendall(made.monitoring(made.withdrawal()) + made.monitoring(made.update("18 0a0009")) * 500)
            assert len(lines(process, 1)) == 1
        said(process, "gone after 506 messages")
        status, out, err = end(process)
        assert (status, err) == (0, b"")
        assert len(out.splitlines()) == 499


def test_files_and_metrics(impl: Any, tmp_path: Path) -> None:
    words = "bmp://:0", "--mrt", tmp_path, "--rotate", "1h", "--compress", "bz2", "--metrics", "127.0.0.1:0"
    with listening(impl, *words, "--format", "psv") as process:
        metrics = said(process, "metrics at").split()[-1]
        with connect(process) as router:
            router.sendall(made.peer_up(*OPENS) + made.monitoring(made.update()) * 20)
            assert process.stdout is not None
            assert [process.stdout.readline()[:2] for _ in range(21)] == [b"ty", *[b"A|"] * 20]
            text = urllib.request.urlopen(metrics).read().decode()
            assert 'bgpwire_messages_total{source="127.0.0.1",peer="192.0.2.1",asn="64501",type="update"} 20' in text
            assert "bgpwire_peers_up 1" in text
            router.sendall(b"no BMP")
            said(process, "BMP version 110")
        status, out, _ = end(process)
        assert (status, out) == (1, b"")
    (archive,) = tmp_path.glob("updates.*.bz2")
    assert len(list(impl.mrt.open(archive))) == 20


def test_a_neighbour_and_a_port_that_is_taken(impl: Any) -> None:
    words = "bgp://:0", "--local-as", 64500, "--bgp-id", "192.0.2.1"
    with listening(impl, *words) as process:
        port = int(said(process, "listening").rpartition(":")[2])
        status, _, err = run(impl, f"bgp://:{port}", *words[1:])
        assert status == 2
        assert b"in use" in err
        assert end(process)[0] == 0


def run(impl: Any, *words: object, octets: bytes = b"") -> tuple[int, bytes, bytes]:
    """To its end."""
    with listening(impl, *words) as process:
        out, err = process.communicate(octets, timeout=30)
    return process.returncode, out, err


def test_what_ends_by_itself(impl: Any, tmp_path: Path) -> None:
    """Files, several at once, and standard input."""
    status, out, err = run(impl, "-", octets=DEMO.read_bytes())
    expected = [route.json() for route in impl.mrt.open(DEMO) if route.states is None]
    assert (status, err) == (0, b"")
    assert [json.loads(line) for line in out.splitlines()] == [{"source": "standard input"} | one for one in expected]
    path = tmp_path / "r1.bmp"
    path.write_bytes(made.monitoring(made.update()))
    status, out, _ = run(impl, DEMO, path)
    assert status == 0
    assert len(out.splitlines()) == len(expected) + 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["none.mrt"], b"none.mrt: No such file"),
        (["bgp://"], b"--local-as"),
        (["bmp://x:y"], b"no port"),
        (["-", "--format", "psv", "--parquet", "/dev/null/x"], b"/dev/null/x"),
        (["-", "--follow"], b"--follow"),
        (["bmp://", "--rotate", "5x"], b"5x"),
        (["bmp://", "--metrics", "x:y"], b"no HOST:PORT"),
        (["-", "--duckdb", "/dev/null/x", "--fields", "none"], b"none"),
    ],
)
def test_wrong_words(impl: Any, words: list[str], says: bytes) -> None:
    status, _, err = run(impl, *words)
    assert status == 2
    assert says in err
    assert b"Traceback" not in err


def test_a_message_that_cannot_be_read(impl: Any) -> None:
    """Is told, and the others are printed."""
    with listening(impl, "bmp://:0") as process:
        with connect(process) as router:
            router.sendall(made.peer_up(*OPENS) + made.monitoring(made.update("21 0a0001")))
            said(process, "prefix length 33")
            router.sendall(made.monitoring(made.update()))
            assert len(lines(process, 1)) == 1
        assert end(process)[0] == 1


def test_a_torn_file(impl: Any, tmp_path: Path) -> None:
    """What could not be read is said in a line, and by the exit status."""
    path = tmp_path / "torn.mrt"
    path.write_bytes(DEMO.read_bytes()[:-5])
    status, out, err = run(impl, path)
    assert status == 1
    assert out
    (line,) = err.decode().splitlines()
    assert line.startswith("bgpwire: ")
    assert "truncated record" in line


def test_kafka_config(impl: Any, tmp_path: Path) -> None:
    """What is wrong with it is one line, and status 2, before anything is connected to; it is for Kafka alone."""
    path = tmp_path / "kafka.conf"
    path.write_text("# TLS\nssl.truststore.location=kafka.jks\n")
    with listening(impl, "kafka://127.0.0.1:9/rv.bmp_raw", "--kafka-config", path) as process:
        out, told = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, b"")
    assert told.decode().count("\n") == 1
    assert f"{path}, line 2: ssl.truststore.location: that is Java's" in told.decode()
    path.write_text("security.protocol=SSL\n")
    for words, why in (((DEMO,), "neither a kafka:// source nor --to-kafka"), (("kafka://h/t",), "No such file")):
        name = path if words == (DEMO,) else tmp_path / "nowhere"
        with listening(impl, *words, "--kafka-config", name) as process:
            _, told = process.communicate(timeout=60)
        assert process.returncode == 2
        assert why in told.decode()
