"""Address families: IANA "Address Family Numbers" and "SAFI Values"."""

from __future__ import annotations

import re
from enum import IntEnum
from operator import index
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


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
        """Read ``ipv4-unicast``, ``l2vpn-evpn``, ``ipv6 mpls-vpn``, ``ipv4-safi-254``, ``1/128``. ValueError else."""
        for separator in ("/", " ", "-"):
            left, found, right = text.strip().lower().partition(separator)
            if found and left.isdecimal() and right.isdecimal():
                return cls(int(left), int(right))
        wanted = text.strip().lower().replace("_", "-").replace(" ", "-").replace("/", "-")
        numbered = re.match(r"afi-(\d{1,5})-", wanted)
        afis = [*((afi_name(afi), int(afi)) for afi in Afi)]
        if numbered is not None and int(numbered[1]) <= 0xFFFF:
            afis.append((numbered[0][:-1], int(numbered[1])))
        for name, afi in afis:
            rest = wanted.removeprefix(name + "-")
            if rest == wanted:
                continue
            for safi in Safi:
                if rest in (safi_name(safi), safi.name.lower().replace("_", "-")):
                    return cls(afi, int(safi))
            if (number := re.fullmatch(r"safi-(\d{1,3})", rest)) and int(number[1]) <= 0xFF:
                return cls(afi, int(number[1]))
        raise ValueError(f"unknown address family {text!r}: write it as ipv4-unicast, l2vpn-evpn or 1/128")


IPV4_UNICAST = Family(AFI_IPV4, SAFI_UNICAST)
IPV6_UNICAST = Family(AFI_IPV6, SAFI_UNICAST)


def numbers_of(value: Any, limits: tuple[int, ...]) -> tuple[int, ...] | None:
    """``value`` as a tuple of as many integers as there are ``limits``, each from 0 to its limit.

    ``None`` where they are others. TypeError for what is no sequence of integers, such as text.
    """
    if isinstance(value, (str, bytes, bytearray)):
        raise TypeError(f"{value!r} is no tuple of integers")
    found = tuple(map(index, value))
    if len(found) != len(limits) or not all(0 <= n <= most for n, most in zip(found, limits, strict=True)):
        return None
    return found


FAMILY_LIMITS: Final = (0xFFFF, 0xFF)
"""The largest AFI and the largest SAFI."""


def family_of(value: Any) -> Family:
    """The family of an (AFI, SAFI) pair. ValueError for other integers, TypeError for what is no sequence of them."""
    found = numbers_of(value, FAMILY_LIMITS)
    if found is None:
        raise ValueError(f"{value!r} is no (AFI, SAFI) pair")
    return Family(*found)
