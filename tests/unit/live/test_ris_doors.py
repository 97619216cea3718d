"""The websocket and the HTTP stream of RIS Live, against servers on loopback that misbehave."""

from __future__ import annotations

import asyncio
import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from support.ris import line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

QUICK = {"pause": 0.01, "silence": 0.6}


@pytest.fixture
def ris(both: list[Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """No kernel is in here: one implementation will do. Loopback is reached without a proxy."""
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1,localhost")
    with both[0].active() as package:
        yield package.live.ris


def _at(second: int) -> str:
    return line(timestamp=second)


# --- websocket --------------------------------------------------------------------------------------------------


class _Server:
    """Each connection is given to the next of the ``turns``; what clients ask for is kept."""

    def __init__(self, *turns: Any) -> None:
        self.turns = iter(turns)
        self.asked: list[tuple[str, Any]] = []

    async def __call__(self, socket: Any) -> None:
        self.asked.append((socket.request.path, json.loads(await socket.recv())))
        await next(self.turns)(socket)


async def _breaks_off(socket: Any) -> None:
    await socket.send(_at(1))
    socket.transport.abort()


async def _sends_garbage(socket: Any) -> None:
    for message in ("{", b"\xff\0", json.dumps({"type": "ris_error", "data": {"message": "too slow"}}), b"", _at(2)):
        await socket.send(message)
    await socket.send(_at(3).encode())


async def _sends_too_much(socket: Any) -> None:
    await socket.send("x" * (1 << 20) + "x")
    await socket.wait_closed()


async def _answers_pings(socket: Any) -> None:
    assert json.loads(await socket.recv()) == {"type": "ping"}
    await socket.send('{"type": "pong"}')
    await socket.send(_at(4))


async def _is_silent(socket: Any) -> None:
    """It takes the ping, and says nothing."""
    await socket.wait_closed()


async def _sends_one(socket: Any) -> None:
    await socket.send(_at(5))
    await socket.wait_closed()


def _websocket(ris: Any, take: int, server: _Server, **more: Any) -> tuple[list[int], Any]:
    """The times of ``take`` events, and the connection."""
    pytest.importorskip("websockets", reason="websockets is not installed")
    from websockets.asyncio.server import serve

    async def run() -> tuple[list[int], Any]:
        seen: list[int] = []
        async with serve(server, "127.0.0.1", 0, ping_interval=None) as served:
            port = served.sockets[0].getsockname()[1]
            url = f"ws://127.0.0.1:{port}/v1/ws/?a=b"
            async with ris.connect(url=url, **(QUICK | more)) as events:
                async for event in events:
                    seen.append(event.seconds)
                    if len(seen) == take:
                        break
        return seen, events

    return asyncio.run(run())


def test_a_websocket_that_goes_on(ris: Any) -> None:
    """It breaks off, sends garbage, more than a message can be, and nothing; each time it is asked for the same."""
    server = _Server(_breaks_off, _sends_garbage, _sends_too_much, _answers_pings, _is_silent, _sends_one)
    reports: list[Any] = []
    seen, events = _websocket(
        ris, 5, server, host="rrc00", prefix="203.0.113.0/24", client="a b", on_report=reports.append
    )
    assert seen == [1, 2, 3, 4, 5]
    kinds = [str(report.kind) for report in reports]
    assert [kind for kind in kinds if kind != "connection"] == ["json", "json", "error"]
    lost = [report.reason for report in reports if report.kind == "connection"]
    assert len(lost) == 5
    assert ["nothing came for 0.6 s" in reason for reason in lost] == [False] * 4 + [True]
    assert all("connecting again in" in reason for reason in lost)
    assert events.decoder.reports.counts["connection"] == 5
    assert len(server.asked) == 6
    assert {path for path, _ in server.asked} == {"/v1/ws/?a=b&client=a+b"}
    wanted = json.loads(ris.subscribe(host="rrc00", prefix="203.0.113.0/24"))
    assert all(asked == wanted for _, asked in server.asked)


def test_strict_over_a_websocket(ris: Any) -> None:
    """A message that is none ends it; a connection that ends does not."""
    with pytest.raises(ris.RisError, match="no JSON"):
        _websocket(ris, 9, _Server(_breaks_off, _sends_garbage), strict=True)


def test_a_callback_that_fails_over_a_websocket(ris: Any) -> None:
    """What it raises is not taken for a fault of the connection."""

    def refuse(report: Any) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        _websocket(ris, 9, _Server(_sends_garbage), on_report=refuse)


def _closed_port() -> int:
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.server_close()
    return server.server_port


def test_a_server_that_is_not_there(ris: Any) -> None:
    """So many attempts in a row, then ConnectionError; each is reported."""
    pytest.importorskip("websockets", reason="websockets is not installed")
    reports: list[Any] = []
    more = QUICK | {"tries": 3, "on_report": reports.append}

    async def run(url: str) -> None:
        async for _ in ris.connect(url=url, **more):
            raise AssertionError("an event")

    port = _closed_port()
    with pytest.raises(ConnectionError, match="3 attempts in a row"):
        asyncio.run(run(f"ws://127.0.0.1:{port}/"))
    with pytest.raises(ConnectionError, match="3 attempts in a row"):
        next(ris.stream(url=f"http://127.0.0.1:{port}/", **more))
    assert [report.kind for report in reports] == ["connection"] * 6


def test_what_cannot_be_connected_to(ris: Any) -> None:
    doors: list[Callable[..., Any]] = [ris.stream]
    try:
        import websockets  # noqa: F401
    except ImportError:
        with pytest.raises(ImportError, match=r"bgpwire\[live\]"):
            ris.connect()
    else:
        doors.append(ris.connect)
    for door in doors:
        for wrong in ({"url": "file:///etc/passwd"}, {"tries": 0}, {"pause": 0}, {"silence": -1}, {"type": "x"}):
            with pytest.raises(ValueError, match=r"no URL|0 tries|seconds|none of"):
                door(**wrong)
        with pytest.raises(TypeError):
            door(collector="rrc00")


# --- HTTP -------------------------------------------------------------------------------------------------------


@contextmanager
def _http(*turns: Any) -> Iterator[tuple[str, list[Any]]]:
    """The URL of a server that gives each request to the next of the ``turns``, and what it was asked."""
    asked: list[Any] = []
    left = iter(turns)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers))
            turn = next(left)
            if isinstance(turn, int):
                self.send_error(turn)
                return
            self.send_response(200)
            self.end_headers()
            turn(self.wfile)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/stream/?format=json", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_an_http_stream_that_goes_on(ris: Any) -> None:
    """It ends, is refused, sends garbage, a line without end, and nothing; offsets count all octets."""
    silent = Event()
    long = b"x" * (3 << 20) + b"\n"

    def garbage(out: Any) -> None:
        out.write(b"\n{\n" + long + _at(2).encode() + b'{"type": "ris_mess')

    def stalls(out: Any) -> None:
        out.write(_at(3).encode())
        out.flush()
        silent.wait(10)

    reports: list[Any] = []
    turns = (lambda out: out.write(_at(1).encode()), 503, garbage, stalls, lambda out: out.write(_at(4).encode()))
    with _http(*turns) as (url, asked), ris.stream(url=url, path=64500, on_report=reports.append, **QUICK) as events:
        seen = [next(events) for _ in range(4)]
        silent.set()
    assert [event.seconds for event in seen] == [1, 2, 3, 4]
    assert seen[1].offset == len(_at(1)) + 3 + len(long)
    told = [(str(report.kind), report.reason) for report in reports]
    assert [kind for kind, _ in told] == [*("connection", "connection", "json", "json", "json"), *["connection"] * 2]
    assert "the server ended the stream" in told[0][1]
    assert "503" in told[1][1]
    assert "octets" in told[3][1]
    assert "timed out" in told[6][1]
    for path, headers in asked:
        assert parse_qs(urlsplit(path).query) == {"format": ["json"], "client": ["bgpwire"]}
        assert json.loads(headers["X-RIS-Subscribe"]) == json.loads(ris.subscribe(path=64500))["data"]


def test_strict_over_http(ris: Any) -> None:
    with _http(lambda out: out.write(b"{\n")) as (url, _), pytest.raises(ris.RisError, match="no JSON"):
        next(ris.stream(url=url, strict=True, **QUICK))
