"""What an event offers beyond what the kernels keep of it; both twins share it."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from bgpwire._impl import check_header
from bgpwire.errors import MessageHeaderError
from bgpwire.immutable import Immutable, fill
from bgpwire.numbers.error_code import BAD_MESSAGE_LENGTH
from bgpwire.numbers.message import UPDATE
from bgpwire.route.legacy import with_header
from bgpwire.session import Session
from bgpwire.value.octets import MARKER
from bgpwire.value.restore import restore

if TYPE_CHECKING:
    from bgpwire._python.mrt import Record
    from bgpwire._python.peer import Peer
    from bgpwire._python.prefix import Address
    from bgpwire.message import Message

NO_MESSAGE, MESSAGE, BODY = 0, 1, 2
"""What the octets of an event are: no BGP message; one; one without its header (RFC 6396 appendix B.2)."""
_HEADER = 19


def check_event(
    octets: bytes,
    seconds: int,
    microseconds: int | None,
    session: object,
    offset: int,
    mrt_type: int | None,
    mrt_subtype: int | None,
    message: bool,
    file: str | None,
) -> None:
    """ValueError or TypeError for what no event can have."""
    numbers = (("seconds", seconds, 32), ("microseconds", microseconds, 32), ("offset", offset, 63))
    for name, value, bits in (*numbers, ("mrt_type", mrt_type, 16), ("mrt_subtype", mrt_subtype, 16)):
        if value is None and name not in ("seconds", "offset"):
            continue
        if not isinstance(value, int):
            raise TypeError(f"{name} is a number, not {type(value).__name__}")
        if not 0 <= value < 1 << bits:
            raise ValueError(f"{name} {value} does not fit {bits} bits")
    if len(octets) >> 32:
        raise ValueError(f"octets of an event: {len(octets)}, more than a record of MRT has")
    if file is not None and not isinstance(file, str):
        raise TypeError(f"file is a name, not {type(file).__name__}")
    if not isinstance(session, Session):
        raise TypeError(f"session is a Session, not {type(session).__name__}")
    if message and len(octets) < _HEADER:
        raise ValueError(f"a BGP message has at least {_HEADER} octets, not {len(octets)}")


def check_any_marker(octets: bytes) -> None:
    """Raise where the header of the message ``octets`` cannot be right (RFC 4271 section 6.1), but for its marker.

    The marker need not be all ones, for archives keep what was sent.
    """
    check_header(MARKER + octets[16:], 0, len(octets), 0xFFFF)


def check_update(event: EventMixin) -> bool:
    """Whether the message of ``event`` is an UPDATE, whatever its marker.

    :class:`bgpwire.DecodeError` for a header that cannot be right (RFC 4271 section 6.1); ValueError for an UPDATE
    without a peer: each route has one.
    """
    octets = event.octets
    check_any_marker(octets)
    length = octets[16] << 8 | octets[17]
    if length != len(octets):
        reason = f"message of {length} octets, {len(octets)} there"
        raise MessageHeaderError(reason, 16, None, BAD_MESSAGE_LENGTH, data=octets[16:18])
    if octets[18] != UPDATE:
        return False
    if event.peer is None:
        raise ValueError("an event without a peer has no routes")
    return True


class EventMixin(Immutable):
    """Time, octets, message and JSON of an event."""

    __slots__ = ()

    if TYPE_CHECKING:
        seconds: int
        peer: Peer | None
        session: Session
        offset: int
        file: str | None
        _data: bytes
        _begin: int
        _end: int
        _form: int
        _message: Message | None

        @property
        def microseconds(self) -> int | None: ...
        @property
        def mrt_type(self) -> int | None: ...
        @property
        def mrt_subtype(self) -> int | None: ...

    @property
    def timestamp(self) -> float:
        """Seconds since 1970, with microseconds where the source has them."""
        return self.seconds + (self.microseconds or 0) / 1e6

    @property
    def peer_address(self) -> Address | None:
        """``None`` where the source has none."""
        return None if self.peer is None else self.peer.address

    @property
    def peer_asn(self) -> int | None:
        return None if self.peer is None else self.peer.asn

    @property
    def octets(self) -> bytes:
        """The BGP message with its header; of a table entry or a state change all octets behind the MRT header.

        Collectors that wrote BGP4MP's predecessors left the message header out; here it has one.
        """
        if self._form == MESSAGE:
            return self._data[self._begin : self._end]
        if self._form == BODY:
            subtype = self.mrt_subtype
            assert subtype is not None
            return with_header(self._data[self._begin + _HEADER : self._end], subtype)
        return self._data

    @property
    def message(self) -> Message | None:
        """The BGP message, one object for all routes of the event; ``None`` for a table entry or a state change."""
        if self._form == NO_MESSAGE:
            return None
        message: Message | None = getattr(self, "_message", None)
        if message is None:
            from bgpwire.message import Message  # with all of the messages, which routes do not need

            message = Message.of(self.octets, self.session)
            fill(self, "_message", message)
        return message

    @property
    def record(self) -> Record:
        """Deprecated since 0.2.0: the MRT record. ValueError for an event that did not come in one."""
        warnings.warn("Event.record is deprecated: the event has what it said", DeprecationWarning, stacklevel=2)
        return self._record()

    @property
    def _has_record(self) -> bool:
        """Whether all octets of an MRT record are here: an event that was pickled, or made by hand, has those of its
        message and no more."""
        return self.mrt_type is not None and not (self._form == MESSAGE and self._begin == 0)

    def _record(self) -> Record:
        if not self._has_record:
            raise ValueError("the event has no MRT record")
        return restore("Record", self.seconds, self.mrt_type, self.mrt_subtype, self._data, self.offset)  # type: ignore[no-any-return]

    def __bytes__(self) -> bytes:
        return self.octets

    def _state(self) -> tuple[Any, ...]:
        """The arguments that make an equal event: where its octets are kept tells no events apart."""
        where = self.offset, self.mrt_type, self.mrt_subtype
        return self.octets, self.seconds, self.microseconds, self.peer, self.session, *where, self._form != NO_MESSAGE

    def __reduce__(self) -> tuple[Any, ...]:
        return restore, ("Event", *self._state(), self.file)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._state() == other._state()

    def __hash__(self) -> int:
        return hash((self.seconds, self.offset, self.peer))

    def __repr__(self) -> str:
        peer = "" if self.peer is None else f" {self.peer}"
        message = self.message
        return f"<Event {self.timestamp}{peer} {f'of {len(self.octets)} octets' if message is None else repr(message)}>"

    def json(self) -> dict[str, Any]:
        """Time, peer and message as JSON values (docs/json.md); the octets in hex where there is no message."""
        out: dict[str, Any] = {"timestamp": self.timestamp}
        if self.peer is not None:
            if self.peer.address is not None:
                out["peer_address"] = str(self.peer.address)
            out["peer_asn"] = self.peer.asn
        message = self.message
        return out | ({"octets": self.octets.hex()} if message is None else message.json())
