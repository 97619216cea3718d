"""What :func:`connect` and :func:`listen` are told alike, and the link that comes of it."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bgpwire.peer.door import Peer
from bgpwire.peer.link import Link
from bgpwire.peer.machine import Machine
from bgpwire.peer.refresher import Refresher
from bgpwire.peer.sockets import set_ttl, set_ttl_security

if TYPE_CHECKING:
    from collections.abc import Callable

    from bgpwire.peer.collision import Collisions
    from bgpwire.peer.config import Config
    from bgpwire.peer.refresher import Answer
    from bgpwire.peer.sockets import AnySocket

BACKLOG = 1 << 20
"""Octets of messages that wait for a reader."""


def _nothing(peer: Peer) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    ttl: int | None = None
    ttl_security: int | None = None
    collisions: Collisions | None = None
    on_refresh: Answer | None = None
    discard: bool = False
    backlog: int = BACKLOG

    def prepare(self, sock: AnySocket) -> None:
        """Options of a socket that is to connect, or to listen. ValueError where both are given."""
        if self.ttl is not None and self.ttl_security is not None:
            raise ValueError("TTL security sets the TTL itself")
        if self.ttl is not None:
            set_ttl(sock, self.ttl)
        if self.ttl_security is not None:
            set_ttl_security(sock, self.ttl_security)

    def machine(self, config: Config, remote: str, *, retry: bool = False) -> Machine:
        if self.on_refresh is not None and not config.route_refresh:
            config = replace(config, route_refresh=True)
        jitter = random.uniform(0.75, 1)
        return Machine(config, remote=remote, collisions=self.collisions, retry=retry, jitter=jitter)

    def link(
        self,
        machine: Machine,
        *,
        outgoing: bool,
        opened: Callable[[Peer], None] = _nothing,
        lost: Callable[[Link], None] = lambda link: None,
    ) -> Link:
        """``opened`` is called with the peer of an established session, ``lost`` when a connection is gone."""
        refresher = None if self.on_refresh is None else Refresher(self.on_refresh)

        def begin(link: Link) -> None:
            assert link.transport is not None
            told = link.transport.get_extra_info
            peer = Peer(link, told("sockname"), told("peername"), refresher)
            if refresher is not None:
                refresher.start(peer, link)
            opened(peer)

        def end(link: Link) -> None:
            if refresher is not None:
                refresher.cancel()
            lost(link)

        return Link(
            machine,
            outgoing=outgoing,
            backlog=self.backlog,
            discard=self.discard,
            opened=begin,
            lost=end,
            refreshed=refresher,
        )
