"""BGP4MP and BGP4MP_ET records (RFC 6396 section 4.4 and appendix B.2.6, RFC 8050 section 3).

Writers that got it wrong are read for what they wrote. Zebra of 1999, and FRR to this day for a peer that has no
address yet, leave out interface, address family and addresses: behind the AS numbers stands the message, or four
octets of states. A message behind addresses of a family that RFC 6396 does not know is found by its marker.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from bgpwire._impl import Address, PathAttributes, Reader
from bgpwire.bgp4mp_entry import read_addresses, read_asns, read_entry_fields
from bgpwire.errors import MrtError
from bgpwire.field import to_json
from bgpwire.message import Message
from bgpwire.mrt.bgp4mp import read_message
from bgpwire.mrt.body import Body, Context, body
from bgpwire.numbers import state_name
from bgpwire.old_writers import MARKER, locate_message

if TYPE_CHECKING:
    from bgpwire._impl import Prefix

_AS4 = frozenset((4, 5, 7, 9, 11))
_ADD_PATH = frozenset((8, 9, 10, 11))
_LOCAL = frozenset((6, 7, 10, 11))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bgp4mp(Body):
    """What every BGP4MP record begins with. The addresses are ``None`` where the record has none."""

    peer_asn: int
    local_asn: int
    interface: int | None = None
    afi: int | None = None
    """IANA's number of the addresses' family; ``None`` where the writer left it out."""
    peer_address: Address | None = None
    local_address: Address | None = None
    addresses: bytes | None = None
    """The octets of both addresses where the family is one RFC 6396 does not know."""


def _asns(reader: Reader, context: Context) -> dict[str, Any]:
    return read_asns(reader, 4 if context.record.subtype in _AS4 else 2)


@body((16, 1), (16, 4), (16, 6), (16, 7), (16, 8), (16, 9), (16, 10), (16, 11))
@dataclass(frozen=True, slots=True, kw_only=True)
class Bgp4mpMessage(Bgp4mp):
    """A BGP message; ``local`` if the collector sent it."""

    name: ClassVar[str] = "message"

    local: bool | None = None
    message: Message

    @classmethod
    def decode(cls, reader: Reader, context: Context) -> Self:
        subtype = context.record.subtype
        head = _asns(reader, context)
        data = context.record.data
        if not data.startswith(MARKER, reader.offset):
            head |= read_addresses(reader)
            if "peer_address" not in head:
                at = locate_message(data, reader.offset)
                if at < 0:
                    raise MrtError(f"BGP4MP address family {head['afi']}, and no message behind it", reader.offset)
                head["addresses"] = reader.take(at - reader.offset) or None
        at = reader.offset
        if len(reader) < 19:
            raise MrtError(f"message of at least 19 octets, {len(reader)} there", at)
        length = data[at + 16] << 8 | data[at + 17]
        if not 19 <= length <= len(reader):
            raise MrtError(f"message of {length} octets, {len(reader)} there", at + 16)
        session = context.session(subtype in _AS4, subtype in _ADD_PATH)
        message = read_message(reader.take(length), at, session)
        return cls(**head, local=subtype in _LOCAL or None, message=message)


@body((16, 0), (16, 5))
@dataclass(frozen=True, slots=True, kw_only=True)
class StateChange(Bgp4mp):
    """A change of the session's state (RFC 4271 section 8.2.2: 1 Idle to 6 Established; Quagga adds 7 and 8)."""

    name: ClassVar[str] = "state_change"

    old_state: int
    new_state: int

    @classmethod
    def decode(cls, reader: Reader, context: Context) -> Self:
        head = _asns(reader, context)
        if len(reader) != 4:
            head |= read_addresses(reader)
        if "afi" in head and "peer_address" not in head:
            if len(reader) < 4:
                raise MrtError("state change without states", reader.offset)
            head["addresses"] = reader.take(len(reader) - 4) or None
        return cls(**head, old_state=reader.u16(), new_state=reader.u16())

    def json(self) -> dict[str, Any]:
        out = super(StateChange, self).json()
        return out | {"old_state": state_name(self.old_state), "new_state": state_name(self.new_state)}


@body((16, 2))
@dataclass(frozen=True, slots=True, kw_only=True)
class Bgp4mpEntry(Bgp4mp):
    """A RIB entry as one record (RFC 6396 appendix B.2.6.1), AS numbers of 2 octets."""

    name: ClassVar[str] = "entry"

    view: int
    status: int
    time_last_change: int
    """Seconds since 1970."""
    prefix_afi: int
    prefix_safi: int
    next_hop: Address | None
    prefix: Prefix
    attributes: PathAttributes

    @classmethod
    def decode(cls, reader: Reader, context: Context) -> Self:
        return cls(**read_entry_fields(reader, context.record.data, context.session(False)))

    def json(self) -> dict[str, Any]:
        return super(Bgp4mpEntry, self).json() | {"attributes": to_json(self.attributes)}


@body((16, 3))
@dataclass(frozen=True, slots=True, kw_only=True)
class Bgp4mpSnapshot(Body):
    """Names a file that holds a RIB as entries (RFC 6396 appendix B.2.6.2)."""

    name: ClassVar[str] = "snapshot"

    view: int
    file_name: str

    @classmethod
    def decode(cls, reader: Reader, context: Context) -> Self:
        return cls(view=reader.u16(), file_name=reader.rest().rstrip(b"\0").decode("utf-8", "replace"))
