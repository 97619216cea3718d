"""The programs of examples/, run as they are, with a peer of ours at the other end."""

from __future__ import annotations

import asyncio
import importlib
import os
import signal
import socket
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.peering import LOCAL, REMOTE, config, run

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
if not EXAMPLES.is_dir():
    pytest.skip("examples/ is not there", allow_module_level=True)


@asynccontextmanager
async def example(impl: Any, name: str, *arguments: object) -> AsyncIterator[Any]:
    path = os.pathsep.join(filter(None, sys.path))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", str(EXAMPLES / f"{name}.py"), *map(str, arguments)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": path, "BGPWIRE_IMPLEMENTATION": impl.IMPLEMENTATION},
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.mark.parametrize("number", [0, 1], ids=["closed by the peer", "interrupted"])
def test_injector(impl: Any, number: int) -> None:
    async def work() -> None:
        peer = importlib.import_module("bgpwire.peer")
        options = ("--asn", REMOTE, "--bgp-id", "192.0.2.1", "--next-hop", "192.0.2.7", "--community", "65001:7")
        async with (
            peer.listen(config(impl), "127.0.0.1", 0) as listener,
            example(impl, "injector", "127.0.0.1", "--port", listener.port, *options) as process,
        ):
            process.stdin.write(b"10.0.0.0/8\n10.1.0.0/16\n")
            process.stdin.close()
            session = await listener.accept()
            updates = aiter(session)

            async def heard() -> None:
                """The routes, and behind them the End-of-RIB."""
                rows = [*peer.changes(await anext(updates))]
                assert [str(row.nlri) for row in rows] == ["10.0.0.0/8", "10.1.0.0/16"]
                told = rows[0].attributes
                assert (str(told.next_hop), str(told.as_path), str(told.communities)) == (
                    "192.0.2.7",
                    "65001",
                    "65001:7",
                )
                assert (await anext(updates)).end_of_rib == (1, 1)

            await heard()
            assert (await anext(updates)).end_of_rib == (2, 1)
            await session.refresh("ipv4-unicast")
            await heard()
            if number:
                process.send_signal(signal.SIGINT)
                with pytest.raises(peer.SessionClosed, match="6/2"):
                    await anext(updates)
                assert await process.wait() == 0
            else:
                await session.close("go away")
                assert await process.wait() == 1
                assert b"6/2 (administrative_shutdown): go away" in await process.stderr.read()

    run(work())


def test_collector(impl: Any, tmp_path: Path) -> None:
    async def work() -> None:
        peer = importlib.import_module("bgpwire.peer")
        file = tmp_path / "updates.mrt.gz"
        options = ("--listen", "127.0.0.1", "--port", 0, "--asn", LOCAL, "--bgp-id", "192.0.2.9")
        async with example(impl, "collector", file, *options) as process:
            port = int((await process.stdout.readline()).split()[-1])
            ours = peer.Config(asn=REMOTE, bgp_id="192.0.2.1")
            async with peer.connect(ours, "127.0.0.1", port) as session:
                await session.announce(["10.0.0.0/8"], next_hop="192.0.2.7", communities=["65001:7"])
                await session.withdraw(["10.0.0.0/8"])
                await session.close("done")
            lines = [(await process.stdout.readline()).decode() for _ in range(3)]
            assert "ESTABLISHED" in lines[0]
            assert "6/2 (administrative_shutdown): done" in lines[1]
            assert "IDLE" in lines[2]
            process.send_signal(signal.SIGINT)
            out, err = await process.communicate()
            assert (process.returncode, out, err) == (0, b"", b"")
        routes = [(r.type, str(r.prefix), str(r.peer.address)) for r in impl.mrt.open(file).routes()]
        where = "127.0.0.1"
        prefixes = ("None", "10.0.0.0/8", "10.0.0.0/8", "None")  # a change of state at either end
        assert routes == [(kind, prefix, where) for kind, prefix in zip("SAWS", prefixes, strict=True)]

    run(work())


def test_looking_glass(impl: Any) -> None:
    async def work() -> None:
        peer = importlib.import_module("bgpwire.peer")
        with socket.create_server(("127.0.0.1", 0)) as probe:
            door = probe.getsockname()[1]
        async with (
            peer.listen(config(impl), "127.0.0.1", 0) as listener,
            example(impl, "looking_glass", "127.0.0.1", listener.port, REMOTE, "192.0.2.1", door),
        ):
            session = await listener.accept()
            await session.announce(
                ["10.0.0.0/8", "10.1.0.0/16", "10.2.0.0/16"], next_hop="192.0.2.7", as_path="65000 1"
            )
            await session.withdraw(["10.2.0.0/16"])
            answer, wanted = b"", b"10.1.0.0/16 65000 1 \n10.0.0.0/8 65000 1 \n"
            while answer != wanted:
                reader, writer = await asyncio.open_connection("127.0.0.1", door)
                writer.write(b"10.1.2.3\n")
                answer = await reader.read()
                writer.close()
                await writer.wait_closed()

    run(work())
