"""One tree of exceptions. Nothing else ever leaves a decoder.

A :class:`DecodeError` says where the octets are wrong (``offset``, counted from the first octet of what
was handed to the decoder), how BGP names the fault (``code`` and ``subcode``, RFC 4271 section 4.5) and
what the receiver is to do about it (``action``, RFC 7606 section 2).
"""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any, Self

from bgpwire.numbers.error_code import (
    MESSAGE_HEADER_ERROR,
    OPEN_MESSAGE_ERROR,
    ROUTE_REFRESH_MESSAGE_ERROR,
    UPDATE_MESSAGE_ERROR,
)

if TYPE_CHECKING:
    from bgpwire.message.notification import Notification

_DATA = 4096 - 21
"""Octets of the Data field in the longest NOTIFICATION that every peer takes."""


class Action(StrEnum):
    """What RFC 7606 section 2 asks of a receiver, the strongest first.

    ``keep`` asks nothing: what is reported was read, and stays in use, though it is not what the specification says.
    """

    SESSION_RESET = "session_reset"
    AFI_SAFI_DISABLE = "afi_safi_disable"
    TREAT_AS_WITHDRAW = "treat_as_withdraw"
    ATTRIBUTE_DISCARD = "attribute_discard"
    KEEP = "keep"


class BgpwireError(Exception):
    """The root of all exceptions raised by bgpwire on purpose."""


class DecodeError(BgpwireError, ValueError):
    """Octets that are not what the protocol says they are.

    ``args`` is ``(reason, offset, code, subcode, action, data)``: equal on both implementations.
    """

    __slots__ = ("action", "code", "data", "offset", "reason", "subcode")  # made in half the time of those in a dict
    default_code = 0

    def __init__(
        self,
        reason: str,
        offset: int = 0,
        code: int | None = None,
        subcode: int = 0,
        action: Action = Action.SESSION_RESET,
        data: bytes = b"",
    ) -> None:
        code = self.default_code if code is None else code
        super().__init__(reason, offset, code, subcode, action, data)
        self.reason = reason
        self.offset = offset
        self.code = code
        self.subcode = subcode
        self.action = action
        self.data = data

    def __str__(self) -> str:
        return f"{self.reason} at offset {self.offset} ({self.code}/{self.subcode}, {self.action})"

    def fresh(self) -> Self:
        """An equal error without traceback, cause or context.

        What is kept, and what is raised of what is kept, is such a copy: a traceback keeps the frames it names,
        and all their variables, alive, and it grows each time the same object is raised.
        """
        return type(self)(*self.args)

    def moved(self, distance: int) -> DecodeError:
        """The same error, its offset counted from ``distance`` octets earlier."""
        return type(self)(self.reason, self.offset + distance, *self.args[2:])

    def acted(self, action: Action) -> DecodeError:
        """The same error, with another action."""
        return type(self)(self.reason, self.offset, self.code, self.subcode, action, self.data)

    def notification(self) -> Notification:
        """The NOTIFICATION with which to end a session because of it (RFC 4271 section 6), as much of ``data`` in it as
        a message of 4,096 octets has room for. ValueError for what no code is specified for."""
        if not self.code:
            raise ValueError(f"no NOTIFICATION is specified for: {self.reason}")
        # Messages stand above errors: here is their door by name.
        made: type[Notification] = import_module("bgpwire.message.notification").Notification
        return made.build(self.code, self.subcode, self.data[:_DATA])

    def json(self) -> dict[str, Any]:
        """The error as JSON values; ``data`` as hex."""
        out: dict[str, Any] = {
            "error": type(self).__name__,
            "reason": self.reason,
            "offset": self.offset,
            "code": self.code,
            "subcode": self.subcode,
            "action": str(self.action),
        }
        if self.data:
            out["data"] = self.data.hex()
        return out


class TruncatedError(DecodeError):
    """Fewer octets than a field needs. The decoder of the field sets the code."""


class MessageHeaderError(DecodeError):
    """RFC 4271 section 6.1: marker, length or type of a message header."""

    default_code = MESSAGE_HEADER_ERROR


class OpenMessageError(DecodeError):
    """RFC 4271 section 6.2 and RFC 5492 section 5: an OPEN."""

    default_code = OPEN_MESSAGE_ERROR


class UpdateMessageError(DecodeError):
    """RFC 4271 section 6.3 as revised by RFC 7606: an UPDATE."""

    default_code = UPDATE_MESSAGE_ERROR


class RouteRefreshError(DecodeError):
    """RFC 7313 section 5: a ROUTE-REFRESH."""

    default_code = ROUTE_REFRESH_MESSAGE_ERROR


class MrtError(DecodeError):
    """RFC 6396: a file or a record that is not MRT."""


class BmpError(DecodeError):
    """RFC 7854: octets that are no BMP, or a message of it that is not what it says."""


class RisError(DecodeError):
    """RIS Live: a line that is no message of it, or whose fields say something else than its octets."""


class OpenBmpError(DecodeError):
    """OpenBMP's message bus: octets that have no header of it, or one that does not fit what stands behind it."""


class CaptureError(DecodeError):
    """A file that is no capture of packets (pcap, pcapng), or that cannot be read on."""


class EncodeError(BgpwireError, ValueError):
    """A value that cannot be sent: it has more octets than there is room for, or the session has no place for it.

    ``field`` names it, ``actual`` is its size in octets or its value, ``most`` the room or the largest value;
    ``reason`` says more where these do not say all. ``args`` is ``(field, actual, most, reason)``.
    """

    __slots__ = ("actual", "field", "most", "reason")

    def __init__(self, field: str, actual: object, most: object = None, reason: str = "") -> None:
        super().__init__(field, actual, most, reason)
        self.field = field
        self.actual = actual
        self.most = most
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.field}: {self.reason or self._said()}"

    def _said(self) -> str:
        """Without a reason it is an NLRI or the value of an attribute, which have octets, or a number."""
        if self.field == "nlri":
            return f"one of {self.actual} octets, and beside the attributes a message has room for {self.most}"
        if self.most == 0xFFFF:
            return f"{self.actual} octets, and an attribute has room for {self.most}"
        return f"{self.actual} is not a number from 0 to {self.most}"


class MrtWarning(UserWarning):
    """An MRT file was read to its end, and some of its octets could not be: given once for each pass."""


class CaptureWarning(UserWarning):
    """A capture was read, and some of it could not be: given once for each pass."""


class BmpWarning(UserWarning):
    """A stream of BMP was read, and some of its octets are no BMP: given once for each pass."""


# RFC 4271 section 6.3 and RFC 7606: the sub-codes of an UPDATE error.
MALFORMED_ATTRIBUTE_LIST = 1
UNRECOGNIZED_WELL_KNOWN = 2
MISSING_WELL_KNOWN = 3
ATTRIBUTE_FLAGS = 4
ATTRIBUTE_LENGTH = 5
INVALID_ORIGIN = 6
INVALID_NEXT_HOP = 8
OPTIONAL_ATTRIBUTE = 9
INVALID_NETWORK = 10
MALFORMED_AS_PATH = 11
