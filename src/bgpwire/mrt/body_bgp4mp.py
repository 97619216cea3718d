"""BGP4MP and BGP4MP_ET records (RFC 6396 section 4.4 and appendix B.2.6, RFC 8050 section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from bgpwire._impl import Address, PathAttributes, Reader
from bgpwire.field import to_json
from bgpwire.message import Message
from bgpwire.mrt.bgp4mp import read_message
from bgpwire.mrt.bgp4mp_fields import read_entry_fields, read_head
from bgpwire.mrt.body import Body, Context, body
from bgpwire.mrt.kernels import BGP4MP_FORMS, message_at
from bgpwire.numbers import mrt, state_name
from bgpwire.numbers import mrt_subtype as subtypes

if TYPE_CHECKING:
    from bgpwire._impl import Prefix

_MESSAGES = tuple((mrt.BGP4MP, subtype) for subtype, form in BGP4MP_FORMS.items() if not form[2])
_STATES = tuple((mrt.BGP4MP, subtype) for subtype, form in BGP4MP_FORMS.items() if form[2])


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


@body(*_MESSAGES)
@dataclass(frozen=True, slots=True, kw_only=True)
class Bgp4mpMessage(Bgp4mp):
    """A BGP message; ``local`` if the collector sent it."""

    name: ClassVar[str] = "message"

    local: bool | None = None
    message: Message

    @classmethod
    def decode(cls, reader: Reader, context: Context) -> Self:
        data = context.record.data
        width, add_path, _, local = BGP4MP_FORMS[context.record.subtype]
        head, at = read_head(data, reader.offset, width, False)
        _, end = message_at(data, at)
        message = read_message(data[at:end], at, context.session(width == 4, add_path))
        return cls(**head, local=local or None, message=message)


@body(*_STATES)
@dataclass(frozen=True, slots=True, kw_only=True)
class StateChange(Bgp4mp):
    """A change of the session's state (RFC 4271 section 8.2.2: 1 Idle to 6 Established; Quagga adds 7 and 8)."""

    name: ClassVar[str] = "state_change"

    old_state: int
    new_state: int

    @classmethod
    def decode(cls, reader: Reader, context: Context) -> Self:
        data = context.record.data
        head, at = read_head(data, reader.offset, BGP4MP_FORMS[context.record.subtype][0], True)
        states = Reader(data, at)
        return cls(**head, old_state=states.u16(), new_state=states.u16())

    def json(self) -> dict[str, Any]:
        out = super(StateChange, self).json()
        return out | {"old_state": state_name(self.old_state), "new_state": state_name(self.new_state)}


@body((mrt.BGP4MP, subtypes.BGP4MP_ENTRY))
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
        return cls(**read_entry_fields(context.record.data, reader.offset, context.session(False)))

    def json(self) -> dict[str, Any]:
        return super(Bgp4mpEntry, self).json() | {"attributes": to_json(self.attributes)}


@body((mrt.BGP4MP, subtypes.BGP4MP_SNAPSHOT))
@dataclass(frozen=True, slots=True, kw_only=True)
class Bgp4mpSnapshot(Body):
    """Names a file that holds a RIB as entries (RFC 6396 appendix B.2.6.2)."""

    name: ClassVar[str] = "snapshot"

    view: int
    file_name: str

    @classmethod
    def decode(cls, reader: Reader, context: Context) -> Self:
        return cls(view=reader.u16(), file_name=reader.rest().rstrip(b"\0").decode("utf-8", "replace"))
