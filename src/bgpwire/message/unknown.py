"""A message of a type nobody registered: kept whole."""

from __future__ import annotations

from typing import Any

from bgpwire.message.base import Message


class UnknownMessage(Message):
    """Type and octets; a daemon answers it with NOTIFICATION 1/3 (RFC 4271 section 6.1)."""

    __slots__ = ()

    def fields(self) -> dict[str, Any]:
        return {"type_code": self.data[18], "value": self.data[19:].hex()}
