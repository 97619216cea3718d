"""Announce prefixes, one a line of standard input, and hold the session until it ends or Ctrl-C is pressed.

    python examples/injector.py 192.0.2.1 --asn 65000 --bgp-id 192.0.2.9 --next-hop 192.0.2.9 < prefixes.txt

What the router announces is checked, and not kept; where it asks for the routes once more it gets them.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys

import bgpwire
from bgpwire.peer import Config, Peer, SessionClosed, connect


async def inject(options: argparse.Namespace) -> None:
    prefixes = [bgpwire.Prefix(line.strip()) for line in sys.stdin if line.strip()]
    config = Config(asn=options.asn, bgp_id=options.bgp_id, peer_asn=options.peer_asn, route_refresh=True)

    async def announce(peer: Peer, family: bgpwire.Family) -> None:
        found = [prefix for prefix in prefixes if prefix.afi == family.afi]
        if found:
            await peer.announce(found, family=family, next_hop=options.next_hop, communities=options.community)
        await peer.end_of_rib(family)

    session = connect(config, options.host, options.port, password=options.password)
    async with session as peer:
        print(peer, flush=True)
        for family in sorted(peer.session.families):
            await announce(peer, bgpwire.Family(*family))
        async for event in peer.events():
            if isinstance(event, bgpwire.peer.Refresh):
                await announce(peer, event.message.family)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("host")
    parser.add_argument("--port", type=int, default=179)
    parser.add_argument("--asn", type=int, required=True)
    parser.add_argument("--bgp-id", required=True)
    parser.add_argument("--peer-asn", type=int)
    parser.add_argument("--next-hop", required=True)
    parser.add_argument("--community", action="append", default=[])
    parser.add_argument("--password", help="of TCP MD5 signatures")
    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(inject(parser.parse_args()))
    except SessionClosed as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main()
