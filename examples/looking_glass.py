"""The routes of a router, asked for by address: python examples/looking_glass.py 192.0.2.1 179 65000 192.0.2.9 4000

Then: echo 198.51.100.7 | nc 127.0.0.1 4000
"""

import asyncio
import sys

import bgpwire

host, port, asn, bgp_id, door = sys.argv[1:]
table = {}


async def answer(reader, writer):
    address = bgpwire.Address((await reader.readline()).decode().strip())
    for prefix in sorted((prefix for prefix in table if address in prefix), key=lambda prefix: -prefix.length):
        writer.write(f"{prefix} {table[prefix].as_path} {table[prefix].communities or ''}\n".encode())
    writer.close()


async def main():
    session = bgpwire.peer.connect(bgpwire.peer.Config(asn=int(asn), bgp_id=bgp_id), host, int(port))
    async with await asyncio.start_server(answer, "127.0.0.1", int(door)), session as peer:
        async for update in peer:
            for _, prefix, attributes in bgpwire.peer.changes(update):
                table.pop(prefix, None) if attributes is None else table.update({prefix: attributes})


asyncio.run(main())
