"""Messages that are in memory, as a daemon has them: until each route is a value in hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.contender import PER_ROUTE, PER_UPDATE, Contender, Job, Unit, ours
from benchmarks.data import stream, thousand, vpn

if TYPE_CHECKING:
    from benchmarks.contender import Work


def one(octets: bytes) -> Work:
    from bgpwire import Message

    def work() -> int:
        return len(list(Message.decode(octets).nlri))  # type: ignore[attr-defined]

    return work


def one_of_family(octets: bytes) -> Work:
    from bgpwire import Message

    def work() -> int:
        update: Any = Message.decode(octets)
        return len(list(update.attributes.mp_reach.nlri))

    return work


def exabgp(octets: bytes) -> Work:
    from benchmarks.exabgp_kit import Exa

    exa = Exa()
    session = exa.session()
    body = octets[19:]

    def work() -> int:
        return len(exa.decode(body, session).nlris)

    return work


def many(messages: list[bytes]) -> Work:
    """Each prefix, and path, next hop and communities of each message."""
    from bgpwire import Message, Session

    session = Session(asn4=True)

    def work() -> int:
        count = 0
        for octets in messages:
            update: Any = Message.decode(octets, session)
            attributes = update.attributes
            attributes.as_path, attributes.next_hop, attributes.communities  # noqa: B018
            for _ in update.nlri:
                count += 1
        return count

    return work


def exabgp_many(messages: list[bytes]) -> Work:
    from benchmarks.exabgp_kit import Exa

    exa = Exa()
    bodies = [octets[19:] for octets in messages]

    def work() -> int:
        session = exa.session()
        count = 0
        for body in bodies:
            for _ in exa.decode(body, session).nlris:
                count += 1
        return count

    return work


def sections(octets: bytes) -> Work:
    from bgpwire import split

    body = octets[19:]

    def work() -> int:
        for _ in range(1000):
            split(body)
        return 1000

    return work


def exabgp_sections(octets: bytes) -> Work:
    from exabgp.bgp.message import Update

    body = octets[19:]

    def work() -> int:
        for _ in range(1000):
            Update.split(body)
        return 1000

    return work


JOBS = {
    "one_update": Job(
        "One UPDATE of 1,000 IPv4 prefixes, every prefix a value",
        PER_UPDATE,
        lambda quick: thousand(),
        (*ours(one), Contender("ExaBGP", exabgp, "exabgp")),
    ),
    "vpn_update": Job(
        "One UPDATE of 100 VPNv4 routes, every route a value",
        PER_UPDATE,
        lambda quick: vpn(),
        (*ours(one_of_family), Contender("ExaBGP", exabgp, "exabgp")),
    ),
    "split": Job(
        "An UPDATE split into its three sections (1,000 times)",
        Unit("µs an UPDATE", lambda elements, seconds: seconds / elements * 1e6),
        lambda quick: thousand(),
        (*ours(sections), Contender("ExaBGP", exabgp_sections, "exabgp")),
    ),
    "stress": Job(
        "100,000 routes in UPDATEs of six prefixes: every prefix, path, next hop and communities",
        PER_ROUTE,
        lambda quick: stream(6_000 if quick else 100_000),
        (*ours(many), Contender("ExaBGP", exabgp_many, "exabgp")),
    ),
}
