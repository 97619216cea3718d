"""The iterators over what arrives: objects, not generators, so that one left half-way leaves nothing behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from bgpwire.peer.closed import Cause
from bgpwire.peer.events import Received

if TYPE_CHECKING:
    from bgpwire.message import Update
    from bgpwire.peer.link import Link, Told


class Events:
    """All that arrives on a link, until the session ends; raises what ended it, unless this side did."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Told:
        event = await self._link.next()
        if event is None:
            reason = self._link.machine.reason
            if reason is not None and reason.cause is not Cause.LOCAL:
                raise reason.fresh()
            raise StopAsyncIteration
        return event


class Updates:
    """The UPDATEs among them."""

    def __init__(self, link: Link) -> None:
        self._events = Events(link)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Update:
        while True:
            event = await self._events.__anext__()
            if isinstance(event, Received):
                return event.update
