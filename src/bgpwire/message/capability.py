"""CAPABILITY: capabilities that change while the session lives (draft-ietf-idr-dynamic-cap section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from bgpwire._impl import Reader
from bgpwire.capability import Capability
from bgpwire.capability.whole import capability
from bgpwire.errors import DecodeError, MessageHeaderError
from bgpwire.field import Bits, Field, flag, packed, u32
from bgpwire.field.base import integer_of, members_of
from bgpwire.field.record import Repeat
from bgpwire.message.base import Message
from bgpwire.numbers import capability_name
from bgpwire.numbers.error_code import BAD_MESSAGE_LENGTH
from bgpwire.numbers.message import CAPABILITY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bgpwire._impl import Writer
    from bgpwire.field import Walk
    from bgpwire.session import Session

_FLAGS: Final = packed(
    1, acknowledgement=flag(), acknowledgement_requested=flag(), reserved=Bits(5, spare=True), remove=flag()
)
_ACTIONS: Final = ("advertise", "remove")


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
        return revision.encode(self)

    def json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"action": _ACTIONS[self.remove]}
        out["acknowledgement"] = self.acknowledgement
        out["acknowledgement_requested"] = self.acknowledgement_requested
        if self.reserved:
            out["reserved"] = self.reserved
        return out | {"sequence": self.sequence, "capability": self.capability.json()}


class RevisionField(Field):
    """Flags (1 octet), a sequence number (4), and a capability whose length has 2 octets."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(self._read)

    def _read(self, reader: Reader) -> Revision:
        return _revision(_FLAGS.read(reader), reader.u32(), capability[2].read(reader))

    def walk(self, walk: Walk) -> Revision:
        head, sequence = walk("flags", _FLAGS), walk("sequence", u32)
        return _revision(head, sequence, walk(capability_name(walk.reader.peek()), capability[2]))

    def write(self, writer: Writer, value: Any) -> None:
        found = value._asdict()
        _FLAGS.write(writer, {name: found[name] for name in Revision._fields[:4]})
        u32.write(writer, value.sequence)
        capability[2].write(writer, value.capability)

    def from_json(self, form: Any) -> Revision:
        found = members_of(form)
        head = {name: found[name] for name in ("acknowledgement", "acknowledgement_requested")}
        head |= {"remove": bool(_ACTIONS.index(found["action"])), "reserved": integer_of(found.get("reserved", 0))}
        return _revision(head, integer_of(found["sequence"]), capability[2].from_json(found["capability"]))

    def to_json(self, value: Any) -> dict[str, Any]:
        found: dict[str, Any] = value.json()
        return found

    def schema(self) -> dict[str, Any]:
        properties = {
            "action": {"enum": [*_ACTIONS]},
            "acknowledgement": {"type": "boolean"},
            "acknowledgement_requested": {"type": "boolean"},
            "reserved": {"type": "integer", "minimum": 1, "maximum": 31},
            "sequence": u32.schema(),
            "capability": capability[2].schema(),
        }
        required = [name for name in properties if name != "reserved"]
        return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _revision(head: dict[str, Any], sequence: int, found: Capability) -> Revision:
    return Revision(**{"reserved": 0} | head, sequence=sequence, capability=found)


class Revisions(Repeat):
    """Revisions until the octets end."""

    __slots__ = ()

    def salvage(self, reader: Reader) -> tuple[tuple[Revision, ...], DecodeError | None]:
        """Those before the first that runs over the end, and the error."""
        out: list[Revision] = []
        try:
            while len(reader):
                out.append(self.item.read(reader))
        except DecodeError as error:
            return tuple(out), error.fresh()
        return tuple(out), None

    def walk(self, walk: Walk) -> tuple[Revision, ...]:
        out: list[Revision] = []
        while len(walk):
            out.append(walk("revision", self.item))
        return tuple(out)


revision: Final = RevisionField()
revisions: Final = Revisions(revision)


class CapabilityMessage(Message, type=CAPABILITY):
    """Revisions, each: flags (1 octet), sequence number (4), capability code (1), length (2), value."""

    __slots__ = ()

    @classmethod
    def build(cls, items: Iterable[Revision]) -> Self:
        """The message to send. ValueError for a value that has no room."""
        return cls._packed(revisions.encode(tuple(items)))

    @classmethod
    def _body_of(cls, form: Mapping[str, Any], session: Session) -> bytes:
        return revisions.encode_json(form["revisions"])

    @property
    def revisions(self) -> tuple[Revision, ...]:
        """The revisions before the first that does not fit; see :attr:`errors`."""
        return revisions.salvage(Reader(self.data, 19))[0]

    @property
    def errors(self) -> list[DecodeError]:
        """1/2 where a revision runs over the end of the message."""
        _, error = revisions.salvage(Reader(self.data, 19))
        if error is None:
            return []
        reason, length = f"capability revision: {error.reason}", self.data[16:18]
        return [MessageHeaderError(reason, error.offset, None, BAD_MESSAGE_LENGTH, data=length)]

    def fields(self) -> dict[str, Any]:
        return {"revisions": revisions.to_json(self.revisions)}
