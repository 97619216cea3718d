"""Messages as they are heard, one by one, put together to :class:`bgpwire.listen.records.Records`."""

from __future__ import annotations

import io
from struct import Struct
from typing import TYPE_CHECKING, Final

from bgpwire.listen.contexts import Context, Contexts
from bgpwire.listen.records import HEADER, Records, interface_at
from bgpwire.mrt.kernels import RouteDecoder
from bgpwire.mrt.writer import Writer
from bgpwire.numbers.mrt import BGP4MP_ET
from bgpwire.numbers.mrt_subtype import BGP4MP_MESSAGE_AS4

if TYPE_CHECKING:
    from bgpwire.route.kernels import Event, Peer
    from bgpwire.session import Session

__all__ = ["Collected"]

_ODD_HEAD: Final = Struct(">IHHIIIIHH")
"""Header, microseconds and the fields of BGP4MP in front of the addresses, which there are none of."""


class Collected:
    """Takes messages as they are heard, and gives them as :class:`Records`."""

    def __init__(self) -> None:
        self.contexts = Contexts()
        self.size = 0
        """Octets that are there."""
        self.messages = 0
        """Messages that are there."""
        self._count = 0
        self._parts: list[bytes] = []
        self._done: list[Records] = []
        self._buffer = io.BytesIO()
        self._writer = Writer(self._buffer)

    def event(self, event: Event, source: str | None = None) -> bytes:
        """Take one: a message with a peer, or a change of state out of an archive; its record. ValueError for any
        other."""
        peer = event.peer if event.peer is not None else _peer_of(event)
        heard = Context(peer, event.session, event.file if source is None else source)
        return self._take(self._octets_of(event), heard)

    def state_change(
        self, old: int, new: int, peer: Peer, session: Session, seconds: int, microseconds: int, source: str | None
    ) -> bytes:
        """Take a change of the state of a session (RFC 4271 section 8.2.2: 1 Idle to 6 Established); its record."""
        self._writer.state_change(old, new, peer, seconds, microseconds, asn4=session.asn4)
        return self._take(self._written(), Context(peer, session, source))

    def _take(self, octets: bytes, context: Context) -> bytes:
        number = self._number(context)
        _, kind, subtype, _ = HEADER.unpack_from(octets)
        place = interface_at(0, kind, subtype)
        octets = octets[:place] + number.to_bytes(2) + octets[place + 2 :]
        self.put(octets, 1)
        return octets

    def put(self, octets: bytes, messages: int) -> None:
        """Take records that have their numbers."""
        self._parts.append(octets)
        self.size += len(octets)
        self.messages += messages
        self._count += messages

    def take(self) -> list[Records]:
        """All there is, and begin anew."""
        self._close()
        done, self._done = self._done, []
        self.size = self.messages = 0
        return done

    def _close(self) -> None:
        if self._parts:
            self._done.append(Records(b"".join(self._parts), self.contexts, self._count))
            self._parts, self._count = [], 0

    def _number(self, context: Context) -> int:
        number = self.contexts.number(context)
        if number is None:
            self._close()
            self.contexts = Contexts()
            number = self.contexts.number(context)
            assert number is not None
        return number

    def _octets_of(self, event: Event) -> bytes:
        """The record of an event, with the interface that its peer says."""
        try:
            self._writer.event(event)
        except ValueError:
            # No form of BGP4MP has it: a peer without an address, NLRI with path identifiers and without.
            if event.peer is None or event.message is None:
                raise
            asns = event.peer.asn, event.peer.local_asn or 0
            size = 16 + len(event.octets)
            head = event.seconds, BGP4MP_ET, BGP4MP_MESSAGE_AS4, size, event.microseconds or 0, *asns, 0, 0
            return _ODD_HEAD.pack(*head) + event.octets
        return self._written()

    def _written(self) -> bytes:
        """What the writer has written."""
        self._writer.flush()
        octets = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return octets


def _peer_of(event: Event) -> Peer:
    """Of a change of state, which an archive says with its route. ValueError for what is none."""
    routes = RouteDecoder().routes_of(event) if event._has_record and event.message is None else []
    if not routes:
        raise ValueError("an event without a peer")
    return routes[0].peer
