"""KEEPALIVE (RFC 4271 section 4.4)."""

from __future__ import annotations

from typing import Self

from bgpwire.message.base import Message
from bgpwire.numbers.message import KEEPALIVE


class Keepalive(Message, type=KEEPALIVE):
    """A header and nothing else."""

    __slots__ = ()

    @classmethod
    def build(cls) -> Self:
        """The message to send."""
        return cls._packed(b"")
