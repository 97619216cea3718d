"""An event: what every source of BGP gives, whatever its format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, final

from bgpwire._python.peer import Peer
from bgpwire.immutable import fill, making
from bgpwire.numbers.mrt import EXTENDED
from bgpwire.route.event import MESSAGE, NO_MESSAGE, EventMixin, check_event
from bgpwire.session import DEFAULT_SESSION
from bgpwire.value.octets import as_bytes

if TYPE_CHECKING:
    from collections.abc import Buffer

    from bgpwire.message import Message
    from bgpwire.session import Session

__all__ = ["Event"]


@final
class Event(EventMixin):
    """When which peer sent which octets, in which session, and where they stood in their source.

    ``octets`` is a BGP message with its header or, with ``message`` false, other octets that hold routes.
    ``seconds`` since 1970; ``microseconds`` is ``None`` where the source has whole seconds; ``offset`` is counted
    in the octets of the source, decompressed; ``file`` is what that is called, ``None`` where nobody said.
    """

    __slots__ = (
        *("_begin", "_data", "_end", "_form", "_message", "_microseconds", "_subtype", "_type"),
        *("file", "offset", "peer", "seconds", "session"),
    )
    seconds: int
    peer: Peer | None
    """``None`` for the records of a table, whose routes have a peer each."""
    session: Session
    offset: int
    file: str | None
    _type: int
    """Of the MRT record, as the subtype is; -1 for another source."""
    _subtype: int
    _data: bytes
    _begin: int
    """Where the message, or the states, begin in ``_data``, which is all of an MRT record but its header; else 0."""
    _end: int
    _form: int
    _message: Message | None
    """Unset until its first access, as ``_microseconds`` is for an MRT record: a store less for each."""
    _microseconds: int | None

    def __init__(
        self,
        octets: Buffer,
        seconds: int = 0,
        microseconds: int | None = None,
        peer: Peer | None = None,
        session: Session = DEFAULT_SESSION,
        offset: int = 0,
        mrt_type: int | None = None,
        mrt_subtype: int | None = None,
        message: bool = True,
        file: str | None = None,
    ) -> None:
        data = as_bytes(octets)
        check_event(data, seconds, microseconds, session, offset, mrt_type, mrt_subtype, message, file)
        if peer is not None and type(peer) is not Peer:
            raise TypeError(f"peer is a Peer, not {type(peer).__name__}")
        # Thawed for the while: it is made for each message of a socket.
        fill(self, "__class__", making_event)
        self.seconds = seconds
        self.peer = peer
        self.session = session
        self.file = file
        self.offset = offset
        self._type = -1 if mrt_type is None else mrt_type
        self._subtype = -1 if mrt_subtype is None else mrt_subtype
        self._data = data
        self._begin = 0
        self._end = len(data)
        self._form = MESSAGE if message else NO_MESSAGE
        self._message = None
        self._microseconds = microseconds
        self.__class__ = Event

    @classmethod
    def _restore(cls, *args: Any) -> Self:
        return cls(*args)

    @property
    def microseconds(self) -> int | None:
        """``None`` where the source has whole seconds."""
        if self._type in EXTENDED and self._begin:
            return int.from_bytes(self._data[:4])
        return getattr(self, "_microseconds", None)

    @property
    def mrt_type(self) -> int | None:
        """The type of the MRT record (RFC 6396 section 4); ``None`` for another source."""
        return None if self._type < 0 else self._type

    @property
    def mrt_subtype(self) -> int | None:
        return None if self._subtype < 0 else self._subtype


making_event = making(Event)
"""Of the event that an MRT record is: the decoder sets what else is known of it, and ends that."""


def new_event(
    seconds: int, mrt_type: int, mrt_subtype: int, data: bytes, offset: int, file: str | None = None
) -> Event:
    """The event, still in the making, that an MRT record is."""
    event: Event = making_event()
    event.seconds = seconds
    event._type = mrt_type
    event._subtype = mrt_subtype
    event.offset = offset
    event.file = file
    event._data = data
    return event
