"""The server of metrics, and clients that do not do as they should."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

BODY = b"# HELP a A.\n# TYPE a gauge\na 1\n"


def served(
    client: Callable[[Any, int], Awaitable[None]], render: Callable[[], bytes] = lambda: BODY, patience: float = 30
) -> None:
    """Run ``client(server, port)`` beside a server."""

    async def work() -> None:
        serve = import_module("bgpwire.listen.serve_metrics").serve_metrics
        async with asyncio.timeout(60), await serve("127.0.0.1", 0, render, patience=patience) as server:
            await client(server, server.addresses[0][1])

    asyncio.run(work())


async def asked(port: int, *parts: bytes) -> bytes:
    """All that the server says to octets that are sent piece by piece."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0)
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


def test_get(impl: Any) -> None:
    async def client(_: Any, port: int) -> None:
        for line in (b"GET /metrics HTTP/1.1", b"GET /metrics?name=a HTTP/1.0"):
            head, _, body = (await asked(port, line + b"\r\nHost: a\r\n\r\n")).partition(b"\r\n\r\n")
            lines = head.split(b"\r\n")
            assert lines[0] == b"HTTP/1.1 200 OK"
            assert b"Content-Type: text/plain; version=0.0.4; charset=utf-8" in lines
            assert f"Content-Length: {len(BODY)}".encode() in lines
            assert b"Connection: close" in lines
            assert body == BODY
        assert (await asked(port, b"HEAD /metrics HTTP/1.1\r\n\r\n")).endswith(b"\r\n\r\n")
        in_pieces = [bytes((octet,)) for octet in b"GET /metrics HTTP/1.1\r\n\r\n"]
        assert (await asked(port, *in_pieces)).endswith(BODY)

    served(client)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1", 404),
        (b"GET /metricsx HTTP/1.1", 404),
        (b"POST /metrics HTTP/1.1", 405),
        (b"PRI * HTTP/2.0", 400),
        (b"GET http://x/metrics HTTP/1.1", 400),
        (b"GET /metrics", 400),
        (b"GET  /metrics HTTP/1.1", 400),
        (b"\xff\xfe\x00", 400),
        (b"", 400),
    ],
)
def test_other_requests(impl: Any, request_: bytes, status: int) -> None:
    async def client(_: Any, port: int) -> None:
        answer = await asked(port, request_ + b"\r\n\r\n")
        assert answer.startswith(f"HTTP/1.1 {status} ".encode())
        assert (b"Allow: GET, HEAD" in answer) == (status == 405)

    served(client)


def test_a_request_that_never_ends(impl: Any) -> None:
    """Of octets without an end 8 KiB are read; the server answers others then as before."""

    async def client(_: Any, port: int) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            for _ in range(10000):
                writer.write(b"x" * 4096)
                await writer.drain()
        except ConnectionError:
            pass
        else:
            pytest.fail("forty megabytes were taken")
        finally:
            writer.close()
        assert (await asked(port, b"GET /metrics HTTP/1.1\r\n\r\n")).endswith(BODY)

    served(client)


def test_clients_that_are_silent(impl: Any) -> None:
    """They are closed after a while; as long as there are many, others are closed at once."""

    async def client(server: Any, port: int) -> None:
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(50)]
        ends = await asyncio.gather(*(_end(reader) for reader, _ in silent))
        assert not any(ends)
        for _, writer in silent:
            writer.close()
        assert not server._open
        assert (await asked(port, b"GET /metrics HTTP/1.1\r\n\r\n")).endswith(BODY)

    served(client, patience=0.2)


async def _end(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except ConnectionError:
        return b""


def test_a_client_that_does_not_read(impl: Any) -> None:
    large = b"x" * (64 << 20)

    async def client(server: Any, port: int) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /metrics HTTP/1.1\r\n\r\n")
        while not server._open:
            await asyncio.sleep(0.01)
        while server._open:
            await asyncio.sleep(0.01)
        writer.close()

    served(client, lambda: large, patience=0.2)


def test_clients_that_leave(impl: Any) -> None:
    async def client(_: Any, port: int) -> None:
        for part in (b"", b"GET /met", b"GET /metrics HTTP/1.1\r\n\r\n"):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(part)
            writer.transport.abort()
        assert (await asked(port, b"GET /metrics HTTP/1.1\r\n\r\n")).endswith(BODY)

    served(client)


def test_numbers_that_cannot_be_told(impl: Any) -> None:
    def render() -> bytes:
        raise ZeroDivisionError

    async def client(_: Any, port: int) -> None:
        assert (await asked(port, b"GET /metrics HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.1 500 ")

    served(client, render)


def test_closing(impl: Any) -> None:
    """It ends connections, and may be called twice."""

    async def client(server: Any, port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while not server._open:
            await asyncio.sleep(0.01)
        await server.close()
        await server.close()
        assert await _end(reader) == b""
        assert server.addresses == []
        writer.close()
        with pytest.raises(OSError, match="onnect"):
            await asyncio.open_connection("127.0.0.1", port)

    served(client)
