"""Files, pipes, and files that grow, heard through the pump."""

from __future__ import annotations

import asyncio
import os
import threading
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from support import made_bmp as made
from support.packets import pcap, segment
from support.places import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DEMO = SAMPLES / "demo.mrt"


class Kept:
    """A sink that keeps routes."""

    def __init__(self) -> None:
        self.routes: list[tuple[str, str]] = []

    def write(self, records: Any) -> None:
        self.routes += [(route.type, str(route.prefix)) for route in records.routes()]

    def tick(self, now: float) -> None:
        pass

    def close(self) -> None:
        pass


def heard(source: Any, meanwhile: Callable[[Kept], bool] | None = None) -> list[tuple[str, str]]:
    """The routes of a source; until its end, or until ``meanwhile(sink)`` says that it is enough."""
    sink = Kept()

    async def main() -> None:
        pump = import_module("bgpwire.listen.pump").Pump([sink])
        work = asyncio.ensure_future(pump.run([source.run(pump)]))
        async with asyncio.timeout(30):
            while meanwhile is not None and not work.done() and not meanwhile(sink):
                await asyncio.sleep(0.002)
            if meanwhile is not None and not work.done():
                work.cancel()
            await asyncio.gather(work, return_exceptions=meanwhile is not None)

    asyncio.run(main())
    return sink.routes


@pytest.fixture
def events_of_file(impl: Any) -> Any:
    return import_module("bgpwire.listen.reading").events_of_file


def of_demo(impl: Any) -> list[tuple[str, str]]:
    return [(route.type, str(route.prefix)) for route in impl.mrt.open(DEMO) if route.states is None]


def test_files(impl: Any, events_of_file: Any, tmp_path: Path) -> None:
    assert heard(events_of_file(str(DEMO), "mrt")) == of_demo(impl)
    path = tmp_path / "r1.bmp"
    path.write_bytes(made.monitoring(made.update()) + made.monitoring(made.withdrawal()))
    assert heard(events_of_file(str(path), "bmp")) == [("A", "10.0.0.0/24"), ("W", "10.0.0.0/24")]
    with pytest.raises(FileNotFoundError):
        heard(events_of_file(str(tmp_path / "none"), "mrt"))


def test_captures(impl: Any, events_of_file: Any, tmp_path: Path) -> None:
    """BGP is read out of one, and BMP where there is no BGP."""
    path = tmp_path / "session.pcap"
    path.write_bytes(pcap([segment(made.update(), 1000)]))
    assert heard(events_of_file(str(path), "capture")) == [("A", "10.0.0.0/24")]
    path.write_bytes(pcap([segment(made.monitoring(made.withdrawal()), 1000, ports=(40000, 1790))]))
    assert heard(events_of_file(str(path), "capture")) == [("W", "10.0.0.0/24")]


def test_a_pipe(impl: Any, events_of_file: Any, tmp_path: Path) -> None:
    """Each message leaves when it has come, whatever comes behind it."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    sound = made.monitoring(made.update())

    def write() -> None:
        with path.open("wb", buffering=0) as file:
            for count in (1, 2, 3):
                file.write(sound)
                assert there.wait(20) or count
                there.clear()

    there = threading.Event()
    writer = threading.Thread(target=write)
    writer.start()
    seen: list[int] = []

    def meanwhile(sink: Kept) -> bool:
        if len(sink.routes) > len(seen):
            seen.append(len(sink.routes))
            there.set()
        return False

    assert len(heard(events_of_file(str(path), "bmp"), meanwhile)) == 3
    writer.join()
    assert seen == [1, 2, 3]


def test_a_file_that_grows(impl: Any, events_of_file: Any, tmp_path: Path) -> None:
    """What is written behind its end is heard, in pieces of any size; then another file takes its name, and is cut."""
    path = tmp_path / "updates.mrt"
    octets = DEMO.read_bytes()
    path.write_bytes(octets[:100])
    expected = of_demo(impl)
    step = 0

    def meanwhile(sink: Kept) -> bool:
        nonlocal step
        if step == 0:
            with path.open("ab") as file:
                file.write(octets[100:])
            step = 1
        elif step == 1 and len(sink.routes) == len(expected):
            other = tmp_path / "other"
            other.write_bytes(octets)
            other.replace(path)
            step = 2
        elif step == 2 and len(sink.routes) == 2 * len(expected):
            with path.open("r+b") as file:
                file.truncate(0)
            step = 3
        elif step == 3 and path.stat().st_size == 0:
            step = 4
            threading.Timer(0.5, path.write_bytes, [octets]).start()
        return len(sink.routes) == 3 * len(expected)

    assert heard(events_of_file(str(path), "mrt", follow=True), meanwhile) == expected * 3


def test_left_while_it_waits(impl: Any, events_of_file: Any, tmp_path: Path) -> None:
    """Who listens no more leaves no thread that waits for a file to grow."""
    path = tmp_path / "updates.mrt"
    path.write_bytes(DEMO.read_bytes())
    expected = len(of_demo(impl))
    heard(events_of_file(str(path), "mrt", follow=True), lambda sink: len(sink.routes) == expected)
    for thread in threading.enumerate():
        if thread.name in ("bgpwire-follow", "bgpwire-source"):
            thread.join(20)
            assert not thread.is_alive()


def test_an_error_on_the_way(impl: Any) -> None:
    """Comes out behind what was heard before it."""
    blocking = import_module("bgpwire.listen.reading").Blocking

    def events() -> Any:
        yield from list(impl.mrt.open(DEMO).messages())[:5]
        raise ConnectionError("gone")

    sink = Kept()

    async def main() -> None:
        pump = import_module("bgpwire.listen.pump").Pump([sink])
        await pump.run([blocking(events(), None).run(pump)])

    with pytest.raises(ConnectionError, match="gone"):
        asyncio.run(main())
    assert sink.routes
