"""Sources that give events as they come, one by one: RIS Live, Kafka, whatever is iterated so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bgpwire.listen.pump import Pump

__all__ = ["Stream"]


class Stream:
    """The events of ``connection``: an asynchronous context manager of an asynchronous iterator."""

    routers = 1
    peers_up = 0
    """Not known: nothing says which sessions stand."""

    def __init__(self, connection: Any, name: str | None = None) -> None:
        """``name`` is what they are said to come from, ``None``: what each says itself."""
        self.connection = connection
        self._name = name

    async def run(self, pump: Pump) -> None:
        """Until the end of the events; raises what they raise."""
        async with self.connection as events:
            async for event in events:
                await pump.hear(event, self._name)
