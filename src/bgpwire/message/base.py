"""A BGP message: 19 octets of header and a body (RFC 4271 section 4)."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from bgpwire._impl import as_bytes, check_header, starter
from bgpwire.errors import MessageHeaderError, TruncatedError
from bgpwire.field.base import members_of, octets_of, of_form, text_of
from bgpwire.numbers import message as numbers
from bgpwire.numbers.error_code import BAD_MESSAGE_LENGTH, MESSAGE_HEADER_ERROR
from bgpwire.session import DEFAULT_SESSION, Session
from bgpwire.value.octets import MARKER as MARKER

if TYPE_CHECKING:
    from collections.abc import Buffer, Callable, Mapping

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


_HEADER = 19
_MOST = 0xFFFF - _HEADER
"""Octets of the longest body (RFC 8654 section 4)."""


class Message:
    """One message and the octets it owns: ``data`` is the whole of it, header included.

    Equal if type, octets and session are.
    """

    __slots__ = ("_data", "_session")

    types: ClassVar[dict[int, type[Message]]] = {}
    makers: ClassVar[dict[int, Callable[[bytes, Session], Any]]] = {}
    """What makes a message of a type of its octets, of which nothing is decoded: the slots of its class are None."""
    type: ClassVar[int] = 0
    _data: bytes
    _session: Session

    def __init_subclass__(cls, type: int | None = None) -> None:
        if type is not None:
            cls.type = type
            Message.types[type] = cls
            Message.makers[type] = _maker(cls)

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

    @classmethod
    def from_json(cls, form: Any, session: Session | None = None) -> Self:
        """The message of its JSON form (docs/json.md), octet for octet where that came of :meth:`json`.

        ``type`` says of which class it is; of a class itself it may be absent. ``raw`` is the body as it came;
        ``length``, ``errors`` and names beside numbers are not looked at. Without a ``session`` it is one of 4-octet AS
        numbers whose routes have path identifiers and several labels where those of the form have them. ValueError for
        other forms.
        """
        return of_form(lambda form: cls._of_members(members_of(form), session), form)

    @classmethod
    def _of_members(cls, form: Mapping[str, Any], session: Session | None) -> Self:
        number = cls.type
        if cls is Message or "type" in form:
            number = _type_of(text_of(form["type"]))
        kind = Message.types.get(number, UnknownMessage)
        if not issubclass(kind, cls):
            raise ValueError(f"{form['type']} is no {cls.__name__}")
        if session is None:
            session = kind._session_of(form)
        body = octets_of(form["raw"]) if "raw" in form else kind._body_of(form, session)
        marker = octets_of(form["marker"]) if "marker" in form else MARKER
        if len(marker) != len(MARKER):
            raise ValueError(f"a marker of {len(marker)} octets")
        if len(body) > _MOST:
            raise ValueError(f"a body of {len(body)} octets")
        head = (len(body) + 19).to_bytes(2) + bytes((number,))
        check_header(MARKER + head, 0, _HEADER, 0xFFFF)
        message = Message.of(marker + head + body, session)
        message.check()
        return message  # type: ignore[return-value]

    @classmethod
    def _session_of(cls, form: Mapping[str, Any]) -> Session:
        """What a form tells of the session that it was read in."""
        return DEFAULT_SESSION

    @classmethod
    def _body_of(cls, form: Mapping[str, Any], session: Session) -> bytes:
        """The octets behind the header, of a form. ValueError and others for other forms."""
        raise NotImplementedError

    def _says_all(self, form: Mapping[str, Any]) -> bool:
        """Whether a form of :meth:`fields` leads back to the octets behind the header."""
        try:
            return of_form(lambda form: self._body_of(form, self._session), form) == self._data[19:]
        except ValueError:
            return False

    @staticmethod
    def of(data: bytes, session: Session = DEFAULT_SESSION) -> Message:
        """Wrap the octets of one message whose header is known to be sound; nothing is decoded yet."""
        return Message.makers.get(data[18], _make_unknown)(data, session)  # type: ignore[no-any-return]

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

    def __buffer__(self, flags: int) -> memoryview:
        """The octets, uncopied: ``socket.send(message)``."""
        return memoryview(self._data)

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
        """The message as JSON values: ``type``, ``length``, its fields, ``raw`` where these do not tell all of its
        octets, and ``errors`` where there are any."""
        out: dict[str, Any] = {"type": self.name, "length": len(self._data)}
        if self._data[:16] != MARKER:
            out["marker"] = self._data[:16].hex()
        fields = self.fields()
        out |= fields
        if not self._says_all(fields):
            out["raw"] = self._data[19:].hex()
        errors = self.errors
        if errors:
            out["errors"] = [error.json() for error in errors]
        return out


class UnknownMessage(Message):
    """Type and octets; a daemon answers it with NOTIFICATION 1/3 (RFC 4271 section 6.1)."""

    __slots__ = ()

    @classmethod
    def _body_of(cls, form: Mapping[str, Any], session: Session) -> bytes:
        return octets_of(form["value"])

    def fields(self) -> dict[str, Any]:
        return {"type_code": self._data[18], "value": self._data[19:].hex()}


def _maker(cls: type[Message]) -> Callable[[bytes, Session], Any]:
    return starter(cls, ("_data", "_session"), tuple(cls.__dict__["__slots__"]))


_make_unknown: Final = _maker(UnknownMessage)


def _type_of(name: str) -> int:
    """The number of a message type by its name. ValueError for what is none."""
    head, _, number = name.partition("_")
    if head == "type" and number.isascii() and number.isdecimal() and int(number) <= 0xFF:
        return int(number)
    try:
        return int(MessageType[name.upper()])
    except KeyError:
        raise ValueError(f"{name!r} is no type of message") from None
