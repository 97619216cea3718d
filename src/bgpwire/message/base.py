"""A BGP message: 19 octets of header and a body (RFC 4271 section 4)."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, ClassVar, Self

from bgpwire._impl import as_bytes, check_header
from bgpwire.errors import MessageHeaderError, TruncatedError
from bgpwire.numbers import message as numbers
from bgpwire.numbers.error_code import BAD_MESSAGE_LENGTH, MESSAGE_HEADER_ERROR
from bgpwire.session import DEFAULT_SESSION, Session
from bgpwire.value.octets import MARKER as MARKER

if TYPE_CHECKING:
    from collections.abc import Buffer

    from bgpwire.errors import DecodeError


class MessageType(IntEnum):
    """IANA "BGP Message Types"; 128 is Cisco's ROUTE-REFRESH from before RFC 2918."""

    OPEN = numbers.OPEN
    UPDATE = numbers.UPDATE
    NOTIFICATION = numbers.NOTIFICATION
    KEEPALIVE = numbers.KEEPALIVE
    ROUTE_REFRESH = numbers.ROUTE_REFRESH
    CAPABILITY = numbers.CAPABILITY
    ROUTE_REFRESH_CISCO = numbers.ROUTE_REFRESH_CISCO


class Message:
    """One message and the octets it owns: ``data`` is the whole of it, header included.

    Equal if type, octets and session are.
    """

    __slots__ = ("_data", "_session")

    types: ClassVar[dict[int, type[Message]]] = {}
    type: ClassVar[int] = 0
    _data: bytes
    _session: Session

    def __init_subclass__(cls, type: int | None = None) -> None:
        if type is not None:
            cls.type = type
            Message.types[type] = cls

    def __init__(self, *arguments: Any, **fields: Any) -> None:
        """TypeError always: :meth:`decode` makes a message of its octets, and ``build`` some types of values."""
        name = type(self).__name__
        build = f", or of values by {name}.build(...)" if hasattr(type(self), "build") else ""
        raise TypeError(f"{name}() cannot be called: a message is made of octets by Message.decode(octets){build}")

    @staticmethod
    def decode(buffer: Buffer, session: Session = DEFAULT_SESSION, *, strict: bool = False) -> Message:
        """Decode the one message that ``buffer`` holds, header included; its octets are copied once.

        Any buffer of octets will do; TypeError for str and None. :class:`bgpwire.MessageHeaderError` for
        a bad marker, length or type-specific length, :class:`bgpwire.TruncatedError` for a message that is not
        all there, and for octets behind it :class:`bgpwire.MessageHeaderError` 1/2. What RFC 7606 tolerates in
        an UPDATE is in its ``errors``; ``strict`` raises the first of them instead.
        """
        data = as_bytes(buffer)
        size = len(data)
        length = check_header(data, 0, size, session.max_message)
        if not length or length > size:
            reason = f"message of {length or 'at least 19'} octets, {size} there"
            raise TruncatedError(reason, size, MESSAGE_HEADER_ERROR, BAD_MESSAGE_LENGTH)
        if length < size:
            raise MessageHeaderError(f"{size - length} octets behind the message", length, None, BAD_MESSAGE_LENGTH)
        message = Message.of(data, session)
        message.check()
        if strict:
            for error in message.errors:
                raise error.fresh()
        return message

    @staticmethod
    def of(data: bytes, session: Session = DEFAULT_SESSION) -> Message:
        """Wrap the octets of one message whose header is known to be sound; nothing is decoded yet."""
        cls = Message.types.get(data[18], UnknownMessage)
        self = cls.__new__(cls)
        self._data = data
        self._session = session
        self._begin()
        return self

    def _begin(self) -> None:
        """What a class prepares before anything is decoded."""

    def check(self) -> None:
        """Raise the fault that makes this message worthless; what can be tolerated is in :attr:`errors`."""

    @property
    def errors(self) -> list[DecodeError]:
        """What was tolerated (RFC 7606); empty for a sound message."""
        return []

    @property
    def data(self) -> bytes:
        """The whole message, header included."""
        return self._data

    @property
    def session(self) -> Session:
        """What was negotiated, as far as it is known: the message is read under it."""
        return self._session

    @property
    def body(self) -> memoryview:
        """The octets behind the header, uncopied."""
        return memoryview(self._data)[19:]

    @property
    def name(self) -> str:
        """``update``, ``open`` …; ``type_N`` for a type that is not registered."""
        try:
            return MessageType(self._data[18]).name.lower()
        except ValueError:
            return f"type_{self._data[18]}"

    @classmethod
    def _packed(cls, body: bytes, session: Session = DEFAULT_SESSION) -> Self:
        """A message of this type around ``body``."""
        message = Message.of(MARKER + (len(body) + 19).to_bytes(2) + bytes((cls.type,)) + body, session)
        assert isinstance(message, cls)
        return message

    def __bytes__(self) -> bytes:
        return self._data

    def __len__(self) -> int:
        """The length of the message in octets, header included."""
        return len(self._data)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Message):
            return NotImplemented
        return self._data == other._data and self._session == other._session

    def __hash__(self) -> int:
        return hash(self._data)

    def __reduce__(self) -> tuple[Any, ...]:
        return Message.of, (self._data, self._session)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._data[19:].hex()}>"

    def fields(self) -> dict[str, Any]:
        """The message's own fields as JSON values."""
        return {}

    def json(self) -> dict[str, Any]:
        """The message as JSON values: ``type``, ``length``, its fields, and ``errors`` where there are any."""
        out: dict[str, Any] = {"type": self.name, "length": len(self._data)}
        if self._data[:16] != MARKER:
            out["marker"] = self._data[:16].hex()
        out |= self.fields()
        errors = self.errors
        if errors:
            out["errors"] = [error.json() for error in errors]
        return out


class UnknownMessage(Message):
    """Type and octets; a daemon answers it with NOTIFICATION 1/3 (RFC 4271 section 6.1)."""

    __slots__ = ()

    def fields(self) -> dict[str, Any]:
        return {"type_code": self._data[18], "value": self._data[19:].hex()}
