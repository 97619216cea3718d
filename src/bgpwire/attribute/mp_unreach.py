"""MP_UNREACH_NLRI (RFC 4760 section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from bgpwire._impl import PathAttributes, Reader, maker
from bgpwire.afi_safi import Family, afi_name, safi_name
from bgpwire.capability.fields import afi_code, family_in, safi_code
from bgpwire.errors import Action
from bgpwire.field import Field
from bgpwire.field.base import members_of, octets_of, of_form
from bgpwire.immutable import fill
from bgpwire.nlri.base import NlriContext
from bgpwire.nlri.collection import MpNlriCollection
from bgpwire.nlri.routes import Routes, session_of
from bgpwire.numbers.attribute import MP_UNREACH_NLRI
from bgpwire.registry import attribute
from bgpwire.session import DEFAULT_SESSION, Session
from bgpwire.value.frozen import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bgpwire._impl import Writer
    from bgpwire.field import Walk


@attribute(MP_UNREACH_NLRI, "mp_unreach_nlri", 0x80, Action.SESSION_RESET)
class MpUnreach(Frozen):
    """Routes of one family withdrawn; without any, alone in its UPDATE, the End-of-RIB (RFC 4724 section 2)."""

    __slots__ = ("_parts",)
    _parts: tuple[int, int, MpNlriCollection]

    def __init__(self, afi: int, safi: int, nlri: MpNlriCollection) -> None:
        fill(self, "_parts", (afi, safi, nlri))

    @classmethod
    def decode(cls, reader: Reader, attributes: PathAttributes) -> MpUnreach:
        """AFI, SAFI, and NLRI to the end; a shorter value resets the session (RFC 7606 section 5.3)."""
        afi, safi = reader.u16(), reader.u8()
        at = reader.offset
        nlri = MpNlriCollection.read(reader.rest(), attributes.session, afi, safi, True, at)
        return _make(cls, (afi, safi, nlri))  # type: ignore[no-any-return]

    @classmethod
    def field_of(cls, attributes: PathAttributes) -> Field:
        return MpUnreachField(attributes.session)

    @classmethod
    def of_values(cls, afi: int, safi: int, nlri: Iterable[Any], session: Session = DEFAULT_SESSION) -> Self:
        """From the NLRI that are withdrawn. ValueError for those of another family, and for path identifiers that
        ``session`` does not have."""
        value = cls(afi, safi, Routes(NlriContext(afi, safi, True, session)).of(nlri))
        MpUnreachField(session).encode(value)
        return value

    @classmethod
    def from_json(cls, form: Any, session: Session | None = None) -> MpUnreach:
        """The attribute of its JSON form. ValueError for other forms.

        Without a ``session`` it is one that has path identifiers and several labels where the routes have them.
        """

        def read(form: Any) -> MpUnreach:
            found = session_of(form.get("nlri"), *family_in(form)) if session is None else session
            return MpUnreachField(found).from_json(form)

        return of_form(read, form)

    @property
    def afi(self) -> int:
        return self._parts[0]

    @property
    def safi(self) -> int:
        return self._parts[1]

    @property
    def nlri(self) -> MpNlriCollection:
        return self._parts[2]

    @property
    def family(self) -> Family:
        return Family(self.afi, self.safi)

    def __bytes__(self) -> bytes:
        return self.afi.to_bytes(2) + bytes((self.safi,)) + bytes(self.nlri)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MpUnreach) and self.nlri == other.nlri

    def __hash__(self) -> int:
        return hash(self.nlri)

    def __repr__(self) -> str:
        return f"<MpUnreach {self.family} {self.nlri!r}>"

    def json(self) -> dict[str, Any]:
        out = {"afi": afi_name(self.afi), "safi": safi_name(self.safi), "nlri": self.nlri.json()}
        if not Routes(NlriContext(self.afi, self.safi, True, self.nlri.session)).says_all(self.nlri):
            out["raw"] = bytes(self).hex()
        return out


_make = maker(MpUnreach, "_parts")


class MpUnreachField(Field):
    """All that is left, the value of MP_UNREACH_NLRI in ``session``."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        super().__init__(self._read, exact=False)
        self._session = session

    def _read(self, reader: Reader) -> MpUnreach:
        return MpUnreach.decode(reader, PathAttributes(b"", 0, None, self._session))

    def walk(self, walk: Walk) -> MpUnreach:
        afi, safi = walk("afi", afi_code), walk("safi", safi_code)
        return MpUnreach(afi, safi, walk.part("nlri", Routes(NlriContext(afi, safi, True, self._session)).walk))

    def write(self, writer: Writer, value: Any) -> None:
        afi_code.write(writer, value.afi)
        safi_code.write(writer, value.safi)
        writer.octets(bytes(value.nlri))

    def from_json(self, form: Any) -> MpUnreach:
        found = members_of(form)
        if "raw" in found:
            return self.decode(octets_of(found["raw"]))  # type: ignore[no-any-return]
        afi, safi = family_in(found)
        routes = Routes(NlriContext(afi, safi, True, self._session))
        return MpUnreach(afi, safi, routes.from_json(found["nlri"]))

    @property
    def parts(self) -> tuple[tuple[str, Field], ...]:
        return ("afi", afi_code), ("safi", safi_code), ("nlri", Routes(NlriContext(0, 0, True, self._session)))

    def schema(self) -> dict[str, Any]:
        return {"$ref": "#/$defs/mp_unreach"}
