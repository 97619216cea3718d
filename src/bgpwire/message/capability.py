"""CAPABILITY: capabilities that change while the session lives (draft-ietf-idr-dynamic-cap section 4)."""

from __future__ import annotations

from typing import Any, NamedTuple

from bgpwire._impl import Reader
from bgpwire.capability import Capability, decode_capability
from bgpwire.errors import DecodeError, MessageHeaderError
from bgpwire.message.base import Message
from bgpwire.numbers.error_code import BAD_MESSAGE_LENGTH
from bgpwire.numbers.message import CAPABILITY


class Revision(NamedTuple):
    """One capability advertised or removed, or the acknowledgement of that."""

    acknowledgement: bool
    acknowledgement_requested: bool
    remove: bool
    reserved: int
    sequence: int
    capability: Capability

    def __bytes__(self) -> bytes:
        """Flags, sequence number and capability, as they came."""
        flags = self.acknowledgement << 7 | self.acknowledgement_requested << 6 | self.reserved << 1 | self.remove
        return bytes((flags,)) + self.sequence.to_bytes(4) + bytes(self.capability)

    def json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"action": "remove" if self.remove else "advertise"}
        out["acknowledgement"] = self.acknowledgement
        out["acknowledgement_requested"] = self.acknowledgement_requested
        if self.reserved:
            out["reserved"] = self.reserved
        return out | {"sequence": self.sequence, "capability": self.capability.json()}


class CapabilityMessage(Message, type=CAPABILITY):
    """Revisions, each: flags (1 octet), sequence number (4), capability code (1), length (2), value."""

    __slots__ = ()

    @property
    def revisions(self) -> tuple[Revision, ...]:
        """The revisions before the first that does not fit; see :attr:`errors`."""
        return self._read()[0]

    @property
    def errors(self) -> list[DecodeError]:
        """1/2 where a revision runs over the end of the message."""
        return self._read()[1]

    def _read(self) -> tuple[tuple[Revision, ...], list[DecodeError]]:
        reader = Reader(self.data, 19)
        out: list[Revision] = []
        while len(reader):
            try:
                head, sequence, code = reader.u8(), reader.u32(), reader.u8()
                size = reader.u16()
                at = reader.offset
                capability = decode_capability(code, reader.take(size), at, 2)
            except DecodeError as error:
                reason, length = f"capability revision: {error.reason}", self.data[16:18]
                return tuple(out), [MessageHeaderError(reason, error.offset, None, BAD_MESSAGE_LENGTH, data=length)]
            flags = bool(head & 0x80), bool(head & 0x40), bool(head & 1)
            out.append(Revision(*flags, head >> 1 & 0x1F, sequence, capability))
        return tuple(out), []

    def fields(self) -> dict[str, Any]:
        return {"revisions": [revision.json() for revision in self.revisions]}
