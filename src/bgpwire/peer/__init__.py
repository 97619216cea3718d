"""A BGP session to speak: a state machine without sockets (:class:`Machine`), and asyncio around it.

>>> config = bgpwire.peer.Config(asn=65000, bgp_id="192.0.2.9", peer_asn=65001)
>>> async with bgpwire.peer.connect(config, "192.0.2.1") as peer:
...     async for update in peer:
...         for family, nlri, attributes in bgpwire.peer.changes(update):
...             print(family, nlri, attributes)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bgpwire.peer.closed import Cause, SessionClosed
    from bgpwire.peer.collision import Collisions
    from bgpwire.peer.config import Config
    from bgpwire.peer.connecting import connect
    from bgpwire.peer.door import Peer, shutdown
    from bgpwire.peer.events import Closed, ConnectionWanted, FamilyDisabled, Opened, Received, Refresh, StateChanged
    from bgpwire.peer.listening import Listener, listen
    from bgpwire.peer.machine import Machine
    from bgpwire.peer.state import State
    from bgpwire.peer.treatment import Change, changes
else:
    from bgpwire._lazy import lazy

    __getattr__ = lazy(
        __name__,
        {
            "Cause": "bgpwire.peer.closed",
            "Change": "bgpwire.peer.treatment",
            "Closed": "bgpwire.peer.events",
            "Collisions": "bgpwire.peer.collision",
            "Config": "bgpwire.peer.config",
            "ConnectionWanted": "bgpwire.peer.events",
            "FamilyDisabled": "bgpwire.peer.events",
            "Listener": "bgpwire.peer.listening",
            "Machine": "bgpwire.peer.machine",
            "Opened": "bgpwire.peer.events",
            "Peer": "bgpwire.peer.door",
            "Received": "bgpwire.peer.events",
            "Refresh": "bgpwire.peer.events",
            "SessionClosed": "bgpwire.peer.closed",
            "State": "bgpwire.peer.state",
            "StateChanged": "bgpwire.peer.events",
            "changes": "bgpwire.peer.treatment",
            "connect": "bgpwire.peer.connecting",
            "listen": "bgpwire.peer.listening",
            "shutdown": "bgpwire.peer.door",
        },
    )

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})


__all__ = [
    "Cause",
    "Change",
    "Closed",
    "Collisions",
    "Config",
    "ConnectionWanted",
    "FamilyDisabled",
    "Listener",
    "Machine",
    "Opened",
    "Peer",
    "Received",
    "Refresh",
    "SessionClosed",
    "State",
    "StateChanged",
    "changes",
    "connect",
    "listen",
    "shutdown",
]
