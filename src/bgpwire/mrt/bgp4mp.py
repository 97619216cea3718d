"""Messages of BGP4MP and BGP4MP_ET records (RFC 6396 section 4.4), checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bgpwire.errors import DecodeError
from bgpwire.immutable import fill
from bgpwire.message import Message
from bgpwire.route.event import check_any_marker

if TYPE_CHECKING:
    from bgpwire.mrt.kernels import RouteDecoder
    from bgpwire.route.kernels import Event
    from bgpwire.session import Session


def find_message(event: Event, decoder: RouteDecoder) -> bool:
    """Whether the record that ``event`` is holds a BGP message; if so, :attr:`Event.message` has it.

    The header's length must fit the record; its marker need not be all ones (an archive keeps what was sent).
    Messages of the types before BGP4MP (5, 9, 10) have no header there and get one. :class:`bgpwire.DecodeError`, its
    offset counted in the record, where the message cannot be read.
    """
    if decoder.find_message(event) is None:
        return False
    fill(event, "_message", read_message(event.octets, event._begin, event.session))
    return True


def read_message(octets: bytes, at: int, session: Session) -> Message:
    """The message that ``octets`` are, whatever its marker; ``at`` is where they stand in the record.

    :class:`bgpwire.DecodeError`, its offset counted in the record, for a length that is not the type's and for what
    makes the message worthless.
    """
    try:
        check_any_marker(octets)
        message = Message.of(octets, session)
        message.check()
    except DecodeError as error:
        raise error.moved(at) from None
    return message
