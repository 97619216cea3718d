"""The errors of a session that no decoder finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.errors import DecodeError
from bgpwire.message import Message
from bgpwire.numbers import error_code as codes
from bgpwire.numbers import message as kinds
from bgpwire.peer.state import State

if TYPE_CHECKING:
    from collections.abc import Buffer

_UNEXPECTED = {
    State.OPEN_SENT: codes.UNEXPECTED_MESSAGE_IN_OPENSENT,
    State.OPEN_CONFIRM: codes.UNEXPECTED_MESSAGE_IN_OPENCONFIRM,
    State.ESTABLISHED: codes.UNEXPECTED_MESSAGE_IN_ESTABLISHED,
}
_CODES = {
    kinds.OPEN: codes.OPEN_MESSAGE_ERROR,
    kinds.UPDATE: codes.UPDATE_MESSAGE_ERROR,
    kinds.ROUTE_REFRESH: codes.ROUTE_REFRESH_MESSAGE_ERROR,
}


def unexpected(octets: Buffer, state: State, offset: int) -> DecodeError:
    """A message at ``offset`` of the stream that has no place in ``state``; Data is its type (RFC 6608 section 4)."""
    message = Message.of(bytes(octets))
    reason = f"{message.name} in {state.name}"
    data = message.data[18:19]
    return DecodeError(reason, offset + 18, codes.FINITE_STATE_MACHINE_ERROR, _UNEXPECTED[state], data=data)


def coded(error: DecodeError, kind: int) -> DecodeError:
    """``error`` with a code that a NOTIFICATION can have: one without gets that of its type of message."""
    if error.code:
        return error.fresh()
    code = _CODES.get(kind, codes.MESSAGE_HEADER_ERROR)
    return type(error)(error.reason, error.offset, code, 0, error.action, error.data)
