"""MP_REACH_NLRI (RFC 4760 section 3; abbreviated in MRT: RFC 6396 section 4.3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from bgpwire._impl import PathAttributes, Reader, maker
from bgpwire.afi_safi import Family, afi_name, safi_name
from bgpwire.attribute.next_hop import NextHop, NextHopField, next_hop_of
from bgpwire.capability.fields import afi_code, family_in, safi_code
from bgpwire.errors import OPTIONAL_ATTRIBUTE, Action, UpdateMessageError
from bgpwire.field import Field, reserved, u8
from bgpwire.field.base import integer_of, members_of, octets_of, of_form
from bgpwire.immutable import fill
from bgpwire.next_hop_length import next_hop_fits
from bgpwire.nlri.base import NlriContext
from bgpwire.nlri.collection import MpNlriCollection
from bgpwire.nlri.routes import Routes, session_of
from bgpwire.numbers.attribute import MP_REACH_NLRI
from bgpwire.registry import attribute
from bgpwire.session import DEFAULT_SESSION, Session
from bgpwire.value.frozen import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bgpwire._impl import Writer
    from bgpwire.field import Walk


def _check(afi: int, safi: int, size: int, reader: Reader) -> None:
    """A next hop that is not all there, or of another length than the family's, resets the session.

    RFC 7606 section 7.11: behind it the NLRI begin at an unknown place. ``reader`` stands behind the length.
    """
    if size > len(reader) or not next_hop_fits(afi, safi, size):
        reason = f"MP_REACH_NLRI: next hop of {size} octets for {Family(afi, safi)}"
        raise UpdateMessageError(reason, reader.offset - 1, None, OPTIONAL_ATTRIBUTE, Action.SESSION_RESET)


@attribute(MP_REACH_NLRI, "mp_reach_nlri", 0x80, Action.SESSION_RESET)
class MpReach(Frozen):
    """Routes of one family with their next hop. ``abbreviated``: MRT's form, the next hop alone."""

    # One slot, for each store into a frozen value is a call.
    __slots__ = ("_parts",)
    _parts: tuple[bytes, int, int, NextHop, MpNlriCollection, int, bool]

    def __init__(
        self,
        wire: bytes,
        afi: int,
        safi: int,
        next_hop: NextHop,
        nlri: MpNlriCollection,
        reserved: int = 0,
        abbreviated: bool = False,
    ) -> None:
        fill(self, "_parts", (wire, afi, safi, next_hop, nlri, reserved, abbreviated))

    @classmethod
    def decode(cls, reader: Reader, attributes: PathAttributes) -> MpReach:
        """Next hop and NLRI; a next hop whose length does not fit raises (:func:`_check`).

        In a TABLE_DUMP_V2 entry both forms occur. The full one begins with the high octet of the AFI, which
        is 0 in the families dumped; the abbreviated one with the length of the next hop, never 0.
        """
        begin = reader.offset
        if attributes.rib_family is not None and len(reader) and reader.peek() == len(reader) - 1:
            afi, safi = attributes.rib_family
            _check(afi, safi, reader.u8(), reader)
            next_hop = next_hop_of(reader.rest())
            empty = MpNlriCollection.read(b"", attributes.session, afi, safi, False, 0)
            return _make(cls, (reader.since(begin), afi, safi, next_hop, empty, 0, True))  # type: ignore[no-any-return]
        afi, safi = reader.u16(), reader.u8()
        size = reader.u8()
        _check(afi, safi, size, reader)
        next_hop = next_hop_of(reader.take(size))
        reserved = reader.u8()
        at = reader.offset
        nlri = MpNlriCollection.read(reader.rest(), attributes.session, afi, safi, False, at)
        return _make(cls, (reader.since(begin), afi, safi, next_hop, nlri, reserved, False))  # type: ignore[no-any-return]

    @classmethod
    def field_of(cls, attributes: PathAttributes) -> Field:
        return MpReachField(attributes.session, attributes.rib_family)

    @classmethod
    def of_values(
        cls,
        afi: int,
        safi: int,
        next_hop: Any,
        nlri: Iterable[Any],
        session: Session = DEFAULT_SESSION,
        *,
        reserved: int = 0,
        abbreviated: bool = False,
    ) -> Self:
        """From a next hop (an address as text, for :meth:`NextHop.from_json`, or a :class:`NextHop`) and the NLRI.

        ValueError for a next hop that the family cannot have, for NLRI of another family, and for path identifiers
        that ``session`` does not have.
        """
        family = afi, safi
        hop = next_hop if isinstance(next_hop, NextHop) else NextHop.from_json(_form_of(next_hop), family)
        if not next_hop_fits(afi, safi, len(hop)):
            raise ValueError(f"next hop of {len(hop)} octets for {Family(afi, safi)}")
        routes = Routes(NlriContext(afi, safi, False, session)).of(nlri)
        head = u8.encode(len(hop)) + bytes(hop)
        if abbreviated:
            if routes:
                raise ValueError("routes in the abbreviated form, which is the next hop alone")
            return cls(head, afi, safi, hop, routes, abbreviated=True)
        wire = afi_code.encode(afi) + safi_code.encode(safi) + head + u8.encode(reserved) + bytes(routes)
        return cls(wire, afi, safi, hop, routes, reserved)

    @classmethod
    def from_json(cls, form: Any, session: Session | None = None) -> MpReach:
        """The attribute of its JSON form. ValueError for other forms.

        Without a ``session`` it is one that has path identifiers and several labels where the routes have them.
        """

        def read(form: Any) -> MpReach:
            found = session_of(form.get("nlri"), *family_in(form)) if session is None else session
            return MpReachField(found, None).from_json(form)

        return of_form(read, form)

    @property
    def afi(self) -> int:
        return self._parts[1]

    @property
    def safi(self) -> int:
        return self._parts[2]

    @property
    def next_hop(self) -> NextHop:
        return self._parts[3]

    @property
    def nlri(self) -> MpNlriCollection:
        """The routes; none in MRT's abbreviated form."""
        return self._parts[4]

    @property
    def reserved(self) -> int:
        """The octet in front of the NLRI, 0 by RFC 4760 section 3."""
        return self._parts[5]

    @property
    def abbreviated(self) -> bool:
        """Whether it is MRT's form, the next hop alone."""
        return self._parts[6]

    @property
    def family(self) -> Family:
        return Family(self.afi, self.safi)

    def __bytes__(self) -> bytes:
        return self._parts[0]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MpReach) and self._parts[:3] == other._parts[:3]

    def __hash__(self) -> int:
        return hash(self._parts[0])

    def __repr__(self) -> str:
        return f"<MpReach {self.family} next_hop={self.next_hop} {self.nlri!r}>"

    def json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"afi": afi_name(self.afi), "safi": safi_name(self.safi)}
        out["next_hop"] = self.next_hop.json()
        if self.reserved:
            out["reserved"] = self.reserved
        if self.abbreviated:
            out["abbreviated"] = True
        else:
            out["nlri"] = self.nlri.json()
        if not self._told(out["next_hop"]):
            out["raw"] = bytes(self).hex()
        return out

    def _told(self, hop: Any) -> bool:
        """Whether the forms of next hop and NLRI lead back to their octets."""
        try:
            if NextHop.from_json(hop, self.family) != self.next_hop:
                return False
        except ValueError:  # a route distinguisher of an unknown type
            return False
        return Routes(NlriContext(self.afi, self.safi, False, self.nlri.session)).says_all(self.nlri)


_make = maker(MpReach, "_parts")


class MpReachField(Field):
    """All that is left, the value of MP_REACH_NLRI in ``session``; ``rib_family`` is that of an entry of TABLE_DUMP_V2,
    which may have the abbreviated form."""

    __slots__ = ("_rib_family", "_session")

    def __init__(self, session: Session, rib_family: tuple[int, int] | None) -> None:
        super().__init__(self._read, exact=False)
        self._session = session
        self._rib_family = rib_family

    def _read(self, reader: Reader) -> MpReach:
        return MpReach.decode(reader, PathAttributes(b"", 0, None, self._session, 0, self._rib_family))

    def walk(self, walk: Walk) -> MpReach:
        at, octets = walk.reader.offset, walk.reader.ahead(len(walk))
        if self._rib_family is not None and len(walk) and walk.reader.peek() == len(walk) - 1:
            self._walk_next_hop(walk, *self._rib_family)
        else:
            afi, safi = walk("afi", afi_code), walk("safi", safi_code)
            self._walk_next_hop(walk, afi, safi)
            walk("reserved", reserved(1))
            walk.part("nlri", Routes(NlriContext(afi, safi, False, self._session)).walk)
        return self._read(Reader(octets, 0, None, at))

    @staticmethod
    def _walk_next_hop(walk: Walk, afi: int, safi: int) -> None:
        size = walk("next_hop_length", u8)
        _check(afi, safi, size, walk.reader)
        hop = NextHopField((afi, safi))
        walk.bounded("next_hop", size, hop.walk, hop.to_json)

    def write(self, writer: Writer, value: Any) -> None:
        writer.octets(bytes(value))

    def from_json(self, form: Any) -> MpReach:
        found = members_of(form)
        family = family_in(found)
        if "raw" in found:
            rib_family = family if found.get("abbreviated") else self._rib_family
            return MpReachField(self._session, rib_family).decode(octets_of(found["raw"]))  # type: ignore[no-any-return]
        return MpReach.of_values(
            *family,
            NextHop.from_json(found["next_hop"], family),
            Routes(NlriContext(*family, False, self._session)).from_json(found.get("nlri", ())),
            self._session,
            reserved=integer_of(found.get("reserved", 0)),
            abbreviated=bool(found.get("abbreviated")),
        )

    @property
    def parts(self) -> tuple[tuple[str, Field], ...]:
        routes = Routes(NlriContext(0, 0, False, self._session))
        return (
            *(("afi", afi_code), ("safi", safi_code), ("next_hop_length", u8), ("next_hop", NextHopField())),
            *(("reserved", reserved(1)), ("nlri", routes)),
        )

    def schema(self) -> dict[str, Any]:
        return {"$ref": "#/$defs/mp_reach"}


def _form_of(address: Any) -> Any:
    """The JSON form of a next hop that is ``None``, an address, or a form already."""
    return address if address is None or isinstance(address, (str, dict)) else str(address)
