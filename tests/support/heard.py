"""Records as they are heard, for sinks."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

BEGIN = 1_786_464_000
"""2026-08-11 16:00:00 UTC."""


class Heard:
    """Gives records of UPDATEs of one prefix each."""

    def __init__(self, impl: Any, source: str | None = "router", peers: int = 2) -> None:
        self._impl = impl
        self._source = source
        self._collected = import_module("bgpwire.listen.collected").Collected()
        self._peers = [impl.Peer(impl.Address(f"192.0.2.{number + 1}"), 64500 + number) for number in range(peers)]
        self.count = 0

    def records(self, count: int, seconds: int = BEGIN) -> Any:
        """The next ``count`` messages, numbered by their prefixes."""
        impl = self._impl
        for _ in range(count):
            prefix = f"10.{self.count >> 16 & 255}.{self.count >> 8 & 255}.{self.count & 255}/32"
            (update,) = impl.Update.announce([prefix], next_hop="192.0.2.1", as_path="64500 64501").messages()
            peer = self._peers[self.count % len(self._peers)]
            self._collected.event(impl.Event(update.data, seconds, 5, peer, update.session), self._source)
            self.count += 1
        return self.take()

    def of(self, events: Iterable[Any]) -> Any:
        """Records of events."""
        for event in events:
            self._collected.event(event, self._source)
        return self.take()

    def take(self) -> Any:
        """What was collected, which has one set of contexts."""
        (found,) = self._collected.take()
        return found


def odd_event(impl: Any) -> Any:
    """An UPDATE of two families of which one has path identifiers: no archive has a place for it."""
    session = impl.Session(add_path={(2, 1)}, add_path_send={(2, 1)})
    v6 = impl.Update.announce(["2001:db8::/32"], next_hop="2001:db8::1", as_path="64500", path_id=7)
    block = bytes(v6.messages(session.reversed())[0].attributes) + bytes.fromhex("400304 c0000201")
    body = bytes(2) + len(block).to_bytes(2) + block + b"\x18\xc0\0\2"
    octets = b"\xff" * 16 + (len(body) + 19).to_bytes(2) + b"\2" + body
    return impl.Event(octets, BEGIN, 5, impl.Peer(impl.Address("192.0.2.9"), 64500), session)


class Clock:
    """Seconds since 1970, as they are set."""

    def __init__(self, now: float = BEGIN) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def settle(sink: Any) -> None:
    """Wait for the files of periods that are over; what went wrong comes with the next tick."""
    making = sink._rotation._making
    if making is not None:
        making.exception()
