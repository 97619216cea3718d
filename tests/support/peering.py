"""State machines of bgpwire.peer brought into a state, and what they send."""

from __future__ import annotations

import asyncio
import gc
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from support.context import message

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine

LOCAL, REMOTE = 65000, 65001
LOCAL_ID, REMOTE_ID = "192.0.2.9", "192.0.2.1"
KEEPALIVE = message(4, b"")
UPDATE = message(2, bytes.fromhex("00000014400101 004002 06 0201 0000fde9400304 c0000201180a0001"))
END_OF_RIB = message(2, bytes(4))


def config(impl: Any, **fields: Any) -> Any:
    """Of the speaker under test."""
    return import_module("bgpwire.peer").Config(**{"asn": LOCAL, "bgp_id": LOCAL_ID, **fields})


def peer_open(impl: Any, asn: int = REMOTE, bgp_id: str = REMOTE_ID, hold_time: int = 90, **fields: Any) -> bytes:
    """The OPEN of its peer."""
    fields.setdefault("families", ("ipv4-unicast", "ipv6-unicast"))
    found = import_module("bgpwire.peer").Config(asn=asn, bgp_id=bgp_id, hold_time=hold_time, **fields)
    return bytes(found.open())


def machine(impl: Any, state: str, opened: bytes | None = None, **fields: Any) -> Any:
    """A machine in ``state`` at time 0, what led there taken from it. Those of ``Machine`` itself are taken out."""
    package = import_module("bgpwire.peer")
    own = {name: fields.pop(name) for name in ("collisions", "remote", "retry", "wake") if name in fields}
    outgoing = fields.pop("outgoing", True)
    found = package.Machine(config(impl, **fields), **own)
    if state != "IDLE":
        found.start(0, passive=state == "ACTIVE")
    if state in ("OPEN_SENT", "OPEN_CONFIRM", "ESTABLISHED"):
        found.connected(0, outgoing=outgoing)
    if state in ("OPEN_CONFIRM", "ESTABLISHED"):
        found.received(opened or peer_open(impl), 0)
    if state == "ESTABLISHED":
        found.received(KEEPALIVE, 0)
    assert found.state.name == state, found.reason
    found.take()
    found.events()
    return found


def names(octets: bytes) -> list[str]:
    """The messages in ``octets``: ``open``, ``keepalive`` …, ``notification 6/2``."""
    out = []
    for view in import_module("bgpwire.stream").Framer(65535).feed(octets):
        found = import_module("bgpwire").Message.decode(view, import_module("bgpwire").Session(extended_message=True))
        number = f" {found.code}/{found.subcode}" if found.name == "notification" else ""
        out.append(found.name + number)
    return out


def kinds(events: list[Any]) -> list[str]:
    """The classes of events, changes of state left out."""
    return [type(event).__name__ for event in events if type(event).__name__ != "StateChanged"]


# --- over sockets -------------------------------------------------------------------------------------------------


def run(work: Coroutine[Any, Any, None], seconds: float = 20) -> None:
    """Run it in a loop of its own, in which no exception is left to the loop and no task is left behind."""
    complaints: list[dict[str, Any]] = []

    async def whole() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda loop, context: complaints.append(context))
        async with asyncio.timeout(seconds):
            await work
        await asyncio.sleep(0)
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left
        del loop

    asyncio.run(whole())
    gc.collect()
    assert not complaints


@asynccontextmanager
async def pair(
    impl: Any,
    client: dict[str, Any] | None = None,
    server: dict[str, Any] | None = None,
    host: str = "127.0.0.1",
    **options: Any,
) -> AsyncIterator[tuple[Any, Any, Any]]:
    """Two peers that talk to each other, and the listener: the one that connected first. ``client`` and ``server`` are
    fields of their configs; of ``options`` those that begin with ``listen_`` or ``connect_`` are for one of them."""
    package = import_module("bgpwire.peer")
    ours = {name.removeprefix("listen_"): value for name, value in options.items() if not name.startswith("connect_")}
    theirs = {name.removeprefix("connect_"): value for name, value in options.items() if not name.startswith("listen_")}
    accepting = config(impl, **(server or {}))
    connecting = package.Config(**({"asn": REMOTE, "bgp_id": REMOTE_ID} | (client or {})))
    async with (
        package.listen(accepting, host, 0, **ours) as listener,
        package.connect(connecting, host, listener.port, **theirs) as near,
    ):
        yield near, await listener.accept(), listener


async def raw(port: int, *octets: bytes, host: str = "127.0.0.1") -> bytes:
    """Send octets as they are, then read until the other end closes."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        for part in octets:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.01)
        return await reader.read()
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
