"""ATTR_SET: the attributes of a customer's iBGP, carried across (RFC 6368 section 5)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bgpwire._impl import PathAttributes, Reader, maker
from bgpwire.attribute.block import Block
from bgpwire.errors import OPTIONAL_ATTRIBUTE, Action, UpdateMessageError
from bgpwire.field import Field, u32
from bgpwire.field.base import integer_of, members_of, octets_of, of_form
from bgpwire.immutable import fill
from bgpwire.numbers.attribute import AGGREGATOR, AS_PATH, ATTR_SET, MP_REACH_NLRI, MP_UNREACH_NLRI
from bgpwire.registry import attribute
from bgpwire.session import DEFAULT_SESSION, Session
from bgpwire.value.frozen import Frozen

if TYPE_CHECKING:
    from bgpwire._impl import Writer
    from bgpwire.field import Walk

_DEPTH = 4
"""How many sets may stand inside each other; what is deeper is malformed: no network nests them that deep."""


@attribute(ATTR_SET, "attr_set", 0xC0)
class AttrSet(Frozen):
    """The AS that the attributes come from, 4 octets, and the attributes.

    Their AS numbers have 4 octets always (RFC 6368 section 5). JunOS sends 2 all the same: ``asn4`` is false where
    AS_PATH and AGGREGATOR can be read no other way, and fit that way.
    """

    __slots__ = ("_wire", "attributes", "origin_asn")
    _wire: bytes
    origin_asn: int
    attributes: PathAttributes

    def __init__(self, wire: bytes, origin_asn: int, attributes: PathAttributes) -> None:
        fill(self, "_wire", wire)
        fill(self, "origin_asn", origin_asn)
        fill(self, "attributes", attributes)

    @classmethod
    def decode(cls, reader: Reader, attributes: PathAttributes) -> AttrSet:
        """Treated as withdrawn when there are less than 4 octets, MP_REACH or MP_UNREACH inside, or what is
        inside is malformed itself in more than an attribute that may be discarded."""
        begin = reader.offset
        asn = reader.u32()
        base = reader.offset
        session = replace(attributes.session, asn4=True, ibgp=None)
        octets = reader.rest()
        inner = PathAttributes(octets, 0, None, session, base)
        if not _fits(inner):
            short = PathAttributes(octets, 0, None, replace(session, asn4=False), base)
            if _fits(short):
                inner = short
        if MP_REACH_NLRI in inner or MP_UNREACH_NLRI in inner:
            raise _malformed("MP_REACH_NLRI or MP_UNREACH_NLRI inside", begin)
        below = inner.raw(ATTR_SET)
        for _ in range(_DEPTH):
            if below is None:
                return _make(cls, reader.since(begin), asn, inner)  # type: ignore[no-any-return]
            below = PathAttributes(below[4:]).raw(ATTR_SET)
        raise _malformed(f"more than {_DEPTH} sets inside each other", begin)

    @classmethod
    def field_of(cls, attributes: PathAttributes) -> Field:
        return AttrSetField(attributes.session)

    @classmethod
    def of_values(cls, origin_asn: int, attributes: PathAttributes) -> AttrSet:
        """From an AS number and attributes, whose session says how many octets the AS numbers inside have.

        ValueError for MP_REACH_NLRI or MP_UNREACH_NLRI among them, and for too many sets inside each other.
        """
        wire = u32.encode(origin_asn) + bytes(attributes)
        return AttrSetField(attributes.session).decode(wire)  # type: ignore[no-any-return]

    @classmethod
    def from_json(cls, form: Any, session: Session = DEFAULT_SESSION) -> AttrSet:
        """The attribute of its JSON form in an UPDATE of ``session``. ValueError for other forms."""
        return of_form(AttrSetField(session).from_json, form)

    @property
    def asn4(self) -> bool:
        """Whether AS numbers inside have 4 octets, as they should."""
        return self.attributes.session.asn4

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self._wire, self.attributes.session, self.attributes.base - 4)

    def __bytes__(self) -> bytes:
        return self._wire

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AttrSet) and self._wire == other._wire

    def __hash__(self) -> int:
        return hash(self._wire)

    def __repr__(self) -> str:
        return f"<AttrSet origin_asn={self.origin_asn} {self.attributes!r}>"

    def __str__(self) -> str:
        inside = " ".join(f"{a.name}={a.data.hex()}" for a in self.attributes)
        return f"{self.origin_asn} [{inside}]"

    def json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"origin_asn": self.origin_asn}
        if not self.asn4:
            out["asn4"] = False
        out["attributes"] = self.attributes.json()
        if self.attributes.structure_error is not None:
            out["raw"] = self._wire.hex()
        return out


_make = maker(AttrSet, "_wire", "origin_asn", "attributes")


class AttrSetField(Field):
    """All that is left, an ATTR_SET in an UPDATE of ``session``."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        super().__init__(self._read, exact=False)
        self._session = session

    def _read(self, reader: Reader) -> AttrSet:
        return AttrSet.decode(reader, PathAttributes(b"", 0, None, self._session))

    def walk(self, walk: Walk) -> AttrSet:
        at, octets = walk.reader.offset, walk.reader.ahead(len(walk))
        walk("origin_asn", u32)
        found = self._read(Reader(octets, 0, None, at))
        walk.part("attributes", Block(found.attributes.session).walk)
        return found

    def write(self, writer: Writer, value: Any) -> None:
        writer.octets(bytes(value))

    def from_json(self, form: Any) -> AttrSet:
        found = members_of(form)
        if "raw" in found:
            return self.decode(octets_of(found["raw"]))  # type: ignore[no-any-return]
        session = replace(self._session, asn4=found.get("asn4", True), ibgp=None)
        return AttrSet.of_values(integer_of(found["origin_asn"]), Block(session).from_json(found["attributes"]))

    @property
    def parts(self) -> tuple[tuple[str, Field], ...]:
        return ("origin_asn", u32), ("attributes", Block(self._session))

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {
                "origin_asn": u32.schema(),
                "asn4": {"const": False},
                "attributes": Block(self._session).schema(),
                "raw": {"$ref": "#/$defs/hex"},
            },
            "required": ["origin_asn", "attributes"],
            "additionalProperties": False,
        }


def _fits(attributes: PathAttributes) -> bool:
    """Whether the attributes whose form hangs on the size of AS numbers can be read: AS_PATH and AGGREGATOR."""
    return _is_sound(attributes, AS_PATH) and _is_sound(attributes, AGGREGATOR)


def _is_sound(attributes: PathAttributes, code: int) -> bool:
    return code not in attributes or attributes.get(code) is not None


def _malformed(reason: str, offset: int) -> UpdateMessageError:
    return UpdateMessageError(f"ATTR_SET: {reason}", offset, None, OPTIONAL_ATTRIBUTE, Action.TREAT_AS_WITHDRAW)


def _restore(wire: bytes, session: Session, base: int) -> AttrSet:
    return AttrSet.decode(Reader(wire, 0, None, base), PathAttributes(b"", 0, None, session))
