"""The headers of BMP messages (RFC 7854 sections 4.1 and 4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from bgpwire._impl import Address, RouteDistinguisher
from bgpwire.errors import BmpError
from bgpwire.immutable import Immutable
from bgpwire.numbers.bmp import LOC_RIB, PEER_TYPES, RD_INSTANCE, bmp_name

if TYPE_CHECKING:
    from bgpwire._impl import Reader

COMMON: Final = 6
"""Octets of the common header of versions 3 and 4: version, length, type."""
PER_PEER: Final = 42

IPV6: Final = 0x80
POST_POLICY: Final = 0x40
TWO_OCTETS: Final = 0x20
ADJ_RIB_OUT: Final = 0x10
FILTERED: Final = 0x80
_FLAGS: Final = {
    IPV6: "ipv6",
    POST_POLICY: "post_policy",
    TWO_OCTETS: "as_path_of_2_octets",
    ADJ_RIB_OUT: "adj_rib_out",
}
_LOC_RIB_FLAGS: Final = {FILTERED: "filtered"}


@dataclass(frozen=True, slots=True)
class PeerHeader(Immutable):
    """Of which peer, and of which of the router's tables, a message tells (RFC 7854 section 4.2, RFC 8671, RFC
    9069)."""

    type: int
    """0 global instance, 1 RD instance, 2 local instance, 3 Loc-RIB."""
    flags: int
    distinguisher: bytes
    """8 octets: a route distinguisher, or what else tells the instances of a router apart; zeros for the global one."""
    address: Address | None
    """``None`` for the Loc-RIB, which has no peer."""
    asn: int
    bgp_id: Address
    seconds: int
    """Since 1970, UTC; 0 where the router does not say."""
    microseconds: int

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """42 octets. :class:`bgpwire.DecodeError` where they are not there."""
        if len(reader) < PER_PEER:
            raise BmpError(f"per-peer header of {len(reader)} octets, not {PER_PEER}", reader.offset)
        kind, flags = reader.u8(), reader.u8()
        distinguisher = reader.take(8)
        address = _address(kind, flags, reader.take(16))
        return cls(kind, flags, distinguisher, address, reader.u32(), reader.ipv4(), reader.u32(), reader.u32())

    @property
    def key(self) -> tuple[int, bytes, Address | None]:
        """What tells the peers of a router apart (RFC 7854 section 4.2): type, distinguisher, address."""
        return self.type, self.distinguisher, self.address

    @property
    def rib(self) -> str:
        """``adj-rib-in-pre``, ``adj-rib-in-post``, ``adj-rib-out-pre``, ``adj-rib-out-post`` or ``loc-rib``."""
        if self.type == LOC_RIB:
            return "loc-rib"
        return f"adj-rib-{'out' if self.out else 'in'}-{'post' if self.flags & POST_POLICY else 'pre'}"

    @property
    def out(self) -> bool:
        """Whether it is what the router sends to the peer, and not what it received (RFC 8671)."""
        return self.type != LOC_RIB and bool(self.flags & ADJ_RIB_OUT)

    @property
    def asn4(self) -> bool:
        """Whether AS_PATH has AS numbers of 4 octets: the A flag is not set."""
        return self.type == LOC_RIB or not self.flags & TWO_OCTETS

    @property
    def rd(self) -> RouteDistinguisher | None:
        """The distinguisher; ``None`` for the global instance."""
        return RouteDistinguisher.from_bytes(self.distinguisher) if any(self.distinguisher) else None

    def json(self) -> dict[str, Any]:
        names = _LOC_RIB_FLAGS if self.type == LOC_RIB else _FLAGS
        out: dict[str, Any] = {"type": bmp_name(PEER_TYPES, self.type, "type"), "rib": self.rib}
        out["flags"] = [
            name or f"bit_{bit}" for bit in range(8) if self.flags & 0x80 >> bit for name in [names.get(0x80 >> bit)]
        ]
        if any(self.distinguisher):
            found = self.rd if self.type == RD_INSTANCE else self.distinguisher.hex()
            out["distinguisher"] = str(found)
        if self.address is not None:
            out["address"] = str(self.address)
        out |= {"asn": self.asn, "bgp_id": str(self.bgp_id)}
        if self.seconds or self.microseconds:
            out["timestamp"] = float(f"{self.seconds}.{self.microseconds:06}")
        return out


def _address(kind: int, flags: int, octets: bytes) -> Address | None:
    if kind == LOC_RIB:
        return None
    return Address.from_bytes(octets if flags & IPV6 else octets[12:])
