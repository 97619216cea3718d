"""Where the IP header begins in a packet, by the link on which it was captured (tcpdump.org/linktypes)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["SkippedPacket", "ip_at"]

_IP = (0x0800, 0x86DD)
_TAGS = (0x8100, 0x88A8, 0x9100)
"""802.1Q, 802.1ad, and what came before that."""
_FAMILIES = (2, 10, 24, 28, 30)
"""AF_INET, and AF_INET6 of the systems that write it."""
_NOT_IP = "not IP"


class SkippedPacket(Exception):
    """A packet that gives nothing to a stream, and why."""

    @property
    def reason(self) -> str:
        reason: str = self.args[0]
        return reason


def ip_at(link_type: int, octets: bytes) -> int:
    """Where the IP header begins. SkippedPacket if there is none."""
    find = _LINKS.get(link_type)
    if find is None:
        raise SkippedPacket("link type that is not known")
    return find(octets)


def _behind(octets: bytes, at: int) -> int:
    """Behind the EtherType that stands at ``at``, and VLAN tags."""
    while at + 2 <= len(octets):
        kind = octets[at] << 8 | octets[at + 1]
        if kind in _IP:
            return at + 2
        if kind not in _TAGS:
            raise SkippedPacket(_NOT_IP)
        at += 4
    raise SkippedPacket("cut within the link header")


def _ethernet(octets: bytes) -> int:
    return _behind(octets, 12)


def _cooked(octets: bytes) -> int:
    """Linux "any", 16 octets, the last two of them an EtherType."""
    return _behind(octets, 14)


def _cooked_2(octets: bytes) -> int:
    """The same, 20 octets, the first two an EtherType: what tags have stands behind them."""
    if octets[:2] in (b"\x08\x00", b"\x86\xdd"):
        return 20
    if len(octets) >= 2 and (octets[0] << 8 | octets[1]) in _TAGS:
        return _behind(octets, 22)
    raise SkippedPacket(_NOT_IP)


def _loopback(octets: bytes) -> int:
    """An address family in four octets, in the order of the machine that captured."""
    if int.from_bytes(octets[:4]) in _FAMILIES or int.from_bytes(octets[:4], "little") in _FAMILIES:
        return 4
    raise SkippedPacket(_NOT_IP)


def _raw(octets: bytes) -> int:
    return 0


_LINKS: dict[int, Callable[[bytes], int]] = {
    0: _loopback,  # BSD
    1: _ethernet,
    12: _raw,  # what some systems write for 101
    14: _raw,
    101: _raw,
    108: _loopback,  # OpenBSD, in network order
    113: _cooked,
    228: _raw,  # IPv4
    229: _raw,  # IPv6
    276: _cooked_2,
}
