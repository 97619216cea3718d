"""Routers that speak BMP as fast as they are heard: what `bgpwire listen` is loaded with, on the loopback.

    bgpwire listen bmp:// > /dev/null &
    python scripts/bmp_load.py --routes 1000000 --peers 100

Each router names itself, brings its peers up and announces prefixes, with an AS path, communities and a MED that vary
as they do in tables. ``--seconds`` says the same again and again. What was heard in which time is for who hears to say.
``--add-path`` negotiates path identifiers (RFC 7911), which are ``there``, or ``left-out`` as some routers do it.
"""

from __future__ import annotations

import argparse
import random
import socket
import struct
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from bgpwire import Open, Prefix, Session, Update

SECONDS = 1_700_000_000


def bmp(kind: int, body: bytes) -> bytes:
    """A message with its common header (RFC 7854 section 4.1)."""
    return struct.pack(">BIB", 3, len(body) + 6, kind) + body


def header(peer: int, asn: int) -> bytes:
    """The per-peer header of peer number ``peer`` (section 4.2)."""
    address = bytes(12) + struct.pack(">I", 0xC0000200 + peer)
    return bytes(10) + address + struct.pack(">IIII", asn, 0xC6336401 + peer, SECONDS, 0)


def peer_up(peer: int, asn: int, add_path: bool) -> bytes:
    """Section 4.10, with two OPENs."""
    families = [(1, b"\0\1\0\1"), (1, b"\0\2\0\1")]  # multiprotocol: IPv4 and IPv6 unicast
    if add_path:
        families.append((69, b"\0\1\1\3\0\2\1\3"))  # of both, to be sent and received
    opens = [Open.build(asn=number, bgp_id="192.0.2.1", capabilities=families).data for number in (64500, asn)]
    return bmp(3, header(peer, asn) + bytes(16) + struct.pack(">HH", 179, 40000 + peer % 20000) + b"".join(opens))


def stream(name: str, routes: int, peers: int, each: int, add_path: str | None) -> tuple[bytes, bytes]:
    """What a router says first, and ``routes`` of its peers, ``each`` in an UPDATE."""
    there = add_path == "there"
    session = Session(add_path_send={(1, 1)}) if there else Session()
    asns = [64512 + peer % 1000 for peer in range(peers)]
    first = bmp(4, struct.pack(">HH", 2, len(name)) + name.encode())
    first += b"".join(peer_up(peer, asn, add_path is not None) for peer, asn in enumerate(asns))
    draw = random.Random(name)
    parts: list[bytes] = []
    for at in range(0, routes, each):
        peer = at // each % peers
        prefixes = [
            Prefix(f"{10 + (n >> 16) % 200}.{n >> 8 & 255}.{n & 255}.0/24", n % 4 + 1 if there else None)
            for n in range(at, at + each)
        ]
        path = [asns[peer], *(draw.randrange(3000, 65000) for _ in range(draw.randint(1, 5)))]
        update = Update.announce(
            prefixes,
            next_hop=f"192.0.2.{peer % 250 + 1}",
            as_path=path,
            med=draw.randrange(100),
            communities=[f"{path[-1]}:{draw.randrange(1000)}" for _ in range(draw.randint(0, 4))],
        )
        parts += [bmp(0, header(peer, asns[peer]) + message.data) for message in update.messages(session)]
    return first, b"".join(parts)


def speak(place: tuple[str, int], said: tuple[bytes, bytes], until: float) -> int:
    """Send it; how many times it was sent."""
    with socket.create_connection(place) as sock:
        sock.sendall(said[0])
        times = 0
        while not times or time.monotonic() < until:
            sock.sendall(said[1])
            times += 1
        sock.shutdown(socket.SHUT_WR)
        sock.settimeout(600)
        while sock.recv(1):
            pass
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=11019)
    parser.add_argument("--routers", type=int, default=1)
    parser.add_argument("--peers", type=int, default=100, help="of each router")
    parser.add_argument("--routes", type=int, default=1_000_000, help="of each router")
    parser.add_argument("--each", type=int, default=1, help="routes an UPDATE")
    parser.add_argument("--add-path", choices=("there", "left-out"), help="path identifiers are negotiated")
    parser.add_argument("--seconds", type=float, default=0, help="say it again for so long")
    args = parser.parse_args()
    said = [stream(f"router{n}", args.routes, args.peers, args.each, args.add_path) for n in range(args.routers)]
    print("ready", file=sys.stderr, flush=True)
    begin = time.monotonic()
    with ThreadPoolExecutor(args.routers) as pool:
        place = args.host, args.port
        times = sum(pool.map(lambda one: speak(place, one, begin + args.seconds), said))
    elapsed = time.monotonic() - begin
    routes = times * args.routes
    print(f"{routes:,} routes in {routes // args.each:,} UPDATEs, {elapsed:.2f} s: {routes / elapsed:,.0f} routes/s")


if __name__ == "__main__":
    main()
