"""KEEPALIVE (RFC 4271 section 4.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from bgpwire.message.base import Message
from bgpwire.numbers.message import KEEPALIVE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bgpwire.session import Session


class Keepalive(Message, type=KEEPALIVE):
    """A header and nothing else."""

    __slots__ = ()

    @classmethod
    def build(cls) -> Self:
        """The message to send."""
        return cls._packed(b"")

    @classmethod
    def _body_of(cls, form: Mapping[str, Any], session: Session) -> bytes:
        return b""
