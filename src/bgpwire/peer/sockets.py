"""Options of the sockets of BGP: TCP MD5 signatures (RFC 2385) and TTL security (RFC 5082).

What the system does not have raises NotImplementedError; nothing goes on without what was asked for.
"""

from __future__ import annotations

import socket
import struct
import sys
from ipaddress import ip_network
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from asyncio.trsock import TransportSocket

    type AnySocket = socket.socket | TransportSocket

# <linux/tcp.h>, <linux/in.h>, <linux/in6.h>
_TCP_MD5SIG: Final = 14
_TCP_MD5SIG_EXT: Final = 32
_PREFIX: Final = 1
_LONGEST_KEY: Final = 80
_IP_MINTTL: Final = 21
_IPV6_MINHOPCOUNT: Final = 73
_MOST: Final = 255


def set_md5(sock: AnySocket, address: str, password: str | bytes) -> None:
    """Have segments to and from ``address`` signed; on a listening socket it may be a prefix, ``192.0.2.0/24``.

    To be called before the socket connects, or listens. ValueError for a password of 0 octets or more than 80, and for
    an address of the other version; NotImplementedError elsewhere than on Linux; OSError where the kernel has none.
    """
    key = password.encode() if isinstance(password, str) else bytes(password)
    if not 0 < len(key) <= _LONGEST_KEY:
        raise ValueError(f"a password of {len(key)} octets: 1 to {_LONGEST_KEY} are possible")
    if not sys.platform.startswith("linux"):
        raise NotImplementedError("TCP MD5 signatures are set on Linux alone")
    network = ip_network(address)
    if (network.version == 6) != (sock.family == socket.AF_INET6):
        raise ValueError(f"{address} on a socket of {sock.family.name}")  # type: ignore[attr-defined]
    packed = network.network_address.packed
    if network.version == 4:
        where = struct.pack("=H2x4s", socket.AF_INET, packed)
    else:
        where = struct.pack("=H2xI16sI", socket.AF_INET6, 0, packed, 0)
    whole = network.prefixlen == network.max_prefixlen
    option = _TCP_MD5SIG if whole else _TCP_MD5SIG_EXT
    length = 0 if whole else network.prefixlen
    value = struct.pack("=128sBBHi80s", where, 0 if whole else _PREFIX, length, len(key), 0, key)
    sock.setsockopt(socket.IPPROTO_TCP, option, value)


def set_ttl(sock: AnySocket, ttl: int) -> None:
    """How many hops what is sent may go, 1 to 255. ValueError for others."""
    if not 1 <= ttl <= _MOST:
        raise ValueError(f"a TTL of {ttl}")
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, ttl)
    else:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)


def set_ttl_security(sock: AnySocket, hops: int) -> None:
    """Send with a TTL of 255, and drop what comes from more than ``hops`` hops away, 1: a neighbour on the link.

    ValueError for other than 1 to 254; NotImplementedError elsewhere than on Linux.
    """
    if not 1 <= hops < _MOST:
        raise ValueError(f"TTL security over {hops} hops")
    if not sys.platform.startswith("linux"):
        raise NotImplementedError("TTL security is set on Linux alone")
    set_ttl(sock, _MOST)
    least = _MOST + 1 - hops
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_MINHOPCOUNT, least)
    else:
        sock.setsockopt(socket.IPPROTO_IP, _IP_MINTTL, least)
