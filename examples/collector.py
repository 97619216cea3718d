"""Let routers connect, and write all that they send into an MRT file, until it is interrupted (Ctrl-C).

    python examples/collector.py updates.mrt.gz --listen 192.0.2.9 --asn 65000 --bgp-id 192.0.2.9

Then: bgpwire dump updates.mrt.gz
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import time

from bgpwire.mrt import Writer
from bgpwire.peer import Config, Peer, SessionClosed, State, listen

FAMILIES = ("ipv4-unicast", "ipv6-unicast", "ipv4-mpls-vpn", "ipv6-mpls-vpn", "l2vpn-evpn", "ipv4-flowspec")


def changed(out: Writer, peer: Peer, old: State, new: State) -> None:
    seconds, rest = divmod(time.time_ns(), 1_000_000_000)
    out.state_change(old, new, peer.identity, seconds, rest // 1000)
    out.flush()
    print(f"{peer.identity.address} AS {peer.identity.asn}: {new.name}", flush=True)


async def record(peer: Peer, out: Writer) -> None:
    changed(out, peer, State.OPEN_CONFIRM, State.ESTABLISHED)
    try:
        async for update in peer:
            out.event(peer.event(update))
    except SessionClosed as reason:
        print(reason, flush=True)
    finally:
        changed(out, peer, State.ESTABLISHED, State.IDLE)


async def collect(options: argparse.Namespace) -> None:
    config = Config(asn=options.asn, bgp_id=options.bgp_id, families=FAMILIES)
    with Writer(options.file) as out:
        async with asyncio.TaskGroup() as tasks, listen(config, options.listen, options.port) as listener:
            print(f"{options.listen} port {listener.port}", flush=True)
            async for peer in listener:
                tasks.create_task(record(peer, out))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--listen", required=True)
    parser.add_argument("--port", type=int, default=179)
    parser.add_argument("--asn", type=int, required=True)
    parser.add_argument("--bgp-id", required=True)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(collect(parser.parse_args()))


if __name__ == "__main__":
    main()
