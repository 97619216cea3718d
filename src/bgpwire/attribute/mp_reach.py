"""MP_REACH_NLRI (RFC 4760 section 3; abbreviated in MRT: RFC 6396 section 4.3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bgpwire.afi_safi import Family, afi_name, safi_name
from bgpwire.attribute.next_hop import NextHop
from bgpwire.errors import OPTIONAL_ATTRIBUTE, Action, UpdateMessageError
from bgpwire.immutable import fill
from bgpwire.next_hop_length import next_hop_fits
from bgpwire.nlri.collection import MpNlriCollection
from bgpwire.numbers.attribute import MP_REACH_NLRI
from bgpwire.registry import attribute
from bgpwire.value.frozen import Frozen

if TYPE_CHECKING:
    from bgpwire._impl import PathAttributes, Reader


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
            next_hop = NextHop(reader.rest())
            empty = MpNlriCollection(b"", attributes.session, afi=afi, safi=safi)
            return cls(reader.since(begin), afi, safi, next_hop, empty, abbreviated=True)
        afi, safi = reader.u16(), reader.u8()
        size = reader.u8()
        _check(afi, safi, size, reader)
        next_hop = NextHop(reader.take(size))
        reserved = reader.u8()
        at = reader.offset
        octets = reader.rest()
        nlri = MpNlriCollection(octets, attributes.session, afi=afi, safi=safi, base=at)
        return cls(reader.since(begin), afi, safi, next_hop, nlri, reserved)

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
            return out | {"abbreviated": True}
        out["nlri"] = self.nlri.json()
        return out
