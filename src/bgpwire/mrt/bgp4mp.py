"""Messages of BGP4MP and BGP4MP_ET records (RFC 6396 section 4.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire._impl import Address, check_header
from bgpwire.errors import DecodeError, TruncatedError
from bgpwire.message import Message
from bgpwire.message.base import MARKER
from bgpwire.mrt.kernels import Record, RouteDecoder
from bgpwire.old_writers import LEGACY, MESSAGES, with_header
from bgpwire.route.kernels import Peer

if TYPE_CHECKING:
    from bgpwire.session import Session

_STATES = (0, 5)


class MrtMessage:
    """A BGP message with its time and its peer, as the collector saw it."""

    __slots__ = ("message", "peer", "record")

    def __init__(self, record: Record, peer: Peer, message: Message) -> None:
        self.record = record
        self.peer = peer
        self.message = message

    @property
    def timestamp(self) -> float:
        return self.record.timestamp

    @property
    def peer_address(self) -> Address | None:
        """``None`` where the record has none."""
        return self.peer.address

    @property
    def peer_asn(self) -> int:
        return self.peer.asn

    @property
    def session(self) -> Session:
        return self.message.session

    def __bytes__(self) -> bytes:
        return bytes(self.message)

    def __repr__(self) -> str:
        return f"<MrtMessage {self.timestamp} {self.peer} {self.message!r}>"

    def json(self) -> dict[str, Any]:
        head: dict[str, Any] = {"timestamp": self.timestamp}
        if self.peer.address is not None:
            head["peer_address"] = str(self.peer.address)
        return head | {"peer_asn": self.peer.asn} | self.message.json()


def decode_message(record: Record, decoder: RouteDecoder) -> MrtMessage | None:
    """The message of a BGP4MP record; ``None`` for a record of another type, or a state change.

    The header's length must fit the record; its marker need not be all ones (an archive keeps what was sent).
    Messages of the types before BGP4MP (5, 9, 10) have no header there and get one.
    """
    if record.type in LEGACY:
        found = decoder.locate(record, 0)
        if found is None or record.subtype not in MESSAGES:
            return None
        octets = with_header(record.data[found[1] :], record.subtype)
        return MrtMessage(record, found[0], read_message(octets, found[1] - 19, decoder.session(record)))
    if record.type not in (16, 17, 64, 65):
        return None
    start = 4 if record.type in (17, 65) else 0
    if len(record.data) < start:
        raise TruncatedError("no room for microseconds", 0)
    found = decoder.locate(record, start)
    if found is None or record.subtype in _STATES:
        return None
    peer, begin = found
    octets = record.data[begin:]
    if len(octets) < 19:
        raise TruncatedError(f"message of at least 19 octets, {len(octets)} there", begin, 1, 2)
    length = octets[16] << 8 | octets[17]
    if not 19 <= length <= len(octets):
        raise TruncatedError(f"message of {length} octets, {len(octets)} there", begin + 16, 1, 2)
    return MrtMessage(record, peer, read_message(octets[:length], begin, decoder.session(record)))


def read_message(octets: bytes, at: int, session: Session) -> Message:
    """The message that ``octets`` are, whatever its marker; ``at`` is where they stand in the record.

    :class:`bgpwire.DecodeError`, its offset counted in the record, for a length that is not the type's and for what
    makes the message worthless.
    """
    try:
        check_header(MARKER + octets[16:], 0, len(octets), 65535)
        message = Message.of(octets, session)
        message.check()
    except DecodeError as error:
        raise error.moved(at) from None
    return message
