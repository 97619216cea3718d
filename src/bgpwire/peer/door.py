"""An established session: what it sends and what arrives."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

from bgpwire._impl import Address
from bgpwire.message import Message, Notification, RouteRefresh, Update
from bgpwire.message.route_refresh import REQUEST
from bgpwire.numbers import capability as capabilities
from bgpwire.numbers import error_code as codes
from bgpwire.peer.config import family as family_of
from bgpwire.peer.reading import Events, Updates
from bgpwire.route.kernels import Event
from bgpwire.route.kernels import Peer as Identity

if TYPE_CHECKING:
    from typing import Unpack

    from bgpwire.attribute.build import AttributeFields
    from bgpwire.message import Open
    from bgpwire.peer.closed import SessionClosed
    from bgpwire.peer.config import AnyFamily, Config
    from bgpwire.peer.link import Link
    from bgpwire.peer.refresher import Refresher
    from bgpwire.peer.state import State
    from bgpwire.session import Session

_BATCH = 1 << 16
_LONGEST_TEXT = 255


class Sendable(Protocol):
    """What makes messages of itself, as ``Update.announce(...)`` does."""

    def messages(self, session: Session, /) -> Iterable[Message]: ...


class Peer:
    """One session with one peer, as :func:`connect` and :func:`listen` give it; not to be made by hand.

    ``async for update in peer`` gives its UPDATEs, :meth:`events` what else there is. Both end when this side closes
    the session, and raise :class:`SessionClosed` when anything else ends it; what arrived before is given first. One
    task at a time reads; any number may send. While UPDATEs are not taken the peer is not read any more: a program that
    announces much and does not read says ``discard`` to :func:`connect`.
    """

    def __init__(self, link: Link, local: Any, remote: Any, refresher: Refresher | None = None) -> None:
        machine = link.machine
        assert machine.session is not None
        assert machine.received_open is not None
        self._link = link
        self._refresher = refresher
        self.session: Session = machine.session
        """What was agreed on, as what the peer sends is read."""
        self.open: Open = machine.received_open
        """The OPEN of the peer."""
        self.sent_open: Open = machine.sent_open
        self.local: tuple[str, int] = local[:2]
        """Address and port of this side."""
        self.remote: tuple[str, int] = remote[:2]
        """Address and port of the peer."""
        here, there = _address(self.local[0]), _address(self.remote[0])
        asn = self.open.effective_asn
        self.identity = Identity(there, asn, self.open.bgp_id, here, self.sent_open.effective_asn)
        """The peer as a :class:`bgpwire.Peer`, as events and routes have it."""

    def __repr__(self) -> str:
        return f"<Peer {self.remote[0]} AS {self.identity.asn} {self.state.name}>"

    @property
    def config(self) -> Config:
        return self._link.machine.config

    @property
    def state(self) -> State:
        """ESTABLISHED, or IDLE once the session is over."""
        return self._link.machine.state

    @property
    def reason(self) -> SessionClosed | None:
        """Why the session ended, ``None`` while it lives."""
        return self._link.machine.reason

    @property
    def ignored(self) -> int:
        """Messages that the specification says to ignore (:attr:`Machine.ignored`)."""
        return self._link.machine.ignored

    @property
    def discarded(self) -> int:
        """UPDATEs that arrived, were sound or not, and were not kept, as ``discard`` asks."""
        return self._link.discarded

    # --- what arrives ---------------------------------------------------------------------------------------------

    def __aiter__(self) -> Updates:
        """The UPDATEs; ``update.action`` is what RFC 7606 asks, and :func:`changes` does it.

        ValueError where other events would be missed, by what the config says: see :meth:`events`.
        """
        config = self.config
        if config.disable_families:
            raise ValueError("with disable_families take events(): it says which family is given up")
        if config.enhanced_route_refresh:
            raise ValueError("with enhanced_route_refresh take events(): they say where an answer begins and ends")
        if config.route_refresh and self._link.refreshed is None:
            raise ValueError("with route_refresh take events(), or give on_refresh")
        return Updates(self._link)

    def events(self) -> Events:
        """All that arrives: :class:`Received`, :class:`Refresh` and :class:`FamilyDisabled`."""
        return Events(self._link)

    def event(self, message: Message) -> Event:
        """``message`` as a :class:`bgpwire.Event` of this peer and of now: for ``bgpwire.routes_of`` and MRT."""
        seconds, rest = divmod(time.time_ns(), 1_000_000_000)
        return Event(message.data, seconds, rest // 1000, self.identity, self.session)

    # --- what is sent ---------------------------------------------------------------------------------------------

    async def send(self, what: Message | Sendable | Iterable[Message | Sendable]) -> None:
        """Send a message, or what makes messages of itself, or many of these in order.

        It returns when all is handed to TCP, in pace with the peer. :class:`SessionClosed` when the session ends
        before; ValueError for what cannot be sent: what is before it was.
        """
        machine = self._link.machine
        loop = asyncio.get_running_loop()
        now = loop.time()
        try:
            for message in self._messages(what):
                machine.send(message, now)
                if machine.unsent > _BATCH:
                    await self._link.writable()
                    now = loop.time()
        finally:
            self._link.turn()  # also what is in front of something that cannot be sent
        await self._link.writable()
        if self._link.over and self.reason is not None:
            raise self.reason.fresh()

    def _messages(self, what: Message | Sendable | Iterable[Message | Sendable]) -> Iterable[Message]:
        if isinstance(what, Message):
            yield what
        elif isinstance(what, Iterable):
            for item in what:
                yield from self._messages(item)
        else:
            yield from what.messages(self.session)

    async def announce(
        self,
        nlri: Iterable[Any],
        *,
        family: AnyFamily | None = None,
        path_id: int | None = None,
        **fields: Unpack[AttributeFields],
    ) -> None:
        """Announce routes: :meth:`bgpwire.Update.announce` says what they and their attributes may be.
        ``next_hop="self"`` is the address of this side.

        :class:`bgpwire.EncodeError` for what the session cannot carry: then nothing is sent.
        """
        if fields.get("next_hop") == "self":
            fields["next_hop"] = self.identity.local_address
        await self.send(Update.announce(nlri, family=family, path_id=path_id, **fields))

    async def withdraw(
        self, nlri: Iterable[Any], *, family: AnyFamily | None = None, path_id: int | None = None
    ) -> None:
        """Withdraw routes, given as those of :meth:`announce`."""
        await self.send(Update.withdraw(nlri, family=family, path_id=path_id))

    async def end_of_rib(self, family: AnyFamily) -> None:
        """Say that the first routes of a family are all sent (RFC 4724 section 2)."""
        await self.send(Update.build_end_of_rib(family, self.session))

    async def refresh(self, family: AnyFamily, subtype: int = REQUEST) -> None:
        """Ask for the routes of a family once more (RFC 2918), or frame one's own: 1 before and 2 behind (RFC 7313).

        ValueError where the peer has not said that it knows of it.
        """
        need = capabilities.ROUTE_REFRESH if subtype == REQUEST else capabilities.ENHANCED_ROUTE_REFRESH
        if all(item.code != need for item in self.open.capabilities):
            raise ValueError(f"the peer has no capability {need}, {capabilities.capability_name(need)}")
        await self.send(RouteRefresh.build(family_of(family), subtype))

    async def close(self, text: str = "", *, notification: Notification | None = None) -> None:
        """End the session: Cease 6/2 (Administrative Shutdown) with ``text`` for the peer's operator (RFC 9003), or any
        other NOTIFICATION. Returns when the connection is gone; a session that is over already is left as it is.

        ValueError for a text of more than 255 octets.
        """
        if notification is None:
            notification = shutdown(text)
        self._link.machine.stop(asyncio.get_running_loop().time(), notification)
        self._link.turn()
        await self._link.closed()
        if self._refresher is not None:
            await self._refresher.closed()


def shutdown(text: str = "", subcode: int = codes.ADMINISTRATIVE_SHUTDOWN) -> Notification:
    """Cease 6/2 or, by ``subcode``, 6/4 (Administrative Reset), with a text of up to 255 octets (RFC 9003).

    ValueError for a longer one.
    """
    if not text:
        return Notification.build(codes.CEASE, subcode)
    size = len(text.encode())
    if size > _LONGEST_TEXT:
        raise ValueError(f"a text of {size} octets: {_LONGEST_TEXT} at most")
    return Notification.of_values(codes.CEASE, subcode, communication=text)


def _address(name: str) -> Address | None:
    """The address of a socket, without the name of an interface. ``None`` for other than IP."""
    try:
        return Address(name.partition("%")[0])
    except ValueError:
        return None
