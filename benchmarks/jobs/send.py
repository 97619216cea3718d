"""UPDATEs made of values, as a daemon sends them: one set of attributes and its prefixes, each a value in hand.

Elements are the octets of the messages: whoever takes part makes as many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.contender import Contender, Job, Unit, ours
from benchmarks.exabgp_kit import attribute, prefixes4, update

if TYPE_CHECKING:
    from benchmarks.contender import Work

TIMES = 100
UNIT = Unit("µs an UPDATE", lambda elements, seconds: seconds / TIMES * 1e6)
BLOCK = (
    attribute(0x40, 1, b"\0")
    + attribute(0x40, 2, bytes.fromhex("0203 0000fde9 0000fdea 00000d1c"))
    + attribute(0x40, 3, bytes((10, 0, 0, 1)))
    + attribute(0x80, 4, bytes.fromhex("00000064"))
    + attribute(0x40, 5, bytes.fromhex("000000c8"))
    + attribute(0xC0, 8, bytes.fromhex("0d1c0001 0d1c0002 fde90064"))
)
"""The six attributes: ORIGIN, AS_PATH of three hops, NEXT_HOP, MULTI_EXIT_DISC, LOCAL_PREF, three COMMUNITIES."""


def body(count: int) -> bytes:
    return update(attributes=BLOCK, announced=prefixes4(count))


def announce(octets: bytes) -> Work:
    """``Update.announce`` with each attribute by name, then its messages."""
    import bgpwire

    message: Any = bgpwire.Message.decode(b"\xff" * 16 + (len(octets) + 19).to_bytes(2) + b"\2" + octets)
    prefixes, block = list(message.nlri), message.attributes
    path, hop, communities = block.as_path, block.next_hop, block.communities
    session = bgpwire.Session()
    make = bgpwire.Update.announce

    def work() -> int:
        done = 0
        for _ in range(TIMES):
            made = make(prefixes, as_path=path, next_hop=hop, med=100, local_pref=200, communities=communities)
            for found in made.messages(session):
                done += len(found.data)
        return done

    return work


def messages(octets: bytes) -> Work:
    """The messages alone, of an announcement that is ready: what ``Update.messages`` of ExaBGP does."""
    import bgpwire

    message: Any = bgpwire.Message.decode(b"\xff" * 16 + (len(octets) + 19).to_bytes(2) + b"\2" + octets)
    made = bgpwire.Update.announce(list(message.nlri), attributes=message.attributes)
    session = bgpwire.Session()

    def work() -> int:
        done = 0
        for _ in range(TIMES):
            for found in made.messages(session):
                done += len(found.data)
        return done

    return work


def exabgp(octets: bytes) -> Work:
    from benchmarks.exabgp_kit import Exa

    exa = Exa()
    session = exa.session()
    session.msg_size = 4096
    decoded = exa.decode(octets, session)
    nlris, attributes = list(decoded.nlris), decoded.attributes
    kind = type(decoded)

    def work() -> int:
        done = 0
        for _ in range(TIMES):
            for found in kind(nlris, attributes).messages(session):
                done += len(found)
        return done

    return work


def scapy(octets: bytes) -> Work:
    """The layers are there; scapy builds them anew each time."""
    from scapy.contrib.bgp import BGPHeader, BGPUpdate, bgp_module_conf

    bgp_module_conf.use_2_bytes_asn = False
    layers = BGPUpdate(octets)
    # What was dissected would be sent as it came: without that it is built.
    fields = {"path_attr": [_fresh(layer) for layer in layers.path_attr], "nlri": layers.nlri}

    def work() -> int:
        done = 0
        for _ in range(TIMES):
            done += len(bytes(BGPHeader(type=2) / BGPUpdate(**fields)))
        return done

    return work


def _fresh(layer: Any) -> Any:
    layer.clear_cache()
    layer.attr_len = None  # to be found out, as that of a layer that was made by hand
    return layer


def contenders() -> tuple[Contender, ...]:
    return (
        *ours(announce),
        *ours(messages, ", announcement ready"),
        Contender("ExaBGP", exabgp, "exabgp"),
        Contender("scapy", scapy, "scapy"),
    )


JOBS = {
    "announce": Job(
        "One UPDATE of 500 IPv4 prefixes with six attributes, made of values (100 times)",
        UNIT,
        lambda quick: body(500),
        contenders(),
    ),
    "announce_one": Job(
        "One UPDATE of one IPv4 prefix with six attributes, made of values (100 times)",
        UNIT,
        lambda quick: body(1),
        contenders(),
    ),
}
