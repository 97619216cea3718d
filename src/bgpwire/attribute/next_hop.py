"""The next hop of MP_REACH_NLRI in all its lengths (RFC 4760, 2545, 4364, 4659, 8950, 9552)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

from bgpwire._impl import Address, RouteDistinguisher, as_bytes, maker
from bgpwire.field import Field, ipv4, ipv6, octets, record
from bgpwire.field.base import members_of, octets_of
from bgpwire.immutable import fill
from bgpwire.next_hop_length import KNOWN, always_distinguished, distinguished_once
from bgpwire.nlri.parts import rd
from bgpwire.value.frozen import Frozen
from bgpwire.value.keyed import Keyed

if TYPE_CHECKING:
    from bgpwire._impl import Reader, Writer
    from bgpwire.field import Walk


class NextHop(Keyed, Frozen):
    """0, 4, 12, 16, 24, 32, 40 or 48 octets: addresses, with route distinguishers in VPN families.

    Which of these a family may have is in :mod:`bgpwire.next_hop_length`.

    Nothing is normalised away: a link-local address in front, ``::`` or ``::ffff:a.b.c.d`` stay what they are.
    """

    __slots__ = ("_wire",)
    _wire: bytes

    LENGTHS = tuple(sorted(KNOWN))

    def __init__(self, wire: bytes) -> None:
        fill(self, "_wire", as_bytes(wire))

    @classmethod
    def from_json(cls, form: Any, family: tuple[int, int] | None = None) -> Self:
        """The next hop of a JSON form. ValueError or KeyError for other forms.

        A route distinguisher of 0 is not in the form: it is written where the (AFI, SAFI) of the ``family`` has no next
        hop without one. Two addresses have one in front of each, in BGP-LS VPN one in front of both.
        """
        if form is None:
            return cls(b"")
        found = {"address": form} if isinstance(form, str) else members_of(form)
        if "value" in found:
            return cls(octets_of(found["value"]))
        rd = bytes(RouteDistinguisher(found["rd"])) if "rd" in found else b""
        if not rd and family is not None and always_distinguished(*family):
            rd = bytes(8)
        addresses = [bytes(Address(found[name])) for name in ("address", "link_local") if name in found]
        if family is not None and distinguished_once(*family):
            return cls(rd + b"".join(addresses))
        return cls(b"".join(rd + address for address in addresses))

    def __reduce__(self) -> tuple[Any, ...]:
        return NextHop, (self._wire,)

    def __bytes__(self) -> bytes:
        return self._wire

    def __len__(self) -> int:
        """How many octets."""
        return len(self._wire)

    def _parts(self) -> tuple[bytes, bytes, bytes]:
        """Route distinguisher, address, second address; empty where absent."""
        wire = self._wire
        match len(wire):
            case 4 | 16:
                return b"", wire, b""
            case 32:
                return b"", wire[:16], wire[16:]
            case 12 | 24:
                return wire[:8], wire[8:], b""
            case 40:
                return wire[:8], wire[8:24], wire[24:]
            case 48:
                return wire[:8], wire[8:24], wire[32:]
        return b"", b"", b""

    @property
    def address(self) -> Address | None:
        """The (first) address; ``None`` if it is absent, or the length is unknown."""
        part = self._parts()[1]
        return Address.from_bytes(part) if part else None

    @property
    def link_local(self) -> Address | None:
        """The second address of RFC 2545 section 3; ``None`` if it is absent."""
        part = self._parts()[2]
        return Address.from_bytes(part) if part else None

    @property
    def rd(self) -> RouteDistinguisher | None:
        """The route distinguisher in front; RFC 4364 section 4.3.2 wants it 0, and others do occur."""
        part = self._parts()[0]
        return RouteDistinguisher.from_bytes(part) if part else None

    def __str__(self) -> str:
        if self.address is None:
            return self._wire.hex()
        return f"{self.address},{self.link_local}" if self.link_local else str(self.address)

    def json(self) -> Any:
        """Text; an object with ``address``, ``link_local``, ``rd`` where there is more than one address."""
        if not self._wire:
            return None
        if self.address is None:
            return {"value": self._wire.hex()}
        rd = self.rd
        if self.link_local is None and (rd is None or not any(bytes(rd))):
            return str(self.address)
        out: dict[str, Any] = {"address": str(self.address)}
        if self.link_local is not None:
            out["link_local"] = str(self.link_local)
        if rd is not None and any(bytes(rd)):
            out["rd"] = str(rd)
        return out


_make = maker(NextHop, "_wire")


def next_hop_of(octets: bytes) -> NextHop:
    """The next hop of octets that were read."""
    return _make(NextHop, octets)  # type: ignore[no-any-return]


_PARTS: Final[dict[int, Field]] = {
    4: ipv4,
    12: record(rd=rd, address=ipv4),
    16: ipv6,
    24: record(rd=rd, address=ipv6),
    32: record(address=ipv6, link_local=ipv6),
    40: record(rd=rd, address=ipv6, link_local=ipv6),
    48: record(rd=rd, address=ipv6, link_local_rd=rd, link_local=ipv6),
}
"""What stands in a next hop, by its length in octets."""


class NextHopField(Field):
    """All that is left, a next hop: of ``family`` where that is known, see :meth:`NextHop.from_json`."""

    __slots__ = ("_family",)

    def __init__(self, family: tuple[int, int] | None = None) -> None:
        def read(reader: Reader) -> NextHop:
            return next_hop_of(reader.rest())

        super().__init__(read, exact=False)
        self._family = family

    def walk(self, walk: Walk) -> NextHop:
        found = NextHop(walk.reader.ahead(len(walk)))
        _PARTS.get(len(found), octets).walk(walk)
        return found

    def write(self, writer: Writer, value: Any) -> None:
        writer.octets(bytes(value))

    def from_json(self, form: Any) -> NextHop:
        return NextHop.from_json(form, self._family)

    def schema(self) -> dict[str, Any]:
        return {"$ref": "#/$defs/next_hop"}


next_hop: Final = NextHopField()
"""The next hop of any family."""
