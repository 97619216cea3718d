"""BMP messages (RFC 7854 section 4): what they share, and how one is decoded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final

from bgpwire._impl import Reader, as_bytes
from bgpwire.bmp.header import COMMON, PeerHeader
from bgpwire.errors import BmpError, DecodeError
from bgpwire.immutable import Immutable
from bgpwire.message import Message
from bgpwire.message.base import MARKER
from bgpwire.numbers.bmp import MESSAGES, bmp_name
from bgpwire.session import DEFAULT_SESSION, Session

if TYPE_CHECKING:
    from collections.abc import Buffer, Callable

    type Sessions = Callable[[PeerHeader], Session]
    """The session in which a peer's messages are read."""

_HEADER: Final = 19
_MOST: Final = 65535
WITHOUT_PEER: Final = frozenset((4, 5))
"""Initiation and Termination: they are about the router, and have no per-peer header."""


def session_of(header: PeerHeader) -> Session:
    """The session of a peer of which nothing is known but its header."""
    return Session(asn4=header.asn4, extended_message=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class BmpMessage(Immutable):
    """One message: ``version``, its octets, the per-peer header where it has one, and what is wrong with it.

    ``errors`` list what was tolerated: what a message holds before a fault is read, and its octets are all kept.
    """

    types: ClassVar[dict[int, type[BmpMessage]]] = {}
    name: ClassVar[str] = "unknown"

    version: int
    type: int
    octets: bytes = field(repr=False)
    """The whole message, headers included."""
    peer: PeerHeader | None = None
    errors: tuple[DecodeError, ...] = field(default=(), compare=False)

    def __bytes__(self) -> bytes:
        return self.octets

    def __len__(self) -> int:
        return len(self.octets)

    def fields(self) -> dict[str, Any]:
        """The message's own fields as JSON values."""
        return {}

    def json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"type": bmp_name(MESSAGES, self.type, "type"), "version": self.version}
        if self.peer is not None:
            out["peer"] = self.peer.json()
        out |= self.fields()
        if self.errors:
            out["errors"] = [error.json() for error in self.errors]
        return out


def bmp_type[T: BmpMessage](code: int) -> Callable[[type[T]], type[T]]:
    """Class decorator: ``cls.read(body)`` reads the messages of a type."""

    def enter(cls: type[T]) -> type[T]:
        BmpMessage.types[code] = cls
        return cls

    return enter


class Body:
    """The octets of a message behind its headers, and what is known of them."""

    def __init__(self, reader: Reader, version: int, peer: PeerHeader | None, session: Session) -> None:
        self.reader = reader
        self.version = version
        self.peer = peer
        self.session = session
        self.errors: list[DecodeError] = []

    def fault(self, error: DecodeError | None) -> None:
        """Add what is wrong, if anything is."""
        if error is not None:
            self.errors.append(error.fresh())

    def bgp(self, session: Session | None = None) -> Message | None:
        """The BGP message that stands here; ``None``, and a fault, for what is none, or cannot be cut into its fields.
        Where its length is wrong, all octets are its."""
        reader = self.reader
        begin = reader.offset
        if len(reader) < _HEADER:
            self.fault(BmpError(f"BGP message of {len(reader)} octets, at least {_HEADER} needed", begin))
            reader.skip(len(reader))
            return None
        head = reader.ahead(_HEADER)
        size = head[16] << 8 | head[17]
        if not _HEADER <= size <= len(reader) or head[:16] != MARKER:
            reason = (
                "BGP message without its marker"
                if head[:16] != MARKER
                else f"BGP message of {size} octets, {len(reader)} there"
            )
            self.fault(BmpError(reason, begin))
            reader.skip(len(reader))
            return None
        message = Message.of(reader.take(size), self.session if session is None else session)
        try:
            message.check()
        except DecodeError as error:
            self.fault(error.moved(begin))
            return None
        return message

    def end(self) -> None:
        """Octets that nothing has read are a fault; they are skipped."""
        if len(self.reader):
            self.fault(BmpError(f"{len(self.reader)} octets too many", self.reader.offset))
            self.reader.skip(len(self.reader))


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownBmp(BmpMessage):
    """A message of a type that is not registered, kept whole; a per-peer header is not looked for in it."""

    value: bytes = b""

    @classmethod
    def read(cls, body: Body) -> dict[str, Any]:
        return {"value": body.reader.rest()}

    def fields(self) -> dict[str, Any]:
        return {"value": self.value.hex()}


def decode_bmp(buffer: Buffer, sessions: Sessions = session_of) -> BmpMessage:
    """The one BMP message, of version 3 or 4, that ``buffer`` holds.

    ``sessions`` says of a per-peer header in which session the BGP messages of that peer are read; without it AS
    numbers have the width that the A flag says, and nothing else was negotiated. :class:`bgpwire.BmpError` for a header
    that cannot be right; all else that is wrong is in ``errors``.
    """
    octets = as_bytes(buffer)
    if len(octets) < COMMON:
        raise BmpError(f"BMP message of {len(octets)} octets, at least {COMMON} needed", len(octets))
    version, size, kind = octets[0], int.from_bytes(octets[1:5]), octets[5]
    if version not in (3, 4):
        raise BmpError(f"BMP version {version}", 0)
    if size != len(octets):
        raise BmpError(f"BMP message of {size} octets, {len(octets)} there", 1)
    return message_of(octets, COMMON, version, kind, sessions)


def message_of(octets: bytes, at: int, version: int, kind: int, sessions: Sessions) -> BmpMessage:
    """The message of type ``kind`` whose body, per-peer header first, begins at ``at``."""
    cls = BmpMessage.types.get(kind)
    reader = Reader(octets, at)
    head: dict[str, Any] = {"version": version, "type": kind, "octets": octets}
    if cls is None:
        return UnknownBmp(**head, value=reader.rest())
    peer, session = None, DEFAULT_SESSION
    if kind not in WITHOUT_PEER:
        try:
            peer = PeerHeader.read(reader)
        except DecodeError as error:
            return UnknownBmp(**head, value=reader.rest(), errors=(error.fresh(),))
        session = sessions(peer)
    body = Body(reader, version, peer, session)
    try:
        found = cls.read(body)  # type: ignore[attr-defined]
    except DecodeError as error:
        body.fault(error)
        return UnknownBmp(**head, peer=peer, value=octets[at:], errors=tuple(body.errors))
    body.end()
    return cls(**head, peer=peer, errors=tuple(body.errors), **found)
