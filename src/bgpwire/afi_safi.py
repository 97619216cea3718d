"""Address families: IANA "Address Family Numbers" and "SAFI Values"."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Set


class Afi(IntEnum):
    """Address Family Identifier, 2 octets (RFC 4760 section 5)."""

    IPV4 = 1
    IPV6 = 2
    NSAP = 3
    L2VPN = 25
    SFC = 31
    BGP_LS = 16388


class Safi(IntEnum):
    """Subsequent Address Family Identifier, 1 octet (RFC 4760 section 6)."""

    UNICAST = 1
    MULTICAST = 2
    UNICAST_MULTICAST = 3
    MPLS_LABEL = 4
    MCAST_VPN = 5
    MS_PW = 6
    ENCAPSULATION = 7
    MCAST_VPLS = 8
    SFC = 9
    TUNNEL = 64
    VPLS = 65
    MDT = 66
    FOUR_OVER_SIX = 67
    SIX_OVER_FOUR = 68
    L1VPN = 69
    EVPN = 70
    BGP_LS = 71
    BGP_LS_VPN = 72
    SR_POLICY = 73
    SD_WAN = 74
    ROUTING_POLICY = 75
    CLASSFUL_TRANSPORT = 76
    TUNNELED_FLOWSPEC = 77
    MCAST_TREE = 78
    DPS = 79
    BGP_LS_SPF = 80
    CAR = 83
    VPN_CAR = 84
    MUP = 85
    MPLS_VPN = 128
    MULTICAST_VPN = 129
    ROUTE_TARGET = 132
    FLOWSPEC = 133
    FLOWSPEC_VPN = 134
    VPN_AUTO_DISCOVERY = 140


IP = (Afi.IPV4, Afi.IPV6)


def families(afis: Iterable[int], *safis: int) -> tuple[tuple[int, int], ...]:
    """Each AFI with each SAFI, as plain integers."""
    return tuple((int(afi), int(safi)) for safi in safis for afi in afis)


# The same as plain integers: a comparison with a member of an enum takes four times as long, in loops over prefixes.
AFI_IPV4: Final = Afi.IPV4.value
AFI_IPV6: Final = Afi.IPV6.value
SAFI_UNICAST: Final = Safi.UNICAST.value
SAFI_MULTICAST: Final = Safi.MULTICAST.value
SAFI_MPLS_LABEL: Final = Safi.MPLS_LABEL.value
SAFI_MPLS_VPN: Final = Safi.MPLS_VPN.value

_AFI_NAMES: dict[int, str] = {Afi.IPV4: "ipv4", Afi.IPV6: "ipv6", Afi.L2VPN: "l2vpn", Afi.BGP_LS: "bgp-ls"}
_SAFI_NAMES: dict[int, str] = {Safi.UNICAST: "unicast", Safi.MPLS_LABEL: "labelled-unicast", Safi.MPLS_VPN: "mpls-vpn"}


def afi_name(afi: int) -> str:
    """``ipv4``, ``l2vpn`` …; ``afi-N`` for a number that is not registered."""
    try:
        return _AFI_NAMES.get(afi) or Afi(afi).name.lower().replace("_", "-")
    except ValueError:
        return f"afi-{afi}"


def safi_name(safi: int) -> str:
    """``unicast``, ``mpls-vpn`` …; ``safi-N`` for a number that is not registered."""
    try:
        return _SAFI_NAMES.get(safi) or Safi(safi).name.lower().replace("_", "-")
    except ValueError:
        return f"safi-{safi}"


class Family(NamedTuple):
    """An (AFI, SAFI) pair; equal to, and hashed as, the plain tuple of two ints."""

    afi: int
    safi: int

    def __str__(self) -> str:
        return f"{afi_name(self.afi)}-{safi_name(self.safi)}"

    @classmethod
    def parse(cls, text: str) -> Family:
        """Read ``ipv4-unicast``, ``l2vpn-evpn``, ``ipv6 mpls-vpn`` or ``1/128``. Raises ValueError."""
        for separator in ("/", " ", "-"):
            left, found, right = text.strip().lower().partition(separator)
            if found and left.isdecimal() and right.isdecimal():
                return cls(int(left), int(right))
        wanted = text.strip().lower().replace("_", "-").replace(" ", "-").replace("/", "-")
        for afi in Afi:
            prefix = afi_name(afi) + "-"
            if not wanted.startswith(prefix):
                continue
            for safi in Safi:
                if wanted == prefix + safi_name(safi) or wanted == prefix + safi.name.lower().replace("_", "-"):
                    return cls(int(afi), int(safi))
        raise ValueError(f"unknown address family {text!r}: write it as ipv4-unicast, l2vpn-evpn or 1/128")


IPV4_UNICAST = Family(AFI_IPV4, SAFI_UNICAST)
IPV6_UNICAST = Family(AFI_IPV6, SAFI_UNICAST)


class EveryFamily(frozenset[tuple[int, int]]):
    """Every (AFI, SAFI) pair, registered or not, but those of ``without``.

    Its iterator and ``len()`` know the pairs of registered numbers alone, ``in`` and ``| - &`` all of them.
    """

    __slots__ = ("without",)
    without: frozenset[tuple[int, int]]

    def __new__(cls, without: Iterable[tuple[int, int]] = ()) -> Self:
        left_out = frozenset(without)
        self = super().__new__(cls, ((int(a), int(s)) for a in Afi for s in Safi if (a, s) not in left_out))
        self.without = left_out
        return self

    def __contains__(self, family: object) -> bool:
        return family not in self.without

    def __or__(self, other: Set[Any]) -> EveryFamily:
        return EveryFamily(family for family in self.without if family not in other)

    __ror__ = __or__

    def __sub__(self, other: Set[Any]) -> frozenset[tuple[int, int]]:
        if isinstance(other, EveryFamily):
            return other.without - self.without
        return EveryFamily(self.without.union(other))

    def __rsub__(self, other: Set[Any]) -> frozenset[Any]:
        return frozenset(family for family in other if family not in self)

    def __and__(self, other: Set[Any]) -> frozenset[tuple[int, int]]:
        if isinstance(other, EveryFamily):
            return EveryFamily(self.without | other.without)
        return frozenset(family for family in other if family in self)

    __rand__ = __and__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, EveryFamily) and self.without == other.without

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __ge__(self, other: Set[Any]) -> bool:
        return other.without >= self.without if isinstance(other, EveryFamily) else not self.without & other

    def __le__(self, other: Set[Any]) -> bool:
        return isinstance(other, EveryFamily) and other.without <= self.without

    def __hash__(self) -> int:
        return hash((EveryFamily, self.without))

    def __reduce__(self) -> tuple[Any, ...]:
        return EveryFamily, (self.without,)

    def __repr__(self) -> str:
        return f"EveryFamily({sorted(self.without) if self.without else ''})"


ALL_FAMILIES: Final = EveryFamily()
"""What an ADD-PATH subtype of MRT says of its message (RFC 8050 section 3)."""


def families_of(given: Iterable[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    """Pairs of AFI and SAFI as a frozenset; :class:`EveryFamily` as it is."""
    return given if isinstance(given, EveryFamily) else frozenset((int(afi), int(safi)) for afi, safi in given)
