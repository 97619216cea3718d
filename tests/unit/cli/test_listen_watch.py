"""``bgpwire listen --watch``: the table that is drawn."""

from __future__ import annotations

import asyncio
import io
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from support import made_bmp as made

OPENS = made.open_message(64500, made.asn4(64500)), made.open_message(64501, made.asn4(64501))


@pytest.mark.parametrize(
    ("values", "drawn"),
    [([], ""), ([0, 0], "  "), ([0, 1, 2, 4], " ▂▄█"), ([0.001, 1000], "▁█"), ([5], "█")],
)
def test_sparkline(impl: Any, values: list[float], drawn: str) -> None:
    assert import_module("bgpwire.cli.listen_watch").sparkline(values) == drawn


def drawn(impl: Any, name: bytes, peers: int, width: int, height: int) -> str:
    """What stands on a terminal of that size, when a router of that name was heard."""
    console = pytest.importorskip("rich.console")
    watch_of = import_module("bgpwire.cli.listen_watch").Watch
    collected = import_module("bgpwire.listen.collected").Collected()
    measured = import_module("bgpwire.listen.measured").Measured()
    router = import_module("bgpwire.listen.monitored").MonitoredRouter(collected, "192.0.2.9")
    router.feed(made.bmp(4, made.tlv(2, name)))
    for peer in range(peers):
        address = bytes((192, 0, 2, peer + 1))
        said = [made.peer_up(*OPENS, address=address), made.monitoring(made.update(), address=address)]
        router.feed(b"".join(said))
    for records in collected.take():
        measured.heard(records)
    out = io.StringIO()

    async def main() -> None:
        watch = watch_of(measured, [SimpleNamespace(routers=1, peers_up=peers)])
        watch._live.console = console.Console(file=out, force_terminal=False, width=width, height=height)
        async with watch:
            await asyncio.sleep(0)

    asyncio.run(main())
    return out.getvalue()


def test_table(impl: Any) -> None:
    text = drawn(impl, b"r1", 3, 100, 40)
    assert "1 sources, 3 sessions up, 3 messages" in text
    for peer in range(3):
        assert f"192.0.2.{peer + 1} " in text


def test_more_than_there_is_room_for(impl: Any) -> None:
    text = drawn(impl, b"r1", 50, 80, 20)
    assert "39 more" in text
    assert len(text.splitlines()) <= 2 * 20


def test_names_with_controls(impl: Any) -> None:
    """A router's name does nothing to the terminal."""
    assert "\x1b" not in drawn(impl, b"\x1b[2Jr1", 1, 100, 40)
