"""Why a session ended."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Self

from bgpwire.errors import BgpwireError
from bgpwire.value.visible import visible

if TYPE_CHECKING:
    from bgpwire.errors import DecodeError
    from bgpwire.message import Notification


class Cause(StrEnum):
    """Who or what ended a session."""

    LOCAL = "local"
    """This side, on purpose."""
    NOTIFICATION = "notification"
    """The peer, by the NOTIFICATION in ``received``."""
    ERROR = "error"
    """What the peer sent is not BGP, or not what was agreed on: ``error`` says how."""
    HOLD_TIMER = "hold_timer"
    """The peer sent nothing for the hold time (RFC 4271 section 6.5)."""
    SEND_HOLD_TIMER = "send_hold_timer"
    """The peer took nothing of what was sent for the send hold time (RFC 9687)."""
    COLLISION = "collision"
    """There is another connection with the same peer (RFC 4271 section 6.8)."""
    CONNECTION = "connection"
    """TCP ended, or did not come about, without a NOTIFICATION."""
    INTERNAL = "internal"
    """An exception that is no fault of the peer's: it is the ``__cause__``."""


class SessionClosed(BgpwireError, ConnectionError):
    """A session, or the attempt at one, has ended.

    ``cause`` is one of :class:`Cause`; ``sent`` and ``received`` are the NOTIFICATIONs of both sides, ``None`` where
    there was none; ``error`` is what the peer did wrong.
    """

    def __init__(
        self,
        cause: Cause,
        detail: str,
        sent: Notification | None = None,
        received: Notification | None = None,
        error: DecodeError | None = None,
        problem: BaseException | None = None,
    ) -> None:
        super().__init__(cause, detail, sent, received, error, problem)
        self.cause = cause
        self.detail = detail
        self.sent = sent
        self.received = received
        self.error = error
        self.problem = problem
        self.__cause__ = problem or error

    def __str__(self) -> str:
        said = [self.detail]
        for which, message in (("sent", self.sent), ("received", self.received)):
            if message is not None:
                said.append(f"{which} {described(message)}")
        return ", ".join(said)

    def fresh(self) -> Self:
        """An equal exception without a traceback: each that waits is raised one of its own."""
        error = None if self.error is None else self.error.fresh()
        return type(self)(self.cause, self.detail, self.sent, self.received, error, self.problem)


def described(message: Notification) -> str:
    """A NOTIFICATION for people: numbers, name, and what its sender says (RFC 9003), controls written out."""
    names = message.fields()
    name = names.get("subcode_name", names["code_name"])
    said = message.communication
    text = f"NOTIFICATION {message.code}/{message.subcode} ({name})"
    return text if not said else f"{text}: {visible(said)}"
