"""One UPDATE of 1,000 IPv4 prefixes: how long until each is a value in hand?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.contender import Contender, ours
from benchmarks.data import thousand

if TYPE_CHECKING:
    from benchmarks.contender import Job

TITLE = "One UPDATE of 1,000 IPv4 prefixes, every prefix a value"
UNIT = "µs per UPDATE"
SCALE = 1e6


def bgpwire() -> Job:
    from bgpwire import Message

    data = thousand()

    def job() -> int:
        return len(list(Message.decode(data).nlri))  # type: ignore[attr-defined]

    return job


def exabgp() -> Job:
    from exabgp.bgp.message import Open, Update
    from exabgp.bgp.message.direction import Direction
    from exabgp.bgp.message.open import ASN, HoldTime, RouterID, Version
    from exabgp.bgp.message.open.capability import Capabilities, Capability, Negotiated
    from exabgp.bgp.neighbor import Neighbor
    from exabgp.environment import getenv
    from exabgp.logger import log
    from exabgp.protocol.family import AFI, SAFI

    log.init(getenv())
    log.silence()
    capabilities = Capabilities()
    capabilities[Capability.CODE.FOUR_BYTES_ASN] = ASN(65000)
    capabilities[Capability.CODE.MULTIPROTOCOL] = [(AFI.ipv4, SAFI.unicast)]
    negotiated = Negotiated(Neighbor())
    negotiated.sent(Open(Version(4), ASN(65000), HoldTime(180), RouterID("192.0.2.1"), capabilities))
    negotiated.received(Open(Version(4), ASN(65001), HoldTime(180), RouterID("192.0.2.2"), capabilities))
    body = thousand()[19:]

    def job() -> int:
        update = Update.unpack_message(body, Direction.IN, negotiated)
        return len(update.nlris)

    return job


CONTENDERS = (*ours(bgpwire), Contender("ExaBGP", exabgp, "exabgp"))
