"""MP_UNREACH_NLRI (RFC 4760 section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.afi_safi import Family, afi_name, safi_name
from bgpwire.errors import Action
from bgpwire.immutable import fill
from bgpwire.nlri.collection import MpNlriCollection
from bgpwire.numbers.attribute import MP_UNREACH_NLRI
from bgpwire.registry import attribute
from bgpwire.value.frozen import Frozen

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader


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
        nlri = MpNlriCollection(reader.rest(), attributes.session, afi=afi, safi=safi, withdraw=True, base=at)
        return cls(afi, safi, nlri)

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
        return {"afi": afi_name(self.afi), "safi": safi_name(self.safi), "nlri": self.nlri.json()}
